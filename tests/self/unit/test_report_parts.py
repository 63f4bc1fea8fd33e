#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The parts of a report, whole: verdicts, findings and lists (zapwalk.report), witnesses, histograms, measurements, and
what changed between two logs."""
from __future__ import annotations

from prepared import PLACE, ROOT, finish, instead, log, same
from zapwalk import bench, diff, report, stress, witness
from zapwalk.bench import Row
from zapwalk.log import Event, Log
from zapwalk.verdict import Verdict

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


def witnesses() -> None:
    one = of(STEPS.format(n=1) + "# ev=witness pass=1 rule=r\n# ev=witness n=3 pass=2 scenario=a/b\n# ev=step\n").witnesses
    same("a witness of three CPUs", witness.draw(one[0], "guard.g=off"), """\
<bold>Witness</> of point 1: a/one with guard.g=off
  rule: never both
  saw:  both at once
  see:  a page

      CPU 0, writer                | CPU 1, walker                | CPU 10
      ---------------------------- | ---------------------------- | ----------------------------
    1                              | read = 0x1
                                   |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded""")
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

<bold>Witness</> of point 1: a/one with guard.g=off
  rule: never both
  saw:  both at once
  see:  a page

      CPU 0, writer                | CPU 1, walker                | CPU 10
      ---------------------------- | ---------------------------- | ----------------------------
    1                              | read = 0x1
                                   |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded
""")
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

<bold>Witness</> of point 1: a/one with guard.g=off
  rule: never both
  saw:  both at once
  see:  a page

      CPU 0, writer                | CPU 1, walker                | CPU 10
      ---------------------------- | ---------------------------- | ----------------------------
    1                              | read = 0x1
                                   |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded

<bold>Witness</> of point 1: a/one with guard.g=off model=sc (m)
  rule: never both
  saw:  both at once
  see:  a page

      CPU 0, writer                | CPU 1, walker                | CPU 10
      ---------------------------- | ---------------------------- | ----------------------------
    1                              | read = 0x1
                                   |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded
""")
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

<bold>Witness</> of point 1: a/one with guard.g=off
  rule: never both
  saw:  both at once
  see:  a page

      CPU 0, writer                | CPU 1, walker                | CPU 10
      ---------------------------- | ---------------------------- | ----------------------------
    1                              | read = 0x1
                                   |   read_low:10
    2 write = 0x2
      buffer: 2 stores
      note: slow
        write_high, mm/a.c:20
    3                              | drain
    4                              |                              | ?
                                   |                              |   ?
      ... and 2 more steps that were not recorded
""")
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


