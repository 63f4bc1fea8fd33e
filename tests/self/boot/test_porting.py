#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/porting.md and the template port. Fails if the document's functions are not exactly those called by generic code
and defined by the ports, if the template port does not say what is to be written, or if the linker does not name a
function that is taken out."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from tap import CANNOT_START, PLACE, ROOT, boot, call, check, finish

MAKE = ("make", "--no-print-directory", "MACHINE=template")
BUILT = ROOT / "build/template"
PORTS = ("template", "x86", "mips", "s390x")
TOOL = "i686-linux-gnu-"
LINK = (f"{TOOL}ld", "-m", "elf_i386", "-T", "linker/template.ld", "-z", "noexecstack")
ROW = re.compile(r"^\| (\w+\.h) \|(.*)\|$", re.MULTILINE)
DECLARED = re.compile(r"^[a-zA-Z_][\w \t*]*?\b(\w+)(?:\([^;{}]*\)|\[\])(?:, \w+\[\])*;", re.MULTILINE)
WRITTEN_HERE = {"write_me", "template_start", "boot_entry"}  # names of the template alone


def listed(text: str) -> dict[str, str]:
    """Returns each symbol of the document's tables with the header of its row."""
    return {symbol: header for header, row in ROW.findall(text) for symbol in re.findall(r"`(\w+)`", row)}


@lru_cache(None)
def preprocessed(port: str, header: str, options: tuple[str, ...] = ()) -> str:
    return call([f"{TOOL}gcc", "-m32", "-ffreestanding", "-E", *options, "-I.", f"-Iarch/{port}/include", "-include", f"asm/{header}", "-x", "c",
                 "/dev/null"]).text


def own_declarations(header: str) -> set[str]:
    """Returns the symbols declared by the template's asm/<header> or by its generic part. The port must define them."""
    own, found = False, []
    for line in preprocessed("template", header).splitlines():
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            own = re.search(r"(template/include/asm|asm-generic)/([\w-]+)\.h$", marker.group(1)) is not None
        elif own:
            found.append(line)
    text = re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "{}", "\n".join(found))  # without bodies, and without the fields of structures
    return {name for name in DECLARED.findall(text) if not name.startswith("_Static")}


def has(port: str, header: str, symbol: str) -> bool:
    """Whether the port's header has the symbol as a function, an object or a macro."""
    text = preprocessed(port, header, ("-dD",))
    if symbol.isupper():
        return re.search(rf"^#define {symbol}\b", text, re.MULTILINE) is not None
    return re.search(rf"^#define {symbol}\b|\b{symbol}(\(|\[)", text, re.MULTILINE) is not None


def headers_agree(needed: dict[str, str], optional: dict[str, str]) -> None:
    headers = sorted(set(needed.values()))
    with ThreadPoolExecutor(2) as pool:
        declared = set().union(*pool.map(own_declarations, headers))
        functions = {symbol for symbol in (*needed, *optional) if not symbol.isupper()}
        check(declared and not declared - functions, "porting.md has every function that the headers want of a port",
              sorted(declared - functions))
        gone = pool.map(lambda pair: "" if has(*pair) else " ".join(pair),
                        [(port, header, symbol) for port in PORTS for symbol, header in needed.items()])
        wrong = [pair for pair in gone if pair]
    check(not wrong, f"{len(needed)} symbols of porting.md are in the headers of {' '.join(PORTS)}", *wrong)
    lost = [symbol for symbol, header in optional.items() if not any(has(port, header, symbol) for port in PORTS[1:])]
    check(optional and not lost, "and those that only some ports have are in one of them", *lost)


def symbols(kind: str, objects: list[Path]) -> set[str]:
    """Returns the symbols that these objects want from others (kind U) or define for others (kind D)."""
    lines = call([f"{TOOL}nm", "-g", *map(str, objects)]).text.splitlines()
    pairs = [line.split()[-2:] for line in lines if line and not line.endswith(":")]
    return {name for letter, name in pairs if (letter == "U") == (kind == "U")}


def objects_of(port_only: bool) -> list[Path]:
    """Returns the port's objects of the lab's image, or all the others. The others include the benchmark's own
    objects."""
    sources = (BUILT / "lab/sources").read_text(encoding="utf-8").split()
    found = [BUILT / f"lab/{source}.o" for source in sources if ("/template/" in source) == port_only]
    return found if port_only else [*found, *bench_objects()]


def bench_objects() -> list[Path]:
    return [BUILT / f"bench/{path.relative_to(ROOT)}.o" for path in sorted((ROOT / "tests/bench").glob("*.c"))]


