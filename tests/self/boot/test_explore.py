#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make explore as a user runs it. It explores everything once, then tries the commands of docs/explorer.md, bad
options, and planted mistakes. Fails if a rule no longer holds in the model, or if the explorer misses a mistake."""
from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from changed import SOURCE, Wrong, build, change, copy
from tap import CANNOT_START, DIED, NOTHING_SHOWN, NOT_RUN, PLACE, ROOT, Result, call, check, finish, interrupted, script
from zapwalk import log as zapwalk_log
from zapwalk.explored import GOOD, MODELS, NEVER_RAN
from zapwalk.log import Event, Log

LONG = 1800  # seconds, on a busy host
ABA = "run=pte/aba-refault guard.shootdown_wait=off model=sc"


def make(options: str = "") -> Result:
    """Runs make explore as a person types it."""
    return call(["make", "--no-print-directory", "explore", *([f"ARGS={options}"] if options else [])], seconds=LONG)


def explore(options: str, name: str, *arguments: str) -> Result:
    return call(["tools/explorer", "--logs", str(PLACE / name), *arguments, *options.split()], seconds=LONG)


def logs(place: Path) -> list[Log]:
    return [zapwalk_log.read(path) for path in sorted(place.glob("explored-*.log"))]


# Not explored in weak, and some of them in sc alone or not at all, unless `whole` is given.
LEFT_OUT = {"tlb/cow-copy", "tlb/batched-unmap", "tlb/batched-protect", "tlb/batched-swap-in", "tlb/dirty-file",
            "space/swap-store", "space/swap-freed", "space/swap-shared",
            "space/migrate-fork"}


def cells(found: list[Log]) -> list[Event]:
    return [cell for log in found for cell in log.all("cell")]


def everything() -> list[Log]:
    """Show 1 of docs/explorer.md. Every machine must pass, and every cell must be held, caught, masked or explained."""
    for old in (ROOT / "build/logs").glob("explored-*.log"):
        old.unlink()
    result = make()
    found = logs(ROOT / "build/logs")
    programs = len(list((ROOT / "build/explore").glob("zapwalk-explore-*")))
    check(result.status == 0 and programs and len(found) == programs, f"make explore: {programs} machines pass",
          result.text)
    for log in found:
        check(log.done and log.done.get("status") == "pass", f"{log.name}: pass")
    wrong = [cell.line for cell in cells(found) if cell.get("result") not in (*GOOD, *NEVER_RAN)]
    check(not wrong, "every cell is held, caught, masked, or cannot be shown", *wrong)
    ran = [cell for cell in cells(found) if cell.get("result") in GOOD]
    by_variant: dict[tuple, set[str]] = {}
    for cell, log in ((cell, log) for log in found for cell in log.all("cell") if cell in ran):
        by_variant.setdefault((log.name, *map(cell.get, ("scenario", "guard", "choices"))), set()).add(cell.get("mode"))
    left_out: dict[tuple, set[str]] = {}
    for log in found:
        for cell in log.all("cell"):
            if cell.get("reason", "").startswith("too many states"):
                left_out.setdefault((log.name, *map(cell.get, ("scenario", "guard", "choices"))), set()).add(cell.get("mode"))
    partly = [key for key, modes in by_variant.items() if modes | left_out.get(key, set()) != set(MODELS)]
    check(by_variant and not partly, f"{len(by_variant)} variants, each under {', '.join(MODELS)}", *partly)
    large = {key[1] for key in left_out if not key[1].startswith("explore/file-")}  # of those there are too many
    check(large == LEFT_OUT, "only rows with too many states are left out in weak memories",
          *sorted({key[1] for key in left_out}))
    empty = [cell.line for cell in ran if cell.get("result") != "caught" and not cell.number("states")]
    check(not empty, "what held was visited", *empty)
    names = {cell.get("scenario") for cell in ran}
    unseen = [name for name in names if f"\n  {name}" not in result.text]
    check(not unseen and result.says("states a second", "bytes a state"), f"the table has {len(names)} scenarios", *unseen)
    guards_are_told(found, result)
    return found


def guards_are_told(found: list[Log], result: Result) -> None:
    """Every guard that ran must be killed or have a reason, and no barrier may be missed under model=sc."""
    off = [cell for cell in cells(found) if cell.get("guard", "none") != "none"]
    killed = {cell.get("guard") for cell in off if cell.get("result") == "caught"}
    bare = {cell.get("guard") for cell in off if cell.get("result") in ("held", "masked")} - killed
    argued = {cell.get("guard") for cell in off if cell.get("result") in ("held", "masked") and cell.get("reason")}
    check(killed and bare <= argued, "a guard that ran is killed, or has a reason", *(bare - argued))
    barriers = {event.get("name") for log in found for event in log.all("guard") if event.get("kind") == "barrier"}
    check(barriers and barriers <= killed | argued, f"{len(barriers)} barriers are killed or argued for",
          *(barriers - killed - argued))
    alone = {cell.get("guard") for cell in off if cell.get("result") == "caught" and cell.get("mode") == "sc"}
    check(not barriers & alone, "no barrier is missed where memory is sequential", *(barriers & alone))
    check("no reason to keep it" not in result.text and f"killed ({len(killed)})" in result.text,
          "the report says so", result.text)


def shortest() -> None:
    """Show 2. The shortest counterexample must have numbered steps of both CPUs, each with its place."""
    result = make(ABA)
    found = [one for log in logs(ROOT / "build/logs/other") for one in log.witnesses]
    witness = min(found, key=lambda one: len(one.steps), default=None)
    check(result.status not in (0, -1) and witness, f"{ABA}: fails, with a witness", result.text)
    check(result.text.count("Witness of point") == 1, "the shortest of all machines is shown", result.text)
    steps = witness.steps if witness else []
    check(4 <= len(steps) <= 15, f"{len(steps)} steps", result.text)
    check([step.number("n") for step in steps] == list(range(1, len(steps) + 1)), "numbered")
    bare = [step.line for step in steps if not step.get("at").rpartition(":")[2].isdigit() or not step.get("do")]
    check(not bare, "each at function:line, with what it did", *bare)
    check({step.get("role") for step in steps} == {"walker", "writer"}, "of both CPUs")
    check(result.says("no present -> none -> present change", "never stored", "CPU 0, walker", "entry.high = 0x0",
                      "VIOLATED"), "a person reads the rule, what was seen, and the steps", result.text)
    tso = explore(f"{ABA.replace('sc', 'tso')}", "tso")
    check(tso.status == 1 and tso.says("buffer: entry.high = 0x", "reaches memory: entry.low"),
          "under tso the store buffers are shown", tso.text)


def picture() -> None:
    path = PLACE / "out.svg"
    path.unlink(missing_ok=True)
    result = explore(f"run=pte/aba-refault guard.shootdown_wait=off model=tso svg={path}", "svg")
    if not path.exists():
        check(result.status == CANNOT_START and result.says("matplotlib", "apt-get"), "svg: how to get matplotlib", result.text)
    else:
        text = "\n".join("".join(node.itertext()) for node in ElementTree.parse(path).iter())
        wanted = ("pte/aba-refault with guard.shootdown_wait=off", "rule: no present", "CPU 0, walker", "CPU 1, writer",
                  "entry.high = 0x0", "in its store buffer: entry.high")
        check(result.status == 1 and all(options in text for options in wanted), "svg: readable on its own",
              *(options for options in wanted if options not in text), result.text)
    none = explore(f"run=walk/limit model=sc svg={PLACE / 'none.svg'}", "none")
    check(none.status == CANNOT_START and none.says("no witness"), "svg: of a run that passed there is none", none.text)


def barriers() -> None:
    """Show 3. A missing barrier must be caught under the weaker model and must not matter under the stronger one."""
    cases = (("run=pte/set-order guard.set_wmb=off model=pso", 1), ("run=pte/set-order guard.set_wmb=off model=tso", 0),
             ("run=tlb/stale guard.ipi_mb=off model=tso", 1), ("run=tlb/stale guard.ipi_mb=off model=sc", 0))
    for options, status in cases:
        result = explore(options, "barriers")
        check(result.status == status and ("VIOLATED" in result.text) == bool(status),
              f"{options}: {'caught' if status else 'holds'}", result.text)


def litmus() -> None:
    """Show 4. Every litmus test must have the expected verdict in the printed table."""
    result = make("run=litmus/*")
    rows = [line.split() for line in result.text.splitlines()]
    check(result.status == 0 and ["never", "observable", "observable", "observable"] in [row[-4:] for row in rows],
          "run=litmus/*: a table of verdicts", result.text)
    check("WRONG" not in result.text and result.says("exhaustive", "not in weak"),
          "as expected, and what weak does not model", result.text)


def refused() -> None:
    cases = {
        "runn=pte": ("runn=pte", "valid: run="),
        "model=foo": ("model=foo", "sc|tso|pso|weak"),
        "model": ("model", "sc|tso|pso|weak"),
        "bound=0": ("bound=0", "from 1"),
        "bound=many": ("bound=many",),
        "run=nosuch/*": ("nosuch/*", "valid: run=pte/aba-refault"),
        "run=pte/aba-refault,nosuch": ("nosuch",),
        "guard.nosuch=off": ("guard.nosuch", "present_recheck"),
        "choice.zap=nosuch": ("choice.zap=nosuch", "split"),
        "mode=choreo": ("mode=choreo",),
        "seconds=5": ("seconds=5",),
        "lab.idle=nobody": ("lab.idle=nobody", "idle=writer"),
        "lab.drop=nap": ("lab.drop=nap",),
        "svg=": ("svg=",),
        "pairs model=sc": ("pairs", "run=<scenario>"),
        "x" * 1100: ("longer than 1023",),
    }
    for options, parts in cases.items():
        result = explore(options, "refused")
        name = options[:40]
        check(result.status == NOT_RUN and result.says(*parts) and "Traceback" not in result.text,
              f"{name}: refused, naming {', '.join(parts)}", result.text)
        check(options == "svg=" or result.text.count("Bail out!") == 1, f"{name}: said once, as the kernel does", result.text)
    result = explore("run=pte/aba-refault choice.flush=nowait", "nothing")
    check(result.status == NOTHING_SHOWN and result.says("NOTHING SHOWN"), "a run in which all was skipped shows nothing",
          result.text)
    result = explore("run=walk/limit", "gone", "--programs", str(PLACE / "nosuch"))
    check(result.status == CANNOT_START and result.says("make explorer"), "no programs: how to build them", result.text)
    result = call(["tools/explorer", "list"])
    check(result.status == 0 and result.says("pte/aba-refault", "guard.ipi_mb=off", "litmus/SB ", "count/", "reduction/"), "list",
          result.text)


def can_fail(found: list[Log]) -> None:
    """The explorer's verdict must depend on the code. With guards stuck nothing may be caught, and with a role idle no
    cell may have evidence."""
    options = "run=pte/*,tlb/stale model=sc lab.guards=stuck"
    result = explore(options, "stuck")
    stuck = cells(logs(PLACE / "stuck"))
    off = [cell for cell in stuck if cell.get("guard") != "none"]
    caught = {(cell.get("scenario"), cell.get("guard")) for cell in cells(found)
              if cell.get("result") == "caught" and cell.get("mode") == "sc" and cell.get("guard") != "none"}
    missed = {(cell.get("scenario"), cell.get("guard")) for cell in off if cell.get("result") == "not_caught"}
    check(result.status == 1 and result.says("NOT CAUGHT") and not any(cell.get("result") == "caught" for cell in off),
          "lab.guards=stuck: nothing is caught, and that fails", result.text)
    check(missed and missed == {key for key in caught if key[0].startswith("pte/") or key[0] == "tlb/stale"},
          f"lab.guards=stuck: {len(missed)} kills are gone")
    for role in ("writer", "walker"):
        result = explore(f"run=pte/*,tlb/stale model=sc lab.idle={role}", f"idle-{role}")
        said = {cell.get("result") for cell in cells(logs(PLACE / f"idle-{role}"))} - {"not_observable", "skipped"}
        check(result.status == 1 and said == {"no_evidence"} and result.says("NO EVIDENCE"),
              f"lab.idle={role}: no cell has evidence, and that fails", said, result.text)
    result = explore("run=pte/aba-refault model=sc bound=10", "bound")
    check(result.status == 1 and "CUT OFF" in result.text, "bound=10: cut off is no pass", result.text)


# A kind of step, and the rows that must notice its absence in the model. In rows with a guard off the rule must break,
# and a missing step hides that.
DROPPED = (
    ("read", "split", "run=litmus/*"), ("write", "split", "run=litmus/*"), ("rmw", "split", "run=litmus/*"),
    ("mb", "split", "run=litmus/*"), ("fence", "split", "run=litmus/wake-*"),
    ("irq-off", "split", "run=litmus/call-*"), ("ipi", "split", "run=litmus/call-*"),
    ("root", "split", "run=litmus/call-*"), ("walk", "split", "run=litmus/walk-*"),
    ("event", "split", "run=tlb/stale model=sc"), ("fill", "split", "run=litmus/MP+fill*"),
    ("broadcast", "folding", "run=tlb/attach model=sc"),
    ("tlb-write", "xpa", "run=tlb/stale guard.refill_irqs_off=off model=sc"),
    ("flush", "split", "run=explore/hardware-own"), ("root", "word", "run=explore/hardware-leave"),
)


def dropped() -> None:
    """A missing step of the model must be noticed, because an explorer with too few orders says "held"."""
    for kind, machine, options in DROPPED:
        program = f"build/explore/zapwalk-explore-{machine}"
        sound = call([program, *options.split()], seconds=LONG)
        lame = call([program, *options.split(), f"lab.drop={kind}"], seconds=LONG)
        breaks = "guard." in options
        check((sound.status != 0) == breaks and (lame.status != 0) != breaks,
              f"a model without the step {kind}: {options} says so", sound.text, lame.text)


# Each kind of space that can run out, and a row that exhausts it if there is little. The stop must name it.
ROOM = {"buffer": ("MODEL_BUFFER", "run=litmus/*"), "old": ("MODEL_OLD", "run=litmus/*"), "tlb": ("MODEL_TLB", "run=pte/tlb*"),
        "filled": ("MODEL_FILLED", "run=explore/hardware-walk"), "events": ("MAX_EVENTS", "run=tlb/stale"),
        "stack": ("STACK_WINDOW", "run=tlb/stale"), "frames": ("MODEL_FRAMES", "run=tlb/stale"),
        "state": ("MAX_GROUPS", "run=tlb/stale")}


def limits() -> None:
    for room, (limit, options) in ROOM.items():
        machine = "split" if room == "filled" else "xpa"  # hardware of split fills TLBs, software that of xpa
        result = call([f"build/explore/zapwalk-explore-{machine}", *options.split(), f"lab.room={room}"], seconds=LONG)
        check(result.status != 0 and result.says("Bail out!", limit), f"too little room for {room}: a stop that names {limit}",
              result.text)


def explore_planted(name: str, options: str, *changes: tuple[str, str, str]) -> Result:
    """Explores a copy of the source. Each change is a file, a text found there once, and its replacement."""
    place = PLACE / "planted"
    copy(place, *SOURCE, "build/explore/split")
    for each in changes:
        try:
            change(place, *each)
        except Wrong as wrong:
            check(False, f"{name}: {each[0]} has what is to be changed", str(wrong))
    failed = build(place, "build/explore/zapwalk-explore-split")
    check(not failed, f"{name}: the copy compiles", failed)
    return explore(options, name, "--programs", str(place / "build/explore"))


def planted() -> None:
    """The explorer must find two mistakes planted in a copy of the source. One shootdown does not wait, and in the
    other an ack overtakes a user's store."""
    result = explore_planted("without-wait", "run=pte/aba-refault",
                             ("kernel/smp/shootdown.c", "if (guard(shootdown_wait))", "if (0)"))
    check(result.status == 1 and result.says("VIOLATED", "never stored", "Witness of point"),
          "a shootdown that does not wait is found out", result.text)
    # Nothing in the handler waits for stores made by the user before the interrupt.
    result = explore_planted(
        "early-ack", "run=tlb/free-early",
        ("kernel/smp/ack.h", "smp_store_release(&box->ack[target], number)", "WRITE_ONCE(box->ack[target], number)"),
        ("kernel/smp/shootdown.c", "	cpumask_t initiators = atomic_xchg(&cpu->shootdown_pending, 0);\n	unsigned initiator;\n\n",
         "	cpumask_t initiators = READ_ONCE(cpu->shootdown_pending);\n	unsigned initiator;\n\n"
         "	WRITE_ONCE(cpu->shootdown_pending, 0);\n"))
    wrong = {cell.get("mode") for cell in cells(logs(PLACE / "early-ack")) if cell.get("result") == "violated"}
    check(result.status == 1 and wrong == {"pso", "weak"} and "written while it was free" in result.text,
          "an ack that overtakes a user's store is found out", result.text)


