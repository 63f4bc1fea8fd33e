# SPDX-License-Identifier: MIT
"""Blocks of a document that a program writes: what stands between these two lines, each on its own.

    <!-- made by make images: NAME -->
    <!-- end -->
"""
from __future__ import annotations

import re

BLOCK = re.compile(r"^<!-- made by make images: ([\w-]+) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> dict[str, str]:
    return dict(BLOCK.findall(text))


def filled(text: str, contents: dict[str, str]) -> str:
    """Raises KeyError for a block of the document that is not in `contents`."""
    return BLOCK.sub(lambda match: f"<!-- made by make images: {match.group(1)} -->\n{contents[match.group(1)]}"
                     "<!-- end -->", text)


def code(lines: list[str]) -> str:
    """Lines as a block of code."""
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)
