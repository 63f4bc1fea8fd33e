# SPDX-License-Identifier: MIT
"""Counts what makes sentences stiff: colons and semicolons a sentence, relative pronouns a hundred words."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

MOST_STOPS = 0.4  # colons and semicolons a sentence: fewer than this
MOST_RELATIVES = 2.0  # relative pronouns a hundred words of comment: fewer than this
LEAST_WORDS = 100  # of a source file: with fewer, one sentence decides its figures

WORD = re.compile(r"[A-Za-z][A-Za-z']*")
RELATIVE = re.compile(r"\b(?:that|which|who|whom|whose|what|whoever|whomever|whatever|whichever)\b", re.IGNORECASE)
STOP = re.compile(r"[:;](?=\s)")
SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)[.!?][)\"']*(?=\s|$)")

HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
MADE = re.compile(r"<!-- made by [^>]*-->.*?<!-- end -->", re.DOTALL)
FENCED = re.compile(r"^```.*?^```\s*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(`+).+?\1", re.DOTALL)
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+")
HEAD = re.compile(r"[^.!?:;]{1,80}:\s")  # of a list's item: what the item is about

STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*(.*?)\*/|//([^\n]*)', re.DOTALL)
RULER = re.compile(r"-{3,}|={3,}")


@dataclass(frozen=True)
class Figures:
    words: int
    sentences: int
    stops: int
    relatives: int

    @property
    def stops_a_sentence(self) -> float:
        return self.stops / self.sentences if self.sentences else 0.0

    @property
    def relatives_a_hundred(self) -> float:
        return 100 * self.relatives / self.words if self.words else 0.0


def figures(paragraphs: list[str]) -> Figures:
    """Each paragraph has at least one sentence. A colon or semicolon at its end leads to a list or to code and is none."""
    words = sentences = stops = relatives = 0
    for paragraph in paragraphs:
        text = " ".join(paragraph.split()).rstrip(":;")
        if not WORD.search(text):
            continue
        words += len(WORD.findall(text))
        stops += len(STOP.findall(text))
        relatives += len(RELATIVE.findall(text))
        ends = list(SENTENCE_END.finditer(text))
        is_cut = not ends or WORD.search(text, ends[-1].end())
        sentences += len(ends) + bool(is_cut)
    return Figures(words, sentences, stops, relatives)


def document(text: str) -> list[str]:
    """The paragraphs of a Markdown text, and its lists' items without their heads. Tables, code and what is made are left out."""
    for pattern in (MADE, HTML_COMMENT, FENCED, IMAGE):
        text = pattern.sub("", text)
    text = LINK.sub(r"\1", text)
    text = CODE.sub("x", text)
    found: list[list[str]] = [[]]
    is_after_blank, is_item = True, False
    for line in text.splitlines():
        is_code = line.startswith("    ") and is_after_blank and not is_item
        item = ITEM.match(line)
        if not line.strip() or line.startswith("#") or line.lstrip().startswith("|") or is_code:
            found.append([])
            is_item = is_item and (not line.strip() or is_code)
        elif item:
            found.append([HEAD.sub("", line[item.end():] + " ", count=1) if HEAD.match(line[item.end():] + " ") else line[item.end():]])
            is_item = True
        else:
            is_item = is_item and (bool(found[-1]) or line.startswith(" "))
            found[-1].append(line)
        is_after_blank = not line.strip() or (is_after_blank and is_code)
    return [" ".join(lines) for lines in found if lines]


def comments(text: str) -> list[str]:
    """The paragraphs of a C source's comments."""
    found = []
    for match in STRING_OR_COMMENT.finditer(text):
        comment = match[1] or match[2]
        if not comment or "SPDX-License-Identifier" in comment or "clang-format o" in comment:
            continue
        lines = [RULER.sub("", re.sub(r"^\s*\*", "", line)).strip() for line in comment.splitlines()]
        found += [" ".join(part.split()) for part in re.split(r"\n\s*\n", "\n".join(lines))]
    return [paragraph for paragraph in found if paragraph]


def of_file(path: Path) -> Figures:
    text = path.read_text(encoding="utf-8")
    return figures(document(text) if path.suffix == ".md" else comments(text))


def is_stiff(path: Path, count: Figures) -> bool:
    """Documents are held to the first figure, comments to both."""
    if path.suffix == ".md":
        return count.stops_a_sentence >= MOST_STOPS
    return count.words >= LEAST_WORDS and (count.stops_a_sentence >= MOST_STOPS or count.relatives_a_hundred >= MOST_RELATIVES)
