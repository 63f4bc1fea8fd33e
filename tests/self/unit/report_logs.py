# SPDX-License-Identifier: MIT
"""Made-up logs for the tests of the report's parts."""
from __future__ import annotations

from prepared import log
from zapwalk.log import Log

HEAD = "TAP version 13\n# ev=boot git=1234567\n"
STEPS = """# ev=witness n={n} scenario=a/one guard=g rule="never both" saw="both at once" see="a page"
# ev=step cpu=1 at=read_low:10 do=read value=0x1
# ev=step cpu=0 role=writer at=write_high:20 file=mm/a.c do=write value=0x2 buffer="2 stores" note="slow"
# ev=step cpu=1 role=walker at=- do=drain
# ev=step cpu=10
# ev=step_lost count=2
"""


def done(*counts: int, status: str = "pass") -> str:
    names = ("passed", "failed", "skipped", "known", "seconds")
    return f"# ev=done status={status} " + " ".join(f"{name}={count}" for name, count in zip(names, counts)) + "\n"


def of(text: str, name: str = "x86-pc") -> Log:
    return log(HEAD + text, name)
