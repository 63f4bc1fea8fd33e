# SPDX-License-Identifier: MIT
"""The terms of docs/glossary.md, and each document's first use of them."""
from __future__ import annotations

import re
from dataclasses import dataclass

DOCUMENT = "docs/glossary.md"
ENTRY = re.compile(r"^### (.*)\n(?:\nAlso: (.*)\.\n)?", re.MULTILINE)
# These parts of a document are no prose. They are made blocks, comments, code, pictures, headings and tables.
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
        """The heading's anchor, as made by GitHub and Python-Markdown."""
        return self.name.lower().replace(" ", "-")

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches the name, all other forms and their plurals. A name with too many other meanings is left out."""
        forms = self.also if self.name in COMMON else (self.name, *self.also)
        longest_first = sorted({*forms, *map(plural, forms)}, key=len, reverse=True)
        words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest_first)
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Use:
    """The first use of a term in a document, at text[start:end]."""
    term: Term
    start: int
    end: int
    is_linked: bool


def terms(text: str) -> list[Term]:
    return [Term(name, tuple(also.split(", ")) if also else ()) for name, also in ENTRY.findall(text)]


def blanked(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def prose(text: str) -> str:
    """Returns a text of the same length, with blanks for everything but prose. A link to another place than the glossary is
    blank too, because no link fits within another one."""
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
    """Returns the document with a link added at each first use without one. `path` leads from the document to the glossary."""
    for use in sorted((use for use in first_uses(text, glossary) if not use.is_linked), key=lambda use: -use.start):
        text = f"{text[:use.start]}[{text[use.start:use.end]}]({path}#{use.term.anchor}){text[use.end:]}"
    return text
