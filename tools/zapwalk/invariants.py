# SPDX-License-Identifier: MIT
"""The parts of docs/invariants.md made from the sources, which are a section for each scenario and a row for each guard.

A section's heading has the ids of its scenarios. The rule and the list below it are made. The text below the list says
what is seen, is written by hand, and stays. The third cell of a guard's row is written by hand too."""
from __future__ import annotations

import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zapwalk import scenarios
from zapwalk.scenarios import Guard, Scenario

DOCUMENT, FINDINGS = "docs/invariants.md", "docs/findings.md"
WIDTH = 120
ONLY = {"explored": "in the explorer only"}
KINDS = {"step": "Steps", "barrier": "Barriers"}  # the headings of the guards' tables

HEADING = re.compile(r"^### (?:<a id=.*</a>)?(?P<ids>[a-z]+/[\w-]+(?:, [a-z]+/[\w-]+)*)\n", re.MULTILINE)
SECTION_END = re.compile(r"^##", re.MULTILINE)
LIST = re.compile(r"^- Source.*?(?:\n\n|\n?\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| <a id=\"guard-\w+\"></a>`(\w+)` \|[^|\n]*\|([^|\n]*)\|[^|\n]*\|$", re.MULTILINE)
TABLE_HEAD = "| guard | breaks | when it is off | asked for in |\n|---|---|---|---|\n"
TO_GLOSSARY = re.compile(r"\[([^\]]*)\]\(glossary\.md#[^)]*\)")
COMMIT = re.compile(r"\b([0-9a-f]{12}) ([\w/]+: [^;]+)")
CODE = re.compile(r"\w+\(\)|\w+(?:=\w+)+")


@dataclass(frozen=True)
class Sources:
    scenarios: list[Scenario]
    guards: list[Guard]
    needs: dict[str, str]  # the meaning of each need of needs.def
    findings: dict[str, str]  # the anchor of each finding


def read(root: Path) -> Sources:
    headings = re.findall(r"^## ((F-\d+) .*)$", (root / FINDINGS).read_text(encoding="utf-8"), re.MULTILINE)
    return Sources(scenarios.scenarios(root), scenarios.guards(root), scenarios.needs(root), {name: slug(head) for head, name in headings})


def slug(heading: str) -> str:
    """Returns the anchor of a heading, as made by GitHub and Python-Markdown."""
    return re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-")


@dataclass(frozen=True)
class Section:
    ids: tuple[str, ...]
    start: int
    end: int
    seen: str


def anchor(name: str) -> str:
    return name.lower().replace("/", "-")


def unlinked(text: str) -> str:
    """Returns the text without links to the glossary, because tools/glossary sets these at first uses."""
    return TO_GLOSSARY.sub(r"\1", text)


def sections(text: str) -> list[Section]:
    found = []
    for heading in HEADING.finditer(text):
        end = SECTION_END.search(text, heading.end())
        stop = end.start() if end else len(text)
        made = LIST.search(text, heading.end(), stop)
        seen = text[made.end() if made else heading.end():stop].strip()
        found.append(Section(tuple(re.split(r", ", heading["ids"])), heading.start(), stop, seen))
    return found


def seen_of_guards(text: str) -> dict[str, str]:
    return {name: seen.strip() for name, seen in ROW.findall(text)}


def coded(text: str) -> str:
    return CODE.sub(r"`\g<0>`", text)


def sentence(rule: str) -> str:
    """Makes a sentence of a rule. Most rules begin with a small letter, but some with a name of code, which stays as it is."""
    first = rule.partition(" ")[0]
    return coded((rule[0].upper() + rule[1:] if re.fullmatch(r"[a-z]+(?:-[a-z]+)?,?", first) else rule) + ".")


def wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def linked_file(path: str) -> str:
    return f"[{path}](../{path})"


def guard_link(name: str) -> str:
    return f"[`{name}`](#guard-{name})"


def runs(scenario: Scenario) -> str:
    return f"on {scenario.port} only" if scenario.port else ONLY.get(scenario.mode, "")


def fields(scenario: Scenario, sources: Sources) -> dict[str, str]:
    finding = f"[{scenario.finding}](findings.md#{sources.findings.get(scenario.finding, '')})" if scenario.finding else ""
    texts = [sources.needs.get(name, name) for name in scenario.needs]
    said = [text if re.match("[A-Z]{2}", text) else text[:1].lower() + text[1:] for text in texts]
    return {"Source": coded(COMMIT.sub(r'\1 "\2"', scenario.source)), "Guards": ", ".join(map(guard_link, scenario.guards)),
            "File": linked_file(scenario.path), "Needs": ", ".join(said), "Runs": runs(scenario), "Finding": finding}


def made(members: list[Scenario], sources: Sources) -> str:
    """Returns the made part at the head of a section. Text shared by all its scenarios stands once."""
    heading = "### " + "".join(f'<a id="{anchor(each.name)}"></a>' for each in members) + ", ".join(each.name for each in members)
    rules = [each.rule for each in members]
    lines = [] if len(set(rules)) == 1 else [wrapped(f"- {each.name}: {sentence(each.rule)}", "  ") for each in members]
    said = "" if lines else wrapped(sentence(rules[0])) + "\n\n"
    every = [fields(each, sources) for each in members]
    for label in every[0]:
        shared: dict[str, list[str]] = {}
        for each, own in zip(members, every):
            shared.setdefault(own[label], []).append(each.name)
        for value, names in shared.items():
            whose = "" if len(shared) == 1 else f" of {', '.join(names)}"
            lines += [wrapped(f"- {label}{whose}: {value}", "  ")] if value else []
    return f"{heading}\n\n{said}" + "\n".join(lines) + "\n\n"


