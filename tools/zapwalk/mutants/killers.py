# SPDX-License-Identifier: MIT
"""The programs able to notice a mutant of a file, with the cheapest first."""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from zapwalk.ends import ENDS

# Programs built together, with make's arguments and the pattern of the programs.
BUILDS = {
    "x86": (["lab"], "build/x86/lab/zapwalk.elf"),
    "unit": (["unit"], "build/unit/*_*"),
    "explore": (["explorer"], "build/explore/zapwalk-explore-*"),
    "s390x": (["MACHINE=s390x", "lab"], "build/s390x/lab/zapwalk.elf"),
    "mips": (["MACHINE=mips", "lab"], "build/mips/lab/zapwalk.elf"),
}
DIRECTORIES = {"build/x86/lab": "x86", "build/unit": "unit", "build/explore": "explore", "build/s390x/lab": "s390x",
               "build/mips/lab": "mips"}
COMPILERS = {"s390x": "s390x-linux-gnu-gcc", "mips": "mips-linux-gnu-gcc"}
BOOT = ["tools/run", "--log", "build/mutant-boot.log", "--deadline", "90"]
EXPLORE = ["tools/explorer", "--logs", "build/mutant-explored"]
# These tests are about a file without naming it.
ABOUT = (
    (r"kernel/(smp/|hooks/)?(cmdline|options|inject|guard|job)|tests/lab/(options|run_options|list_scenarios)", ["test_options"]),
    (r"kernel/(wait/|hooks/)?(panic|trap|watchdog|wait|inject|deadlock|raise|printk|finish|stray)|arch/x86/(trap|stop|exit|entry)", ["test_screens"]),
    (r"arch/x86/(clock|setup|console|features|paging|page)", ["test_start", "test_low_memory"]),
    (r"arch/x86/(smp|find_cpus|apic|ioapic|i8259|machine|park)|mm/page/init", ["test_firmware", "test_boots"]),
    (r"tests/(lab|program)/", ["test_lab"]),
    (r"tools/interleave/(journal|item|blocks|replay|schedule|trace|site|events)|tests/lab/replay", ["test_replay"]),
    (r"arch/x86/screen", ["test_stick"]),
    (r"kernel/compiler|arch/\w+/include/asm/|arch/(x86|s390x|mips)/(psw|instructions|msr)", ["test_clobbers"]),
    (r"arch/model/|tools/interleave/", ["test_counts", "test_witnesses"]),
    (r"arch/s390x/", ["test_s390x"]),
    (r"arch/mips/", ["test_mips"]),
    (r"arch/template/", ["test_porting"]),
)
# Seconds of CPU of test programs, roughly. The quick ones are asked first, and the SLOW ones never. Their quick parts are in
# MUST_FAIL below, and the rest is left to `make test`.
COSTS = {"images": 1, "invariants": 3, "setup": 1, "gdb": 7, "clobbers": 2, "counts": 2, "witnesses": 2, "tour": 2, "usb": 2,
         "source": 2, "start": 3, "docs": 3, "report": 3, "low_memory": 6, "machines": 12, "log": 15, "foreign": 15, "screens": 18, "options": 19, "firmware": 25, "boots": 32,
         "lab": 35, "s390x": 54, "stick": 19, "plain_access": 20, "fuzz": 20, "replay": 32, "mips": 76}
