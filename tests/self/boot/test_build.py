#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds with clang and checks the promises of the Makefile. Fails if a build, a size limit or the help text is
wrong."""
from __future__ import annotations

import json
import re
import shutil

from tap import IMAGE_LIMITS, PLACE, ROOT, Result, boot, call, check, finish, skip, zapwalk_log
from zapwalk import plot

MAKE = ["make", "--no-print-directory"]


def clang() -> None:
    if not shutil.which("clang"):
        skip("make CC=clang", "clang is not installed: tools/setup test")
        return
    built = call([*MAKE, "CC=clang", "lab", "bench-image"], seconds=300)
    check(built.status == 0, "make CC=clang builds both images", built.text)
    result = boot(IMAGE="build/x86-clang/lab/zapwalk.elf", name="clang")
    check(result.status == 0, "clang's kernel passes", result.text)


def make_run() -> None:
    """ARGS must reach the kernel as typed. No glob, no shell and no variable of the environment may change them."""
    result = call([*MAKE, "run", "ARGS=run=pte/* guard.present_recheck=off", "MEM=64M"], ARCH="arm", SMP="3", CC="tcc")
    check(result.says(" run=pte/* guard.present_recheck=off\n"), "ARGS arrive as typed",
          result.text)
    check(result.says("2 CPUs, 64M"), "the environment does not leak in", result.text)
    check(result.status != 0, "make's exit status is the run's", result.text)
    built = call([*MAKE, "-n", "lab"], ARCH="arm", CFLAGS="-Onosuch")
    check(built.status == 0 and "nosuch" not in built.text, "CFLAGS of the environment do not count", built.text)


def images() -> None:
    for kind, limit in IMAGE_LIMITS.items():
        image = ROOT / f"build/x86/{kind}/zapwalk.elf"
        check(image.is_file() and image.stat().st_size < limit, f"the {kind} image is below {limit} bytes")
        small, big = (padded(kind, size) for size in (limit - image.stat().st_size - 8192, limit))
        check(small.status == 0, f"a {kind} image of nearly {limit} bytes is made", small.text)
        check(big.status != 0 and big.says(f"{kind}/zapwalk.elf", f"must stay below {limit}"),
              f"a {kind} image of more is refused", big.text)
    symbols = call(["i686-linux-gnu-nm", "build/x86/bench/zapwalk.debug.elf"]).text
    check("race_site_" not in symbols and "kernel_main" in symbols, "the bench image has no race hooks", symbols)


def padded(kind: str, size: int) -> Result:
    """Makes an image as the Makefile does, from the symbols' file with a section of `size` extra bytes."""
    place = PLACE / kind
    place.mkdir(parents=True, exist_ok=True)
    (place / "zapwalk.elf").unlink(missing_ok=True)
    (place / "padding").write_bytes(bytes(size))
    call(["i686-linux-gnu-objcopy", "--add-section", f".padding={place / 'padding'}",
          f"build/x86/{kind}/zapwalk.debug.elf", f"{place}/zapwalk.debug.elf"])
    return call([*MAKE, str((place / "zapwalk.elf").relative_to(ROOT))])


def helpers() -> None:
    text = call([*MAKE, "help"]).text
    targets = set(re.findall(r"^make (\w+)", text, re.MULTILINE))
    promised = {"all", "run", "test", "list", "machines", "gdb", "matrix", "bench", "fuzz", "clean", "help"}
    check(promised <= targets, "make help names every target", promised - targets)
    valid = re.search(r"Valid: ([A-Z_ ]+)\.", call([*MAKE, "help", "NOSUCH=1"]).text)
    check(valid and all(f"{name}" in text for name in valid.group(1).split()), "make help names every variable", text)
    made = call([*MAKE, "compile_commands.json"])
    entries = json.loads((ROOT / "compile_commands.json").read_text()) if made.status == 0 else []
    check(any(entry["file"] == "mm/gup/gup.c" for entry in entries), "compile_commands.json knows mm/gup/gup.c", made.text)
    call([*MAKE, "lab", "bench-image"])  # a commit made while the tests run has changed the kernel's git id
    again = call([*MAKE, "lab", "bench-image"])
    check(again.status == 0 and " CC " not in again.text, "nothing is built twice", again.text)
    listed = call([*MAKE, "list"])
    check(listed.status == 0 and listed.says("pte/torn-read", "present_recheck"), "make list: scenarios and guards",
          listed.text)
    check(re.search(r"^  present_recheck +pte/torn-read, pte/torn-read-high$", listed.text, re.MULTILINE),
          "make list: which scenarios break without a guard", listed.text)
    races = set(re.findall(r"^RACE\((\w+),", (ROOT / "kernel/hooks/races.def").read_text(), re.MULTILINE))
    choices = {f"choice.{name}={value}" for name, value in
               re.findall(r"^VALUE\((\w+), (\w+),", (ROOT / "kernel/hooks/choices.def").read_text(), re.MULTILINE)}
    firsts = set(re.findall(r"^  (\S+)", listed.text, re.MULTILINE))
    check(races and choices and races | choices <= firsts, f"make list: {len(races)} race points, {len(choices)} choices",
          (races | choices) - firsts)
    targets = re.search(r"Valid: ([a-z -]+)\.", call([*MAKE, "nosuch"]).text)
    inner = {"lab", "bench-image", "explorer", "logs"}  # parts of other targets
    check(targets and all(f"make {name}" in text for name in set(targets.group(1).split()) - inner),
          "make help names every target that make takes", text)


def bench() -> None:
    result = call([*MAKE, "bench", "SMP=3"], seconds=300)
    check(result.status == 0 and result.says("gup_fast", "shootdown", "ratio", "flush_ceiling", "Scaling"),
          "make bench prints its tables",
          result.text)
    place = re.search(r"^raw log: (\S+)", result.text, re.MULTILINE)
    measured = zapwalk_log.read(ROOT / place.group(1)).all("bench") if place else []
    linux = [event.get("context") or "" for event in measured if event.get("name") == "gup_fast"]
    check(result.says("anonymous_fault", "floor_fault+floor_fill", "cow_copy", "floor_fault+floor_copy", "cow_reuse", "fork", "mprotect", "mremap", "munmap",
                      "split_16", "merge_1000"), "and what programs cost", result.text)
    floors = {event.get("name"): event.get("floor") for event in measured}
    sharers = {f"rmap_{n}": f"floor_rmap_{n}" for n in (1, 4, 16)}
    expected = {"file_read": "floor_call+floor_fault", "file_store": "floor_fault", "file_private": "floor_fault+floor_copy",
                "mkclean": "floor_mkclean", "mkclean_refault": "floor_fault", **sharers}
    check({name: floors.get(name) for name in expected} == expected, "and what files cost, each with its floor", floors)
    check(len(linux) == 4 and all(map(plot.LINUX.fullmatch, linux)), "its picture will have Linux's numbers", linux)


clang()
make_run()
images()
helpers()
bench()
finish()
