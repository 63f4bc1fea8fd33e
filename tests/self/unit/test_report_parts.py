#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.report. Fails if a verdict, a finding or a list of a report, compared in full, is wrong."""
from __future__ import annotations

from prepared import PLACE, ROOT, WITNESS, finish, instead, log, same
from report_logs import STEPS, done, of
from zapwalk import report
from zapwalk.verdict import Verdict


def ends() -> None:
    passed = of("1..1\nok 1 - x86/a\n" + done(1, 0, 0, 0, 5))
    failed = of('1..1\nnot ok 1 - x86/a\n# ev=warning what="a storm"\n# ev=warning\n' + done(0, 1, 0, 0, 5, status="fail"), "other")
    same("several logs", report.report([passed, failed]), """\
x86-pc: <green>PASS</> (1 passed, 0 failed, 0 skipped, 0 known, 5 s)
other: <red>FAIL</> (0 passed, 1 failed, 0 skipped, 0 known, 5 s)
  1 of 1 failed: x86/a
  warning: a storm
  warning: """)
    same("one", report.report([passed]), """<green>PASS</> (1 passed, 0 failed, 0 skipped, 0 known, 5 s)""")
    same("one that broke off, and one whose last line says little", report.report([of("1..1\n"), of("# ev=done status=pass passed=1\n")]), """\
x86-pc: <red>DIED</>
  it ends before the kernel's last line (`# ev=done`), after: 1..1
x86-pc: <red>FAIL</> (1 passed, ? s)
  there is no plan (1..N)
  nothing ran
  the last line says passed=1, the points say 0
  the last line has no failed=
  the last line has no skipped=
  the last line has no known=""")
    idle, busy = ("# ev=explorer machine=a\n1..1\n" + point + done(*counts) for point, counts in (
        ("ok 1 - x # SKIP y\n", (0, 0, 1, 0, 1)), ("ok 1 - x\n", (1, 0, 0, 0, 1))))
    told = lambda *logs: [(verdict.status, verdict.reasons) for _, verdict in report.verdicts(list(logs))]  # noqa: E731
    wrong = ("fail", ["the last line says status=pass, and every point was skipped"])
    same("an idle machine of the explorer's, alone", told(of(idle), passed), [wrong, ("pass", [])])
    same("beside one that is not", told(of(idle), of(busy)), [("pass", ["nothing of it can be shown on this machine"]), ("pass", [])])
    skipped = of("1..1\nok 1 - x # SKIP y\n" + done(0, 0, 1, 0, 1))
    same("an idle machine that is none of the explorer's", told(of(busy), skipped), [("pass", []), wrong])
    seen = of(STEPS.format(n=1) + "1..1\nok 1 - x86/a\n" + done(1, 0, 0, 0, 5))
    same("witnesses of passes, if they are asked for", [any("Witness" in line for line in report.report([seen], *more)) for more in ((), (True,))], [False, True])
    same("the worst is the exit status", [report.exit_status(logs) for logs in ([passed], [passed, failed], [])], [0, 1, 7])
    same("a log without its name", report.verdict_lines(passed, Verdict("pass", []))[0][:9], "<green>PASS")
    same("no seconds", report.verdict_lines(of("# ev=done"), Verdict("died", ["why", "and why"]), True), """\
x86-pc: <red>DIED</> (? s)
  why
  and why""")


def findings_and_suspects() -> None:
    text = """ok 1 - a # TODO known: F-001, which no longer shows
not ok 2 - b # TODO known: F-002
not ok 3 - c # TODO not observed
not ok 4 - d
not ok 5 - e
ok 6 - f
# ev=finding id=F-005 n=5
# ev=finding id=F-001 n=4
# ev=finding id=F-009 n=6
"""
    same("known findings", report.findings(of(text)), """\
<bold>Known findings</> (x86-pc; docs/findings.md)

  no longer shows  known: F-001  a
  shows            known: F-002  b""")
    same("none", [report.findings(of("ok 1 - a\n")), report.suspects(of("ok 1 - a\n# ev=finding id=F-001 n=1\n"))], [[], []])
    same("the document", report.FINDINGS == ROOT / "docs/findings.md", True)
    place = PLACE / "findings.md"
    place.write_text("# x\n## F-001 The first\n\n## F-0 x\n### F-005 no\n")
    with instead(report, FINDINGS=place, seen_on=lambda name: f"where {name} is"):
        same("failures that others know", report.suspects(of('# ev=cmdline text="a known=F-007,F-001 knownx"\n' + text)), """\
<bold>Failures that docs/findings.md knows</> (x86-pc)

  F-001  d  The first  (seen on where F-001 is)
  F-005  e             (seen on where F-005 is)

  They fail the run, as nobody vouches for this machine. If the entry describes what you see here too,
  this says that you know, and the run is judged by the rest: ARGS=known=F-001,F-005,F-007""")
        place.unlink()
        same("without the document", report.suspects(of("not ok 1 - a\n# ev=finding id=F-001 n=1\n"))[2], "  F-001  a    (seen on where F-001 is)")


def lists() -> None:
    same("what a list brought", report.report([of("""1..0 # SKIP
# ev=scenario name=a/one mode=choreo rule="never both" guards=g,h
# ev=scenario name=a/two mode=stress rule="never" guards=h
# ev=guard name=g kind=step meaning="a step"
# ev=guard name=h kind=step meaning="another"
# ev=guard name=i kind=barrier meaning="a wall"
# ev=choice name=zap value=split default=yes meaning="in two"
# ev=choice name=zap value=one default=no meaning="at once"
# ev=race name=r meaning="here"
# ev=option name=seed form="=<number>"
""" + done(0, 0, 0, 0, 0))]), """\
<bold>Scenarios</>
  a/one  choreo  never both
  a/two  stress  never

<bold>Guards</>
  guard.g=off  step     a step
  guard.h=off  step     another
  guard.i=off  barrier  a wall

<bold>Guards, and the scenarios that break without each</>
  g  a/one
  h  a/one, a/two
  i  -

<bold>Choices</>
  choice.zap=split  default  in two
  choice.zap=one             at once

<bold>Race points</>
  r  here

<bold>Options</>
  seed=<number>

<green>PASS</> (0 passed, 0 failed, 0 skipped, 0 known, 0 s)""")