USUAL = 1  # of programs in tests/self/unit not named by COSTS
CHEAP = 2  # at most, for tests asked before any emulator
SLOW = {"test_explore", "test_verdicts", "test_build"}
IMPORT = re.compile(r"^\s*from zapwalk(?:\.(\w+))? import ([\w, ]+)|^\s*import zapwalk\.(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Killer:
    """One killer. `build` is the build judged by it, or "" if it judges the source itself. `status` is its exit status without a
    mutant."""

    name: str
    argv: tuple[str, ...]
    build: str = ""
    bounded: bool = False
    status: int = 0


def boot(machine: str, port: str, *options: str, status: int = 0) -> Killer:
    return Killer(" ".join([machine, *options]), (*BOOT, "--machine", machine, *options), port, status=status)


def explore(*options: str, status: int = 0) -> Killer:
    return Killer(" ".join(["explore", *options]), (*EXPLORE, *options), "explore", True, status)


UNIT = Killer("unit", (), "unit")
QUICK = (UNIT, explore("model=sc"), boot("x86-pc", "x86", "mode=choreo,probe"), boot("s390x", "s390x", "mode=choreo,probe"),
         boot("mips", "mips", "mode=choreo,probe"))
# These runs have to fail, because a rule is broken, a role is idle, or a guard only seems off.
MUST_FAIL = (explore("model=sc", "run=pte/aba-refault", "guard.shootdown_wait=off", status=1),
             explore("model=sc", "run=pte/*,tlb/stale", "lab.guards=stuck", status=1),
             boot("x86-pc", "x86", "mode=choreo", "guard.present_recheck=off", status=1),
             boot("x86-pc", "x86", "mode=choreo", "lab.guards=stuck", status=1),
             boot("x86-pc", "x86", "mode=stress", "seconds=1", "lab.idle=writer",
                  status=ENDS["nothing_shown"].status))
# The explorer runs all models, because under model=weak alone nothing is known yet of the other models' counterexamples.
THOROUGH = (boot("x86-pc", "x86", "mode=stress", "seconds=1"), explore())


def cost(test: str) -> tuple[int, str]:
    usual = USUAL if test.startswith("tests/self/unit/") else 10
    return COSTS.get(Path(test).stem.removeprefix("test_"), usual), test


class Relations:
    """The builds of each file and the tests naming it, in the tree as it was built."""

    def __init__(self, place: Path):
        self.place = place
        self.builds: dict[str, set[str]] = {}
        for directory, build in DIRECTORIES.items():
            for path in (place / directory).rglob("*.d"):
                for name in re.findall(r"[^\s:\\]+", path.read_text(encoding="utf-8")):
                    self.builds.setdefault(name.removeprefix("./"), set()).add(build)
        for builds in self.builds.values():  # because tests/self/unit/engine is linked with the explorer's objects
            builds |= {"unit"} if "explore" in builds else set()
        self.tests = {str(path.relative_to(place)): path.read_text(encoding="utf-8")
                      for folder in ("unit", "explore", "boot") for path in sorted((place / "tests/self" / folder).glob("*.py"))}
        self.programs = self.python()

    def python(self) -> dict[str, set[str]]:
        """Returns for each of our Python files the modules imported by itself."""
        found = {}
        for path in sorted((self.place / "tools").rglob("*")):
            name = str(path.relative_to(self.place))
            if path.is_file() and (path.suffix == ".py" or "." not in path.name) and "mutants" not in name:
                text = path.read_text(encoding="utf-8", errors="replace")
                found[name] = {module for match in IMPORT.finditer(text)
                               for module in re.findall(r"\w+", " ".join(filter(None, match.groups())))}
        return found

    def users(self, path: str) -> set[str]:
        """Returns the tools importing the module, directly or through others."""
        found, todo = {path}, [path]
        while todo:
            module = Path(todo.pop()).stem
            more = {name for name, imported in self.programs.items() if module in imported} - found
            found |= more
            todo += more
        return {name for name in found if name.count("/") == 1}

    def naming(self, path: str) -> list[str]:
        """Returns the test programs about the file, or naming it or a tool with it inside. The quick ones come first."""
        stem = Path(path).stem
        own = re.compile(rf"{re.escape(path)}\b|\bzapwalk\.{stem}\b|\bzapwalk import [\w, ]*\b{stem}\b"
                         if path.startswith("tools/") and "interleave/" not in path else rf"{re.escape(path)}\b")
        tools = self.users(path) if path in self.programs else set()
        direct = [name for name, text in self.tests.items() if own.search(text)]
        by_tool = [name for name, text in self.tests.items() if any(re.search(rf"{re.escape(tool)}\b", text) for tool in tools)]
        about = [f"tests/self/boot/{name}.py" for pattern, names in ABOUT if re.match(pattern, path) for name in names]
        found = sorted(set(direct + by_tool + about), key=cost)
        return [name for name in found if Path(name).name.startswith("test_") and Path(name).stem not in SLOW
                and Path(name).stem != "test_mutants"]

    def killers(self, path: str) -> list[Killer]:
        """Returns the killers of a file, in the order in which they are asked."""
        found = self.naming(path)
        cheap = [Killer(name, (name,)) for name in found if cost(name)[0] <= CHEAP]
        dear = [Killer(name, (name,)) for name in found if cost(name)[0] > CHEAP]
        if path in self.programs:
            tools = self.users(path)
            first = [replace(killer, build="") for killer in (*QUICK[1:3], *MUST_FAIL) if killer.argv[0] in tools]
            return [*cheap, *first, *dear]
        builds = self.builds.get(path, set())
        built = [killer for killer in (*QUICK, *MUST_FAIL, *THOROUGH) if killer.build in builds]
        first = [killer for killer in built if killer in QUICK[:2]]
        return [*first, *cheap, *(killer for killer in built if killer not in first), *dear]
