#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tools/invariants and tools/lines on small made-up sources. Fails if they read a scenario, a guard or a quoted line
wrongly, or write a document wrongly. tests/self/boot/test_invariants.py and test_docs.py check the real documents."""
from __future__ import annotations

import shutil
from unittest import mock

from host import PLACE, check, finish, printed, program, raised, same

from zapwalk import functions, invariants, quoted, scenarios
from zapwalk.invariants import Sources
from zapwalk.scenarios import Guard, Scenario, Unreadable

ATTRIBUTE = '__attribute__((section(".scenarios"), used))'
CELL = "{.expect = EXPECT_BREAKS, .off = GUARD_one, .needs = (NEED_OTHER)}"
PREPROCESSED = f"""# 1 "tests/tlb/a.c"
# 1 "./tests/lab/lab.h" 1
int x;
# 3 "tests/tlb/a.c" 2
static const struct scenario a {ATTRIBUTE} = {{ .name = "tlb/a", .rule = "one \\"word\\" "
# 5 "tests/tlb/a.c"
 "and }} more", .reference = "r", .mode = MODE_CHOREO, .needs = (NEED_SPLIT | NEED_NAP), .finding = "F-001",
 .nr_cells = sizeof((const struct cell[]){{{CELL}}}) / sizeof(struct cell), .cells = {{{CELL}, {{.expect = EXPECT_HOLDS, .off = NR_GUARDS}},
 {{.expect = EXPECT_BREAKS, .off = GUARD_two}}, {CELL}, {{.expect = EXPECT_MASKED, .off = GUARD_three}}}}, .judge = j }};
static int function(void) {{ return 1; }}
# 1 "tests/tlb/x86/b.c"
static const struct scenario b {ATTRIBUTE} =
# 7 "tests/tlb/x86/b.c"
 {{ .mode = MODE_PROBE, .name = "tlb/b", .rule = "s", .reference = "t", .cells = {{{{.expect = EXPECT_HOLDS}}}}, }};
.needs = NEED_NONE,
"""
A = Scenario("tlb/a", 'one "word" and } more', "r", "tests/tlb/a.c", "choreo", ("one", "two"), ("SPLIT", "NAP"), "F-001")
B = Scenario("tlb/b", "s", "t", "tests/tlb/x86/b.c", "probe", (), (), "")


def reads_scenarios() -> None:
    same("the fields of two scenarios", scenarios.scenarios_of(PREPROCESSED), [A, B])
    same("their groups and ports", [(each.group, each.port) for each in (A, B)], [("tlb", ""), ("tlb", "x86")])
    same("an initializer with braces in strings", scenarios.initializer('x = {"}", {1}} y', 4), '{"}", {1}}')
    same("one without an end", raised(Unreadable, scenarios.initializer, "{ {", 0), "no end of '{ {'")
    same("a field that is not there", scenarios.string('.name = "a"', "rule"), "")


def reads_sources() -> None:
    place = PLACE / "sources"
    shutil.rmtree(place, ignore_errors=True)
    for name, text in {
            "kernel/hooks/guards.def": '/* All. */\nGUARD(one, step, "tlb/a", "first, then second")\nGUARD(two, barrier, "tlb/b", "m")\n',
            "tests/lab/needs.def": "/*\n * All.\n */\n/* Entries of two words. */\nNEED(SPLIT, 1, \"r\")\n"
                                   "/* CPUs that sleep. They wake\n * up. */\nNEED(NAP, 1, \"r\")\n",
            "mm/a.c": "/* guard(two) */\nint first(int a,\n\t  int b)\n{\n\t/* guard(two) */\n\t * guard(two)\n\tif (guard(one) && guard(one))\n\t\tb = 1;\n}\n\n"
                      "void second(void)\n{\n\treturn guard(one);\n}\n",
            "arch/model/a.c": "int other(void)\n{\n\treturn guard(one);\n}\n", "tests/tlb/bad.c": '#include "none.h"\n'}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    same("guards, and who asks for them", scenarios.guards(place),
         [Guard("one", "step", "tlb/a", "first, then second", (("first", "mm/a.c"), ("second", "mm/a.c"))), Guard("two", "barrier", "tlb/b", "m", ())])
    same("what needs are", scenarios.needs(place), {"SPLIT": "Entries of two words", "NAP": "CPUs that sleep"})
    same("lines of code", list(functions.lines(place / "arch/model/a.c")), [(3, "other", "\treturn guard(one);")])
    check("none.h" in raised(Unreadable, scenarios.scenarios, place), "a file that the preprocessor refuses")


SOURCES = Sources([A, B], [Guard("one", "step", "tlb/a", "m", (("f", "mm/a.c"), ("g", "mm/a.c"), ("h", "mm/b.h"))),
                           Guard("two", "barrier", "explore/x", "m", ())], {"SPLIT": "Entries of two words", "NAP": "CPUs that sleep"}, {"F-001": "f-001-x"})
DOCUMENT = """\
# Rules