def bodies() -> None:
    cells = "# ev=guard name=g kind=step scenario=a/one\n# ev=cell n=1 scenario=a/one mode={mode} guard=g choices=- result={result} steps=2 rounds=1\n"
    metal = of(cells.format(mode="choreo", result="not_caught") + "not ok 1 - x86/a/one choreo\n" + STEPS.format(n=1)
               + "# ev=stress n=1 scenario=a/one rounds=3 overlaps=1\n# ev=histogram n=1 outcome=x count=1 class=c\n"
               + "# ev=bench name=b unit=ns median=5 min=5\n" + "# ev=finding id=F-777 n=1\nok 2 - y # TODO known: F-001\n")
    hold = of("# ev=cell n=1 scenario=a/one mode=choreo guard=none choices=- result=held evidence=seen\nok 1 - x86/a/one choreo\n", "other")
    model = log("# ev=explorer machine=m\n" + cells.format(mode="sc", result="caught") + "ok 1 - m/a/one sc\n" + STEPS.format(n=1), "explored-m")
    idle = log("ok 1 - x86/a/one stress\n# ev=histogram n=1 outcome=x count=1 class=c\n", "stressed")
    same("a machine beside the explorer", report.body([metal, model]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  x86-pc choreo  explored
  g          a/one   <red>NOT CAUGHT</>     caught sc, 2 steps

<bold>Explored</> (explored-m)

  0 variants without a guard off held in every interleaving
  m: no state was visited

<bold>Bench</>: ratios to the floor of the same boot

  what  pages  other CPUs  median  min  unit  ratio  to its floor  for comparison
  b     -      -           5       5    ns    -      -

<bold>Known findings</> (x86-pc; docs/findings.md)

  no longer shows  known: F-001  y

<bold>Failures that docs/findings.md knows</> (x86-pc)

  F-777  x86/a/one choreo    (seen on )

  They fail the run, as nobody vouches for this machine. If the entry describes what you see here too,
  this says that you know, and the run is judged by the rest: ARGS=known=F-777

1 stress cell had fewer than 10 rounds (x86-pc; seconds= gives more): a/one (3)

""" + WITNESS.format(variant="guard.g=off") + "\n")
    same("with every witness", report.body([model, metal], True), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  x86-pc choreo  explored
  g          a/one   <red>NOT CAUGHT</>     caught sc, 2 steps

<bold>Explored</> (explored-m)

  0 variants without a guard off held in every interleaving
  m: no state was visited

<bold>Bench</>: ratios to the floor of the same boot

  what  pages  other CPUs  median  min  unit  ratio  to its floor  for comparison
  b     -      -           5       5    ns    -      -

<bold>Histograms of free-running CPUs</> (x86-pc; ! is forbidden)

  x86/a/one choreo  1 of 3 rounds overlapped  x 1 (c)

<bold>Known findings</> (x86-pc; docs/findings.md)

  no longer shows  known: F-001  y

<bold>Failures that docs/findings.md knows</> (x86-pc)

  F-777  x86/a/one choreo    (seen on )

  They fail the run, as nobody vouches for this machine. If the entry describes what you see here too,
  this says that you know, and the run is judged by the rest: ARGS=known=F-777

1 stress cell had fewer than 10 rounds (x86-pc; seconds= gives more): a/one (3)

""" + WITNESS.format(variant="guard.g=off") + "\n\n"
         + WITNESS.format(variant="guard.g=off model=sc (m)") + "\n")
    same("one that held", report.body([hold]), """\
Kill matrix: the log announces no guards.

<bold>The code with all guards on (other)</>

  held  a/one choreo  seen
""")
    same("two machines", report.body([hold, metal]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  other    x86-pc
  g          a/one   not run  <red>NOT CAUGHT</>

  not shown on these machines:
    g: NOT CAUGHT, which fails the run

<bold>Bench</>: ratios to the floor of the same boot

  what  pages  other CPUs  median  min  unit  ratio  to its floor  for comparison
  b     -      -           5       5    ns    -      -

<bold>Known findings</> (x86-pc; docs/findings.md)

  no longer shows  known: F-001  y

<bold>Failures that docs/findings.md knows</> (x86-pc)

  F-777  x86/a/one choreo    (seen on )

  They fail the run, as nobody vouches for this machine. If the entry describes what you see here too,
  this says that you know, and the run is judged by the rest: ARGS=known=F-777

1 stress cell had fewer than 10 rounds (x86-pc; seconds= gives more): a/one (3)

""" + WITNESS.format(variant="guard.g=off") + "\n")
    same("the explorer alone", report.body([model], True)[:3] + report.body([model], True)[-8:], """\
<bold>Explored</>: every interleaving, under each memory model (all guards on where none is off)

  guard off  machine  sc
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded
""")
    same("stress, which was asked for", report.body([idle]), """\
<bold>Histograms of free-running CPUs</> (stressed; ! is forbidden)

  x86/a/one stress    x 1 (c)
""")
    same("nothing", report.body([of("")]), [])


ends()
findings_and_suspects()
lists()
bodies()
finish()