def histograms() -> None:
    lines = """# ev=stress n=1 scenario=a/b rounds={} overlaps={} violated={}
# ev=histogram n=1 outcome=one count=3 class=ok
# ev=histogram n=1 outcome=two count=1 class=bad forbidden=yes
# ev=histogram n=2 outcome=one count=4 class=ok forbidden=no
ok 1 - x86/a/b stress
"""
    same("histograms", stress.stress(of(lines.format(20, 5, 0))), """\
<bold>Histograms of free-running CPUs</> (x86-pc; ! is forbidden)

  x86/a/b stress  5 of 20 rounds overlapped  one 3 (ok), two! 1 (bad)
  point 2                                    one 4 (ok)""")
    same("no histograms", stress.stress(of("ok 1 - x\n")), [])
    met = lambda *counts, options="": stress.few(of(f'# ev=cmdline text="{options}"\n' * bool(options) + lines.format(*counts)))  # noqa: E731
    same("few rounds", met(9, 5, 0), """1 stress cell had fewer than 10 rounds (x86-pc; seconds= gives more): a/b (9)""")
    same("which are enough", [met(*counts) for counts in ((10, 5, 0), (9, 1000, 0), (9, 5, 1), (9, 1001, 0))], [[]] * 4)
    same("which are not", [bool(met(*counts)) for counts in ((9, 999, 0), (0, 0, 0), ("x", "x", "x"))], [True] * 3)
    same("none at all, where one overlap is enough", bool(met("x", "x", 0, options="iters=1")), True)
    with instead(stress, ROUNDS_FLOOR=1):
        same("no rounds are fewer than one", bool(met("x", "x", 0)), True)
    same("of less", stress.ROUNDS_FLOOR, 10)
    same("iters= says how many overlaps are enough", [bool(met(9, overlaps, 0, options=options)) for overlaps in (6, 7) for options in (
        "iters=7", "iters=7x", "x iters=7", "xiters=7")], [True, True, True, True, False, True, False, True])
    several = "".join(f"# ev=stress scenario={name} rounds={rounds}\n" for name, rounds in (("b", 3), ("a", 9), ("b", 2), ("", 1))) + "# ev=stress\n"
    same("of several", stress.few(of(several)), """5 stress cells had fewer than 10 rounds (x86-pc; seconds= gives more): ? (0, 1); a (9); b (2, 3)""")
    same("a long list of them, and no name in two parts", stress.few(of("".join(f"# ev=stress scenario={name}{name}-{'b' * 23} rounds=1\n" for name in "cdef"))), """\
4 stress cells had fewer than 10 rounds (x86-pc; seconds= gives more): cc-bbbbbbbbbbbbbbbbbbbbbbb (1);
  dd-bbbbbbbbbbbbbbbbbbbbbbb (1); ee-bbbbbbbbbbbbbbbbbbbbbbb (1); ff-bbbbbbbbbbbbbbbbbbbbbbb (1)""")
    texts = [stress.few(of(f"# ev=stress scenario={'x' * n} rounds=1\n", "m")) for n in (41, 42)]
    same("lines of 110", [[len(line) for line in lines] for lines in texts], [[110], [107, 5]])
    why = 'reason="hardly any overlap: 3 cells"'
    rows = "".join(f"# ev=cell scenario={name} {reason}\n" for name, reason in (
        ("hw/a", why), ("a/hw/", why), ("hw/b", 'reason="needs 2 CPUs"'), ("hw/c", ""), ("hw/d", why)))
    same("promises that were not tested", stress.unmet(of(rows + "# ev=cell reason=x\n")), """2 promises of the machine not tested (x86-pc; its CPUs hardly ever worked at the same time): hw/a, hw/d""")
    same("one of them", stress.unmet(of("".join(rows.splitlines(True)[:3]))), """1 promise of the machine not tested (x86-pc; its CPUs hardly ever worked at the same time): hw/a""")
    same("whose name stays whole", stress.unmet(of(f"# ev=cell scenario=hw/aa-{'b' * 19} {why}\n")), """\
1 promise of the machine not tested (x86-pc; its CPUs hardly ever worked at the same time):
  hw/aa-bbbbbbbbbbbbbbbbbbb""")
    same("none", stress.unmet(of("".join(rows.splitlines(True)[1:4]))), [])
    texts = [stress.unmet(of(f"# ev=cell scenario=hw/{'x' * n} {why}\n", "m")) for n in (20, 21)]
    same("these too", [[len(line) for line in lines] for lines in texts], [[110], [86, 26]])
    same("stress alone was asked for", [stress.wanted(of(text)) for text in (
        "", "ok 1 - a stress\n", "ok 1 - a stress guard.x=off\nok 2 - b choreo\n", "ok 1 - a stressx\nok 2 - b stress\n", "ok 1 - stress\n")],
        [False, True, False, True, False])


def measured(*rows: str) -> Log:
    return of("".join(f"# ev=bench {row}\n" for row in rows), "metal")


