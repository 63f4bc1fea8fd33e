# SPDX-License-Identifier: MIT
"""Counts two signs of stiff sentences, which are colons and semicolons a sentence, and relative pronouns a hundred words."""
from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

MOST_STOPS = 0.4  # colons and semicolons a sentence must be fewer
MOST_RELATIVES = 2.0  # relative pronouns a hundred words of comment must be fewer
LEAST_WORDS = 100  # of a source file, because with fewer one sentence decides its figures

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
HEAD = re.compile(r"[^.!?:;]{1,80}:\s")  # the head of a list's item

STRING_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*(.*?)\*/|//([^\n]*)', re.DOTALL)
RULER = re.compile(r"-{3,}|={3,}")

C_SUFFIXES = {".c", ".h", ".S"}
HASH_SUFFIXES = {".mk", ".sh", ".gdb"}
SHEBANG = re.compile(r"#!.*\b(python3|sh|bash)$")
HAS_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FOR_A_TOOL = re.compile(r"#(?:[!:]|\s*(?:SPDX-License-Identifier|noqa|type:|pylint:|shellcheck\b))")  # `#:` is a line of `make help`
COLUMNS = re.compile(r"\S {2,}\S")  # a line of a usage list, with a description beside each use
QUOTES = re.compile(r"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"")  # of a shell
HASH = re.compile(r"(?:^|(?<=\s))#.*")


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


def document(text: str, code_indent: int = 4) -> list[str]:
    """Returns the paragraphs of a Markdown text, and its lists' items without their heads. Tables, code and made blocks are left
    out. A paragraph is code if it is indented by `code_indent` columns or more."""
    for pattern in (MADE, HTML_COMMENT, FENCED, IMAGE):
        text = pattern.sub("", text)
    text = LINK.sub(r"\1", text)
    text = CODE.sub("x", text)
    found: list[list[str]] = [[]]
    is_after_blank, is_item = True, False
    for line in text.splitlines():
        is_code = line.startswith(" " * code_indent) and is_after_blank and not is_item
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
    """Returns the paragraphs of a C source's comments."""
    found = []
    for match in STRING_OR_COMMENT.finditer(text):
        comment = match[1] or match[2]
        if not comment or "SPDX-License-Identifier" in comment or "clang-format o" in comment:
            continue
        lines = [RULER.sub("", re.sub(r"^\s*\*", "", line)).strip() for line in comment.splitlines()]
        found += [" ".join(part.split()) for part in re.split(r"\n\s*\n", "\n".join(lines))]
    return [paragraph for paragraph in found if paragraph]


def docstring(text: str) -> list[str]:
    """Returns the paragraphs of a docstring, read as Markdown. A line with columns is left out, and so are indented lines below a
    colon or an empty line."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and lines and lines[-1].endswith(":"):
            lines.append("")
        lines.append("" if COLUMNS.search(line) else line)
    return document("\n".join(lines), code_indent=2)


@dataclass(frozen=True)
class Hash:
    """A `#` comment, and where it stands in the file."""
    line: int
    column: int
    is_alone: bool  # there is no code before it on its line
    text: str


def joined(found: list[Hash]) -> list[str]:
    """Returns the paragraphs of `#` comments. A comment of several lines is one, whether or not its first line stands behind
    code. A heading between rulers is none."""
    paragraphs: list[list[str]] = []
    last = None
    for each in found:
        if FOR_A_TOOL.match(each.text) or RULER.search(each.text):
            last = None
            continue
        text = each.text.lstrip("#").strip()
        goes_on = last is not None and each.is_alone and text and (each.line, each.column) == (last.line + 1, last.column)
        if not goes_on:
            paragraphs.append([])
        paragraphs[-1].append("" if COLUMNS.search(text) else text)
        last = each if text else None
    return [text for text in (CODE.sub("x", " ".join(lines)).strip() for lines in paragraphs) if text]


def python(text: str) -> list[str]:
    """Returns the paragraphs of a Python program's docstrings and comments."""
    documented = [node for node in ast.walk(ast.parse(text)) if isinstance(node, HAS_DOCSTRING)]
    found = [paragraph for node in documented for paragraph in docstring(ast.get_docstring(node) or "")]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return found + joined([Hash(*token.start, not token.line[:token.start[1]].strip(), token.string)
                           for token in tokens if token.type == tokenize.COMMENT])


def hashes(text: str) -> Iterator[Hash]:
    """Yields the comments of a shell script or makefile. A `#` between quotes on its line begins none."""
    for number, line in enumerate(text.splitlines(), 1):
        match = HASH.search(QUOTES.sub(lambda quoted: "x" * len(quoted[0]), line))
        if match:
            start = match.start()
            yield Hash(number, start, not line[:start].strip(), line[start:])


def kind(path: Path) -> str:
    """Returns one of KINDS, or "" for a file without sentences known to this module."""
    if path.suffix == ".md":
        return "document"
    if path.suffix in C_SUFFIXES:
        return "c"
    if path.suffix == ".py":
        return "python"
    if path.suffix in HASH_SUFFIXES or path.name == "Makefile":
        return "hash"
    if path.suffix or not path.is_file():
        return ""
    with path.open("rb") as file:
        match = SHEBANG.match(file.readline(100).decode("utf-8", "replace").rstrip())
    return {"python3": "python", "sh": "hash", "bash": "hash"}[match[1]] if match else ""


KINDS = {"document": document, "c": comments, "python": python, "hash": lambda text: joined(list(hashes(text)))}


def of_file(path: Path) -> Figures:
    text = path.read_text(encoding="utf-8")
    return figures(KINDS[kind(path) or "c"](text))


def is_stiff(path: Path, count: Figures) -> bool:
    """Holds documents to the first figure, and comments to both."""
    if path.suffix == ".md":
        return count.stops_a_sentence >= MOST_STOPS
    return count.words >= LEAST_WORDS and (count.stops_a_sentence >= MOST_STOPS or count.relatives_a_hundred >= MOST_RELATIVES)
