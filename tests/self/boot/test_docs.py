#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the documents against the source. Fails if a document names a missing function, path, link or place, or if the
worked example does not compile."""
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
             and (path.name.endswith(KINDS) or path.parent.name == "tools")]  # the programs of tools/ have no suffix
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)


def names_exist(name: str, text: str, identifiers: set[str]) -> None:
    """Every `function()`, `MACRO(...)`, path and link in a document must exist."""
    functions = set(re.findall(r"`(?:[^`\s]*[^`\w\s])?([A-Za-z_]\w+)\([^`]*\)`", text))
    linux = {"gup_fast_pte_range", "flush_tlb_mm_range", "local_irq_save"}
    gone = sorted(functions - linux - identifiers)
    check(not gone, f"{name}: {len(functions)} functions and macros that it names exist", "\n".join(gone))
    ours = re.sub(r'[0-9a-f]{12}\s"[^"]*"', "", text)  # without the titles of Linux's commits
    paths = set(re.findall(rf"(?<![\w/.])(?:{PLACES})/[\w/.*-]*\w", ours))
    example = {"tests/tlb/example.c"}  # made by `make new-scenario`
    gone = sorted(p for p in paths - example if not any(ROOT.glob(p)))
    check(not gone, f"{name}: {len(paths)} paths that it names exist", "\n".join(gone))
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    gone = [link for link in links if not ((ROOT / name).parent / link).exists()]
    check(not gone, f"{name}: its links lead somewhere", "\n".join(gone))


def anchors(text: str) -> set[str]:
    """Returns the targets of links within a document, its headings and its own ids."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = [re.sub(r"<[^>]*>|\]\([^)]*\)", "", line) for line in re.findall(r"^#+ (.*)$", prose, re.MULTILINE)]
    return {*map(invariants.slug, headings), *re.findall(r'<a id="([^"]+)">', text)}


def anchors_exist(name: str, text: str, known: dict[Path, set[str]]) -> None:
    """Every link with a fragment must lead to a heading or an id, in this document or in another one."""
    place = (ROOT / name).parent
    links = [link for link in re.findall(r"\]\(([^)\s]*#[^)\s]+)\)", text) if "://" not in link]
    targets = [(link, (place / link.partition("#")[0]).resolve() if link[0] != "#" else ROOT / name) for link in links]
    gone = [link for link, path in targets if link.partition("#")[2] not in known.get(path, set())]
    check(not gone, f"{name}: {len(links)} links to a part of a document lead there", "\n".join(gone))
    ids = re.findall(r'<a id="([^"]+)">', text)
    check(len(ids) == len(set(ids)), f"{name}: each of its {len(ids)} ids is there once", sorted({each for each in ids if ids.count(each) > 1}))


def quoted_places() -> None:
    """The tour and the witness must name race points at their present lines. A wrong line and a wrong function must be
    seen, and a wrong line must be mended."""
    for name in quoted.DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        found = quoted.quotes(text, ROOT)
        wrong = quoted.complaints(text, ROOT)
        check(len(found) > 10 and not wrong, f"{name}: {len(found)} places of race points are right; tools/lines --write mends them", "\n".join(wrong))
        right = quoted.mended(text, ROOT)
        first = quoted.quotes(right, ROOT)[0]
        moved = right[:first.start] + str(first.line + 1) + right[first.end:]
        check(len(quoted.complaints(moved, ROOT)) == 1 and quoted.mended(moved, ROOT) == right,
              f"{name}: a wrong line is seen, and mended")
        other = text.replace(first.function, "no_such", 1) if first.function in text else text
        check(any("is not in that function" in each for each in quoted.complaints(other, ROOT)), f"{name}: a wrong function is seen")
        picture = quoted.PICTURES.get(name)
        if picture:
            shown = set(re.findall(rf"\b(\w+), {quoted.PLACE}", (ROOT / picture).read_text(encoding="utf-8")))
            told = {(each.function, each.path, str(each.line)) for each in found}
            check(shown and shown <= told, f"{picture}: its places are those of {name}", shown - told)
    wrong_lines = any(quoted.complaints((ROOT / name).read_text(encoding="utf-8"), ROOT) for name in quoted.DOCUMENTS)
    tool = call(["tools/lines"])
    check(tool.status == wrong_lines and tool.text.strip(), "tools/lines says the same", tool.text)


def old_names(text: str, source_text: str) -> None:
    """Names called old by docs/names.md must be nowhere in the source. Every old name refused by the kernel must be in
    the document."""
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
    """architecture.md must name every header of mm/ and kernel/ that has its own #if. The .c files have none
    (test_source.py)."""
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
    """The student's reading list must give the number of its files exactly, and of their lines to a tenth."""
    part = index.partition("## A reading list")[2].partition("\n## ")[0]
    told = re.search(r"^(\d+) files, about ([\d,]+) lines", part, re.MULTILINE)
    files = re.findall(r"^\| \d+ \| \[([^\]]+)\]", part, re.MULTILINE)
    lines = sum((ROOT / file).read_text(encoding="utf-8").count("\n") for file in files)
    check(told and int(told[1]) == len(files) and abs(int(told[2].replace(",", "")) - lines) <= lines // 10,
          "docs/README.md: the reading list has as many files and lines as it says", f"{len(files)} files, {lines} lines")


def findings_exist(text: str, code: str) -> None:
    """Every finding named by scenarios and machines must have its entry in findings.md, and no entry may stand
    twice."""
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
    if name == "docs/names.md":  # its first column has names and paths that are gone
        old_names(text, source(without=("renamed.def", "test_near.c", "test_options.py", "test_docs.py")))
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
