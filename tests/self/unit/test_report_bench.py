#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.stress and zapwalk.bench. Fails if the histograms of stress or the measurements of the benchmark, each
compared in full, are wrong."""
from __future__ import annotations

from prepared import finish, instead, same
from report_logs import of
from zapwalk import bench, stress
from zapwalk.bench import Row
from zapwalk.log import Event, Log


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
    same("each has the last floor before it", [(row.name, *(floor.get("median") for floor in row.floors), row.is_noise, row.ratio_text) for row in bench.rows_of(noisy)],
         [("f", True, "noise"), ("r", "50", True, "noise"), ("f", False, "-"), ("s", "9", False, "1.2x"), ("f", "9", False, "-")])
    rows = bench.rows_of(measured("name=a median=5 pages=1 cpus=2", "name=a_asleep median=4 pages=1 cpus=2", "name=b median=4 pages=1 cpus=2",
                                  "name=b_asleep median=4 pages=1 cpus=2", "name=c median=5 pages=2 cpus=2", "name=c_asleep median=4 pages=1 cpus=2"))
    same("spinning, and later than asleep", [(row.name, row.is_late) for row in rows if not row.name.endswith("asleep")],
         [("a", True), ("b", False), ("c", False)])
    quiet, loud = "unit=ns median=9 min=9", "unit=ns median=19 min=9"
    summed = [f"name=a {quiet}", f"name=b {loud}", f"name=c {quiet}", *(
        f"name=x {quiet} ratio=1.5 floor={floor}" for floor in ("a+c", "a+b", "b+c", "c+gone", "gone+b", "b+c+a"))]
    same("a floor that is a sum, and noise if one of its parts is", [
        (row.event.get("floor"), [floor.get("name") for floor in row.floors], row.ratio_text) for row in bench.rows_of(measured(*summed))[3:]],
        [("a+c", ["a", "c"], "1.5x"), ("a+b", ["a", "b"], "noise"), ("b+c", ["b", "c"], "noise"), ("c+gone", ["c"], "1.5x"), ("gone+b", ["b"], "noise"),
         ("b+c+a", ["b", "c", "a"], "noise")])
    same("both of its names are in the table", bench.digest(measured(*(
        "name=floor_fault unit=ns median=900.0 min=800.0 ratio=- floor=- per=fault pages=0 cpus=0",
        "name=floor_fill unit=ns median=1800.0 min=1700.0 ratio=- floor=- per=page pages=0 cpus=0",
        "name=anonymous_fault unit=ns median=3600.0 min=3500.0 ratio=1.33 floor=floor_fault+floor_fill per=fault pages=0 cpus=0")), of("")), """\
<bold>Bench</>: ratios to the floor of the same boot

  what             pages  other CPUs  median  min     unit        ratio  to its floor            for comparison
  floor_fault      0      0           900.0   800.0   ns a fault  -      -
  floor_fill       0      0           1800.0  1700.0  ns a page   -      -
  anonymous_fault  0      0           3600.0  3500.0  ns a fault  1.33x  floor_fault+floor_fill""")
    same("noise by the ratio", [Row(Event("bench", {"ratio": ratio}, ""), []).is_noise for ratio in ("0", "0.01", "0.99", "1", "x")],
         [False, True, True, False, False])
    same("a row starts as none", (Row(Event("b", {}, ""), []).is_late, Row(Event("b", {}, ""), []).is_noise), (False, False))
    same("numbers that are missing", [(row.pages, row.cpus, row.median, row.least, row.ratio) for row in [Row(Event("b", {}, ""), [])]],
         [(0, 0, 0.0, 0.0, 0.0)])


def scaled(most: int, floor: str = "floor_ipi") -> Log:
    """Makes measurements up to `most` CPUs. Each time is unique, so a wrong row shows."""
    rows = ["name=zap unit=ns median=1000 min=900 pages=1 cpus=0 ratio=2 floor=x", "name=zap unit=ns median=3200 min=3200 pages=32 cpus=0",
            "name=tables_once unit=ns median=1 min=1 cpus=0", "name=flush_all_x unit=ns median=1 min=1 cpus=0", "name=flush_pages unit=ns median=1 min=1"]
    for cpus in range(1, most + 1):
        for suffix, extra in (("", 0), ("_asleep", 100)):
            if cpus == 2 and not suffix:
                extra = 500  # spinning is slower than asleep here
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


histograms()
measurements()
scaling()
finish()
