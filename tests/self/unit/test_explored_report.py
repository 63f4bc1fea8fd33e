#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.explored, explored_report and explorer_tests. Fails if a text about the explorer's logs, compared in full,
has changed."""
from __future__ import annotations

from prepared import finish, instead, log, same
from zapwalk import explored, explored_report
from zapwalk.log import Event, Log

WEAK = """TAP version 13
# ev=explorer machine={machine} git=1234567
# ev=guard name=one kind=step scenario=a/one meaning="the first"
# ev=guard name=two kind=step scenario=a/two meaning="the second"
# ev=guard name=wall kind=barrier scenario=a/wall meaning="a barrier"
# ev=guard name=bare kind=step scenario=a/bare meaning="of which no cell tells"
"""
DONE = "# ev=done status=pass passed=1 failed=0 skipped=0 known=0 seconds=1\n"


def cell(**values: object) -> Event:
    """Makes a cell of the explorer, with its values as text."""
    return Event("cell", {key.rstrip("_"): str(value) for key, value in values.items()}, "")


def line(n: int, scenario: str, mode: str, guard: str, result: str, more: str = "", choices: str = "-") -> str:
    return f"# ev=cell n={n} scenario={scenario} mode={mode} guard={guard} choices={choices} result={result} {more}\n"


def of(machine: str, *lines: str, options: str = "") -> Log:
    said = f'# ev=cmdline text="{options}"\n' if options else ""
    return log(WEAK.format(machine=machine) + said + "".join(lines) + DONE, f"explored-{machine}")


def numbers() -> None:
    same("amounts", [explored.amount(n) for n in (0, 999, 1000, 7500, 99999, 100000, 999999, 1000000, 99949999, 100000000)],
         "0\n999\n1.0k\n7.5k\n100.0k\n100k\n1000k\n1.0M\n99.9M\n100M")
    same("interleavings", [explored.interleavings(text) for text in ("endless", "", "x", "0", "12.4", "9999", "10000", "1.273e+06", "2.5e+12")],
         "loops\n-\n-\n0\n12\n9999\n1.0e4\n1.3e6\n2.5e12")
    same("times", [explored.duration(cell(**({"ms": ms} if ms else {}))) for ms in ("", "0.999", "1", "999", "1000", "65432")],
         "<1 ms\n<1 ms\n1 ms\n999 ms\n1.0 s\n65.4 s")
    same("steps", [explored.steps(cell(steps=n)) for n in (0, 1, 2)], "0 steps\n1 step\n2 steps")


def kinds_of_logs() -> None:
    skipped = "1..1\nok 1 - model/a/one sc # SKIP x\n"
    cases = {
        "another machine's scenario": "Bail out! run=x matches no scenario\n", "another bail out": "Bail out! no memory\n",
        "bail out behind skipped points": skipped + "Bail out! no memory\n" + DONE,
        "all skipped": skipped + DONE, "no end": skipped, "no points": DONE, "one ran": skipped + "ok 2 - model/a/one sc\n" + DONE}
    same("which logs are idle", {what: explored.is_idle(log(text)) for what, text in cases.items()},
         {"another machine's scenario": True, "another bail out": False, "bail out behind skipped points": False,
          "all skipped": True, "no end": False, "no points": False, "one ran": False})
    same("the explorer's logs say so", [explored.is_explored(of("split")), explored.is_explored(log(DONE)), explored.machine(of("split"))],
         [True, False, "split"])
    modes = ("sc", "tso", "pso", "weak", "choreo", "")
    same("its cells have a memory model", [explored.is_cell(cell(mode=mode)) for mode in modes], [True] * 4 + [False] * 2)
    same("their order", [explored.order(cell(mode=mode, steps=7)) for mode in modes],
         [(0, 7), (1, 7), (2, 7), (3, 7), (0, 0), (0, 0)])
    same("the order of a cell without steps", explored.order(cell(mode="tso")), (1, 0))


def short_cells() -> None:
    counts = {"states": 40400, "interleavings": "1.273e+06", "ms": "2500"}
    cells = {
        "none": None, "skipped": cell(result="skipped", **counts), "elsewhere": cell(result="not_observable", **counts),
        "held": cell(result="held", steps=0, **counts), "held, bare": cell(result="held"), "masked": cell(result="masked", **counts),
        "missed": cell(result="not_caught", **counts), "caught": cell(result="caught", steps=7, by="judge", **counts),
        "caught, one": cell(result="caught", steps=1, ms="12"), "deadlock": cell(result="caught", steps=12, by="deadlock", ms="0.1"),
        "held, by": cell(result="held", by="deadlock", **counts), "stop": cell(result="caught", by="stop", states=3)}
    same("one cell in a few characters", [f"{name:<12}|{explored.short(each)}" for name, each in cells.items()], """\
