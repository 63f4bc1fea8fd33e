# SPDX-License-Identifier: MIT
"""Pictures as SVG by matplotlib, for the kill matrix and for witnesses as lanes. All raise ImportError if it is missing."""
from __future__ import annotations

import itertools
import textwrap
from dataclasses import dataclass
from pathlib import Path

from zapwalk import explored, matrix, witness
from zapwalk.log import Event, Log, Witness

INK, FAINT, LINE, PAPER = "#1c2733", "#66717d", "#c9d1d9", "#ffffff"
# Background and ink for each result.
CELLS = {"caught": ("#cdeccf", "#0f5323"), "masked": ("#d6e4f7", "#123f7a"), "not_caught": ("#f9c9c6", "#8a1610"),
         "broken": ("#f9c9c6", "#8a1610")}
OTHER = ("#f0f2f4", FAINT)
LANES = ["#2166ac", "#b35806", "#1b7837", "#762a83"]


def canvas(inches_wide: float, inches_high: float):
    """Makes a figure of one page, measured in inches from its upper left corner."""
    import matplotlib

    matplotlib.use("svg")
    # The same log gives the same picture, byte for byte. Text stays text, because this takes a quarter of the size.
    # Each text of the picture names all these families. Of matplotlib's list a third of the file would be such names.
    matplotlib.rcParams.update({"svg.hashsalt": "zapwalk", "svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans"]})
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(inches_wide, inches_high), facecolor=PAPER)
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set_xlim(0, inches_wide)
    axis.set_ylim(inches_high, 0)
    axis.axis("off")
    return figure, axis


def save(figure, path: Path) -> None:
    figure.savefig(path, format="svg", metadata={"Date": None})
    # Every file of this project has the licence line, and no blanks at ends of lines.
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join([lines[0], "<!-- SPDX-License-Identifier: MIT -->", *lines[1:]]) + "\n", encoding="utf-8")


# --- the kill matrix ---------------------------------------------------------------------------

ROW, HEAD = 0.46, 1.45  # inches of a row, and above the rows


@dataclass(frozen=True)
class Layout:
    """Places and sizes. All are inches but for the last."""
    second: float  # the left end of the column "what breaks", or 0 if there is none
    left: float  # all words
    cell: float  # a column of cells
    meaning: int  # characters of a guard's meaning


WHOLE, SMALL = Layout(4.75, 7.0, 1.9, 80), Layout(0, 3.0, 1.25, 46)
MODES = {"probe": "one look", "choreo": "by a script", "stress": "free-running", "": "all modes"}


def kill_matrix(logs: list[Log], path: Path, caption: str, names: tuple[str, ...] = ()) -> None:
    """Draws the table of matrix.py. With `names` it has the rows of these guards only, small enough for the first page."""
    layout = SMALL if names else WHOLE
    columns = matrix.columns(logs)
    rows = [row for row in matrix.rows(logs, columns) if not names or row.guard.get("name") in names]
    wide = layout.left + layout.cell * len(columns) + 0.3
    figure, axis = canvas(wide, HEAD + ROW * len(rows) + 0.75)
    axis.text(0.3, 0.42, "One step of the protocol left out, and whether that is noticed", color=INK, fontsize=15,
              fontweight="bold", va="center")
    axis.text(0.3, 0.72, "Each row: Zapwalk's own code with one guard off. Each column: where it was run"
              + ("." if names else ", by a script and freely; a dash: nothing to run there."), color=FAINT, fontsize=9.5, va="center")
    for i, column in enumerate(columns):
        middle = layout.left + layout.cell * (i + 0.5)
        axis.text(middle, HEAD - 0.35, column.title, color=INK, fontsize=9.5, fontweight="bold", ha="center")
        how = "every interleaving" if explored.is_explored(column.logs[0]) else MODES.get(column.mode, "")
        axis.text(middle, HEAD - 0.16, how, color=FAINT, fontsize=8, ha="center")
    axis.text(0.3, HEAD - 0.35, "the step that is left out", color=INK, fontsize=9.5, fontweight="bold")
    if layout.second:
        axis.text(layout.second, HEAD - 0.35, "what breaks", color=INK, fontsize=9.5, fontweight="bold")
    for n, row in enumerate(rows):
        matrix_row(axis, HEAD + ROW * n, wide, row, columns, layout)
    bottom = HEAD + ROW * len(rows)
    legend(axis, bottom + 0.28)
    axis.text(wide - 0.3, bottom + 0.56, caption, color=FAINT, fontsize=8, ha="right", va="center")
    save(figure, path)


def matrix_row(axis, top: float, wide: float, row: matrix.Row, columns: list[matrix.Column], layout: Layout) -> None:
    from matplotlib.patches import Rectangle

    axis.plot([0.3, wide - 0.3], [top, top], color=LINE, linewidth=0.6)
    axis.text(0.3, top + 0.17, row.guard.get("name"), color=INK, fontsize=9, va="center", family="monospace",
              fontweight="bold")
    axis.text(0.3, top + 0.345, textwrap.shorten(row.guard.get("meaning"), layout.meaning, placeholder=" ..."), color=FAINT,
              fontsize=7.2, va="center")
    if layout.second:
        axis.text(layout.second, top + (0.17 if row.choices else 0.24), row.scenario, color=INK, fontsize=8.5, va="center",
                  family="monospace")
        axis.text(layout.second, top + 0.345, row.choices.replace(",", " "), color=FAINT, fontsize=6, va="center")
    for i, (column, cell) in enumerate(zip(columns, row.cells)):
        ground, ink = CELLS.get(cell.get("result"), OTHER) if cell else (PAPER, LINE)
        left = layout.left + layout.cell * i
        axis.add_patch(Rectangle((left + 0.04, top + 0.04), layout.cell - 0.08, ROW - 0.08, color=ground, linewidth=0))
        axis.text(left + layout.cell / 2, top + ROW / 2, short(matrix.column_text(column, cell) if cell else "-", bool(layout.second)),
                  color=ink, fontsize=8.5, ha="center", va="center", linespacing=1.1)