# A guard needed by flushes, a row, and a machine. Without the guard the second judge sees a translation that nothing
# justifies. It needs no probe and speaks before the row's own judge.
UNJUSTIFIED = (("shootdown", "tlb/stale", "split"), ("shootdown_wait", "tlb/stale", "word"),
               ("lazy_exit_flush", "tlb/lazy-cpu", "split"), ("mask_before_load", "tlb/switch", "split"),
               ("refill_irqs_off", "tlb/stale", "xpa"), ("invalidate_at_clear", "tlb/stale", "folding"))


# A guard of files, a pair of operations, and the complaint without it. The rows ask nothing themselves.
OF_FILES = (("truncate_recheck", "load-shrink", "names another page than the file has there"),
            ("move_holds_object_lock", "shrink-move", "names another page than the file has there"),
            ("mkwrite_lock", "store-write_back", "does not have its checksum"), ("clean_flush", "store-write_back", "does not justify"))


def pairs_of_files() -> None:
    for guard, pair, words in OF_FILES:
        result = call(["build/explore/zapwalk-explore-split", f"run=explore/file-{pair}", f"guard.{guard}=off", "model=sc"], seconds=LONG)
        check(result.status != 0 and result.says("result=violated", words), f"explore/file-{pair} without {guard}: {words}", result.text)


