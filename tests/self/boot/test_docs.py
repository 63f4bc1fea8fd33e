#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The documents against the source: what they name exists, and the worked example compiles."""
from __future__ import annotations

import re
from pathlib import Path

from tap import PLACE, ROOT, call, check, finish
from zapwalk import invariants, quoted

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README_LINES = 150  # at most
PLACES = "arch|boot|docs|drivers|kernel|linker|mm|tests|tools"
KINDS = (".c", ".h", ".S", ".def", ".ld", ".py", "Makefile")
CONDITION = re.compile(r"^[ \t]*#[ \t]*if", re.MULTILINE)
COMPILER = ["i686-linux-gnu-gcc", "-m32", "-march=i686", "-std=gnu11", "-ffreestanding", "-Wall", "-Wextra", "-Wshadow",
            "-Werror", "-DZAPWALK_LAB", "-I.", "-Iarch/x86/include", "-fsyntax-only"]


def source(without: tuple[str, ...] = ()) -> str:
    tops = [top for top in ROOT.iterdir() if top.name not in ("build", "docs", ".git")]
    paths = [path for top in tops for path in [top, *top.rglob("*")] if path.is_file() and path.name not in without
             and (path.name.endswith(KINDS) or path.parent.name == "tools")]  # its programs have no suffix
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)


def names_exist(name: str, text: str, identifiers: set[str]) -> None:
    """`function()` and `MACRO(...)`, paths, links to other documents."""
    functions = set(re.findall(r"`(?:[^`\s]*[^`\w\s])?([A-Za-z_]\w+)\([^`]*\)`", text))
    linux = {"gup_fast_pte_range", "flush_tlb_mm_range", "local_irq_save"}
    gone = sorted(functions - linux - identifiers)
    check(not gone, f"{name}: {len(functions)} functions and macros that it names exist", "\n".join(gone))
    ours = re.sub(r'[0-9a-f]{12}\s"[^"]*"', "", text)  # without the titles of Linux's commits
    paths = set(re.findall(rf"(?<![\w/.])(?:{PLACES})/[\w/.*-]*\w", ours))
    example = {"tests/tlb/example.c"}  # what `make new-scenario` makes
    gone = sorted(p for p in paths - example if not any(ROOT.glob(p)))
    check(not gone, f"{name}: {len(paths)} paths that it names exist", "\n".join(gone))
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    gone = [link for link in links if not ((ROOT / name).parent / link).exists()]
    check(not gone, f"{name}: its links lead somewhere", "\n".join(gone))


def anchors(text: str) -> set[str]:
    """Where a link may lead within a document: its headings, and ids of its own."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = [re.sub(r"<[^>]*>|\]\([^)]*\)", "", line) for line in re.findall(r"^#+ (.*)$", prose, re.MULTILINE)]
    return {*map(invariants.slug, headings), *re.findall(r'<a id="([^"]+)">', text)}


def anchors_exist(name: str, text: str, known: dict[Path, set[str]]) -> None:
    """Links with a fragment, to a document or within this one."""
    place = (ROOT / name).parent
    links = [link for link in re.findall(r"\]\(([^)\s]*#[^)\s]+)\)", text) if "://" not in link]
    targets = [(link, (place / link.partition("#")[0]).resolve() if link[0] != "#" else ROOT / name) for link in links]
    gone = [link for link, path in targets if link.partition("#")[2] not in known.get(path, set())]
    check(not gone, f"{name}: {len(links)} links to a part of a document lead there", "\n".join(gone))
    ids = re.findall(r'<a id="([^"]+)">', text)
    check(len(ids) == len(set(ids)), f"{name}: each of its {len(ids)} ids is there once", sorted({each for each in ids if ids.count(each) > 1}))


def quoted_places() -> None:
    """The places that the tour and the witness name, of the sources of today."""
    for name in quoted.DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        found = quoted.quotes(text, ROOT)
        wrong = quoted.complaints(text, ROOT)
        check(len(found) > 10 and not wrong, f"{name}: {len(found)} places of race points are right; tools/lines --write mends them", "\n".join(wrong))
        first = found[0]
        moved = text[:first.start] + str(first.line + 1) + text[first.end:]
        check(len(quoted.complaints(moved, ROOT)) == len(wrong) + 1 and quoted.mended(moved, ROOT) == quoted.mended(text, ROOT),
              f"{name}: a wrong line is seen, and mended")
        other = text.replace(first.function, "no_such", 1) if first.function in text else text
        check(any("is not in that function" in each for each in quoted.complaints(other, ROOT)), f"{name}: a wrong function is seen")
        picture = quoted.PICTURES.get(name)
        if picture:
            shown = set(re.findall(rf"\b(\w+), {quoted.PLACE}", (ROOT / picture).read_text(encoding="utf-8")))
            told = {(each.function, each.path, str(each.line)) for each in found}
            check(shown and shown <= told, f"{picture}: its places are those of {name}", shown - told)


def old_names(text: str, source_text: str) -> None:
    """docs/names.md: what it calls old is nowhere in the source, and what the kernel refuses as old is in it."""
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", text, re.MULTILINE)
    names = [name for old, _ in rows for name in re.findall(r"`([^`]+)`", old)]
    left = []
    for name in names:
        core = re.escape(re.sub(r"^\w+(?==)=|^\w+(?=->)|\(.*\)$", "", name)) + (r"\(" if name.endswith(")") else r"(?![\w-])")
        left += [name] if re.search(rf"(?<![\w/-]){core}" if "->" not in name else core, source_text) else []
    check(len(names) > 20 and not left, f"names.md: {len(names)} old names are nowhere in the source", "\n".join(left))
    refused = re.findall(r'RENAMED\("(.*?)", "(.*?)"\)', (ROOT / "kernel/renamed.def").read_text(encoding="utf-8"))
    pairs = {(old, new) for row in rows for olds, news in [(re.findall(r"`([^`]+)`", row[0]), re.findall(r"`([^`]+)`", row[1]))]
             for old, new in zip(olds, news)}
    told = {(old.removeprefix("flush="), new.removeprefix("flush=")) for old, new in pairs}
    missing = sorted(set(refused) - told)
    check(refused and not missing, "names.md has what the command line refuses as an old name", str(missing))


def example_compiles(text: str) -> None:
    blocks = re.findall(r"^```c\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    check(len(blocks) == 2, "adding.md has one example, and the model, which test_language.py compiles")
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / "example.c"
    path.write_text(blocks[0] if blocks else "#error none\n", encoding="utf-8")
    result = call([*COMPILER, str(path)])
    check(result.status == 0, "the example of adding.md compiles", result.text)


def conditions_are_named(text: str) -> None:
    """Every header of mm/ and kernel/ with an #if of its own is named; the .c files have none (test_source.py)."""
    places = [path for place in ("mm", "kernel") for path in sorted((ROOT / place).rglob("*.[chS]"))]
    listed = [str(path.relative_to(ROOT)) for path in places if CONDITION.search(path.read_text(encoding="utf-8"))]
    missing = [path for path in listed if path not in text]
    check(not missing, "architecture.md names every file of mm/ and kernel/ that has an #if", "\n".join(missing))


