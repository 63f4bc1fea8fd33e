#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Replays counterexamples of the explorer on a machine. Fails if the machine does not fail in the predicted way, or if
another schedule, guard or failure also counts as success."""
from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from tap import NOT_RUN, PLACE, ROOT, call, check, finish
from zapwalk import log as zapwalk_log, replay
from zapwalk.log import Event

MACHINE = "x86-pc"
FOLLOWED = ("pte/aba-refault", "gup/recheck", "space/protect-store", "space/unmap-touch")
TORN = "gup/zero-ref"  # drops a reference and frees the frame, with no race point on the way


def explored() -> list[Event]:
    program = f"build/explore/zapwalk-explore-{replay.explored_as(MACHINE)}"
    result = call([program, f"run={','.join([*FOLLOWED, TORN])}", "model=sc", "replay"])
    check(result.status == 0, "explored", result.text)
    PLACE.mkdir(parents=True, exist_ok=True)
    path = PLACE / "explored.log"
    path.write_text(result.text, encoding="utf-8")
    return replay.counterexamples(zapwalk_log.read(path))


def changed(event: Event, **values: str) -> Event:
    return replace(event, values={**event.values, **values})


def follows(events: dict[str, Event], image: Path) -> None:
    for number, name in enumerate(FOLLOWED, 1):
        found = replay.follow(events[name], MACHINE, 2, "", image, number)
        check(found.good and len(found.logs) == 2, f"{name}: fails as predicted, twice", *replay.lines(found))


def says_why_not(event: Event, image: Path) -> None:
    found = replay.follow(event, MACHINE, 2, "", image, 10)
    text = "\n".join(replay.lines(found))
    check(not found.good and not found.logs and "not possible" in text, f"{TORN}: no replay is claimed", text)
    check("no race point lies between" in text and "put_page:" in text and "page_freed_twice" in text,
          f"{TORN}: names the accesses", text)


def does_not(event: Event, image: Path, name: str, said: str, extra: str = "") -> None:
    found = replay.follow(event, MACHINE, 1, extra, image, 20)
    text = "\n".join(replay.lines(found))
    check(not found.good and found.logs and said in text, name, text)


def can_fail(event: Event, image: Path) -> None:
    """The guard, the schedule and the judge's sentence must each decide. If one of them is changed, the replay must
    fail."""
    does_not(event, image, "with every guard on the writer is held: the schedule cannot be followed",
             "walker is held at pte_between_halves, writer waits for walker", "lab.guards=stuck")
    other = event.get("options").replace(replay.places(event), "writer@role_done")
    does_not(changed(event, options=other), image, "another schedule shows nothing", "no_evidence")
    does_not(changed(event, saw="the walker slept"), image, "another failure is not the predicted one",
             "another failure")


def shorter(event: Event, image: Path) -> None:
    options = replay.with_numbers(event)
    check(len(options) < len(event.get("options")) and "0@pte_between_halves,1@" in options, "roles by their numbers", options)
    found = replay.follow(changed(event, options=options), MACHINE, 1, "", image, 30)
    check(found.good, "roles by their numbers: fails as predicted", *replay.lines(found))


def by_make() -> None:
    """Show 5 of docs/explorer.md. make explore replays the counterexample once for both cells."""
    options = f"run=pte/aba-refault guard.shootdown_wait=off model=sc replay={MACHINE} repeat=3"
    result = call(["make", "--no-print-directory", "explore", f"ARGS={options}"], seconds=600)
    check(result.says("3 of 3 failed as predicted") and result.text.count("Replay of ") == 1,
          f"make explore ARGS={options}: once for both cells", result.text)
    check(result.status not in (0, -1), "a guard that is off on the command line: the exit status says so", result.text)


def refuses() -> None:
    cases = {"replay=x68": ("x68", "x86-pc"), "replay=": ("x86-pc",), "repeat=3": ("repeat=3", "replay="),
             f"replay={MACHINE} repeat=0": ("repeat=0", "from 1")}
    for options, parts in cases.items():
        result = call(["tools/explorer", "--logs", str(PLACE / "refused"), "run=pte/aba-refault", *options.split()])
        check(result.status == NOT_RUN and result.says(*parts) and "Traceback" not in result.text,
              f"{options}: names {', '.join(parts)}", result.text)
    options = f"run=pte/aba-refault model=sc lab.guards=stuck replay={MACHINE}"
    result = call(["tools/explorer", "--logs", str(PLACE / "refused"), *options.split()])
    check(result.status == 1 and "nothing to replay" in result.text, f"{options}: nothing is claimed", result.text)


def main() -> None:
    events = {event.get("scenario"): event for event in explored()}
    if check(set(events) == {*FOLLOWED, TORN}, "a counterexample of each", *events):
        image = replay.image_of(MACHINE)
        follows(events, image)
        says_why_not(events[TORN], image)
        can_fail(events["pte/aba-refault"], image)
        shorter(events["pte/aba-refault"], image)
    by_make()
    refuses()
    finish()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