## tlb: translations

Opening with a [guard](glossary.md#guard).

### <a id="tlb-a"></a>tlb/a

One "word" and } more.

- Source: r
- Guards: [`one`](#guard-one), [`two`](#guard-two)
- File: [tests/tlb/a.c](../tests/tlb/a.c)
- Needs: entries of two words, CPUs that sleep
- Finding: [F-001](findings.md#f-001-x)

Seen.

And more.

### <a id="tlb-b"></a>tlb/b

S.

- Source: t
- File: [tests/tlb/x86/b.c](../tests/tlb/x86/b.c)
- Runs: on x86 only

Seen too.

## Guards

### Steps

| guard | breaks | when it is off | asked for in |
|---|---|---|---|
| <a id="guard-one"></a>`one` | [tlb/a](#tlb-a) | nothing | `f()`, `g()` of [a.c](../mm/a.c), `h()` of [b.h](../mm/b.h) |

### Barriers

| guard | breaks | when it is off | asked for in |
|---|---|---|---|
| <a id="guard-two"></a>`two` | explore/x | all |  |
"""


def writes_sections() -> None:
    plain = DOCUMENT.replace("[guard](glossary.md#guard)", "guard")
    same("a document that is as made", (invariants.complaints(DOCUMENT, SOURCES), invariants.written(DOCUMENT, SOURCES)), ([], plain))
    same("from nothing but the heads", invariants.written("## tlb\n\n## Guards\n", SOURCES).splitlines()[2:5:2], ['### <a id="tlb-a"></a>tlb/a', 'One "word" and } more.'])
    same("a group without a part", invariants.written("# Rules\n", SOURCES).splitlines()[:5], ["# Rules", "", "## tlb", "", '### <a id="tlb-a"></a>tlb/a'])
    family = plain.replace('<a id="tlb-a"></a>tlb/a', '<a id="tlb-a"></a>tlb/a, tlb/b').replace(plain[plain.index('### <a id="tlb-b'):plain.index("## Guards")], "")
    same("two in one section", invariants.sections(invariants.written(family, SOURCES))[0].ids, ("tlb/a", "tlb/b"))
    same("what they share stands once", invariants.made([B, Scenario("tlb/c", "s", "u", "tests/tlb/x86/b.c", "explored", ("one",), (), "")], SOURCES), """\
### <a id="tlb-b"></a><a id="tlb-c"></a>tlb/b, tlb/c

S.

- Source of tlb/b: t
- Source of tlb/c: u
- Guards of tlb/c: [`one`](#guard-one)
- File: [tests/tlb/x86/b.c](../tests/tlb/x86/b.c)
- Runs: on x86 only

""")
    two = invariants.made([B, Scenario("tlb/c", "other", "t", "tests/tlb/x86/b.c", "probe", (), (), "")], SOURCES)
    check("\n\n- tlb/b: S.\n- tlb/c: Other.\n- Source: t\n" in two, "and rules that differ", two)
    same("one for the explorer", invariants.runs(Scenario("a/b", "", "", "tests/a/b.c", "explored", (), (), "")), "in the explorer only")
    same("a need that needs.def does not know", invariants.fields(Scenario("a/b", "", "", "tests/a/b.c", "probe", (), ("X",), ""), SOURCES)["Needs"], "x")


def writes_sentences() -> None:
    same("rules as sentences", [invariants.sentence(rule) for rule in ("a CPU", "re-reads it", "gup_fast() is", "x=1 is", "r0=r1=0, so", "establish,")],
         ["A CPU.", "Re-reads it.", "`gup_fast()` is.", "`x=1` is.", "`r0=r1=0`, so.", "Establish,."])
    commit = Scenario("a/b", "r", "Linux 0123456789ab mm/gup: fix f(); 0123456789ab", "tests/a/b.c", "probe", (), (), "")
    same("a commit's title in quotation marks", invariants.fields(commit, SOURCES)["Source"], 'Linux 0123456789ab "mm/gup: fix `f()`"; 0123456789ab')
    same("long lines", invariants.wrapped("- " + "x" * 70 + " a-b" * 15, "  ").count("\n  a-b"), 1)
    same("anchors", [invariants.anchor("hw/above-4G"), invariants.slug("F-001 QEMU's `a`: it, is")], ["hw-above-4g", "f-001-qemus-a-it-is"])


TEXT = """\
    CPU 1 is at here, value 0x1: f(), mm/a.c:4
      7 here = 0x2 | f,
          mm/a.c:5
      0 *  shootdown-ack of CPU 1 at wait:9, on
"""


def quotes_lines() -> None:
    place = PLACE / "quoted"
    shutil.rmtree(place, ignore_errors=True)
    for name in ("mm", "kernel/smp"):
        (place / name).mkdir(parents=True)
    (place / "mm/a.c").write_text("int f(void)\n{\n\tint x;\n\trace_value(here, x);\n\tint y;\n\trace_point(here);\n}\nint g(void)\n{\n\trace_point(here);\n}\n")
    (place / "kernel/smp/wait.c").write_text("int wait(void)\n{\n\twait_until(x);\n}\n")
    same("what is quoted", [(each.point, each.function, each.path, each.line) for each in quoted.quotes(TEXT, place)],
         [("here", "f", "mm/a.c", 4), ("here", "f", "mm/a.c", 5), ("wait_blocked", "wait", "kernel/smp/wait.c", 9)])
    same("what is wrong", quoted.complaints(TEXT, place), ["here of f(), mm/a.c:5: is at line 4, 6", "wait_blocked of wait(), kernel/smp/wait.c:9: is at line 3"])
    mended = quoted.mended(TEXT, place)
    same("mended", mended, TEXT.replace("a.c:5", "a.c:4").replace("wait:9", "wait:3"))
    same("and right", quoted.complaints(mended, place), [])
    same("a picture of it", quoted.mended_picture("<t>f, mm/a.c:5</t> g, mm/a.c:5 f, mm/a.c:4", TEXT, mended, place), "<t>f, mm/a.c:4</t> g, mm/a.c:5 f, mm/a.c:4")
    gone = TEXT.replace("mm/a.c:4", "mm/b.c:4").replace("at wait:", "at waits:")
    same("a file that is not there", quoted.complaints(gone, place)[::2], ["here of f(), mm/b.c:4: is not in that function", "wait_blocked of waits(), :9: is not in that function"])
    same("stays as it is", quoted.mended(gone, place), gone.replace("a.c:5", "a.c:4"))


def the_programs() -> None:
    place = PLACE / "programs"
    shutil.rmtree(place, ignore_errors=True)
    (place / "docs/images").mkdir(parents=True)
    (place / "mm").mkdir()
    (place / "mm/a.c").write_text("int f(void)\n{\n\trace_point(here);\n}\n")
    for name in ("tour", "matrix"):
        (place / f"docs/{name}.md").write_text(f"{name}: here = 0x1 f, mm/a.c:4\n")
    (place / "docs/images/witness.svg").write_text("f, mm/a.c:4\n")
    (place / "docs/invariants.md").write_text(DOCUMENT.replace("One \"word\"", "A word"))
    (place / "docs/glossary.md").write_text("# G\n\n## A\n\n### guard\n\nText.\n")
    lines, made = program("tools/lines"), program("tools/invariants")

    def called(tool: object, *arguments: str) -> tuple[object, str, str]:
        with mock.patch.object(tool, "ROOT", place), mock.patch("sys.argv", ["x", *arguments]), \
                mock.patch.object(invariants, "read", lambda root: SOURCES):
            return printed(tool.main)

    wrong = "docs/tour.md: here of f(), mm/a.c:4: is at line 3\ndocs/matrix.md: here of f(), mm/a.c:4: is at line 3\n"
    same("tools/lines", called(lines), (1, wrong, ""))
    right = "docs/tour.md and docs/matrix.md are as the sources say\n"
    same("tools/lines --write", called(lines, "--write"), (0, right, ""))
    same("what it wrote", [(place / name).read_text() for name in ("docs/tour.md", "docs/images/witness.svg")], ["tour: here = 0x1 f, mm/a.c:3\n", "f, mm/a.c:3\n"])
    same("tools/lines again", called(lines), (0, right, ""))
    same("tools/invariants", called(made), (1, "scenario tlb/a: its section is not as made\n", ""))
    good = "docs/invariants.md is as the sources say\n"
    same("tools/invariants --write", called(made, "--write"), (0, good, ""))
    same("what it wrote, with links to the glossary", (place / "docs/invariants.md").read_text(), DOCUMENT)
    same("tools/invariants again", called(made), (0, good, ""))
    with mock.patch.object(made.invariants, "written", side_effect=Unreadable("no gcc")):
        same("sources that cannot be read", called(made), (1, "", "tools/invariants: no gcc\n"))


reads_scenarios()
reads_sources()
writes_sections()
writes_sentences()
quotes_lines()
the_programs()
finish()