none        |-
skipped     |-
elsewhere   |-
held        |held   40.4k  1.3e6  2.5 s
held, bare  |held       0      -  <1 ms
masked      |masked 40.4k  1.3e6  2.5 s
missed      |NOT CAUGHT 40.4k  1.3e6  2.5 s
caught      |caught   7 steps       2.5 s
caught, one |caught    1 step       12 ms
deadlock    |deadlock  12 steps       <1 ms
held, by    |held   40.4k  1.3e6  2.5 s
stop        |stop       3      -  <1 ms""")


def tables() -> None:
    counts = "states=404 interleavings=endless ms=20 rounds=3 bytes=8080"
    split = of("split",
               line(1, "a/one", "sc", "none", "held", counts), line(2, "a/one", "tso", "none", "held", counts),
               line(3, "a/two", "sc", "two", "caught", "steps=9 ms=4 states=30 rounds=0 bytes=1"),
               line(4, "a/one", "sc", "one", "masked", f'{counts} reason="the lock"'),
               line(5, "a/one", "weak", "one", "not_caught", f'{counts} reason="nothing broke"', "zap=split,flush=nowait"),
               line(6, "a/one", "tso", "one", "skipped", 'reason="x"'),
               line(7, "a/one", "sc", "metal", "not_observable", 'reason="not observable here: one access"'),
               line(8, "a/two", "sc", "none", "caught", "steps=1 ms=0", "pte_read=twice"),
               line(9, "a/one", "sc", "wall", "held", counts), line(10, "a/one", "tso", "wall", "held", counts))
    # The same scenario on another machine. Of its first three cells one belongs elsewhere, one ran, and one was
    # skipped.
    xpa = of("xpa",
             line(1, "a/one", "sc", "none", "not_observable", 'reason="elsewhere"'), line(2, "a/one", "sc", "none", "held", counts),
             line(3, "a/one", "sc", "none", "skipped", 'reason="again"'),
             line(4, "a/two", "weak", "two", "caught", "steps=3 by=deadlock ms=1", "zap=split,flush=nowait"),
             line(5, "a/one", "weak", "metal", "skipped", 'reason="later"'),
             line(6, "a/never", "sc", "none", "skipped", 'reason="never"'))
    same("the whole report of two machines", explored_report.report([split, xpa]), """\
<bold>Explored</>: every interleaving, under each memory model (all guards on where none is off)

  guard off  machine  sc                            tso                         weak                            with
  a/one
    -        split    held     404  loops  20 ms    held     404  loops  20 ms  -
    one      split    masked   404  loops  20 ms    -                           -
    one      split    -                             -                           <red>NOT CAUGHT</>   404  loops  20 ms  a
    wall     split    held     404  loops  20 ms    held     404  loops  20 ms  -
    -        xpa      held     404  loops  20 ms    -                           -
  a/two
    two      split    <green>caught</>   9 steps        4 ms  -                           -
    -        split    <green>caught</>    1 step       <1 ms  -                           -                               b
    two      xpa      -                             -                           deadlock   3 steps        1 ms  a

  held, masked: states, interleavings (loops: a wait may look again for ever), time; caught: steps to the violation;
  deadlock, stop, ...: caught by that ending, which the cell names;
  under a weaker model often those of the stronger, followed again. All of it for these bounds and models.
  a: zap=split flush=nowait
  b: pte_read=twice

  killed (1): two
  not killed here, one: the lock
  not killed here, wall: no counterexample under sc, tso. That says nothing of weaker memory,
    which only this can show: make explore ARGS="run=a/wall guard.wall=off"
  left to the metal (one access): metal
  without a cell: bare
  split: 6 searches, 2424 states in 0.1 s: 20200 states a second, 20 bytes a state
  xpa: 1 searches, 404 states in 0.0 s: 20200 states a second, 20 bytes a state
""")
    same("beside the metal", explored_report.summary([split, xpa]), """\
<bold>Explored</> (explored-split, explored-xpa)

  3 variants without a guard off held in every interleaving; 1 with a historical algorithm did not, as they must
  <red>NOT CAUGHT</> a/one weak one: nothing broke
  split: 6 searches, 2424 states in 0.1 s: 20200 states a second, 20 bytes a state
  xpa: 1 searches, 404 states in 0.0 s: 20200 states a second, 20 bytes a state
""")
    held = of("split", line(1, "a/one", "sc", "none", "held", counts), line(2, "a/one", "sc", "none", "skipped"))
    same("beside the metal, where all held", explored_report.summary([held]), """\
<bold>Explored</> (explored-split)

  1 variants without a guard off held in every interleaving
  split: 1 searches, 404 states in 0.0 s: 20200 states a second, 20 bytes a state
