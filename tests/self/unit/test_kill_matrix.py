#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.matrix and zapwalk.holes. Fails if the kill matrix, the lists below it or the list of held rules, each
compared in full, is wrong."""
from __future__ import annotations

from prepared import finish, instead, log, same
from zapwalk import holes, matrix
from zapwalk.log import Event, Log

HEAD = """TAP version 13
# ev=cmdline text="{options}"
# ev=guard name=one kind=step scenario=a/one
# ev=guard name=two kind=step scenario=a/two
# ev=guard name=wall kind=barrier scenario=a/wall
"""
DONE = "# ev=done status=pass\n"


def cell(scenario: str, guard: str, result: str, more: str = "", mode: str = "choreo", choices: str = "-") -> str:
    return f"# ev=cell scenario={scenario} mode={mode} guard={guard} choices={choices} result={result} {more}\n"


def machine(name: str, *cells: str, options: str = "", head: str = HEAD, end: str = DONE) -> Log:
    return log(head.format(options=options) + "".join(cells) + end, name)


def explored(name: str, *cells: str, options: str = "", end: str = DONE) -> Log:
    return machine(f"explored-{name}", f"# ev=explorer machine={name}\n", *cells, options=options, end=end)


def one_cell() -> None:
    rows = (("not_caught", ""), ("violated", "reason=x"), ("cut_off", ""), ("no_evidence", ""), ("held", ""), ("held", 'reason="the lock"'),
            ("caught", ""), ("caught", "ms=0.42"), ("caught", "ms=x"), ("not_observed", "tries=9"), ("not_observed", ""),
            ("not_observable", 'reason="not observable here: one access"'), ("skipped", 'reason="not observable here: b"'),
            ("masked", "reason=one"), ("skipped", 'reason="not observed (3 tries)"'), ("held", 'reason="not observed (x"'),
            ("skipped", 'reason="needs 2 CPUs"'), ("broken", "reason=x"), ("new", ""), ("", ""),
            ("not_observable", 'reason="not observable here: not observable here: c"'))
    texts = [matrix.cell_text(log(cell("a", "g", *row)).first("cell")) for row in rows]
    same("a cell's text", [f"{row[0]:<14} {row[1]:<40} {text}" for row, text in zip(rows, texts)], """\