def measurements() -> None:
    floors = ("name=floor_walk unit=ns median=20 min=10 ratio=- floor=- pages=1 cpus=0",
              "name=gup_fast unit=ns median=30.5 min=29 ratio=1.52 floor=floor_walk per=page pages=1 cpus=0 context=\"Linux 6.1: 70\"",
              "name=late unit=ns median=41 min=20 ratio=2 floor=floor_walk", "name=cycles unit=cycles median=90 min=1 ratio=1 floor=none",
              "name=fast unit=ns median=19 min=19 ratio=0.99 floor=floor_walk", "name=bare median=x min=")
    same("a table of measurements", bench.bench(measured(*floors)), """\
<bold>Bench</>: ratios to the floor of the same boot

  what        pages  other CPUs  median  min  unit       ratio  to its floor  for comparison
  floor_walk  1      0           20      10   ns         -      -
  gup_fast    1      0           30.5    29   ns a page  1.52x  floor_walk    Linux 6.1: 70
  late        -      -           41      20   ns         noise  floor_walk
  cycles      -      -           90      1    cycles     1x     none
  fast        -      -           19      19   ns         noise  floor_walk
  bare        -      -           x            ns         -      -

  noise: a median more than 2 times its minimum, its own or its floor's; a row faster than its floor;
  spinning CPUs that answer later than sleeping ones. The host was busy, or has fewer CPUs than the machine.""")
    same("none", bench.bench(of("")), "Bench: the log has no measurements.")
    same("without noise there is no legend", bench.bench(measured(floors[0]))[-1], "  floor_walk  1      0           20      10   ns    -      -")
    noisy = measured("name=f unit=ns median=50 min=20", "name=r unit=ns median=60 min=55 ratio=1.2 floor=f", "name=f unit=ns median=9 min=9",
                     "name=s unit=ns median=60 min=55 ratio=1.2 floor=f", "name=f median=7 floor=f")
    same("each has the last floor before it", [(row.name, row.floor and row.floor.get("median"), row.is_noise, row.ratio_text) for row in bench.rows_of(noisy)],
         [("f", None, True, "noise"), ("r", "50", True, "noise"), ("f", None, False, "-"), ("s", "9", False, "1.2x"), ("f", "9", False, "-")])
    rows = bench.rows_of(measured("name=a median=5 pages=1 cpus=2", "name=a_asleep median=4 pages=1 cpus=2", "name=b median=4 pages=1 cpus=2",
                                  "name=b_asleep median=4 pages=1 cpus=2", "name=c median=5 pages=2 cpus=2", "name=c_asleep median=4 pages=1 cpus=2"))
    same("spinning, and later than asleep", [(row.name, row.is_late) for row in rows if not row.name.endswith("asleep")],
         [("a", True), ("b", False), ("c", False)])
    same("noise by the ratio", [Row(Event("bench", {"ratio": ratio}, ""), None).is_noise for ratio in ("0", "0.01", "0.99", "1", "x")],
         [False, True, True, False, False])
    same("a row starts as none", (Row(Event("b", {}, ""), None).is_late, Row(Event("b", {}, ""), None).is_noise), (False, False))
    same("numbers that are missing", [(row.pages, row.cpus, row.median, row.least, row.ratio) for row in [Row(Event("b", {}, ""), None)]],
         [(0, 0, 0.0, 0.0, 0.0)])


def scaled(most: int, floor: str = "floor_ipi") -> Log:
    """Times that tell which row they come from."""
    rows = ["name=zap unit=ns median=1000 min=900 pages=1 cpus=0 ratio=2 floor=x", "name=zap unit=ns median=3200 min=3200 pages=32 cpus=0",
            "name=tables_once unit=ns median=1 min=1 cpus=0", "name=flush_all_x unit=ns median=1 min=1 cpus=0", "name=flush_pages unit=ns median=1 min=1"]
    for cpus in range(1, most + 1):
        for suffix, extra in (("", 0), ("_asleep", 100)):
            if cpus == 2 and not suffix:
                extra = 500  # spinning, and later than asleep
            base = 10000 * cpus + extra
            rows += [f"name={floor}{suffix} unit=ns median={base} min={base - 50} pages=0 cpus={cpus}",
                     f"name=shootdown{suffix} unit=ns median={base + 1000} min={base} pages=1 cpus={cpus}",
                     f"name=zap{suffix} unit=ns median={base + 2000} min={base} pages=1 cpus={cpus} ratio=1.{cpus} floor={floor}{suffix}"]
    return measured(*rows, f"name=zap unit=ns median=90000 min=80000 pages=32 cpus={most}")


