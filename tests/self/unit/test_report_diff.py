#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.diff. Fails if the changes between two logs, compared in full, are wrong."""
from __future__ import annotations

from prepared import finish, same
from report_logs import done, of
from zapwalk import diff


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


changes()
finish()