not_caught                                              NOT CAUGHT
violated       reason=x                                 VIOLATED
cut_off                                                 CUT OFF
no_evidence                                             NO EVIDENCE
held                                                    held
held           reason="the lock"                        kept: the lock
caught                                                  caught
caught         ms=0.42                                  caught 0.42 ms
caught         ms=x                                     caught
not_observed   tries=9                                  not observed (9 tries)
not_observed                                            not observed (? tries)
not_observable reason="not observable here: one access" not observable: one access
skipped        reason="not observable here: b"          not observable: b
masked         reason=one                               masked by one
skipped        reason="not observed (3 tries)"          not observed (3 tries)
held           reason="not observed (x"                 kept: not observed (x
skipped        reason="needs 2 CPUs"                    skipped: needs 2 CPUs
broken         reason=x                                 BROKEN: x
new                                                     new
                                                        ?
not_observable reason="not observable here: not observable here: c" not observable: not observable here: c""")
    same("of the explorer", matrix.cell_text(log(cell("a", "g", "caught", "steps=1", "tso")).first("cell")), "caught tso, 1 step")
    same("from bad to unknown", [matrix.rank(Event("cell", {"result": result}, "")) for result in (*matrix.ORDER, "new")],
         [*range(11), -1])
    same("their order", matrix.ORDER, ["not_caught", "violated", "broken", "cut_off", "no_evidence", "caught", "not_observed", "masked", "held",
                                       "not_observable", "skipped"])
    line = "NOT CAUGHT VIOLATED BROKEN not observed caught"
    texts = ("NOT CAUGHT", "VIOLATED", "CUT OFF", "NO EVIDENCE", "BROKEN", "not observed", "caught", "held")
    same("the worst word of a line has a colour", [matrix.colour_row(f"{word} {word} caught") for word in texts] + [matrix.colour_row(line)],
         """\
<red>NOT CAUGHT</> <red>NOT CAUGHT</> caught
<red>VIOLATED</> <red>VIOLATED</> caught
<red>CUT OFF</> <red>CUT OFF</> caught
<red>NO EVIDENCE</> <red>NO EVIDENCE</> caught
<red>BROKEN</> <red>BROKEN</> caught
<yellow>not observed</> <yellow>not observed</> caught
<green>caught</> <green>caught</> <green>caught</>
held held <green>caught</>
<red>NOT CAUGHT</> VIOLATED BROKEN not observed caught""")
    notes: list[str] = []
    texts = ["x" * 29, "x" * 20 + ": why: so", "short: why", "masked by a long name: and why", "x" * 20 + ": why: so", "x" * 21 + ": 56",
             "x" * 22 + ": abcd", "x" * 23 + ": abcd", "skipped, and why not: why: so"]
    same("long reasons stand below", [matrix.footnoted(text, notes) for text in texts] + notes, """\
xxxxxxxxxxxxxxxxxxxxxxxxxxxxx
xxxxxxxxxxxxxxxxxxxx [1]
short: why
masked by a long name [2]
xxxxxxxxxxxxxxxxxxxx [1]
xxxxxxxxxxxxxxxxxxxxx: 56
xxxxxxxxxxxxxxxxxxxxxx: abcd
xxxxxxxxxxxxxxxxxxxxxxx [3]
skipped, and why not [1]
  [1] why: so
  [2] and why
  [3] abcd""")
    same("choices", [matrix.choices_of(Event("cell", values, "")) for values in ({"choices": "-"}, {}, {"choices": "a=b"})], ["", "", "a=b"])
    same("names", matrix.variant_name(log(cell("a/b", "none", "held")).first("cell")), "a/b choreo")


def one_machine() -> None:
    metal = machine(
        "x86-pc", cell("a/one", "none", "held", "evidence=seen"), cell("a/one", "none", "held", "reason=because", choices="zap=split"),
        cell("a/one", "none", "violated", "reason=bad"), cell("a/one", "none", "no_evidence"), cell("a/one", "none", "broken", "reason=x"),
        cell("a/old", "none", "caught", "ms=2 evidence=torn", choices="read=twice"),
        cell("a/two", "one", "caught", "ms=1"), cell("a/one", "one", "caught", "ms=1234"), cell("a/one", "one", "not_observed", "tries=5", "stress"),
        cell("a/one", "one", "masked", 'reason="a long sentence about a lock"', choices="zap=split"), cell("a/two", "two", "skipped", 'reason="needs 2 CPUs"'),
        cell("a/more", "more", "not_caught", "", "-"))
    same("the matrix of one machine", matrix.matrix([metal]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  x86-pc choreo                           x86-pc stress           x86-pc      with
  one        a/one   caught 1.2 s                            <yellow>not observed</> (5 tries)  not run
  one        a/one   masked by a long sentence about a lock  not run                 not run     zap=split
  two        a/two   skipped: needs 2 CPUs                   not run                 not run
  more       a/more  not run                                 not run                 <red>NOT CAUGHT</>

  not shown on this machine:
    two: needs 2 CPUs
    more: NOT CAUGHT, which fails the run
    1 barriers: only the explorer can show them (make explore)""")
    same("what holds", matrix.base_variants(metal), """\
<bold>The code with all guards on (x86-pc)</>

  held         a/one choreo  seen
  held         a/one choreo  because [zap=split]
  <red>violated</>     a/one choreo  bad
  <red>no_evidence</>  a/one choreo  no evidence
  <red>broken</>       a/one choreo  x

<bold>Historical algorithms, caught with all guards on (x86-pc)</>

  caught 2 ms  a/old choreo  torn [read=twice]
""")
    same("what holds with guards off", matrix.base_variants(machine("x", cell("a/b", "none", "held"), options="guard.one=off")), """\
<bold>The code with guard.one=off (x)</>

  held  a/b choreo  no evidence
""")
    same("no broken variants", matrix.matrix([machine("x86-pc", cell("a", "none", "held"))]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  x86-pc
  one        a/one   not run
  two        a/two   not run

  not shown on this machine:
    one, two: no scenario of it runs here
    1 barriers: only the explorer can show them (make explore)""")
    same("no base variants", matrix.base_variants(machine("x")), "")
    same("no guards", matrix.matrix([machine("x", head="")]), "Kill matrix: the log announces no guards.")
    wanted = machine("x86-pc", cell("a/one", "one", "held"), options="run=a/one")
    same("what nobody asked for has no row", matrix.matrix([wanted]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  x86-pc choreo
  one        a/one   held

  not shown on this machine:
    one: held
  not asked for: 1 other steps, 1 barriers""")
    same("none of it was asked for", matrix.matrix([machine("x86-pc", options="run=a/one")]), "")
    quiet = next(name for name, one in matrix.MACHINES.items() if any("mode=" in option and "stress" not in option for option in one.options))
    same("a machine whose options leave out stress", [column.title.replace(quiet, "QUIET") for column in matrix.columns(
        [machine(quiet, cell("a", "one", "caught"))])], ["QUIET choreo", "QUIET stress"])
    same("and all the same had it", [column.mode for column in matrix.columns([machine(quiet, cell("a", "one", "caught", "", "stress"))])], ["stress"])
    with instead(matrix, MACHINES={"m": type("Machine", (), {"options": ("exit=x", "mode=stress,choreo")})}):
        same("one whose options have it", matrix.modes(machine("m", cell("a", "one", "caught"))), ["choreo"])
    same("no modes", matrix.modes(machine("x86-pc", cell("a", "none", "held"))), ["-"])


def several() -> None:
    first = machine("left", cell("a/one", "one", "caught"), cell("a/one", "one", "caught", "", "stress"), cell("a/two", "two", "held", "", "stress"),
                    cell("a/one", "one", "caught", "", "stress", "zap=split"))
    other = machine("right", cell("a/other", "one", "masked", "reason=two"), cell("a/x", "two", "caught", choices="flush=nowait"),
                    cell("a/x", "two", "not_caught"))
    model = explored("split", cell("a/wall", "wall", "caught", "steps=5", "pso"), cell("a/wall", "wall", "caught", "steps=9", "tso"),
                     cell("a/wall", "wall", "held", "", "sc"), cell("a/two", "two", "caught", "steps=4", "sc"),
                     cell("a/one", "one", "caught", "steps=3", "sc"), cell("a/two", "one", "caught", "steps=2", "sc"))
    same("two machines and the explorer", matrix.matrix([first, other, model]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  left                   right          explored
  one        a/one   <green>caught</> choreo, stress  masked by two  <green>caught</> sc, 3 steps
  two        a/two   held                   <red>NOT CAUGHT</>     caught sc, 4 steps
  wall       a/wall  not run                not run        <green>caught</> tso, 9 steps

  holes: none""")
    same("one machine and the explorer", matrix.matrix([first, model]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  left choreo  left stress  explored             with
  one        a/one   <green>caught</>       <green>caught</>       <green>caught</> sc, 3 steps
  one        a/one   not run      <green>caught</>       not run              zap=split
  two        a/two   not run      held         <green>caught</> sc, 4 steps
  wall       a/wall  not run      not run      <green>caught</> tso, 9 steps

  holes: none""")
    same("the explorer alone", matrix.matrix([model]), """\
<bold>Kill matrix</>: the shipping code with one guard off, and whether that is noticed

  guard off  breaks  explored
  one        a/one   <green>caught</> sc, 3 steps
  two        a/two   <green>caught</> sc, 4 steps
  wall       a/wall  <green>caught</> tso, 9 steps

  holes: none""")
    two = matrix.Column("x", [machine("m", cell("a/other", "one", "caught", "ms=1"), cell("a/one", "one", "caught", "ms=2"))], "")
    guard = two.logs[0].first("guard")
    same("among equals that of the guard's own scenario", matrix.best_cell(two, guard, None).get("ms"), "2")
    same("with those choices", [matrix.best_cell(two, guard, choices) is None for choices in ("", "zap=split", None)], [False, True, False])
    same("in which modes a machine catches it", matrix.column_text(matrix.Column("x", [machine("m", *(
        cell("a", guard, result, mode=mode) for guard, result, mode in (("one", "caught", "probe"), ("two", "caught", "choreo"), ("one", "held", "choreo"),
                                                                        ("one", "caught", "stress"))))], ""),
        log(cell("a", "one", "caught")).first("cell")), "caught probe, stress")
    texts = [matrix.matrix([machine("m", *cells)])[2] for cells in (
        (cell("a", "one", "held", choices="b=c"), cell("a", "two", "held")), (cell("a", "one", "held"), cell("a", "two", "held")))]
    same("a column for choices, if there are any", [text.endswith("  with") for text in texts], [True, False])
    same("of no cell", matrix.column_text(two, None), "not run")
    same("a guard that only a cell names", matrix.guards([machine("m", cell("a", "new", "held"), head="")]),
         {"new": Event("guard", {"name": "new", "kind": "step"}, "")})
    rows = matrix.rows([first, other], matrix.columns([first, other]))
    same("rows are of guards", [(row.guard.get("name"), row.scenario, row.choices, [one and one.get("result") for one in row.cells]) for row in rows],
         [("one", "a/one", "", ["caught", "masked"]), ("two", "a/two", "", ["held", "not_caught"])])
    bare = machine("m", cell("a/cell", "g", "held"), head="# ev=guard name=g kind=step\n# ev=guard name=h kind=step\n")
    same("scenarios of cells, or none", [row.scenario for row in matrix.rows([bare], matrix.columns([bare]))], ["a/cell", "-"])
    same("of one machine that of the cell", [row.scenario for row in matrix.rows([machine("m", cell("a/x", "one", "held"))], matrix.columns(
        [machine("m", cell("a/x", "one", "held"))]))], ["a/x", "a/two"])
    cut = machine("cut", cell("a/one", "one", "held"), end="")
    same("one that ended early beside one that did not: all rows", [row.guard.get("name") for row in matrix.rows(
        [cut, first], matrix.columns([cut, first]))], ["one", "two"])


def holes_of(*logs: Log) -> list[str]:
    return holes.holes(list(logs), matrix.guards(list(logs)))


def holes_below() -> None:
    one, kept = cell("a/one", "one", "caught", "", "sc"), cell("a/wall", "wall", "masked", 'reason="an NMI"', "tso")
    metal = machine("metal", cell("a/one", "one", "held"))
    same("nobody catches two", holes_of(metal, explored("a", one, cell("a/wall", "wall", "held", "", "sc"), kept)), """\

  holes: <yellow>two</>
  a barrier that nothing kills: wall: an NMI""")
    same("a reason of a machine, or of a skip, keeps no barrier", holes_of(
        machine("m", cell("a/wall", "wall", "held", "reason=metal")), explored("a", one, cell("a/two", "two", "caught"),
                                                                            cell("a/wall", "wall", "skipped", "reason=x", "sc"))), """\

  holes: none
  barriers, holes: wall""")
    same("an explorer that was asked for a part", holes_of(metal, explored("a", one, options="run=a/one")), """\

  not shown on these machines:
    two: no scenario of it runs here
    1 barriers: only the explorer can show them (make explore)""")
    same("all was asked for a part", holes_of(machine("m", options="run=x"), explored("a", one, options="run=a/one")), """\

  not asked for: 1 other steps, 1 barriers""")
    same("none of it was run", holes_of(machine("m", options="run=x")), "\n  not asked for: 2 other steps, 1 barriers")
    same("what is new says more than anything", holes_of(machine("m", *(cell("a", "g", result, f"reason={result}") for result in ("not_caught", "new")),
                                                                 head="")), "\n  not shown on this machine:\n    g: new")
    same("asked for a part, and not caught", holes_of(machine("m", cell("a/two", "two", "held", "reason=why"), options="mode=choreo")), """\

  not shown on this machine:
    two: why
  not asked for: 1 other steps, 1 barriers""")
    same("a whole explorer beside a part", holes_of(machine("m", options="run=x"), explored("a", one)), """\

  holes: <yellow>two</>
  barriers, holes: wall""")
    reasons = ("another guard is off on the command line", "this variant is about choice.zap=split", "safe: no frames above 4 GiB",
               "needs 2 CPUs", "something else")
    left = [cell("a", f"g{n}", "skipped", f'reason="{reason}"') for n, reason in enumerate(reasons)]
    left += [cell("a", "both", "skipped", f'reason="{reasons[0]}"'), cell("a", "both", "skipped", "reason=x"),
             cell("a", "held", "held", f'reason="{reasons[0]}"')]
    same("left out by options", holes_of(machine("m", *left, head="")), """\

  not shown on this machine:
    g3: needs 2 CPUs
    g4: something else
    both, held: another guard is off on the command line
  left out by your options: g0, g1, g2""")
    same("where the options have cpus=", holes_of(machine("m", *left, options="cpus=1", head='# ev=cmdline text="{options}"\n')), """\

  not shown on this machine:
    g4: something else
    both, held: another guard is off on the command line
  left out by your options: g0, g1, g2, g3""")
    results = ("not_caught", "violated", "broken", "no_evidence", "not_observed", "masked", "held", "not_observable", "skipped", "new")
    same("the order of telling", holes.TELLING, results[:-1])
    every = machine("m", *(cell("a", result, result, f'reason="not observable here: {result} why"') for result in results), head="")
    same("why each is not shown", holes_of(every), """\

  not shown on this machine:
    not_caught: NOT CAUGHT, which fails the run
    violated: violated why
    broken: broken why
    no_evidence: no_evidence why
    not_observed: not observed in ? tries
    masked: masked by masked why
    held: held why
    not_observable: not_observable why
    skipped: skipped why
    new: new why""")
    bare = machine("m", *(cell("a", result, result) for result in ("held", "not_observed", "skipped")), cell("a", "tries", "not_observed", "tries=4"),
                   cell("a", "held", "skipped", "reason=later"), cell("a", "not_observed", "held", "reason=x"), head="")
    same("the cell that says most", holes_of(bare), """\

  not shown on this machine:
    held: held
    not_observed: not observed in ? tries
    skipped: skipped
    tries: not observed in 4 tries""")
    same("of two machines", holes_of(machine("m"), machine("n", cell("a/wall", "wall", "held", "reason=w"))), """\

  not shown on these machines:
    one, two: no scenario of it runs here
    wall: w""")
    same("all was caught", holes_of(machine("m", cell("a", "one", "caught"), cell("a", "two", "caught"), cell("a", "wall", "caught"))), "")


one_cell()
one_machine()
several()
holes_below()
finish()
