# SPDX-License-Identifier: MIT
"""The measurements as a picture, with gup_fast against its floor and zaps by the number of CPUs."""
from __future__ import annotations

import re
from pathlib import Path

from zapwalk.bench import Row, find, rows_of
from zapwalk.log import Log
from zapwalk.picture import save

GREY, BLUE, ORANGE, GREEN, INK = "#9aa1ab", "#2f6db5", "#d9822b", "#3b8f6b", "#333a44"
BAR = 0.27


def svg(logs: list[Log], path: Path) -> None:
    """Draws the left half from the first log, and the right half from the log with the most CPUs. Raises ImportError without
    matplotlib."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
                            "axes.edgecolor": INK, "text.color": INK, "svg.hashsalt": "zapwalk"})
    most = max(logs, key=lambda log: max((row.cpus for row in rows_of(log)), default=0))
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 5))
    bars(left, rows_of(logs[0]))
    curves(right, rows_of(most))
    figure.suptitle(f"Zapwalk, make bench: {origin([logs[0], most])}", x=0.012, ha="left", fontsize=11,
                    fontweight="bold")
    figure.text(0.012, 0.018, caption(), fontsize=7.5, va="bottom")
    figure.tight_layout(rect=(0, 0.09, 1, 0.97), w_pad=3)
    save(figure, path)


def origin(logs: list[Log]) -> str:
    names = ", ".join(dict.fromkeys(log.name for log in logs))
    return f"{names}, at git id {', '.join(dict.fromkeys(log.first('boot').get('git', '?') for log in logs))}"


def caption() -> str:
    return ("Bars and points are medians; the black tick of a bar and the shade below a curve reach down to the "
            "minimum. Floor: the dependent loads of a walk and one locked increment,\n"
            "untested. Linux: 6.1 in the same QEMU (TCG), another boot; for comparison only. "
            "What the table marks as noise is left out of the curves and pale among the bars.")

LINUX = re.compile(r"Linux [^:]+: (\d+)")  # tests/bench/walk.c


def linux(row: Row) -> float:
    """Returns the nanoseconds given by the log for comparison, or 0.0 if it gives none."""
    match = LINUX.fullmatch(row.event.get("context"))
    return float(match.group(1)) if match else 0.0


def bars(axis, rows: list[Row]) -> None:
    walks = [row for row in rows if row.name == "gup_fast"]
    for at, row in enumerate(walks):
        floor = find(rows, "floor_walk", 0, row.pages)
        bar(axis, at - BAR, floor.median if floor else 0, floor, GREY)
        bar(axis, at, row.median, row, BLUE)
        bar(axis, at + BAR, linux(row), None, ORANGE)
    for colour, label in ((GREY, "floor"), (BLUE, "gup_fast"), (ORANGE, "Linux 6.1 (context)")):
        axis.bar(0, 0, color=colour, label=label)
    axis.set_xticks(range(len(walks)), [str(row.pages) for row in walks])
    axis.set_xlabel("pages a call")
    axis.set_ylabel("ns a page")
    axis.set_title("A page grabbed without a lock", loc="left", fontsize=10)
    axis.legend(frameon=False)


def bar(axis, x: float, height: float, row: Row | None, colour: str) -> None:
    if not height:
        return
    hatch = {} if row else {"hatch": "///", "edgecolor": "white", "linewidth": 0}
    axis.bar(x, height, BAR * 0.92, color=colour, alpha=0.35 if row and row.is_noise else 1, **hatch)
    if row:
        axis.plot([x - BAR / 4, x + BAR / 4], [row.least] * 2, color="black", linewidth=1)
    axis.annotate(f"{height:.0f}", (x, height), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=8)


def curves(axis, rows: list[Row]) -> None:
    """Draws whole lines for sleeping CPUs, and broken lines for spinning ones."""
    lines = [(name + suffix, pages, f"{label}, others {doing}", colour, style)
             for suffix, doing, style in (("_asleep", "asleep", "-"), ("", "spinning", "--"))
             for name, pages, label, colour in (("zap", 32, "zap of 32 pages", GREEN),
                                                ("zap", 1, "zap of 1 page", BLUE),
                                                ("floor_ipi", 0, "floor: bare IPIs", GREY))]
    for name, pages, label, colour, style in lines:
        found = [row for row in rows if (row.name, row.pages) == (name, pages) and row.cpus and not row.is_noise]
        if name.startswith("zap"):
            found = [row for row in [find(rows, "zap", 0, pages)] if row and not row.is_noise] + found
        curve(axis, found, label, colour, style)
    axis.set_xticks(range(1, 2 + max((row.cpus for row in rows), default=0)))
    axis.set_ylim(bottom=0)
    axis.set_xlabel("CPUs that have the space loaded, the zapping one among them")
    axis.set_ylabel("µs a call")
    axis.set_title("Zap, shootdown, and mapping it again", loc="left", fontsize=10)
    axis.legend(frameon=False)


def curve(axis, rows: list[Row], label: str, colour: str, style: str) -> None:
    if len(rows) < 2:
        return
    xs = [1 + row.cpus for row in rows]
    axis.plot(xs, [row.median / 1000 for row in rows], style, color=colour, marker="o", markersize=4, label=label)
    axis.fill_between(xs, [row.least / 1000 for row in rows], [row.median / 1000 for row in rows], color=colour,
                      alpha=0.15, linewidth=0)