def section(members: list[Scenario], sources: Sources, seen: str) -> str:
    return made(members, sources) + (seen + "\n\n" if seen else "")


def group_heading(text: str, group: str) -> re.Match[str] | None:
    return re.search(rf"^## {group}\b.*\n", text, re.MULTILINE)


def added(text: str, scenario: Scenario, sources: Sources, seen: str) -> str:
    """Returns the document with a new section at the end of its group. The heading of the group must be there."""
    following = re.compile(r"^## ", re.MULTILINE).search(text, group_heading(text, scenario.group).end())
    end = following.start() if following else len(text)
    return text[:end].rstrip() + "\n\n" + section([scenario], sources, seen).rstrip() + "\n" + ("\n" + text[end:] if following else "")


def scenario_link(name: str, known: set[str]) -> str:
    return f"[{name}](#{anchor(name)})" if name in known else name


def row(guard: Guard, known: set[str], seen: str) -> str:
    functions: dict[str, list[str]] = {}
    for function, path in guard.places:
        functions.setdefault(path, []).append(f"`{function}()`")
    asked = ", ".join(f"{', '.join(names)} of [{PurePosixPath(path).name}](../{path})" for path, names in functions.items())
    return f'| <a id="guard-{guard.name}"></a>`{guard.name}` | {scenario_link(guard.scenario, known)} | {seen} | {asked} |\n'


def with_guards(text: str, sources: Sources) -> str:
    """Returns the document with the tables below the headings of KINDS made anew."""
    seen, known = seen_of_guards(text), {each.name for each in sources.scenarios}
    for kind, title in KINDS.items():
        rows = "".join(row(each, known, seen.get(each.name, "")) for each in sources.guards if each.kind == kind)
        text = re.sub(rf"(^### {title}\n.*?)^\| guard \|.*?(?=^[^|]|\Z)", lambda match, rows=rows: match[1] + TABLE_HEAD + rows, text,
                      flags=re.MULTILINE | re.DOTALL)
    return text


def written(text: str, sources: Sources) -> str:
    """Returns the document with its made parts as the sources have them. New scenarios get sections, and sections of removed
    scenarios go."""
    text = unlinked(text)
    by_name = {each.name: each for each in sources.scenarios}
    listed = sections(text)
    for each in reversed(listed):
        members = [by_name[name] for name in each.ids if name in by_name]
        text = text[:each.start] + (section(members, sources, each.seen) if members else "") + text[each.end:]
    have = {name for each in listed for name in each.ids}
    for scenario in [each for each in sources.scenarios if each.name not in have]:
        if not group_heading(text, scenario.group):
            text = f"{text.rstrip()}\n\n## {scenario.group}\n"
        text = added(text, scenario, sources, "")
    return with_guards(text, sources).rstrip() + "\n"


def differences(said: dict[str, str], real: dict[str, str], what: str, part: str) -> list[str]:
    """Lists the parts missing, left over or different. Each value is the text of a part."""
    wrong = [f"{what} {name}: no {part}" for name in real if name not in said]
    wrong += [f"{what} {name}: a {part}, but there is none" for name in said if name not in real]
    return wrong + [f"{what} {name}: its {part} is not as made" for name in said if name in real and said[name] != real[name]]


def parts(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the text of each scenario's section and of each guard's row, with the headings of the tables."""
    text = unlinked(text)
    of_scenarios = {name: text[each.start:each.end].strip() for each in sections(text) for name in each.ids}
    tables = {kind: text.partition(f"\n### {title}\n")[2].partition("\n##")[0] for kind, title in KINDS.items()}
    return of_scenarios, {match[1]: f"{kind} {match[0]}" for kind, table in tables.items() for match in ROW.finditer(table)}


def complaints(text: str, sources: Sources) -> list[str]:
    """Returns the faults of the document, or nothing if there are none."""
    of_scenarios, of_guards = parts(text)
    seen, known = seen_of_guards(unlinked(text)), {each.name for each in sources.scenarios}
    rows = {each.name: f"{each.kind} {row(each, known, seen.get(each.name, '')).strip()}" for each in sources.guards}
    wrong = differences(of_scenarios, parts(written(text, sources))[0], "scenario", "section")
    wrong += differences(of_guards, rows, "guard", "row")
    counts = Counter(name for each in sections(text) for name in each.ids)
    counts.update(match[1] for match in ROW.finditer(text))
    wrong += [f"{name}: stands {count} times" for name, count in counts.items() if count > 1]
    wrong += [f"scenario {', '.join(each.ids)}: nothing is said of what is seen" for each in sections(text) if not each.seen]
    wrong += [f"guard {name}: nothing is said of what happens when it is off" for name, seen in seen_of_guards(text).items() if not seen]
    return wrong or ([] if unlinked(text) == written(text, sources) else ["the document is not as made"])