""")
    same("one guard off on the command line", explored_report.matrix([of("split", line(1, "a/one", "sc", "none", "held", counts),
                                                                   options="guard.two=off")])[0], """<bold>Explored</>: every interleaving, under each memory model (guard.two=off where none is off)""")
    weak = of("split", line(1, "a/one", "weak", "none", "held", counts), line(2, "a/one", "weak", "none", "held", "states=5"),
              line(3, "a/one", "tso", "none", "skipped"), line(4, "a/one", "tso", "none", "not_observable"))
    key = "a/one", "none", "-", "split"
    same("the last cell that ran, the first that did not", {model: cell.get("n") for model, cell in explored_report.variants([weak])[key].items()},
         {"weak": "2", "tso": "3"})
    same("columns that say nothing are left out", explored_report.matrix([weak])[2], "  guard off  machine  weak")
    letters = {f"c{n}": "" for n in range(24)}
    same("letters, as far as they go", [explored_report.lettered(choices, letters) for choices in ("-", "x", "y", "x", "v", "w")], "\ny\nz\ny\nz26\nz27")
    same("a log without cells", explored_report.report([of("split")]), "")


def why_not_killed() -> None:
    held = "states=4 interleavings=2 ms=1 rounds=1"
    reasons = of("split", line(1, "a/one", "sc", "one", "held", f'{held} reason="first"'), line(2, "a/one", "tso", "one", "held", 'reason="second"'),
                 line(3, "a/two", "sc", "two", "caught", "steps=2 reason=x"), line(4, "a/two", "tso", "two", "held", 'reason="third"'),
                 line(5, "a/wall", "weak", "wall", "held", held),
                 line(6, "a/x", "sc", "late", "held", held), "# ev=guard name=late\n", line(7, "a/x", "tso", "late", "held", f"{held} reason=late"),
                 line(8, "a/x", "weak", "bare", "not_caught", "not_caught", f"{held} reason=wrong"), options="run=a/*")
    same("a reason, and one that no memory gives", explored_report.guards([reasons]), """\
  killed (1): two
  not killed here, one: first
  not killed here, wall: no counterexample, and no reason to keep it
  not killed here, bare: no counterexample, and no reason to keep it
  not killed here, late: late""")
    gone = of("split", line(1, "a/x", "sc", "here", "not_observable", 'reason="not observable here: x"'),
              line(2, "a/x", "sc", "there", "not_observable", 'reason="not observable here: not observable here: b"'),
              line(3, "a/x", "sc", "left", "skipped", 'reason="c"'), line(4, "a/x", "sc", "here", "held", held),
              line(5, "a/x", "sc", "both", "skipped", "reason=c"), line(6, "a/x", "sc", "both", "not_observable", "reason=d"),
              line(7, "a/x", "sc", "last", "not_observable", "reason=d"), line(8, "a/x", "sc", "last", "skipped", "reason=c"))
    same("left to the metal, by the first cell", explored_report.guards([gone, log(line(1, "a/x", "choreo", "far", "caught"))]), """\
  left to the metal (d): last
  left to the metal (not observable here: b): there
  without a cell: one, two, wall, bare""")
    every = "".join(line(n, "a", "weak", guard, "held", held) for n, guard in enumerate(("one", "two", "wall", "bare")))
    same("all guards have cells", len(explored_report.guards([of("split", every)])), 4)
    same("without a scenario nothing can be typed", explored_report.unkept("x", [cell(guard="x", mode="sc", result="held")], [gone]),
         "no counterexample, and no reason to keep it")
    same("a cell that did not run says nothing of its memory",
         explored_report.unkept("one", [cell(guard="one", mode="sc", result="held"), cell(guard="one", mode="weak", result="skipped"),
                                 cell(guard="two", mode="weak", result="held"), cell(guard="one", mode="pso", result="held")], [gone]), """no counterexample under sc, pso. That says nothing of weaker memory, which only this can show: make explore ARGS="run=a/one guard.one=off\"""")


def folds() -> None:
    with instead(explored_report, width=lambda: 34):
        same("lines of 30 on a terminal of 34", explored_report.folded("head", "x" * 10 + " " + "y" * 11), "  head: xxxxxxxxxx yyyyyyyyyyy")
        same("and none of 31", explored_report.folded("head", "x" * 10 + " " + "y" * 12), "  head: xxxxxxxxxx\n    yyyyyyyyyyyy")


