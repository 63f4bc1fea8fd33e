#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/prose: what it counts, what it leaves out, its limits, and how it ends."""
from __future__ import annotations

from pathlib import Path

from host import PLACE, ROOT, check, finish, program, same
from tap import call

from zapwalk import prose
from zapwalk.prose import Figures


tool = program("tools/prose")


def counts() -> None:
    same("no text", prose.figures([]), Figures(0, 0, 0, 0))
    same("no words", prose.figures(["--- 12"]), Figures(0, 0, 0, 0))
    same("one sentence", prose.figures(["It walks."]), Figures(2, 1, 0, 0))
    same("one without an end", prose.figures(["It walks"]), Figures(2, 1, 0, 0))
    same("an end and a beginning", prose.figures(["It walks. It zaps"]), Figures(4, 2, 0, 0))
    same("what is asked and shouted", prose.figures(["Why? Stop! (It stopped.) Yes."]), Figures(5, 4, 0, 0))
    same("e.g. and i.e. end nothing", prose.figures(["A zap, e.g. of a page, i.e. a frame."]), Figures(11, 1, 0, 0))
    same("a file's name ends nothing", prose.figures(["See gup.c for it."]), Figures(5, 1, 0, 0))
    same("colons and semicolons", prose.figures(["It walks: here; there."]), Figures(4, 1, 2, 0))
    same("one that leads to a list is none", prose.figures(["It walks:"]), Figures(2, 1, 0, 0))
    same("nor is one within a word", prose.figures(["At gup.c:12 and 10:30."]), Figures(4, 1, 0, 0))
    same("relative pronouns, in either case",
         prose.figures(["That which walks, who zaps, whom it asks, whose frame, what it has."]), Figures(13, 1, 0, 6))
    same("whoever and whatever too", prose.figures(["Whoever walks, whatever it is, whichever."]), Figures(6, 1, 0, 3))
    same("not in longer words", prose.figures(["The whole thatch."]), Figures(3, 1, 0, 0))
    same("several paragraphs", prose.figures(["One", "Two: three. Four."]), Figures(4, 3, 1, 0))


def limits() -> None:
    document, source = Path("a.md"), Path("a.c")
    same("a document at the limit", prose.is_stiff(document, Figures(10, 10, 4, 0)), True)
    same("below it, whatever its pronouns", prose.is_stiff(document, Figures(10, 10, 3, 10)), False)
    same("comments at the first limit", prose.is_stiff(source, Figures(100, 10, 4, 0)), True)
    same("at the second", prose.is_stiff(source, Figures(100, 10, 0, 2)), True)
    same("below both", prose.is_stiff(source, Figures(100, 10, 3, 1)), False)
    same("few words of comment", prose.is_stiff(source, Figures(99, 10, 10, 10)), False)
    same("figures of nothing", (Figures(0, 0, 0, 0).stops_a_sentence, Figures(0, 0, 0, 0).relatives_a_hundred), (0.0, 0.0))


def documents() -> None:
    text = """<!-- made: a -->
# A heading: none

A `code: that` sentence [with: link](x: y). It goes
on.

| table: | that |
|---|---|

    code: that; what

- `name`: what it is. More: text
  goes on
- An item. With: a colon.

  Its second paragraph.

1. First: one
```
fenced: code; that
```
<!-- made by make images: witness -->
    made: that
and: that
<!-- end -->
![picture: that](a.svg)
Last.
"""
    same("paragraphs and items", [" ".join(part.split()) for part in prose.document(text)],
         ["A x sentence with: link. It goes on.", "what it is. More: text goes on", "An item. With: a colon.", "Its second paragraph.",
          "one", "Last."])


def sources() -> None:
    text = '''/* SPDX-License-Identifier: MIT */
/* One sentence: here. */
static const char *text = "/* that */"; // a tail
/*
 * First paragraph,
 * goes on.
 *
 * Second; paragraph.
 * --- ruler ---
 */
/* clang-format off */
'''
    same("comments", prose.comments(text),
         ["One sentence: here.", "a tail", "First paragraph, goes on.", "Second; paragraph. ruler"])


def prints() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    stiff, loose = PLACE / "stiff.md", PLACE / "loose.md"
    stiff.write_text("It walks: here.\n", encoding="utf-8")
    loose.write_text("It walks here.\n", encoding="utf-8")
    result = call(["tools/prose", str(loose)])
    check(result.status == 0 and result.says("0.00") and result.says("All are below"), "all below: 0", result.text)
    result = call(["tools/prose", str(loose), str(stiff)])
    check(result.status == 1 and result.says("1 files marked *") and [line[0] for line in result.text.splitlines()[1:3]] == [" ", "*"],
          "one above: marked, 1", result.text)
    result = call(["tools/prose", "nosuch.md"])
    check(result.status == 2 and result.says("nosuch.md: no such file"), "no such file: 2", result.text)
    result = call(["tools/prose", str(ROOT / "mm/gup")])
    check(result.says("mm/gup/gup.c") and result.says("mm/gup/gup.h"), "a folder: its files", result.text)


def ours() -> None:
    """What is below the limits stays there."""
    result = call(["tools/prose"])
    check(result.status == 0, f"{', '.join(tool.HELD)} are below the limits", result.text)


counts()
limits()
documents()
sources()
prints()
ours()
finish()
