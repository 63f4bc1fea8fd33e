#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.witness. Fails if a drawn witness, compared in full, is wrong, or if the report shows the wrong witnesses."""
from __future__ import annotations

from prepared import WITNESS, finish, instead, log, same
from report_logs import STEPS, of
from zapwalk import report, witness


def witnesses() -> None:
    one = of(STEPS.format(n=1) + "# ev=witness pass=1 rule=r\n# ev=witness n=3 pass=2 scenario=a/b\n# ev=step\n").witnesses
    same("a witness of three CPUs", witness.draw(one[0], "guard.g=off"), WITNESS.format(variant="guard.g=off"))
    same("without steps", witness.draw(one[1], "v"), """\
<bold>Witness</> of point ?:  with v
  rule: r

  (the log has no steps for it)""")
    same("in a later pass", witness.draw(one[2], "v"), """\
<bold>Witness</> of point 3 in pass 2: a/b with v

      CPU ?
      ----------------------------------------
    1 ?
        ?""")
    with instead(witness, width=lambda: 60):
        same("on a narrow terminal columns have 24 places at least", witness.columns(one[0]), """\
      CPU 0, writer            | CPU 1, walker            | CPU 10
      ------------------------ | ------------------------ | ------------------------
    1                          | read = 0x1
                               |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                          | drain
    4                          |                          | ?
                               |                          |   ?""")
        long = of('# ev=witness n=1 scenario=a rule="' + "r" * 40 + " " + "s" * 5 + '"\n# ev=step cpu=0 do="' + "x" * 20 + " " + "y" * 30 + '"\n'
                  '# ev=step cpu=0 do="' + "x" * 20 + " " + "y" * 31 + '"\n').witnesses[0]
        same("on one column of 51 lines break where they must", witness.draw(long, "v"), """\
<bold>Witness</> of point 1: a with v
  rule: rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr sssss

      CPU 0
      ----------------------------------------
    1 xxxxxxxxxxxxxxxxxxxx yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
        ?
    2 xxxxxxxxxxxxxxxxxxxx
        yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
        ?""")
        long.head.values["rule"] = "r" * 42 + " " + "s" * 5
        same("a rule of 56 places, and one of 57", [witness.draw(long, "v")[1]], """  rule: rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr sssss""")
        long.head.values["rule"] = "r" * 43 + " " + "s" * 5
        same("which is folded", witness.draw(long, "v")[1:3], """\
  rule: rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr
        sssss""")
    same("text keeps its indent", witness.fold("    ab cd", 8), ["    ab", "      cd"])
    same("no text is a line", witness.fold("", 5), [""])


def chosen_ones() -> None:
    one = of("".join(f"# ev=witness n={n}\n{point}" for n, point in enumerate(("ok 1 - a\n", "not ok 2 - b\n", "not ok 3 - c # TODO x\n", ""), 1))
             + "# ev=witness n=1 pass=3\n# ev=witness n=1 pass=4\n# ev=again n=1 pass=3 result=violated\n# ev=again n=1 pass=4 result=held\n")
    told = lambda found: [(each.head.get("n"), each.head.get("pass")) for each in found]  # noqa: E731
    same("witnesses of failures", told(report.failed_witnesses(one)), [("2", ""), ("4", ""), ("1", "3")])
    model = log("# ev=explorer\n# ev=cell n=2 scenario=s\n# ev=cell n=3 scenario=s\n# ev=witness n=1\n# ev=witness n=2\n# ev=step\n# ev=witness n=3\n"
                "ok 1 - x\nnot ok 2 - x\nnot ok 3 - x\n", "explored-a")
    for everything, wanted in ((False, [("x86-pc", "2"), ("x86-pc", "4"), ("x86-pc", "1"), ("explored-a", "3")]),
                               (True, [("x86-pc", n) for n in "123411"] + [("explored-a", "1"), ("explored-a", "3")])):
        same(f"those that are shown, {everything}", [(each.name, one.head.get("n")) for each, one in report.chosen([model, one], everything)],
             wanted)


witnesses()
chosen_ones()
finish()
