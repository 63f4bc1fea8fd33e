#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/invariants.md against the sources and the image. Fails if its sections are not exactly the scenarios printed by
`list`, with their rules and guards, or if its rows are not exactly the guards of kernel/hooks/guards.def."""
from __future__ import annotations

from dataclasses import replace

from tap import ROOT, boot, call, check, finish
from zapwalk import invariants
from zapwalk.invariants import Sources

DOCUMENT = ROOT / invariants.DOCUMENT


def without(text: str, start: str, end: str) -> str:
    """Returns the document without the part from `start` up to `end`, which stays."""
    before, found, after = text.partition(start)
    assert found and end in after, start
    return before + end + after.partition(end)[2]


def test_the_test(text: str, sources: Sources) -> None:
    """The tool must complain of every kind of mistake in the document, with the right words."""
    text = invariants.unlinked(text)
    stale = next(each for each in invariants.sections(text) if each.ids == ("tlb/stale",))
    section = text[stale.start:stale.end]
    row = next(line for line in text.splitlines() if "guard-present_recheck\"></a>" in line)
    recheck = row.split("|")[3]
    wrong = {
        "a scenario has no section": (text.replace(section, ""), "scenario tlb/stale: no section"),
        "one of two in a section has none": (text.replace("</a>pte/torn-read, pte/torn-read-high\n", "</a>pte/torn-read\n"),
                                             "scenario pte/torn-read-high: no section"),
        "a section too many": (text.replace(section, section + section.replace("tlb/stale", "tlb/nosuch")),
                               "scenario tlb/nosuch: a section, but there is none"),
        "a section twice": (text.replace(section, section + section), "tlb/stale: stands 2 times"),
        "a section without its anchor": (text.replace('<a id="tlb-stale"></a>', ""), "scenario tlb/stale: its section is not as made"),
        "a section without its guard": (text.replace(section, section.replace("[`shootdown`](#guard-shootdown), ", "")),
                                        "scenario tlb/stale: its section is not as made"),
        "a section with a wrong file": (text.replace("](../tests/tlb/stale.c)", "](../tests/tlb/stales.c)"),
                                        "scenario tlb/stale: its section is not as made"),
        "a section with another rule": (text.replace(section, section.replace("No CPU uses", "One CPU uses")),
                                        "scenario tlb/stale: its section is not as made"),
        "a section in which nothing is seen": (text.replace(stale.seen, ""), "scenario tlb/stale: nothing is said of what is seen"),
        "a guard has no row": (text.replace(row + "\n", ""), "guard present_recheck: no row"),
        "a guard too many": (text.replace(row, row + "\n" + row.replace("present_recheck", "nosuch")), "guard nosuch: a row, but there is none"),
        "a guard twice": (text.replace(row, row + "\n" + row), "present_recheck: stands 2 times"),
        "a guard with a wrong scenario": (text.replace(row, row.replace("[pte/torn-read](#pte-torn-read)", "[tlb/stale](#tlb-stale)")),
                                          "guard present_recheck: its row is not as made"),
        "a guard in another function": (text.replace(row, row.replace("`read_recheck()`", "`recheck()`")),
                                        "guard present_recheck: its row is not as made"),
        "a guard of which nothing is said": (text.replace(row, row.replace(recheck, " ")),
                                             "guard present_recheck: nothing is said of what happens when it is off"),
        "a step among the barriers": (text.replace(row + "\n", "").replace("### Barriers", "### Barriers", 1).rstrip("\n") + "\n" + row + "\n",
                                      "guard present_recheck: its row is not as made"),
        "another head of a table": (text.replace("| asked for in |", "| where |"), "the document is not as made"),
        "no sections": (without(text, "## pte:", "## Guards"), "scenario pte/torn-read: no section"),
        "nothing": ("", "guard present_recheck: no row"),
    }
    for name, (changed, said) in wrong.items():
        found = invariants.complaints(changed, sources)
        check(changed != text and said in found, f"seen: {name}", said, "\n".join(found))


def writes_it_back(text: str, sources: Sources) -> None:
    """The tool must write the generated parts anew and must keep the text written by hand."""
    text = invariants.unlinked(text)
    stale = next(each for each in sources.scenarios if each.name == "tlb/stale")
    changed = replace(sources, scenarios=[replace(each, rule="another rule", guards=()) if each is stale else each for each in sources.scenarios])
    other = invariants.written(text, changed)
    check("\nAnother rule.\n" in other and invariants.complaints(text, changed) == ["scenario tlb/stale: its section is not as made"],
          "a changed rule is made anew")
    check(invariants.written(other, sources) == text, "and the text by hand stays")
    fewer = replace(sources, scenarios=[each for each in sources.scenarios if each is not stale])
    gone = invariants.written(text, fewer)
    check("tlb-stale\"" not in gone and not invariants.complaints(gone, fewer), "a scenario that is gone loses its section")
    again = invariants.written(gone, sources)
    check(invariants.complaints(again, sources) == ["scenario tlb/stale: nothing is said of what is seen"]
          and again.index("tlb-nap-woken\"") < again.index("tlb-stale\"") < again.index("## walk"),
          "a new one gets a section at the end of its group, and wants its text")


def is_the_image(sources: Sources) -> None:
    """The tool reads the sources. It must find the same scenarios and guards as the image lists."""
    result = boot("list", name="list")
    check(result.status == 0 and result.log, "the option list", result.text)
    events = result.log.all("scenario") if result.log else []
    listed = {event.get("name"): (event.get("rule"), event.get("mode"), set(event.get("guards").replace("-", "").split(",")) - {""})
              for event in events}
    read = {each.name: (each.rule, each.mode, set(each.guards)) for each in sources.scenarios if each.port in ("", "x86")}
    wrong = [f"{name}: listed {listed.get(name)}, read {read.get(name)}" for name in sorted({*listed, *read})
             if listed.get(name) != read.get(name)]
    check(listed and not wrong, "the scenarios are those that the image lists, with rule, mode and guards", "\n".join(wrong))
    guards = {event.get("name"): (event.get("kind"), event.get("scenario"), event.get("meaning"))
              for event in (result.log.all("guard") if result.log else [])}
    check(guards and guards == {each.name: (each.kind, each.scenario, each.meaning) for each in sources.guards},
          "the guards are those that the image lists")


def is_complete(sources: Sources) -> None:
    """Every .name in a scenario file must have been read, because an unread scenario would silently be missing."""
    count = sum(path.read_text(encoding="utf-8").count('.name = "') for group in invariants.scenarios.GROUPS
                for path in (ROOT / "tests" / group).rglob("*.c"))
    check(len(sources.scenarios) == count, "each .name of the scenarios' files is one that was read", len(sources.scenarios), count)
    hollow = [each.name for each in sources.scenarios if not (each.rule and each.source and each.mode)]
    check(not hollow, "each has a rule, a source and a mode", hollow)
    unasked = [each.name for each in sources.guards if not each.places]
    check(not unasked, "each guard is asked for somewhere", unasked)
    unknown = [f"{each.name}: {need}" for each in sources.scenarios for need in each.needs if need not in sources.needs]
    check(sources.needs and not unknown, "needs.def says of each need what it is", unknown)


text = DOCUMENT.read_text(encoding="utf-8")
sources = invariants.read(ROOT)
is_complete(sources)
is_the_image(sources)
found = invariants.complaints(text, sources)
check(not found, f"{invariants.DOCUMENT} is as the sources say; tools/invariants --write makes it so", "\n".join(found))
tool = call(["tools/invariants"])
check(tool.status == bool(found) and tool.text.strip(), "tools/invariants says the same", tool.text)
test_the_test(text, sources)
writes_it_back(text, sources)
finish()
