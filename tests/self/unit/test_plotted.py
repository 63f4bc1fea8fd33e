#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""zapwalk.plot with a stand-in for matplotlib. Fails if the calls to draw a picture, compared one by one, have
changed."""
from __future__ import annotations

import re
import sys
import types
from pathlib import Path

from prepared import finish, instead, log, raises, same
from zapwalk import bench, plot
from zapwalk.log import Log


class Recorder:
    """Notes every call of itself and of its attributes."""

    def __init__(self, name: str, said: list[str]):
        self._name = name
        self._said = said

    def __getattr__(self, name: str) -> "Recorder":
        return Recorder(f"{self._name}.{name}", self._said)

    def __call__(self, *words: object, **named: object) -> object:
        shown = [*map(repr, words), *(f"{name}={value!r}" for name, value in named.items())]
        self._said.append(f"{self._name}({', '.join(shown)})")
        if self._name == "pyplot.subplots":
            return Recorder("figure", self._said), (Recorder("left", self._said), Recorder("right", self._said))
        return None


def measured(name: str, *rows: str, git: str = "1234567") -> Log:
    return log(f"# ev=boot git={git}\n" * bool(git) + "".join(f"# ev=bench {row}\n" for row in rows), name)


WALKS = ("name=floor_walk unit=ns median=20 min=15 pages=1 cpus=0", "name=gup_fast unit=ns median=30 min=29 ratio=1.5 floor=floor_walk pages=1 cpus=0 "
         'context="Linux 6.1: 70"', 'name=gup_fast unit=ns median=50.6 min=20 pages=16 cpus=0 context="Linux 6.1, cold: 7 and more"',
         "name=floor_walk unit=ns median=9 min=9 pages=16 cpus=1")
ZAPS = ("name=zap unit=ns median=1000 min=900 pages=1 cpus=0", "name=zap unit=ns median=5000 min=1000 pages=32 cpus=0",
        "name=zap unit=ns median=9000 min=8000 pages=1 cpus=1", "name=zap unit=ns median=12000 min=11000 pages=1 cpus=2",
        "name=zap_asleep unit=ns median=9500 min=9100 pages=1 cpus=1", "name=floor_ipi unit=ns median=2000 min=1500 pages=0 cpus=1",
        "name=floor_ipi unit=ns median=2500 min=2400 pages=0 cpus=2", "name=floor_ipi unit=ns median=9500 min=2400 pages=0 cpus=3",
        "name=zap unit=ns median=31000 min=30000 pages=32 cpus=1",
        "name=zap unit=ns median=33000 min=32000 pages=32 cpus=2")


def pictures() -> None:
    said: list[str] = []
    library = types.ModuleType("matplotlib")
    library.use, library.pyplot = Recorder("use", said), Recorder("pyplot", said)
    few, many = measured("few", *WALKS), measured("many", *ZAPS, git="7654321")
    sys.modules["matplotlib"], sys.modules["matplotlib.pyplot"] = library, library.pyplot
    plot.save = lambda figure, path: said.append(f"save {path}")
    plot.svg([few, many], Path("a.svg"))
    same("the whole picture", said, """\
