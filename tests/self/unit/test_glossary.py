#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/glossary and its rules for a use and a link. Fails if a document does not link a term of docs/glossary.md at
its first use."""
from __future__ import annotations

import shutil
from pathlib import Path
from unittest import mock

from host import PLACE, ROOT, check, finish, printed, program, same

from zapwalk import glossary
from zapwalk.glossary import Term

tool = program("tools/glossary")
GUARD, ZAP, ROOT_OF, ENTRY = Term("guard"), Term("zap", ("zapped", "taken away")), Term("root", ("the root",)), Term("entry")


def uses(text: str, *known: Term) -> list[tuple[str, bool]]:
    return [(text[use.start:use.end], use.is_linked) for use in glossary.first_uses(text, list(known))]


def reads() -> None:
    same("a term and one with more forms", glossary.terms("# A\n\n## B\n\n### guard\n\nText.\n\n### zap\n\nAlso: zapped, taken away.\n\nText.\n"),
         [GUARD, ZAP])
    same("anchors", [term.anchor for term in (Term("race point"), Term("PDPTE"))], ["race-point", "pdpte"])
    same("plurals", [glossary.plural(word) for word in ("guard", "entry", "way", "witness")], ["guards", "entries", "ways", "witnesses"])


def finds() -> None:
    same("the first use", uses("A zap. A Guard is off; the guard.", GUARD, ZAP), [("Guard", False), ("zap", False)])
    same("plurals and other forms", uses("It was taken\naway. Entries of guards.", GUARD, ZAP, ENTRY),
         [("guards", False), ("taken\naway", False), ("Entries", False)])
    same("no part of a word", uses("A bodyguard, guarded, zap-refault, walker-guard.", GUARD, ZAP), [])
    same("a word with many meanings counts in its forms alone", uses("As root, the root of it.", ROOT_OF), [("the root", False)])
    for name, text in (("code", "`guard` ``a guard``"), ("a block of code", "```\nguard\n```\n"), ("indented code", "x:\n\n    guard\n\n"),
                       ("a heading", "## guard\n"), ("a row of a table", "| guard | x |\n"), ("a comment", "<!-- guard -->"),
                       ("what is made", "<!-- made by make images: x -->\nguard\n<!-- end -->\n"), ("a picture", "![guard](guard.svg)"),
                       ("another link", "[a guard](guard.md)")):
        same(f"no use: {name}", uses(text, GUARD), [])
    same("a link", uses("A [guard](glossary.md#guard), then a guard.", GUARD), [("guard", True)])
    same("from above", uses("[guards](docs/glossary.md#guard)", GUARD), [("guards", True)])
    same("a link to another term", uses("[guard](glossary.md#zap)", GUARD), [("guard", False)])
    same("one behind the first use", uses("guard [guard](glossary.md#guard)", GUARD), [("guard", False)])


def links() -> None:
    same("links are added where they are missing", glossary.linked("A zap, a guard, a guard.", [GUARD, ZAP], "d/glossary.md"),
         "A [zap](d/glossary.md#zap), a [guard](d/glossary.md#guard), a guard.")
    text = "A [guard](glossary.md#guard)."
    same("and only there", glossary.linked(text, [GUARD], "glossary.md"), text)


def documents() -> None:
    names = tool.documents()
    check({"README.md", "CONTRIBUTING.md", "docs/lab.md"} <= set(names) and "docs/glossary.md" not in names, "the documents", names)
    known = glossary.terms((ROOT / glossary.DOCUMENT).read_text(encoding="utf-8"))
    check(len(known) > 20, f"{len(known)} terms", known)
    status, out, _ = called()
    check(status == 0 and not out, "every term is linked at its first use in each document", out)


def called(*words: str, root: Path = ROOT) -> tuple[int, str, str]:
    with mock.patch.object(tool, "ROOT", root), mock.patch.object(tool.sys, "argv", ["tools/glossary", *words]):
        return printed(tool.main)


def writes() -> None:
    place = PLACE / "glossary"
    shutil.rmtree(place, ignore_errors=True)
    (place / "docs").mkdir(parents=True)
    for name, text in (("docs/glossary.md", "### guard\n\nText.\n"), ("docs/names.md", "guard\n"), ("README.md", "One\nguard.\n"),
                       ("docs/a.md", "A  guard.\n"), ("docs/b.md", "Nothing.\n")):
        (place / name).write_text(text)
    named = ('README.md:2: "guard" has no link to docs/glossary.md#guard\n'
             'docs/a.md:1: "guard" has no link to docs/glossary.md#guard\n')
    same("uses without a link are named", called(root=place), (1, named, ""))
    same("nothing is written", (place / "README.md").read_text(), "One\nguard.\n")
    same("--write links them", called("--write", root=place), (0, named, ""))
    same("from where the document is", [(place / name).read_text() for name in ("README.md", "docs/a.md", "docs/b.md", "docs/names.md")],
         ["One\n[guard](docs/glossary.md#guard).\n", "A  [guard](glossary.md#guard).\n", "Nothing.\n", "guard\n"])
    same("then all is well", called(root=place), (0, "", ""))


reads()
finds()
links()
documents()
writes()
finish()