def machines_are_listed(commands: str) -> None:
    listed = re.search(r"`MACHINE=` \(([^)]*)\)", commands)
    said = re.split(r"[,\s]+", listed.group(1)) if listed else []
    rows = [line.split()[0] for line in call(["make", "--no-print-directory", "machines"]).text.splitlines()[1:]]
    check(rows and sorted(said) == sorted(rows), "commands.md lists the machines of `make machines`", said, rows)


def reading_list(index: str) -> None:
    """The files of the student's list and their lines, to a tenth."""
    part = index.partition("## A reading list")[2].partition("\n## ")[0]
    told = re.search(r"^(\d+) files, about ([\d,]+) lines", part, re.MULTILINE)
    files = re.findall(r"^\| \d+ \| \[([^\]]+)\]", part, re.MULTILINE)
    lines = sum((ROOT / file).read_text(encoding="utf-8").count("\n") for file in files)
    check(told and int(told[1]) == len(files) and abs(int(told[2].replace(",", "")) - lines) <= lines // 10,
          "docs/README.md: the reading list has as many files and lines as it says", f"{len(files)} files, {lines} lines")


def findings_exist(text: str, code: str) -> None:
    """What scenarios and machines name has its entry, and no entry stands twice."""
    entries = re.findall(r"^## (F-\d+) ", text, re.MULTILINE)
    check(entries and len(entries) == len(set(entries)), "findings.md: each id once", entries)
    missing = sorted(set(re.findall(r'(?:\.finding = |known=\(?\(?|\), \()"(F-\d+)"', code)) - set(entries))
    check(not missing, "findings.md has every finding that scenarios and machines name", "\n".join(missing))


code = source()
identifiers = set(re.findall(r"\w+", code))
known = {document: anchors(document.read_text(encoding="utf-8")) for document in DOCUMENTS}
for document in DOCUMENTS:
    name = str(document.relative_to(ROOT))
    text = document.read_text(encoding="utf-8")
    if name == "docs/names.md":  # its first column is of names and paths that are gone
        old_names(text, source(without=("renamed.def", "test_near.c", "test_lab_options.c", "test_options.py", "test_docs.py")))
        text = re.sub(r"^\|[^|]*\|", "|", text, flags=re.MULTILINE)
    names_exist(name, text, identifiers)
    anchors_exist(name, text, known)
quoted_places()
index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
reading_list(index)
lines = DOCUMENTS[0].read_text(encoding="utf-8").count("\n")
check(lines <= README_LINES, f"README.md has at most {README_LINES} lines", lines)
unlisted = [path.name for path in DOCUMENTS[2:] if path.name != "README.md" and f"({path.name})" not in index]
check(not unlisted, "docs/README.md lists every document", unlisted)
architecture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
example_compiles((ROOT / "docs/adding.md").read_text(encoding="utf-8"))
conditions_are_named(architecture)
machines_are_listed((ROOT / "docs/commands.md").read_text(encoding="utf-8"))
findings_exist((ROOT / "docs/findings.md").read_text(encoding="utf-8"), code)
finish()
