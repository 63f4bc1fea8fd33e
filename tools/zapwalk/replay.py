# SPDX-License-Identifier: MIT
"""Takes a counterexample to the metal. A machine is made to follow the explorer's steps, and must fail the same way.

The explorer's option `replay` prints an ev=replay for each counterexample. It has the options for a kernel to play it
(tests/lab/replay.h), or the reason why no machine can be made to follow it.
"""
from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from zapwalk import engine
from zapwalk.log import Event, Log
from zapwalk.machines import Missing, Problem, Settings, command, find
from zapwalk.places import BUILD, OTHER as LOGS
from zapwalk.style import paint
from zapwalk.verdict import judge

DEADLINE = 120.0
EXPLORED_AS = {"x86": "split", "mips": "xpa", "mipsel": "xpa", "s390x": "folding"}  # the model most like a port
BROKEN = ("caught", "violated")
NOT_HERE = ("skipped", "not_observable")


def explored_as(machine: str) -> str:
    """Returns the name behind zapwalk-explore-. A machine of this name can follow the counterexamples of that explorer."""
    return EXPLORED_AS[find(machine).port]


def count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise Problem(f"bad repeat={text}. Valid: a number from 1 to 9999")
    return int(text)


@dataclass
class Replay:
    """One counterexample on one machine."""

    event: Event
    machine: str
    logs: list[Path] = field(default_factory=list)
    failed: int = 0  # boots with the predicted failure
    other: list[str] = field(default_factory=list)  # the differences of all others, or why there are none

    @property
    def good(self) -> bool:
        return bool(self.logs) and self.failed == len(self.logs)

    @property
    def name(self) -> str:
        guard = self.event.get("guard")
        own = [] if guard == "none" else [f"guard.{guard}=off"]
        own += [f"choice.{choice}" for choice in self.event.get("choices").split(",") if choice != "-"]
        own += [option for option in self.event.get("options").split() if option.startswith(("guard.", "choice."))]
        return " ".join([self.event.get("scenario"), *dict.fromkeys(own)])


def places(event: Event) -> str:
    return event.get("options").rpartition(":")[2]


def same(event: Event) -> tuple[str, ...]:
    """Returns the key of a counterexample. Cells with the same guards and choices in effect have the same one."""
    off = {event.get("guard"), *re.findall(r"guard\.(\w+)=off", event.get("options"))} - {"none"}
    return event.get("scenario"), event.get("choices"), " ".join(sorted(off)), places(event)


def counterexamples(log: Log) -> list[Event]:
    """Returns each counterexample once."""
    found: dict[tuple[str, ...], Event] = {}
    for event in log.all("replay"):
        found.setdefault(same(event) if event.get("options") else (event.line,), event)
    return list(found.values())


def with_numbers(event: Event) -> str:
    """Returns the same options in fewer letters, with roles by their numbers."""
    start, name, schedule = event.get("options").partition("lab.replay=")
    for number, role in enumerate(event.get("roles").split(",")):
        schedule = re.sub(rf"(?<=[:,]){re.escape(role)}@", f"{number}@", schedule)
    return start + name + schedule


def start_of(event: Event, machine: str, extra: str, image: Path):
    """Returns the command line. If the options are too long for the machine, roles go by their numbers."""
    try:
        return command(Settings(machine, options=f"{event.get('options')} {extra}"), str(image))
    except Problem as problem:
        if "the options are" not in str(problem):
            raise
        return command(Settings(machine, options=f"{with_numbers(event)} {extra}"), str(image))


def image_of(machine: str) -> Path:
    """Builds the machine's image, so that it is of the same source as the explorer."""
    built = subprocess.run(["make", "--no-print-directory", "-s", "lab", f"MACHINE={machine}"], check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if built.returncode or not (image := BUILD / find(machine).port / "lab/zapwalk.elf").is_file():
        raise Missing(f"make lab MACHINE={machine} failed:\n{built.stdout.strip()}")
    return image


def pattern(saw: str) -> str:
    """Returns the judge's sentence without the numbers of frames, CPUs and events, because each machine has its own."""
    return re.sub(r"0x[0-9a-f]+|\d+", "N", saw)


def difference(event: Event, log: Log) -> str:
    """Says how the boot differed from the predicted failure, or returns "" if it failed so."""
    if log.bail_out:
        return f"Bail out! {log.bail_out}"
    cell = next((cell for cell in log.all("cell") if cell.get("mode") == "replay"), None)
    if cell is None or log.done is None:
        return "; ".join(judge(log).reasons) or "it ran nothing"
    said = cell.get("evidence") or cell.get("reason")
    if cell.get("result") not in BROKEN:
        return f"{cell.get('result')}: {said}"
    if pattern(said) != pattern(event.get("saw")):
        return f"another failure: {said}"
    return ""


def boot(event: Event, machine: str, extra: str, image: Path, path: Path) -> Log:
    log = Log(path.stem)
    path.parent.mkdir(parents=True, exist_ok=True)
    ending = engine.run(start_of(event, machine, extra, image).argv, path, log.add, lambda: log.done is not None, DEADLINE)
    if ending.interrupted:
        raise KeyboardInterrupt
    return log


def follow(event: Event, machine: str, repeat: int, extra: str, image: Path, number: int) -> Replay:
    replay = Replay(event, machine)
    if not event.get("options"):
        replay.other.append(event.get("reason"))
        return replay
    for n in range(1, repeat + 1):
        path = LOGS / f"replay-{machine}-{number}-{n}.log"
        log = boot(event, machine, extra, image, path)
        wrong = difference(event, log)
        if any(cell.get("result") in NOT_HERE for cell in log.all("cell")):
            return Replay(event, machine, other=[wrong])
        replay.logs.append(path)
        if wrong:
            replay.other.append(f"{path}: {wrong}")
        else:
            replay.failed += 1
    return replay


def lines(replay: Replay) -> list[str]:
    head = f"Replay of {replay.name} on {replay.machine}: "
    if not replay.logs:
        return [head + paint("not possible", "yellow"), *(f"  {text}" for text in replay.other)]
    text = f"{replay.failed} of {len(replay.logs)} failed as predicted"
    return [head + paint(text, "green" if replay.good else "red"), f"  saw: {replay.event.get('saw')}",
            f"  schedule: {places(replay.event).replace(',', ', ') or 'none is needed'}",
            *(f"  {text}" for text in replay.other), f"  raw logs: {replay.logs[0]} ..."]


def run(log: Log, machine: str, repeat: int = 1, extra: str = "") -> int:
    """Replays every counterexample of an explorer's log, prints the results, and returns the exit status. It is 0 if at least
    one could be followed, and each of these failed as predicted in every boot. `extra` has more options for the kernel."""
    events = counterexamples(log)
    if not events:
        print(f"nothing to replay on {machine}: no counterexample under model=sc")
        return 1
    image = image_of(machine)
    replays: list[Replay] = []
    for number, event in enumerate(events, 1):
        replays.append(follow(event, machine, repeat, extra, image, number))
        print("\n".join(lines(replays[-1])), flush=True)
    followed = [replay for replay in replays if replay.logs]
    return 0 if followed and all(replay.good for replay in followed) else 1