def unjustified() -> None:
    for guard, row, machine in UNJUSTIFIED:
        result = call([f"build/explore/zapwalk-explore-{machine}", f"run={row}", f"guard.{guard}=off", "model=sc"], seconds=LONG)
        check(result.status != 0 and result.says("result=violated by=tlb", "does not justify"),
              f"{machine} {row} without {guard}: a translation that its entry does not justify", result.text)
    # In this row the initiator never loads from the address, so only hardware that fills TLBs by itself shows the
    # mistake.
    argv = ["build/explore/zapwalk-explore-split", "run=tlb/stale", "guard.own_flush=off", "model=sc"]
    result = call(argv, seconds=LONG)
    check(result.status == 0, "without filling, tlb/stale does not miss the initiator's own flush", result.text)
    result = call([*argv, "filling"], seconds=LONG)
    check(result.status != 0 and result.says("result=violated by=tlb", "does not justify"),
          "filling: an initiator that does not flush is found out", result.text)


def pairs() -> None:
    """Pairs of guards off must be shown in a table of masking guards, and never count as a kill."""
    place = PLACE / "split-alone"
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy2(ROOT / "build/explore/zapwalk-explore-split", place)
    result = explore("run=gup/recheck model=sc pairs", "pairs", "--programs", str(place))
    rows = [line.split() for line in result.text.splitlines()]
    check(result.status == 0 and any(row[:2] == ["shootdown_wait,", "ref_recheck"] for row in rows)
          and result.says("stand in for each other", "never a kill"), "pairs: a table of what stands in for what", result.text)
    said = logs(PLACE / "pairs")[0].all("pair")
    check(any((event.get("a"), event.get("b"), event.get("alone"), event.get("together"))
              == ("shootdown_wait", "ref_recheck", "held,held", "violated") for event in said),
          "pairs: the wait of the shootdown masks the second look", *(event.line for event in said))
    check("killed (" not in result.text and not any(cell.get("result") == "caught" for cell in cells(logs(PLACE / "pairs"))),
          "pairs: no kill", result.text)


