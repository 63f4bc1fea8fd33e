# SPDX-License-Identifier: MIT
"""The places of files, seen from the repository's root. Every program of tools/ works there."""
from __future__ import annotations

import os
from pathlib import Path

BUILD = Path(os.environ.get("O") or "build")  # by O=DIR, as in make
LOGS = BUILD / "logs"
OTHER = LOGS / "other"  # of runs not standing for their machine
