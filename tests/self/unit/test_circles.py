#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Searches the ports, the engine and the model for circles of dependencies. Fails if a file needs another that needs it
back, directly or through others. A source and its header count as one file. The declarations of asm/ belong to the
whole port. In the model users see only asm/, so its sources and headers are checked separately."""
from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import check, finish  # noqa: E402  (its directory must be on the path first)

FOLDERS = ("arch/mips", "arch/s390x", "arch/x86", "tools/interleave")
APART = ("arch/model",)
INCLUDE = re.compile(r'^\s*#\s*include (["<])([^">]+)[">]', re.MULTILINE)
NO_CODE = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
TAG = re.compile(r"\b(?:struct|enum|union) \w+")
SEEN = r"^(?!static\b|extern\b|typedef\b|return\b)\w"
FUNCTION = r"[^;{}#=()]*?\b(\w+)\([^;{}]*?\)\n\{"
OBJECT = r"[\w \t*]*?[ *](\w+)(?:\[[^\]\n]*\])*(?: =.*|;)$"
DECLARED = re.compile(r"^\w[^;{}#=()]*?\b(\w+)\([^;{}]*?\);|^extern [^;(]*?\b(\w+)(?:\[\w*\])*;", re.MULTILINE)


def defined(text: str, which: str) -> set[str]:
    """Returns the names of the functions and objects defined in a source file."""
    return {name for form in (FUNCTION, OBJECT) for name in re.findall(which + form, text, re.MULTILINE)}


def stem(path: str) -> str:
    return Path(path).stem


def needs(folder: str, texts: dict[str, str], node: Callable[[str], str] = stem) -> dict[str, set[str]]:
    """Returns for each file of the folder, together with its header, the other files it needs. It needs a file for an
    #include, or for a definition declared in a header of the folder. The declarations of asm/ belong to the whole port,
    so their file does not matter. With str as `node`, sources and headers are separate. Then a source needs the files
    with its definitions, and a header needs its #includes."""
    code = {path: NO_CODE.sub(" ", text) for path, text in texts.items()}
    declared = {name for path, text in code.items() if path.endswith(".h") for pair in DECLARED.findall(text) for name in pair}
    files = {node(path): text for path, text in code.items() if path.endswith(".c")}
    theirs = {own: defined(text, SEEN) & declared for own, text in files.items()}
    found: dict[str, set[str]] = {node(path): set() for path in texts}
    for own, text in files.items():
        used = set(re.findall(r"(?<![\w.>])\w+", TAG.sub(" ", text))) - defined(text, r"^\w")
        found[own] |= {other for other, names in theirs.items() if names & used}
    for path, text in texts.items():
        included = {f"{folder}/include/{name}" if quote == "<" else name for quote, name in INCLUDE.findall(text)}
        if path.endswith(".h") or node is stem:
            found[node(path)] |= {node(name) for name in included if name in texts or str(Path(name).parent) == folder}
    return {own: others - {own} for own, others in found.items()}


def circles(needed: dict[str, set[str]]) -> list[str]:
    """Removes every file that needs no remaining file or is needed by none, until only circles are left. Returns
    them."""
    left = {own: {other for other in others if other in needed} for own, others in needed.items()}
    while True:
        wanted = set().union(*left.values()) if left else set()
        ends = {own for own, others in left.items() if not others or own not in wanted}
        if not ends:
            return sorted(f"{own} needs {', '.join(sorted(others))}" for own, others in left.items())
        left = {own: others - ends for own, others in left.items() if own not in ends}


def read(folder: str, pattern: str = "*.[ch]") -> dict[str, str]:
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).glob(pattern))}


def test_rule() -> None:
    """The search itself must find every kind of circle, and no other dependency."""
    f, g = "int f(void)\n{\n\treturn g();\n}\n", "int g(void)\n{\n\treturn f();\n}\n"
    heads = {"a/x.h": "int f(void);\n", "a/y.h": "int g(void);\n"}
    for name, texts, wanted in (
            ("two files that call each other", {**heads, "a/x.c": f, "a/y.c": g}, "xy"),
            ("whoever declares what they call", {"a/z.h": "int f(void);\nint g(void);\n", "a/x.c": f, "a/y.c": g}, "xy"),
            ("two files that use each other's objects", {"a/x.h": "extern u32 f[2];\n", "a/x.c": "u32 f[2];\nint x(void)\n{\n\treturn g;\n}\n",
                                                         "a/y.h": "extern u32 g;\n", "a/y.c": "u32 g = 1;\nint y(void)\n{\n\treturn f[0];\n}\n"}, "xy"),
            ("two headers", {"a/x.h": '#include "a/y.h"\n', "a/y.h": '#include "a/x.h"\n'}, "xy"),
            ("a header and a call", {**heads, "a/x.c": '#include "a/y.h"\n' + "int f(void)\n{\n}\n", "a/y.c": g}, "xy"),
            ("three", {"a/x.c": '#include "a/y.h"\n', "a/y.h": '#include "a/z.h"\n', "a/z.c": '#include "a/x.h"\n', "a/v.c": '#include "a/z.h"\n'}, "xyz"),
            ("one above the other", {**heads, "a/x.c": '#include "a/y.h"\n' + f, "a/y.c": "int g(void)\n{\n}\n"}, ""),
            ("a tag of the same name", {**heads, "a/x.c": f, "a/y.c": "int g(struct f *f_)\n{\n}\n"}, ""),
            ("a comment and a string", {**heads, "a/x.c": f, "a/y.c": '/* f */\nint g(void)\n{\n\tputs("f");\n}\n'}, ""),
            ("a name that each has", {**heads, "a/x.c": f, "a/y.c": "static int f(void)\n{\n}\n" + g}, ""),
            ("what asm/ declares", {"a/x.c": f, "a/y.c": g}, "")):
        found = circles(needs("a", texts))
        check([line[0] for line in found] == list(wanted), f"{name}: {'a circle' if wanted else 'none'}", *found)
    apart = {"a/x.c": '#include "a/y.h"\n' + f, "a/x.h": "int f(void);\n", "a/y.c": "int g(void)\n{\n}\n", "a/y.h": '#include "a/x.h"\nint g(void);\n'}
    check(len(circles(needs("a", apart))) == 2 and not circles(needs("a", apart, str)), "a source and its header, apart: none")
    check(len(circles(needs("a", {**apart, "a/y.c": g}, str))) == 2, "two sources: a circle")
    apart |= {"a/x.h": "#include <asm/z.h>\n", "a/include/asm/z.h": '#include "a/y.h"\n'}
    check(len(circles(needs("a", apart, str))) == 3, "three headers, one of them in asm/: a circle")


def test_folder(folder: str, needed: dict[str, set[str]]) -> None:
    check(len(needed) > 15 and sum(map(len, needed.values())) > 20, f"{folder}: {len(needed)} files to look at", needed)
    found = circles(needed)
    check(not found, f"{folder}: no circle", *found)


test_rule()
for folder in FOLDERS:
    test_folder(folder, needs(folder, read(folder)))
for folder in APART:
    test_folder(folder, needs(folder, read(folder, "**/*.[ch]"), str))
finish()