PLAIN = ("read", "wide", "outside", "stack", "fill", "copy", "move", "compare")


def watched() -> None:
    """Every file of scenarios must be compiled with the compiler's reports of plain accesses."""
    files = [path for path in (ROOT / "tests").rglob("*.c") if "\nSCENARIO(" in path.read_text(encoding="utf-8")]
    objects = {path: ROOT / f"build/explore/split/{path.relative_to(ROOT)}.o" for path in files}
    explored = {path for path, made in objects.items() if made.exists()}
    bare = [str(path) for path in explored if b"__tsan_init" not in objects[path].read_bytes()]
    check(len(explored) > 40 and not bare, f"plain accesses are watched in {len(explored)} files of scenarios", *bare)


def endings(found: list[Log]) -> None:
    """A cell must be caught by the ending it names, and by no other."""
    said = {(cell.get("scenario"), cell.get("by")) for cell in cells(found) if cell.get("scenario").startswith("explore/ends-")}
    check(said == {("explore/ends-plain", "stop"), *((f"explore/ends-plain-{how}", "stop") for how in PLAIN),
                   ("explore/ends-spin", "stop"), ("explore/ends-deadlock", "deadlock"), ("explore/ends-complaint", "complaint"),
                   ("explore/ends-livelock", "livelock")},
          "each ending is seen, and called by its name", *map(str, said))
    source = (ROOT / "tests/self/explore/endings.c").read_text(encoding="utf-8")
    line = source[:source.index("v->value[ONE]++")].count("\n") + 1
    check(all(f"plain access to shared data at endings.c:{line} (value[0])" in cell.get("reason")
              for cell in cells(found) if cell.get("scenario") == "explore/ends-plain"), "a plain access has file and line")
    result = explore_planted("other-ending", "run=explore/ends-deadlock,explore/mailbox",
                             ("tests/self/explore/endings.c", ", BY(DEADLOCK))", ")"),
                             ("tests/self/explore/endings.c", "WRITE_ONCE(v->flag[RESULT], ++elsewhere == 1);",
                              "WRITE_ONCE(elsewhere, v->cpu[0]);"),
                             ("tests/self/explore/mailbox.c", "return v->flag[SEEN] ? HELD : NO_EVIDENCE;", "return NO_EVIDENCE;"))
    check(result.status == 1 and result.says("NO EVIDENCE") and "killed (" not in result.text,
          "a deadlock is no kill where the judge was to find it", result.text)
    said = cells(logs(PLACE / "other-ending"))
    check(any("but: nobody can go on" in cell.get("reason") for cell in said), "what came instead is on record")
    silent = {cell.get("result") for cell in said if cell.get("scenario") == "explore/mailbox" and cell.get("guard") == "none"}
    check(silent == {"no_evidence"}, "a cell in which no end shows anything is no pass", *map(str, silent))
    result = explore("run=explore/ends-plain-outside", "outside", "--programs", str(PLACE / "planted/build/explore"))
    check(result.status and result.says("Bail out!", "what is not part of the state"), "a marked store outside the state stops the run", result.text)


def bad_programs() -> None:
    """A dying program must be reported, and Ctrl-C must stop a program without an end."""
    place = PLACE / "programs"
    place.mkdir(parents=True, exist_ok=True)
    script("programs/zapwalk-explore-split", "echo TAP version 13; echo 1..4; echo broken >&2; exit 7\n")
    result = explore("", "dying", "--programs", str(place))
    check(result.status == DIED and result.says("status 7", "broken", "DIED"), "a program that dies", result.text)
    script("programs/zapwalk-explore-split", f'echo TAP version 13; echo $$ >"{PLACE}/pid"; exec sleep 1000\n')
    interrupted(["tools/explorer", "--programs", str(place), "--logs", str(PLACE / "patient")], "make explore")


found = everything()
watched()
shortest()
picture()
barriers()
litmus()
refused()
can_fail(found)
dropped()
planted()
endings(found)
limits()
unjustified()
pairs_of_files()
pairs()
bad_programs()
finish()