def scaling() -> None:
    same("more CPUs", bench.bench(scaled(2)), """\
<bold>Bench</>: ratios to the floor of the same boot

  what              pages  other CPUs  median  min    unit  ratio  to its floor      for comparison
  zap               1      0           1000    900    ns    2x     x
  zap               32     0           3200    3200   ns    -      -
  tables_once       -      0           1       1      ns    -      -
  flush_all_x       -      0           1       1      ns    -      -
  flush_pages       -      -           1       1      ns    -      -
  floor_ipi         0      1           10000   9950   ns    -      -
  shootdown         1      1           11000   10000  ns    -      -
  zap               1      1           12000   10000  ns    1.1x   floor_ipi
  floor_ipi_asleep  0      1           10100   10050  ns    -      -
  shootdown_asleep  1      1           11100   10100  ns    -      -
  zap_asleep        1      1           12100   10100  ns    1.1x   floor_ipi_asleep

<bold>Scaling</>: with 0, 1, 2, ... other CPUs in the mask; microseconds, the median and (the minimum)

  CPUs  the others  IPIs         shootdown    zap of 1 page  zap of 32    zap of 1 to IPIs
  1     -           -            -            1.0 (0.9)      3.2 (3.2)    -
  2     sleep       10.1 (10.1)  11.1 (10.1)  12.1 (10.1)    -            1.1x
  3     sleep       20.1 (20.1)  21.1 (20.1)  22.1 (20.1)    -            1.2x
  2     spin        10.0 (9.9)   11.0 (10.0)  12.0 (10.0)    -            1.1x
  3     spin        20.5 (20.4)  21.5 (20.5)  22.5 (20.5)    90.0 (80.0)  noise

  noise: a median more than 2 times its minimum, its own or its floor's; a row faster than its floor;
  spinning CPUs that answer later than sleeping ones. The host was busy, or has fewer CPUs than the machine.""")
    same("one other CPU is no scaling", bench.scaling(bench.rows_of(scaled(1))), [])
    same("no rows", bench.scaling([]), [])
    same("broadcast instead of interrupts", bench.scaling(bench.rows_of(scaled(3, "floor_broadcast")))[3:], """\
  CPUs  the others  broadcast    shootdown    zap of 1 page  zap of 32    zap of 1 to broadcast
  1     -           -            -            1.0 (0.9)      3.2 (3.2)    -
  2     sleep       10.1 (10.1)  11.1 (10.1)  12.1 (10.1)    -            1.1x
  3     sleep       20.1 (20.1)  21.1 (20.1)  22.1 (20.1)    -            1.2x
  4     sleep       30.1 (30.1)  31.1 (30.1)  32.1 (30.1)    -            1.3x
  2     spin        10.0 (9.9)   11.0 (10.0)  12.0 (10.0)    -            1.1x
  3     spin        20.5 (20.4)  21.5 (20.5)  22.5 (20.5)    -            noise
  4     spin        30.0 (29.9)  31.0 (30.0)  32.0 (30.0)    90.0 (80.0)  1.3x""")
    same("a page for people", bench.digest(scaled(1), scaled(2)), """\
<bold>Bench</>: ratios to the floor of the same boot

  what       pages  other CPUs  median  min    unit  ratio  to its floor  for comparison
  zap        1      0           1000    900    ns    2x     x
  zap        32     0           3200    3200   ns    -      -
  floor_ipi  0      1           10000   9950   ns    -      -
  shootdown  1      1           11000   10000  ns    -      -
  zap        1      1           12000   10000  ns    1.1x   floor_ipi
  zap        32     1           90000   80000  ns    -      -

<bold>Scaling</>: with 0, 1, 2, ... other CPUs in the mask; microseconds, the median and (the minimum)

  CPUs  the others  IPIs         shootdown    zap of 1 page  zap of 32    zap of 1 to IPIs
  1     -           -            -            1.0 (0.9)      3.2 (3.2)    -
  2     sleep       10.1 (10.1)  11.1 (10.1)  12.1 (10.1)    -            1.1x
  3     sleep       20.1 (20.1)  21.1 (20.1)  22.1 (20.1)    -            1.2x
  2     spin        10.0 (9.9)   11.0 (10.0)  12.0 (10.0)    -            1.1x""")
    same("and a quiet one", bench.digest(measured("name=a unit=ns median=1 min=1 cpus=2"), measured("name=a unit=ns median=1 min=1")), """\
<bold>Bench</>: ratios to the floor of the same boot

  what  pages  other CPUs  median  min  unit  ratio  to its floor  for comparison""")