def short(text: str, is_wide: bool = True) -> str:
    """Returns at most two short lines."""
    if len(text) <= (24 if is_wide else 14):
        return text
    if text.startswith("caught ") and not is_wide:
        return text.replace(" ", "\n", 1)
    head, between, tail = text.partition(" (" if " (" in text else ": " if ": " in text else " by ")
    return head if not tail or len(tail) > (30 if is_wide else 18) else f"{head}{between.rstrip(' :(')}\n{tail.rstrip(')')}"


def legend(axis, y: float) -> None:
    from matplotlib.patches import Rectangle

    said = [("caught", "the rule was seen to fall"), ("masked", "another guard stands in"),
            ("not_caught", "not caught: the run fails"), ("", "not observable, or met too rarely")]
    x = 0.3
    for result, text in said:
        axis.add_patch(Rectangle((x, y - 0.08), 0.24, 0.16, color=CELLS.get(result, OTHER)[0], linewidth=0))
        axis.text(x + 0.32, y, text, color=INK, fontsize=8, va="center")
        x += 0.72 + 0.0585 * len(text)


# --- witnesses ---------------------------------------------------------------------------------

TEXT, GAP, TOP, LANE = 0.16, 0.08, 1.7, 3.9  # inches of a line of text, between steps, above them, and of a lane
WAITING = "#8a5a00"


def lanes(witnesses: list[tuple[Witness, str]], path: Path, caption: str = "") -> None:
    """Draws each (witness, variant), side by side. Time runs down, and each CPU has a lane."""
    sizes = [0.6 + LANE * max(1, len(witness.lanes(one))) for one, _ in witnesses]
    bottom = TOP + max(sum(map(height, one.steps)) for one, _ in witnesses)
    below = 0.14 * caption.count("\n")
    figure, axis = canvas(sum(sizes), bottom + 0.7 + below)
    left = 0.0
    for (one, variant), size in zip(witnesses, sizes):
        one_witness(axis, left, size, one, variant)
        left += size
    axis.text(0.3, bottom + 0.45 + below / 2, caption, color=FAINT, fontsize=8, va="center")
    save(figure, path)


def one_witness(axis, left: float, size: float, one: Witness, variant: str) -> None:
    axis.text(left + 0.3, 0.35, witness.title(one, variant), color=INK, fontsize=12, fontweight="bold", va="center")
    for y, key in ((0.60, "rule"), (0.79, "saw"), (0.98, "see")):
        text = textwrap.shorten(one.head.get(key), int(size * 16), placeholder=" ...")
        axis.text(left + 0.3, y, f"{key}: {text}", color=FAINT, fontsize=8, va="center")
    tops = list(itertools.accumulate(map(height, one.steps), initial=TOP))
    place = {}
    for i, (cpu, role) in enumerate(witness.lanes(one)):
        place[cpu] = (left + 0.75 + LANE * i, LANES[i % len(LANES)])
        x, colour = place[cpu]
        axis.plot([x, x], [TOP - 0.12, tops[-1] - 0.2], color=colour, alpha=0.25, linewidth=5, solid_capstyle="round")
        axis.text(x, TOP - 0.32, f"CPU {cpu}" + (f", {role}" if role else ""), color=colour, fontsize=10.5,
                  fontweight="bold", ha="left", va="center")
    points = [(*place[step.get("cpu", "?")], top + 0.06) for step, top in zip(one.steps, tops)]
    for (x, _, y), (next_x, _, next_y) in zip(points, points[1:]):
        if x != next_x:
            axis.plot([x, next_x], [y, next_y], color=LINE, linewidth=1, zorder=1)
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    for n, (step, (x, colour, y)) in enumerate(zip(one.steps, points), 1):
        axis.scatter([x], [y], color=colour, s=26, zorder=3)
        axis.text(x - 0.14, y, str(n), color=FAINT, fontsize=7.5, ha="right", va="center", zorder=3, bbox=paper)
        for i, (text, style) in enumerate(texts(step)):
            axis.text(x + 0.17, y - 0.07 + TEXT * i, text, va="center", bbox=paper, zorder=2, **style)


def texts(step: Event) -> list[tuple[str, dict]]:
    """Returns the lines beside a step, with its action, its stores on their way to memory, and its place."""
    big, small = {"color": INK, "fontsize": 8.5, "family": "monospace"}, {"color": FAINT, "fontsize": 7}
    waiting = f"in its store buffer: {step.get('buffer')}" if step.get("buffer") else ""
    return [*((text, big) for text in textwrap.wrap(doing(step), 46, subsequent_indent="  ")),
            *((text, {**small, "color": WAITING}) for text in textwrap.wrap(waiting, 62)),
            *((text, small) for text in (step.get("note"), witness.place(step)) if text)]


def height(step: Event) -> float:
    return TEXT * len(texts(step)) + GAP


def doing(step: Event) -> str:
    """Returns the action. A race point without a value passes 0, so 0 is left out, but not that of a walker's read."""
    value, did = step.get("value"), step.get("do", "?")
    shown = value if value not in ("", "0x0") or did == "pte_read_done" or " " in did else ""
    return did + (f" = {shown}" if shown else "")