use('svg')
pyplot.rcParams.update({'font.size': 9, 'axes.spines.top': False, 'axes.spines.right': False, 'axes.edgecolor': '#333a44', 'text.color': '#333a44', 'svg.hashsalt': 'zapwalk'})
pyplot.subplots(1, 2, figsize=(11, 5))
left.bar(-0.27, 20.0, 0.24840000000000004, color='#9aa1ab', alpha=1)
left.plot([-0.3375, -0.2025], [15.0, 15.0], color='black', linewidth=1)
left.annotate('20', (-0.27, 20.0), xytext=(0, 2), textcoords='offset points', ha='center', fontsize=8)
left.bar(0, 30.0, 0.24840000000000004, color='#2f6db5', alpha=1)
left.plot([-0.0675, 0.0675], [29.0, 29.0], color='black', linewidth=1)
left.annotate('30', (0, 30.0), xytext=(0, 2), textcoords='offset points', ha='center', fontsize=8)
left.bar(0.27, 70.0, 0.24840000000000004, color='#d9822b', alpha=1, hatch='///', edgecolor='white', linewidth=0)
left.annotate('70', (0.27, 70.0), xytext=(0, 2), textcoords='offset points', ha='center', fontsize=8)
left.bar(1, 50.6, 0.24840000000000004, color='#2f6db5', alpha=0.35)
left.plot([0.9325, 1.0675], [20.0, 20.0], color='black', linewidth=1)
left.annotate('51', (1, 50.6), xytext=(0, 2), textcoords='offset points', ha='center', fontsize=8)
left.bar(0, 0, color='#9aa1ab', label='floor')
left.bar(0, 0, color='#2f6db5', label='gup_fast')
left.bar(0, 0, color='#d9822b', label='Linux 6.1 (context)')
left.set_xticks(range(0, 2), ['1', '16'])
left.set_xlabel('pages a call')
left.set_ylabel('ns a page')
left.set_title('A page grabbed without a lock', loc='left', fontsize=10)
left.legend(frameon=False)
right.plot([1, 2], [1.0, 9.5], '-', color='#2f6db5', marker='o', markersize=4, label='zap of 1 page, others asleep')
right.fill_between([1, 2], [0.9, 9.1], [1.0, 9.5], color='#2f6db5', alpha=0.15, linewidth=0)
right.plot([2, 3], [31.0, 33.0], '--', color='#3b8f6b', marker='o', markersize=4, label='zap of 32 pages, others spinning')
right.fill_between([2, 3], [30.0, 32.0], [31.0, 33.0], color='#3b8f6b', alpha=0.15, linewidth=0)
right.plot([1, 2, 3], [1.0, 9.0, 12.0], '--', color='#2f6db5', marker='o', markersize=4, label='zap of 1 page, others spinning')
right.fill_between([1, 2, 3], [0.9, 8.0, 11.0], [1.0, 9.0, 12.0], color='#2f6db5', alpha=0.15, linewidth=0)
right.plot([2, 3], [2.0, 2.5], '--', color='#9aa1ab', marker='o', markersize=4, label='floor: bare IPIs, others spinning')
right.fill_between([2, 3], [1.5, 2.4], [2.0, 2.5], color='#9aa1ab', alpha=0.15, linewidth=0)
right.set_xticks(range(1, 5))
right.set_ylim(bottom=0)
right.set_xlabel('CPUs that have the space loaded, the zapping one among them')
right.set_ylabel('µs a call')
right.set_title('Zap, shootdown, and mapping it again', loc='left', fontsize=10)
right.legend(frameon=False)
figure.suptitle('Zapwalk, make bench: few, many, at git id 1234567, 7654321', x=0.012, ha='left', fontsize=11, fontweight='bold')
figure.text(0.012, 0.018, 'Bars and points are medians; the black tick of a bar and the shade below a curve reach down to the minimum. Floor: the dependent loads of a walk and one locked increment,\\nuntested. Linux: 6.1 in the same QEMU (TCG), another boot; for comparison only. What the table marks as noise is left out of the curves and pale among the bars.', fontsize=7.5, va='bottom')
figure.tight_layout(rect=(0, 0.09, 1, 0.97), w_pad=3)
save a.svg""")
    del said[:]
    with instead(plot, bars=lambda axis, rows: said.append(f"bars of {len(rows)}"), curves=lambda axis, rows: said.append(f"curves of {len(rows)}")):
        plot.svg([many, few, measured("none")], Path("a.svg"))
    same("left the first log, right the one with the most CPUs", [line for line in said if re.match(r"\w+ of ", line)], "bars of 10\ncurves of 10")
    sys.modules["matplotlib"] = None  # type: ignore[assignment]
    raises("without matplotlib", ImportError, "import of matplotlib halted; None in sys.modules", plot.svg, [few], Path("a.svg"))


def parts() -> None:
    few, many, bare = measured("few", *WALKS), measured("many", *ZAPS, git="7654321"), measured("few", git="")
    same("where it comes from", [plot.origin(logs) for logs in ([few, many], [few, few], [few, bare])],
         ["few, many, at git id 1234567, 7654321", "few, at git id 1234567", "few, at git id 1234567, ?"])
    same("what the log says of Linux", [plot.linux(row) for row in bench.rows_of(few)], [0.0, 70.0, 0.0, 0.0])
    said: list[str] = []
    plot.bar(Recorder("axis", said), 1, 0, bench.rows_of(few)[0], "c")
    plot.curve(Recorder("axis", said), bench.rows_of(few)[:1], "l", "c", "-")
    same("nothing is drawn of nothing", said, [])
    plot.curves(Recorder("axis", said), [])
    same("axes without rows", said, """\
axis.set_xticks(range(1, 2))
axis.set_ylim(bottom=0)
axis.set_xlabel('CPUs that have the space loaded, the zapping one among them')
axis.set_ylabel('µs a call')
axis.set_title('Zap, shootdown, and mapping it again', loc='left', fontsize=10)
axis.legend(frameon=False)""")


pictures()
parts()
finish()
