# SPDX-License-Identifier: MIT
"""The option svg=FILE. It makes a picture, or complains."""
from __future__ import annotations

from pathlib import Path
from typing import Callable

from zapwalk import mail, picture, report
from zapwalk.log import Log


def save(draw: Callable[[Path], None], path: Path, what: str) -> str:
    """Returns a complaint, or ""."""
    try:
        draw(path)
    except ImportError:
        return "svg: needs matplotlib: apt-get install python3-matplotlib"
    except OSError as error:
        return f"svg: {path}: {error.strerror}"
    print(f"{path}: {what}")
    return ""


def witnesses(logs: list[Log], everything: bool, path: Path) -> str:
    """Draws the witnesses of failures as lanes. If there are none, or everything is asked for, draws all. Returns as save()."""
    picked = report.chosen(logs, everything) or report.chosen(logs, True)
    chosen = [(one, log.variant_text(one.head.get("n"))) for log, one in picked]
    if not chosen:
        return "svg: there is no witness in the log (the option `verbose` prints one for every caught cell)"
    captions = dict.fromkeys(f"Zapwalk, git id {mail.git_id(log)}: {mail.repeated(log, one)}" for log, one in picked)
    return save(lambda to: picture.lanes(chosen, to, "\n".join(captions)), path, f"{len(chosen)} witness(es)")
