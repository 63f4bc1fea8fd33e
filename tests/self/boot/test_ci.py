#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the examples of docs/ci.md. Fails if a block is not YAML, or if its shell lines, run as in a CI, do not do the
page's job."""
from __future__ import annotations

import json
import re
import shutil
import subprocess

from tap import PLACE, ROOT, Result, check, clean_environment, finish, script, skip

DEBIAN = "/usr/bin/python3"  # Debian's Python has the modules installed by apt-get
TO_JSON = "import json, sys, yaml; print(json.dumps({str(k): v for k, v in yaml.safe_load(sys.stdin).items()}))"
SOME = "run=tlb/*,pte/torn-read,pte/refill-present,hw/above-4G"  # the real jobs run all scenarios
POINT = re.compile(r"^(?:not )?ok \d+ - ", re.MULTILINE)


def blocks() -> dict[str, str]:
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^## (\w+)\n.*?^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))


def parsed(text: str) -> dict:
    done = subprocess.run([DEBIAN, "-c", TO_JSON], input=text, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def workplace(name: str):
    """Makes a project with Zapwalk in it. Stand-ins replace the programs that need a network or LAVA and note their
    calls."""
    place = PLACE / name
    shutil.rmtree(place, ignore_errors=True)
    (place / "bin").mkdir(parents=True)
    (place / "zapwalk").symlink_to(ROOT)
    for program in ("apt-get", "sudo", "lava-test-case"):
        script(f"{name}/bin/{program}", f'echo "{program} $*" >>"{place}/calls"\n')
    (place / "calls").touch()
    return place


def shell(lines: str, place, **settings: str) -> Result:
    """Runs the lines as all three CIs do, in one shell, and stops at the first failure."""
    path = f"{place / 'bin'}:{clean_environment()['PATH']}"
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", lines], cwd=place, text=True, stdin=subprocess.DEVNULL,
                          env=clean_environment(PATH=path, QEMU="qemu-system-i386", **{"ARGS": SOME, **settings}), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300, check=False)
    return Result(done.returncode, done.stdout)


def whole(place) -> str:
    text = (place / "zapwalk.tap").read_text() if (place / "zapwalk.tap").exists() else ""
    log = (place / "zapwalk.log").read_text() if (place / "zapwalk.log").exists() else ""
    check(text.startswith("TAP version 13\n1..") and "# ev=done status=pass" in log, f"{place.name}: a TAP file and a log",
          text[:200], log[-200:])
    return text


def github(job: dict) -> None:
    steps = [step["run"] for step in job["jobs"]["zapwalk"]["steps"] if "run" in step]
    place = workplace("github")
    results = [shell(lines, place) for lines in steps]
    check(len(steps) == 3 and not any(result.status for result in results), "github: each step passes",
          *(result.text for result in results))
    whole(place)
    again = shell(steps[2], place)
    check(again.status == 0 and "nothing is worse" in again.text, "github: compared with the last run", again.text)
    log = place / "zapwalk.log"
    log.write_text(re.sub(r"result=held", "result=violated", log.read_text(), count=1))
    worse = shell(steps[2], place)
    check(worse.status == 1 and "1 points are worse" in worse.text, "github: a rule that broke fails the job", worse.text)
    broken = shell(steps[1], place, ARGS=f"{SOME} guard.shootdown=off")
    check(broken.status == 1, "github: a failing run fails the job", broken.text)


def gitlab(job: dict) -> None:
    place = workplace("gitlab")
    result = shell("\n".join([*job["zapwalk"]["before_script"], *job["zapwalk"]["script"]]), place)
    check(result.status == 0 and "apt-get install" in (place / "calls").read_text(), "gitlab: passes", result.text)
    text = whole(place)
    xml = (place / "zapwalk.xml").read_text() if (place / "zapwalk.xml").exists() else ""
    if "<testsuite" not in xml:
        skip("gitlab: JUnit", "libtap-formatter-junit-perl is not installed: tools/setup test")
    else:
        check(xml.count("<testcase ") == len(POINT.findall(text)), "gitlab: every point is in the report", xml[:500])
    broken = shell("\n".join(job["zapwalk"]["script"]), place, ARGS=f"{SOME} guard.shootdown=off")
    check(broken.status == 1, "gitlab: a failing run fails the job", broken.text)


def lava(definition: dict) -> None:
    place = workplace("lava")
    result = shell("\n".join(definition["run"]["steps"]), place)
    calls = (place / "calls").read_text().splitlines()
    points = whole(place)
    check(result.status == 0 and calls[:1] == ["lava-test-case zapwalk --result pass"], "lava: the run is a case", result.text)
    said = [call.rpartition(" ")[2] for call in calls[1:]]
    skipped = len(re.findall(r"^(?:not )?ok .*# (?:SKIP|TODO)", points, re.MULTILINE))
    check(len(said) == len(POINT.findall(points)) and said.count("skip") == skipped and said.count("fail") == 0,
          "lava: each point is a case", len(said), skipped, calls[:5])
    check(all(len(call.split()) == 4 for call in calls), "lava: the names have no blanks", calls)


found = blocks()
check(list(found) == ["GitHub", "GitLab", "LAVA"], "docs/ci.md has three jobs", list(found))
if subprocess.run([DEBIAN, "-c", "import yaml"], capture_output=True, check=False).returncode:
    skip("docs/ci.md", "python3-yaml is not installed: tools/setup test")
else:
    for name, run in (("GitHub", github), ("GitLab", gitlab), ("LAVA", lava)):
        block = parsed(found.get(name, ""))
        if check(block, f"{name}: is YAML", found.get(name)):
            run(block)
finish()
