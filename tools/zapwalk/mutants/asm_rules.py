# SPDX-License-Identifier: MIT
"""Makes the mutants of an assembly file (.S), where each instruction has a line of its own."""
from __future__ import annotations

import re

from zapwalk.mutants.c_tokens import DIRECTIVE, hidden_comments
from zapwalk.mutants.mutant import Collector, Edit, Mutant

LABEL = re.compile(r"\s*(?:(\w+):)?[ \t]*")
INSTRUCTION = re.compile(r"[a-z][\w.]*(?:[ \t]+[^\n]*)?")
SAVES = re.compile(r"push|pop|stm|lm|(?:s[wd]|l[wd]|stg?|lg?)\s[^,]*,.*\((?:\$sp|%r15|%esp)\)")
NUMBER = re.compile(r"(?<![\w.$%])\$?(\d+)(?![\w:])")


def code_lines(source: str) -> list[tuple[str, int, int]]:
    """Returns (label above, start, end) of each instruction, without blanks, labels and comments around it."""
    text = DIRECTIVE.sub(lambda match: " " * len(match.group()) if "\n" not in match.group() else
                         re.sub(r"[^\n]", " ", match.group()), hidden_comments(source))
    found, label, start = [], "top", 0
    for line in text.split("\n"):
        head = LABEL.match(line)
        if head and head[1] and not head[1].isdigit():
            label = head[1]
        at = head.end() if head else 0
        rest = line[at:].rstrip()
        if INSTRUCTION.fullmatch(rest) and not rest.startswith("."):
            found.append((label, start + at, start + at + len(rest)))
        start += len(line) + 1
    return found


def mutants(path: str, source: str) -> list[Mutant]:
    collector = Collector(path, source)
    lines, bare = code_lines(source), hidden_comments(source)
    for label, start, end in lines:
        text = source[start:end]
        collector.drop("save" if SAVES.match(text) else "drop", label, start, end, "")
        for match in NUMBER.finditer(text):
            for new in (int(match[1]) + 1, int(match[1]) - 1):
                if new >= 0:
                    collector.add("constant", label, Edit(start + match.start(1), start + match.end(1), str(new)))
    for (label, *one), (other_label, *other) in zip(lines, lines[1:]):
        if label == other_label and not bare[one[1]:other[0]].strip():
            collector.swap(label, (one[0], one[1]), (other[0], other[1]))
    return collector.found
