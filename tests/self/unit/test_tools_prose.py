#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/prose. Fails if it counts the wrong words, leaves out the wrong text or ends wrongly, or if a text of ours is
above its limits."""
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


def pythons() -> None:
    text = '''#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""First: goes
on in `code: that`.

  tools/prose FILE: that
  a second line

Then:
    code: that

name=x       is in columns: that
- Head: the item
"""
import a  # noqa: E402
LIMIT = 4  # of seconds; no more
           # than that

# --- ruler: that ---
# One comment,
# of two lines; `code: that`.

TEXT = "# that: no comment"


class Walk:
    """Its class."""

    def zap(self):
        """Zaps.
        Again.

        Last
        """
        text = """That: no docstring."""
'''
    same("docstrings, then comments", prose.python(text),
         ["First: goes on in x.", "Then:", "the item ", "Its class.", "Zaps. Again.", "Last",
          "of seconds; no more than that", "One comment, of two lines; x."])
    same("no docstring, no comment", prose.python("x = 1\n"), [])


def hashes() -> None:
    text = '''#!/bin/sh
# SPDX-License-Identifier: MIT
#: make help: that
# One,
# goes on.
#
# Two: here
echo " # that" ' # that' $# a#b  # a tail
# alone
# shellcheck disable=SC2086
'''
    same("comments of a script", prose.KINDS["hash"](text), ["One, goes on.", "Two: here", "a tail", "alone"])


def kinds() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    for name, first in (("walk", "#!/usr/bin/env python3\n"), ("zap", "#!/bin/sh\n"), ("data", "\x00\n")):
        (PLACE / name).write_text(first, encoding="utf-8")
    same("by suffix or first line", [prose.kind(Path(name)) for name in ("a.md", "a.c", "a.h", "a.S", "a.py", "a.mk", "Makefile", "a.png", "a")],
         ["document", "c", "c", "c", "python", "hash", "hash", "", ""])
    same("without a suffix", [prose.kind(PLACE / name) for name in ("walk", "zap", "data")], ["python", "hash", ""])


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
    result = call(["tools/prose", str(ROOT / "tools/prose"), str(ROOT / "tools/zapwalk")])
    check(result.says("tools/prose\n") and result.says("tools/zapwalk/prose.py"), "programs too", result.text)


def ours() -> None:
    """All texts of ours must stay below the limits."""
    result = call(["tools/prose"])
    check(result.status == 0, f"{', '.join(tool.HELD)} are below the limits", result.text)
    named = set(result.text.split())
    for name in ("Makefile", "docs/style.md", "mm/gup/gup.c", "tools/run", "tools/setup", "tools/zapwalk/prose.py", "tests/self/unit/host.py"):
        check(name in named, f"measured without being named: {name}")


counts()
limits()
documents()
sources()
pythons()
hashes()
kinds()
prints()
ours()
finish()
