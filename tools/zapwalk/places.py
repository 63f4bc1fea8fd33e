# SPDX-License-Identifier: MIT
"""Where things are: seen from the repository's root, in which every program of tools/ works."""
from __future__ import annotations

import os
from pathlib import Path

BUILD = Path(os.environ.get("O") or "build")  # as make has it: O=DIR
LOGS = BUILD / "logs"
OTHER = LOGS / "other"  # of runs that do not stand for their machine