def generic_code_agrees(needed: dict[str, str], generic: list[Path], port: list[Path]) -> None:
    """The functions of porting.md, those of the template, and those that the generic code's link lacks must be the
    same."""
    functions = {symbol for symbol in needed if not symbol.isupper()}
    written = symbols("D", port) - WRITTEN_HERE
    inner = {f"{name}_end" for name in written}  # the end of an array is defined with it
    missing = symbols("U", generic) - symbols("D", generic)
    missing = {name for name in missing if not name.startswith("__")} - inner
    check(len(missing) > 50 and missing <= functions, "porting.md has all that generic code wants of a port",
          sorted(missing - functions))
    check(functions == written - inner, "the template has the functions of porting.md", sorted(functions ^ (written - inner)))


def without(symbol: str, holder: Path, rest: Path, port: list[Path]) -> str:
    """Links the image without this function. Returns "" if the linker names exactly this function, else its message."""
    cut = PLACE / f"{symbol}.o"
    call([f"{TOOL}objcopy", "--redefine-sym", f"{symbol}=taken_out", str(holder), str(cut)])
    others = [str(path) for path in port if path != holder]
    said = call([*LINK, "-o", f"{cut}.elf", str(rest), *others, str(cut)])
    named = set(re.findall(r"undefined reference to `(\w+)'", said.text))
    Path(f"{cut}.elf").unlink(missing_ok=True)
    return "" if said.status and named == {symbol} else f"{symbol}: {said.text[-300:]}"


def linker_names_each(needed: dict[str, str], generic: list[Path], port: list[Path]) -> Path:
    rest = PLACE / "rest.o"
    whole = [path for path in generic if "tests/bench" not in str(path)]
    made = call([f"{TOOL}ld", "-m", "elf_i386", "-r", "-S", "-o", str(rest), *map(str, whole)])
    bench = PLACE / "bench.o"  # the two images have two jobs, and some functions are called only by the second
    call([f"{TOOL}ld", "-m", "elf_i386", "-r", "-S", "-o", str(bench), *map(str, bench_objects())])
    whole_image = call([*LINK, "-o", str(PLACE / "whole.elf"), str(rest), *map(str, port)])
    check(made.status == 0 and whole_image.status == 0, "with all of its functions the template is linked", whole_image.text)
    holders = {symbol: path for path in port for symbol in symbols("D", [path])}
    functions = [symbol for symbol in needed if symbol in holders]
    only_bench = (symbols("U", [bench]) - symbols("U", [rest])) & set(functions)
    both = bench_and(rest, bench)
    with ThreadPoolExecutor(2) as pool:
        said = pool.map(lambda name: without(name, holders[name], both if name in only_bench else rest, port), functions)
        wrong = [text for text in said if text]
    check(not wrong, f"{len(functions)} functions, each taken out: the linker names it, and it alone", *wrong)
    return rest


def bench_and(rest: Path, bench: Path) -> Path:
    """Returns the generic code joined with the benchmark, for functions called by the benchmark alone."""
    joined = PLACE / "both.o"
    call([f"{TOOL}ld", "-m", "elf_i386", "-r", "-o", str(joined), str(rest), str(bench)])
    return joined


def says_the_first() -> None:
    result = boot("", ("--machine", "template"), name="first")
    check(result.status == CANNOT_START and result.says("CANNOT START", "write me: irq_save\n"),
          "make run MACHINE=template says what to write first", result.text)


def says_the_next(rest: Path, port: list[Path]) -> None:
    """A porter writes the first function. The next boot must name another one."""
    source, written, holder = PLACE / "written.c", PLACE / "written.o", PLACE / "holder.o"
    source.write_text("unsigned irq_save(void);\nunsigned irq_save(void) { return 0; }\n", encoding="utf-8")
    call([f"{TOOL}gcc", "-m32", "-ffreestanding", "-O2", "-c", "-o", str(written), str(source)])
    cpu = BUILT / "lab/arch/template/cpu.c.o"
    call([f"{TOOL}objcopy", "--redefine-sym", "irq_save=taken_out", str(cpu), str(holder)])
    image = PLACE / "next.elf"
    made = call([*LINK, "-o", str(image), str(rest), str(written), str(holder), *(str(path) for path in port if path != cpu)])
    result = boot("", ("--machine", "template", "--image", str(image)), name="next")
    said = re.search(r"write me: (\w+)", result.text)
    check(made.status == 0 and result.status == CANNOT_START and said and said.group(1) != "irq_save",
          "with irq_save() written, the next one is named", made.text, result.text)


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "docs/porting.md").read_text(encoding="utf-8")
    steps, _, rest_of_text = text.partition("\n## What only some ports have\n")
    needed, optional = listed(steps), listed(rest_of_text)
    built = call([*MAKE, "lab", *(str(path.relative_to(ROOT)) for path in bench_objects())], seconds=300)
    if not check(built.status == 0, "the template builds as it is", built.text):
        return
    generic, port = objects_of(False), objects_of(True)
    headers_agree(needed, optional)
    generic_code_agrees(needed, generic, port)
    rest = linker_names_each(needed, generic, port)
    says_the_first()
    says_the_next(rest, port)


main()
finish()
