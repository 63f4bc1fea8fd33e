# SPDX-License-Identifier: MIT
"""The lines of a C source, each with its function."""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HEAD = re.compile(r"^[A-Za-z_][^;={]*?\b(\w+)\(")  # of a function, at the start of a line


def lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yields number, function and text of each line of code. A comment's lines are left out."""
    function = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        head = HEAD.match(line)
        function = head[1] if head else function
        if line[:1].isspace() and not line.lstrip().startswith(("*", "/*")):
            yield number, function, line
