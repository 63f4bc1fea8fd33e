# SPDX-License-Identifier: MIT
"""docs/glossary.md: its terms, and where a document first uses each of them."""
from __future__ import annotations

import re
from dataclasses import dataclass

DOCUMENT = "docs/glossary.md"
ENTRY = re.compile(r"^### (.*)\n(?:\nAlso: (.*)\.\n)?", re.MULTILINE)
# No prose: what is made, comments, code, pictures, headings, tables. And no place for a link: within another one.
SILENT = (re.compile(r"<!-- made by [^>]*-->.*?<!-- end -->", re.DOTALL), re.compile(r"<!--.*?-->", re.DOTALL),
          re.compile(r"^```.*?^```[ \t]*$", re.DOTALL | re.MULTILINE), re.compile(r"(?:(?<=\n\n)|\A)(?: {4}[^\n]*\n+)+"),
          re.compile(r"(`+).+?\1", re.DOTALL), re.compile(r"!\[[^\]]*\]\([^)]*\)"), re.compile(r"^#[^\n]*", re.MULTILINE),
          re.compile(r"^ *\|[^\n]*", re.MULTILINE))
COMMON = ("root",)  # also a user, and the top of a tree of files
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


def plural(word: str) -> str:
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return word + ("es" if word.endswith("s") else "s")


@dataclass(frozen=True)
class Term:
    name: str
    also: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """As GitHub and Python-Markdown make it of the heading."""
        return self.name.lower().replace(" ", "-")

    @property
    def pattern(self) -> re.Pattern[str]:
        """The name, unless it has too many other meanings, and all other forms; and their plurals."""
        forms = self.also if self.name in COMMON else (self.name, *self.also)
        longest_first = sorted({*forms, *map(plural, forms)}, key=len, reverse=True)
        words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest_first)
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Use:
    """The first of a term in a document: text[start:end]."""
    term: Term
    start: int
    end: int
    is_linked: bool


def terms(text: str) -> list[Term]:
    return [Term(name, tuple(also.split(", ")) if also else ()) for name, also in ENTRY.findall(text)]


def blanked(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def prose(text: str) -> str:
    """Of the same length; what is no prose is blank, and so are links that do not lead to the glossary."""
    for pattern in SILENT:
        for match in pattern.finditer(text):
            text = blanked(text, *match.span())
    for match in LINK.finditer(text):
        if "glossary.md#" in match[2]:
            text = blanked(blanked(text, match.start(), match.start(1)), match.end(1), match.end())
        else:
            text = blanked(text, *match.span())
    return text


def first_uses(text: str, glossary: list[Term]) -> list[Use]:
    readable = prose(text)
    links = [(match.start(1), match.end(1), match[2].partition("#")[2]) for match in LINK.finditer(text)]
    found = []
    for term in glossary:
        match = term.pattern.search(readable)
        if match:
            is_linked = any(start <= match.start() and match.end() <= end and anchor == term.anchor for start, end, anchor in links)
            found.append(Use(term, *match.span(), is_linked))
    return found


def linked(text: str, glossary: list[Term], path: str) -> str:
    """The document with a link at each first use that has none. `path`: from it to the glossary."""
    for use in sorted((use for use in first_uses(text, glossary) if not use.is_linked), key=lambda use: -use.start):
        text = f"{text[:use.start]}[{text[use.start:use.end]}]({path}#{use.term.anchor}){text[use.end:]}"
    return text
