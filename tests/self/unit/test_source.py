#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Rules of the source. Fails if a file includes a higher floor, lacks its licence line or its opening sentence, if
generic code has an #if, or if a wait is not documented."""
from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/self/boot"))

from tap import check, finish  # noqa: E402  (its directory must be on the path first)

KINDS = {".c", ".h", ".S", ".def", ".ld", ".py", ".pl", ".sh", ".gdb", ""}
# The licences, and kinds of files without a place for a licence line.
NO_LICENCE_LINE = {"LICENSE", "boot/grub/GRUB.txt"}
NO_TEXT = {".png"}
HIDDEN = {".ci", ".clang-format", ".gitignore"}  # our own files whose names begin with a dot
MADE = {"build", "compile_commands.json"}
ZERO = {f"kernel/{name}" for name in (
    "types.h", "compiler.h", "errno.h", "printk.h", "wait/wait.h", "hooks/guard.h", "hooks/race.h", "hooks/upcalls.h",
    "hooks/guards.def", "hooks/races.def", "hooks/choices.def")}
ROOMS = ("page", "table", "object", "space", "fault", "gup")  # of mm/, and each includes only those before it
FREESTANDING = {"stdarg.h", "stdbool.h", "stddef.h", "stdint.h"}
GENERATED = {"version.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
CONDITION = re.compile(r"^\s*#\s*if.*", re.MULTILINE)
FLOORS = ["floor zero", "asm headers, boot_info", "drivers", "arch and boot sources", "kernel", "mm", "tests"]

LEFT_OVER = re.compile(rb"^(?:<{7}|>{7}|={7}$)", re.MULTILINE)  # of a merge with conflicts
FUNCTION = re.compile(r"^(\w[^;{}#]*?)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
# A string that ends without a newline (or, in assembly, a tab) and goes on in the next line.
CUT = re.compile(r'(?:[^\\nt"]|(?<!\\)[nt])"\n[ \t]+"[^\n]*')
TEXT = re.compile(r'"(?:[^"\\]|\\.){20,}"')
TEXT_ALONE = re.compile(r'^\s*"')
COLUMNS = 100
NUMBERED = re.compile(r"(?:->|\.)(?:value|flag|word)\[\d+\]")
EMPTY_LOOP = re.compile(r"\)\n\t+;\n")
# Reads of data changed by another CPU or a device, including the clock.
POLL = re.compile(r"\b(READ_ONCE|smp_load_acquire|atomic_\w+|entry_cmpxchg|inb|clock_\w+|\w+_read\d*|lab_go_on)\(")


def floor(path: str) -> int | None:
    """Returns the floor of a file in the house, or None if it belongs to none."""
    if path in ZERO or path in GENERATED:
        return 0
    if re.match(r"arch/(\w+/include/asm|asm-generic)/", path) or path == "boot/boot_info.h":
        return 1
    for prefix, height in (("drivers/", 2), ("kernel/dashboard/", 2), ("arch/", 3), ("boot/", 3), ("kernel/", 4), ("mm/", 5), ("tests/", 6)):
        if path.startswith(prefix):
            return height
    return None


def is_port_file(path: str) -> bool:
    return bool(re.match(r"(arch|boot)/\w+/", path)) and floor(path) == 3


def is_hosted(path: str) -> bool:
    """Whether the file runs on the host, so it may include the C library."""
    return path.startswith(("tests/self/unit/", "tests/self/fuzz/", "tests/self/explore/", "arch/model/"))


def included(quote: str, name: str) -> str:
    return f"arch/any/include/{name}" if quote == "<" and name.startswith("asm/") else name


def wrong_includes(path: str, text: str) -> list[str]:
    """Returns the forbidden #includes of `path`, each with the reason."""
    wrong = []
    here = floor(path)
    for quote, name in INCLUDE.findall(text):
        target = included(quote, name)
        there = floor(target)
        if there is None:
            if name not in FREESTANDING and not is_hosted(path):
                wrong.append(f"{path}: <{name}> is neither ours nor a freestanding header")
        elif here is None or there > here:
            wrong.append(f"{path} ({FLOORS[here or 0]}) includes {name} ({FLOORS[there]}): upwards")
        elif is_port_file(target) and not path.startswith(("arch/", "boot/")) and not is_hosted(path):
            wrong.append(f"{path} includes {name}: a port's file, by name")
    return wrong


def room(path: str) -> int:
    """Returns the place of a file in the order of mm/. mm/mm.h comes last, because it is for the floors above."""
    found = re.match(r"mm/(\w+)/", path)
    return ROOMS.index(found[1]) if found else len(ROOMS)


def later_rooms(path: str, text: str) -> list[str]:
    """Returns the #includes by a file of mm/ of later rooms."""
    return [f"{path} includes {name}: a later room of mm/" for _, name in INCLUDE.findall(text)
            if path.startswith("mm/") and name.startswith("mm/") and path != "mm/mm.h" and room(name) > room(path)]


def below_the_lab(path: str, text: str) -> list[str]:
    """What the benchmark's image includes of tests/, but its own: that image has no lab."""
    if not path.startswith(("tests/bench/", "tests/program/")):
        return []
    return [f"{path} includes {name}: not in the benchmark's image" for _, name in INCLUDE.findall(text)
            if name.startswith("tests/") and not name.startswith(("tests/program/", path[:path.rindex("/")]))]


def sources() -> list[Path]:
    """Returns all files written by hand, without build products and inputs of fuzzers. The only hidden ones are those
    of the CI."""
    tops = [top for top in ROOT.iterdir() if top.name != "build"]  # other tests make and remove files there meanwhile
    found = [path for top in tops for path in [top, *top.rglob("*")] if path.is_file() and path.suffix in KINDS]
    return sorted(path for path in found if is_ours(path.relative_to(ROOT)))


def is_ours(path: Path) -> bool:
    first = path.parts[0]
    return not {"__pycache__", "corpus"} & set(path.parts) and (first == ".ci" or not first.startswith(".")) and first != "build"


def test_floors(texts: dict[str, str]) -> None:
    code = {path: text for path, text in texts.items() if floor(path) is not None and path.endswith((".c", ".h", ".S"))}
    wrong = [line for path, text in code.items() for line in wrong_includes(path, text)]
    check(code, "there is source to look at")
    check(not wrong, "no #include goes up the house", "\n".join(wrong))
    late = [line for path, text in code.items() for line in later_rooms(path, text)]
    check(not late, "no room of mm/ includes a later one", "\n".join(late))
    labs = [line for path, text in code.items() for line in below_the_lab(path, text)]
    check(not labs, "the benchmark includes nothing of the lab", "\n".join(labs))


def test_floor_rule() -> None:
    """The check must refuse upward #includes and accept the others."""
    upwards = [("mm/table/zap.c", "tests/lab/run.h"), ("kernel/ipi.c", "mm/gup/gup.h"), ("drivers/acpi.c", "kernel/string.h"),
               ("kernel/printk.h", "kernel/string.h"), ("arch/x86/include/asm/tlb.h", "arch/x86/msr.h"),
               ("arch/x86/smp.c", "kernel/smp/percpu.h"), ("mm/gup/gup.c", "arch/x86/msr.h"), ("mm/gup/gup.c", "string.h")]
    accepted = [("mm/table/zap.c", "kernel/smp/shootdown.h"), ("arch/x86/smp.c", "drivers/acpi.h"), ("mm/a.c", "mm/b.h"),
                ("tests/self/unit/test_a.c", "stdio.h"), ("kernel/printk.h", "kernel/types.h")]
    for path, name in upwards:
        check(wrong_includes(path, f'#include "{name}"\n'), f"refused: {path} includes {name}")
    for path, name in accepted:
        check(not wrong_includes(path, f'#include "{name}"\n'), f"accepted: {path} includes {name}")
    for path, name, late in (("mm/table/zap.c", "mm/space/space.h", True), ("mm/page/page.c", "mm/mm.h", True),
                             ("mm/gup/gup.c", "mm/table/pgtable.h", False), ("mm/table/zap.c", "mm/table/clear.h", False)):
        check(bool(later_rooms(path, f'#include "{name}"\n')) == late, f"{'refused' if late else 'accepted'}: {path} includes {name}")
    for path, name, refused in (("tests/bench/vma.c", "tests/lab/user.h", True), ("tests/program/code_page.c", "tests/bench/bench.h", True),
                                ("tests/bench/vma.c", "tests/bench/bench.h", False), ("tests/bench/vma.c", "tests/program/code_page.h", False),
                                ("tests/bench/vma.c", "mm/mm.h", False), ("tests/space/api.c", "tests/lab/user.h", False)):
        check(bool(below_the_lab(path, f'#include "{name}"\n')) == refused, f"{'refused' if refused else 'accepted'}: {path} includes {name}")
    check(not wrong_includes("mm/gup/gup.c", "#include <asm/pgtable.h>\n"), "accepted: mm/gup/gup.c includes <asm/pgtable.h>")
    check(wrong_includes("kernel/wait/wait.h", "#include <asm/irq.h>\n"), "refused: kernel/wait/wait.h includes <asm/irq.h>")


def everything() -> dict[str, bytes]:
    """Returns all our files of any kind, except the inputs of fuzzers."""
    tops = [top for top in ROOT.iterdir() if top.name not in MADE and (top.name in HIDDEN or not top.name.startswith("."))]
    found = [path for top in tops for path in [top, *top.rglob("*")] if path.is_file()]
    return {str(path.relative_to(ROOT)): path.read_bytes() for path in found if not {"__pycache__", "corpus"} & set(path.parts)}


def is_licensed(data: bytes) -> bool:
    """Whether the licence line is at the beginning, or at the end of a form to be filled in."""
    line = b"SPDX-License-" + b"Identifier: MIT"
    return line in data[:300] or data.endswith(line + b"\n")


def test_licence() -> None:
    files = everything()
    without = [path for path, data in files.items() if path not in NO_LICENCE_LINE and Path(path).suffix not in NO_TEXT
               and not is_licensed(data)]
    check(len(files) > 800 and not without, "every file names its licence, whatever its kind", "\n".join(without))
    kinds = {Path(path).suffix for path in files}
    check({".md", ".svg", ".txt", ".mk", ".ld", ".patch", ".cfg", ".gdb", ""} <= kinds, "kinds that are looked at", kinds)
    line = b"SPDX-License-" + b"Identifier: MIT\n"
    check(is_licensed(b"# " + line + b"x") and is_licensed(b"x" * 400 + line), "a line at the beginning, or at the end: licensed")
    check(not is_licensed(b"x" * 400 + line + b"x") and not is_licensed(b"# MIT\n"), "one in the middle, or none: not")


def test_merged() -> None:
    """Lines with the marks of a conflict may stand in documents unseen, because nothing compiles these."""
    marked = [path for path, data in everything().items() if LEFT_OVER.search(data)]
    check(not marked, "no file has the marks of a conflict", *marked)
    for text, seen in ((b"a\n>>>>>>> 1234\n", True), (b"<<<<<<< HEAD\n", True), (b"=======\n", True), (b"Title\n========\n", False), (b" >>>>>>> 1\n", False)):
        check(bool(LEFT_OVER.search(text)) == seen, f"{'a mark' if seen else 'no mark'}: {text!r}")


def test_generic(texts: dict[str, str]) -> None:
    found = [f"{path}: {match}" for path, text in texts.items() if re.match(r"(mm|kernel)/.*\.c$", path)
             for match in CONDITION.findall(text)]
    check(not found, "no #if in mm/*.c and kernel/*.c", "\n".join(found))


OPENING = re.compile(r"/\* .* MIT \*/\n/\*\s+(?:\* )?([^*/].*?)\s*\*/\n", re.DOTALL)
OPENED = ("kernel/", "mm/", "drivers/", "boot/", "arch/model/", "tools/interleave/")  # each .c here begins with a sentence
WHOLE = (*OPENED, "arch/", "tools/", "tests/")  # no comment is cut here
RECORDS = ("tests/self/unit/",)  # expected texts here are cut to be readable


def opening(text: str) -> str | None:
    """Returns the comment right after the licence line if it is a sentence or more, else None."""
    found = OPENING.match(text)
    return found[1] if found and re.search(r'\w+ \w+.*\.[)"]*$', found[1], re.DOTALL) else None


def lone_ends(text: str) -> int:
    """Counts one-line comments that clang-format has left with their end on a line of its own."""
    return len(re.findall(r"/\* ?\S[^\n]*\n\s*\*/", text))


def too_wide(text: str, message: re.Pattern[str] = TEXT) -> list[int]:
    """Returns the numbers of lines with too many columns. Long messages are allowed."""
    return [n for n, line in enumerate(text.splitlines(), 1) if len(line.expandtabs(8)) > COLUMNS and not message.search(line)]


def test_comments(texts: dict[str, str]) -> None:
    """Every .c must say at its beginning what it is, and no tool may have cut a comment or a message."""
    ours = {path: text for path, text in texts.items() if path.startswith(WHOLE) and path.endswith((".c", ".h"))}
    silent = [path for path, text in ours.items() if path.startswith(OPENED) and path.endswith(".c") and not opening(text)]
    check(len(ours) > 100 and not silent, "every .c of kernel/, mm/, drivers/, boot/, the model and the engine begins with a sentence on what it is",
          "\n".join(silent))
    lone = [path for path, text in ours.items() if lone_ends(text)]
    check(not lone, "no comment of one line ends on a line of its own", "\n".join(lone))
    cut = [f"{path}: {match}" for path, text in ours.items() if not path.startswith(RECORDS) for match in CUT.findall(text)]
    check(not cut, "no message is cut where grep does not find it", "\n".join(cut))
    wide = [f"{path}:{n}" for path, text in ours.items() for n in too_wide(text)]
    wide += [f"{path}:{n}" for path, text in texts.items() if path.endswith(".def") for n in too_wide(text, TEXT_ALONE)]
    check(not wide, f"no line has more than {COLUMNS} columns, but for messages", "\n".join(wide))


def test_comment_rule() -> None:
    """The checks must tell a sentence from none, a cut text from a whole one, and a wide line from a narrow one."""
    licence = "/* SPDX-License-" + "Identifier: MIT */\n"
    for body, good in (("/* Counts sheep. */\n#i", True), ("/*\n * Counts sheep\n * by night. */\n", True), ("#include", False),
                       ("/* Sheep */\n", False), ("\n/* Counts sheep. */\n", False), ("/* Counts sheep (by night). */\n", True)):
        check(bool(opening(licence + body)) == good, f"{'a' if good else 'no'} sentence: {body!r}")
    check(lone_ends("/* sheep\n */\n") == 1 and lone_ends("\tA, /* sheep\n\t\t*/\n") == 1, "an end of its own")
    check(not lone_ends("/*\n * sheep\n */\n/* sheep,\n * all */\n"), "ends that are where they belong")
    check(len(CUT.findall('f("a "\n  "b\\n"\n  "c");')) == 1, "a cut inside a line, and one behind it")
    check(len(CUT.findall('f("then"\n  "cut"\n  "c");')) == 1 and not CUT.findall('asm("a\\n\\t"\n  "b");'), "letters, and what ends a line")
    check(too_wide("\t" + "x" * 92 + "\n\t" + "x" * 93 + "\n") == [2], "columns, of which a tab has eight")
    check(not too_wide('\t"' + "x" * 100 + '")', TEXT_ALONE) and too_wide(f'R(a, "{"x" * 100}")', TEXT_ALONE), "in a list, alone on its line")
    check(not too_wide(f'f("{"x" * 100}");') and too_wide("/* " + 50 * 'ab ' + "*/") == [1], "a long message, a long comment")


def conditions(body: str) -> list[str]:
    """Returns the conditions of all while loops in a function."""
    found = []
    for match in re.finditer(r"\bwhile \(", body):
        depth, at = 1, match.end()
        while depth and at < len(body):
            depth += {"(": 1, ")": -1}.get(body[at], 0)
            at += 1
        found.append(body[match.end():at])
    return found


def waiting(text: str) -> set[str]:
    """Returns the functions of a source file with a spin. A spin has a pause, an empty body, or a value read anew."""
    return {re.findall(r"(\w+)\(", head)[0] for head, body in FUNCTION.findall(text)
            if "cpu_relax()" in body or EMPTY_LOOP.search(body) or any(map(POLL.search, conditions(body)))}


def documented_waits(table: str) -> set[tuple[str, str]]:
    """Reads (function, place) pairs from the first column of the table, such as `a()`, `b()` of tests/x; `c()`. The
    place is the start of the file's path. It is empty for functions outside tests/."""
    groups = [group for row in table.splitlines() for group in row.split("|")[1].split(";")]
    return {(name, "".join(re.findall(r"\btests/[\w./-]+", group)[:1]))
            for group in groups for name in re.findall(r"`(\w+)\(\)`", group)}


def is_place(path: str, where: str) -> bool:
    return path.startswith(where) if where else not path.startswith("tests/")


def test_waits(texts: dict[str, str]) -> None:
    """Every spin outside wait_until() must have its row in the table of docs/waits.md, and every row its spin."""
    table = (ROOT / "docs/waits.md").read_text(encoding="utf-8").partition("\n| spins |")[2].partition("\n\n")[0]
    documented = documented_waits("\n".join(table.splitlines()[2:]))
    found = {(name, path) for path, text in texts.items() if path.endswith((".c", ".h")) and not is_hosted(path)
             for name in waiting(text)}
    missing = {spin for spin in found if not any(spin[0] == name and is_place(spin[1], where) for name, where in documented)}
    gone = {row for row in documented if not any(row[0] == name and is_place(path, row[1]) for name, path in found)}
    check(len(found) > 10 and not missing, "every spin outside wait_until() is documented", sorted(missing))
    check(not gone, "and the documented ones are there", sorted(gone))


def test_wait_rule() -> None:
    """The search must see every kind of spin, and no loop that does not wait."""
    spins = ("\twhile (!READ_ONCE(flag))\n\t\t;\n", "\twhile (busy)\n\t\tcpu_relax();\n", "\tfor (;;)\n\t\t;\n",
             "\tdo\n\t\tx = f();\n\twhile (smp_load_acquire(&word) == x);\n",
             "\twhile (inb(port) & 1) {\n\t\tn++;\n\t}\n", "\twhile (a &&\n\t       clock_ns() < end)\n\t\tn++;\n")
    loops = ("\twhile (n--)\n\t\t*p++ = 0;\n", "\tfor (; n; n--)\n\t\tx += READ_ONCE(a[n]);\n",
             "\twait_until(READ_ONCE(x), kind, whom);\n", "\tdo\n\t\tn++;\n\twhile (n < 3);\n")
    rows = documented_waits("| `a()`, `b()` of tests/hw/x86; `c()` | x |")
    check(rows == {("a", "tests/hw/x86"), ("b", "tests/hw/x86"), ("c", "")}, "a row's functions, and where they are", rows)
    check(is_place("mm/a.c", "") and not is_place("tests/hw/a.c", ""), "a spin of a test needs its place")
    for body in spins:
        check(waiting(f"static void f(void)\n{{\n{body}}}\n") == {"f"}, f"seen: {' '.join(body.split())}")
    for body in loops:
        check(not waiting(f"static void f(void)\n{{\n{body}}}\n"), f"no spin: {' '.join(body.split())}")


def test_openings(texts: dict[str, str]) -> None:
    """Every .c of the lab, its scenarios and the firmware must open with a sentence. Unit programs are left out,
    because their names say it."""
    silent = [path for path, text in texts.items() if is_scenario(path) or path.startswith("tests/self/boot/")
              if path.endswith(".c") and not text.split("\n")[1].startswith("/*")]
    check(not silent, "every .c of the lab, its scenarios and the firmware opens with a sentence on what it is", "\n".join(silent))


def numbered_slots(path: str, text: str) -> list[str]:
    """Returns the places where a scenario names a slot of its variant, or a half of an entry, by a bare number."""
    return [f"{path}: {match[0]}" for match in NUMBERED.finditer(text) if is_scenario(path)]


def is_scenario(path: str) -> bool:
    return path.startswith("tests/") and not re.match(r"tests/self/(unit|fuzz|boot)/", path) and path.endswith((".c", ".h"))


def test_slots(texts: dict[str, str]) -> None:
    found = [line for path, text in texts.items() for line in numbered_slots(path, text)]
    check(not found, "every slot of a variant that a scenario uses has a name", "\n".join(found))
    for text, seen in (("v->value[0] = 1;", 1), ("x = v->flag[12];", 1), ("pte.word[1]", 1), ("v->value[FOUND]", 0), ("u32 value[8];", 0)):
        check(len(numbered_slots("tests/pte/a.c", text)) == seen, f"{'seen' if seen else 'no number'}: {text}")
    check(not numbered_slots("tests/self/unit/test_a.c", "v->value[0]"), "a unit test may number them")


texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sources()}
test_floors(texts)
test_floor_rule()
test_licence()
test_merged()
test_generic(texts)
test_comments(texts)
test_comment_rule()
test_waits(texts)
test_wait_rule()
test_slots(texts)
test_openings(texts)
finish()
