# SPDX-License-Identifier: MIT
"""Blocks of a document written by a program. Such a block stands between these two lines.

    <!-- made by make images: NAME -->
    <!-- end -->
"""
from __future__ import annotations

import re

BLOCK = re.compile(r"^<!-- made by make images: ([\w-]+) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> dict[str, str]:
    return dict(BLOCK.findall(text))


def filled(text: str, contents: dict[str, str]) -> str:
    """Fills the blocks. Raises KeyError for a block of the document without an entry in `contents`."""
    return BLOCK.sub(lambda match: f"<!-- made by make images: {match.group(1)} -->\n{contents[match.group(1)]}"
                     "<!-- end -->", text)


def code(lines: list[str]) -> str:
    """Returns the lines as a block of code."""
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)