def changes() -> None:
    lines = ('# ev=engine name=qemu version="{0}"\n# ev=machine cpu={0} firmware={0}\n# ev=boot version={0} mem_mib={0}\n# ev=lab cpus={0}\n')
    old = of("".join(f"# ev=cell n={n} result={result}\n{ok} {n} - {name}\n" for n, (ok, name, result) in enumerate((
        ("ok", "a", "held"), ("ok", "b", "caught"), ("not ok", "c", "broken"), ("ok", "d stress", "held"), ("ok", "e", "held"),
        ("ok", "f", "skipped"), ("ok", "g stress", "held"), ("ok", "h", "held"), ("ok", "same", "held"), ("ok", "same", "held"), ("ok", "same", "held"),
        ("ok", "k", "new")), 1))
        + "1..12\n" + lines.format(1) + done(11, 1, 0, 0, 1, status="fail"), "old")
    new = of("".join(f"# ev=cell n={n} result={result} {why}\n{ok} {n} - {name}\n" for n, (ok, name, result, why) in enumerate((
        ("not ok", "a", "violated", "reason=torn"), ("ok", "b", "masked", "evidence=seen"), ("ok", "c", "held", "reason=r evidence=e"),
        ("ok", "d stress", "skipped", ""), ("ok", "e # SKIP gone", "skipped", "reason=other"), ("ok", "f", "held", ""), ("ok", "new", "held", ""),
        ("not ok", "bad", "not_caught", ""), ("ok", "same", "held", ""), ("not ok", "same", "no_evidence", ""), ("ok", "k", "skipped", "")), 1))
        + "1..11\n" + lines.format(2) + done(8, 3, 1, 0, 1, status="fail"), "new")
    found = [[*lines, str(worse)] for lines, worse in (diff.diff(*pair) for pair in ((old, new), (new, old), (old, old)))]
    same("what changed", found[0], """\
<bold>What ran</>

                    old  new
  engine version    1    2
  machine cpu       1    2
  machine firmware  1    2
  lab cpus          1    2

<red>Worse</>

  a         held       ->  violated     torn
  e         held       ->  skipped      gone
  bad       not there  ->  not_caught
  same (2)  held       ->  no_evidence
  g stress  held       ->  not there
  h         held       ->  not there
  same (3)  held       ->  not there

<green>Better</>

  c  broken   ->  held  r
  f  skipped  ->  held

<bold>New</>

  new  not there  ->  held

<bold>Different, and neither</>

  b         caught  ->  masked   seen
  d stress  held    ->  skipped
  k         new     ->  skipped

both FAIL
<red>7 points are worse</>
True""")
    same("and back", found[1], """\
<bold>What ran</>

                    new  old
  engine version    2    1
  machine cpu       2    1
  machine firmware  2    1
  lab cpus          2    1

<red>Worse</>

  c    held  ->  broken
  f    held  ->  skipped
  new  held  ->  not there

<green>Better</>

  a         violated     ->  held
  d stress  skipped      ->  held
  e         skipped      ->  held
  same (2)  no_evidence  ->  held
  bad       not_caught   ->  not there

<bold>New</>

  g stress  not there  ->  held
  h         not there  ->  held
  same (3)  not there  ->  held

<bold>Different, and neither</>

  b  masked   ->  caught
  k  skipped  ->  new

both FAIL
<red>3 points are worse</>
True""")
    same("and nothing", found[2], """\
both FAIL
<green>nothing is worse</>
False""")
    broke = of("1..1\n", "broke")
    fine = of("1..1\nok 1 - x\n" + done(1, 0, 0, 0, 1), "fine")
    found = [[*lines, str(worse)] for lines, worse in (diff.diff(fine, broke), diff.diff(broke, fine))]
    same("a run that broke off", found[0], """\
<red>Worse</>

  x  held  ->  not there

PASS -> DIED
<red>1 points are worse</>
True""")
    same("and one that does no longer", found[1], """\
<bold>New</>

  x  not there  ->  held

DIED -> PASS
<green>nothing is worse</>
False""")
    less = of("1..1\nok 1 - x\n" + done(1, 0, 0, 0, 1, status="incomplete"), "less")
    lines, worse = diff.diff(fine, less)
    same("a run that ends worse", [*lines, str(worse)], """\
PASS -> INCOMPLETE
<red>the run ends worse</>
True""")
    for option, wanted in (("run=x", 0), ("mode=x", 0), ("xrun=x", 12), ("known=x", 12)):
        part = of(f'# ev=cmdline text="{option}"\n')
        same(f"what was not asked for, {option}, is not lacking", len(diff.rows(old, part)), wanted)
    points = of("ok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP s\nnot ok 4 - d # TODO t\nok 5 - e # TODO u\nok 6 - f\n# ev=cell n=6 result=said\n")
    same("results without a cell", [diff.result_of(points, point) for point in points.points],
         ["held", "violated", "skipped", "known", "known", "said"])
    same("from bad to bad is not worse", diff.Row("a choreo", "violated", "broken", "").is_worse, False)
    results = ("violated", "not_caught", "broken", "no_evidence", "cut_off", "held", "caught", "masked", "known", "skipped", "not there", "x")
    same("their ranks", [diff.rank(result) for result in results], [0] * 5 + [3] * 3 + [2] + [1] * 3)
    for name, wanted in (("a choreo", "held>known held>skipped held>violated held>gone known>skipped known>violated known>gone skipped>violated "
                          "gone>violated"), ("a stress", "held>violated held>gone known>violated known>gone skipped>violated gone>violated")):
        found = [f"{was}>{now}" for was in ("held", "known", "skipped", "violated", "gone") for now in ("held", "known", "skipped", "violated", "gone")
                 if was != now and diff.Row(name, was.replace("gone", diff.GONE), now.replace("gone", diff.GONE), "").is_worse]
        same(f"what is worse, of {name}", found, wanted.split())


witnesses()
chosen_ones()
ends()
findings_and_suspects()
lists()
bodies()
histograms()
measurements()
scaling()
changes()
finish()
