# SPDX-License-Identifier: MIT
"""What was probably meant by an option that is none of the valid ones. As a program: guess OPTION VALID ..."""
from __future__ import annotations

import difflib
import sys
from typing import Iterable


def nearest(option: str, valid: Iterable[str]) -> str:
    """One of the valid ones, or ""."""
    return next(iter(difflib.get_close_matches(option, list(valid))), "")


def did_you_mean(option: str, valid: Iterable[str]) -> str:
    """A sentence with a blank before it, or ""."""
    near = nearest(option, valid)
    return f" Did you mean {near}?" if near else ""


if __name__ == "__main__":
    print(did_you_mean(sys.argv[1], sys.argv[2:]).strip())