def speeds() -> None:
    same("of searches", explored_report.speed(of("split", line(1, "a", "sc", "none", "held", "rounds=2 states=1000 ms=500 bytes=64000"),
                                          line(2, "a", "sc", "none", "caught", "rounds=0 states=1000 ms=500 bytes=64000"),
                                          line(3, "a", "sc", "none", "held", "rounds=1 states=500"),
                                          line(4, "a", "sc", "none", "held", "states=500"))), """  split: 2 searches, 1500 states in 0.5 s: 3000 states a second, 43 bytes a state""")
    same("numbers that are missing are none", explored_report.speed(of("split", line(1, "a", "sc", "none", "held", "rounds=1"),
                                                                line(2, "a", "sc", "none", "held", "rounds=1 states=2 ms=2 bytes=2"))),
         "  split: 2 searches, 2 states in 0.0 s: 1000 states a second, 1 bytes a state")
    same("of one in no time", explored_report.speed(of("split", line(1, "a", "sc", "none", "held", "rounds=1 states=3"))), """  split: 1 searches, 3 states in 0.0 s: 3000 states a second, 0 bytes a state""")
    same("of none", explored_report.speed(of("split")), """  split: no state was visited""")


def witnesses() -> None:
    text = "".join(line(n, scenario, mode, guard, "caught") + f"# ev=witness n={n} scenario={scenario}\n" + "# ev=step cpu=0\n" * steps
                   for n, (scenario, mode, guard, steps) in enumerate((("a", "sc", "g", 3), ("a", "tso", "g", 3), ("a", "pso", "g", 2),
                                                                       ("a", "sc", "h", 5), ("b", "sc", "g", 1)), 1))
    one = of("split", text)
    picked = explored.shortest([(one, witness) for witness in one.witnesses])
    same("the shortest of each variant", [(each.name, witness.head.get("n"), len(witness.steps)) for each, witness in picked],
         [("explored-split", "3", 2), ("explored-split", "4", 5), ("explored-split", "5", 1)])
    picked = explored.shortest([(one, witness) for witness in one.witnesses[:2]])
    same("of equals the first", [witness.head.get("n") for _, witness in picked], ["1"])


def pairs() -> None:
    def pair(a: str, b: str, alone: str, together: str, mode: str = "sc", choices: str = "-", scenario: str = "a/one") -> str:
        return (f"# ev=pair scenario={scenario} mode={mode} choices={choices} a={a} b={b} alone={alone} together={together} "
                "steps=4\n")

    one = of("split", pair("x", "y", "held,held", "violated"), pair("x", "y", "held,held", "violated", "weak"),
             pair("x", "z", "violated,held", "held", choices="zap=split,flush=nowait"),
             pair("y", "z", "held,violated", "held", scenario="b/two"), pair("y", "w", "violated,held", "violated"),
             pair("v", "w", "held,held", "held"))
    same("pairs of guards", explored_report.pairs([one, of("xpa", pair("x", "y", "held,held", "violated", "tso"))]), """\
<bold>Pairs of guards off</> (shown, never a kill)

  guards off  machine  with                    sc              tso             pso  weak
  a/one
    x, y      split                            breaks 4 steps  -               -    breaks 4 steps  stand in for each other
    x, z      split    zap=split flush=nowait  held            -               -    -               the loss of z hides that of the other
  b/two
    y, z      split                            held            -               -    -               the loss of y hides that of the other
  a/one
    x, y      xpa                              -               breaks 4 steps  -    -               stand in for each other

  2 more pairs break as their guards do alone, or hold as they do.
""")
    same("no pairs", explored_report.pairs([of("split")]), "")


def own_tests() -> None:
    one = of("split", """# ev=litmus name=SB threads="0 1" asks=0,0 model=sc expected=no got=no
# ev=litmus name=SB threads="0 1" asks=0,0 model=tso expected=yes got=yes
# ev=litmus name=MP threads="0 1" asks=1,0 model=weak expected=yes got=no
# ev=count name=two expected=1/2 got=1/2 expected-whole=1/6 got-whole=2/6
# ev=reduction model=weak lost=1 wrong=2 forbidden=3
# ev=reduction model=sc lost=1 wrong=0 forbidden=0
# ev=reduction model=weak lost=2
# ev=limits model=weak lacks="out of thin air"
# ev=limits text="two CPUs"
""")
    other = of("xpa", '# ev=litmus name=SB threads="0 1" asks=0,0 model=sc expected=no got=yes\n# ev=limits text="two CPUs"\n')
    same("the explorer's own tests", explored_report.report([one, other]), """\
<bold>Litmus tests: may it end so?</>

  test  threads  ends with  sc                tso  pso  weak
  SB    0 1      0,0        no yes <red>WRONG</>: no  yes  -    -
  MP    0 1      1,0        -                 -    -    no <red>WRONG</>: yes

<bold>Interleavings, counted</>

  program  bad/all  every access a step
  two      1/2      2/6 <red>WRONG</>: 1/6

<bold>Random programs, with the reduction and without</>

  model  programs  outcomes lost  wrong  forbidden
  sc     1         1              0      0
  weak   2         3              2      3

  not in weak: out of thin air
  two CPUs

""")


numbers()
kinds_of_logs()
short_cells()
tables()
why_not_killed()
folds()
speeds()
witnesses()
pairs()
own_tests()
finish()
