# SPDX-License-Identifier: MIT
"""Makes the mutants of a Python program."""
from __future__ import annotations

import ast
import types

from zapwalk.mutants.mutant import Collector, Edit, Mutant

SIGNS = {ast.Lt: ("bound", "<", "<="), ast.LtE: ("bound", "<=", "<"), ast.Gt: ("bound", ">", ">="),
         ast.GtE: ("bound", ">=", ">"), ast.Eq: ("negate", "==", "!="), ast.NotEq: ("negate", "!=", "=="),
         ast.In: ("negate", "in", "not in"), ast.Is: ("negate", "is", "is not"),
         ast.BitAnd: ("mask", "&", "|"), ast.BitOr: ("mask", "|", "&"),
         ast.LShift: ("mask", "<<", ">>"), ast.RShift: ("mask", ">>", "<<")}
SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Delete, ast.Continue, ast.Break)
# These calls only read, in the Python of tools/. They are of builtins, texts, tables, regular expressions, and our logs.
READS = {"all", "any", "bool", "bytes", "dict", "enumerate", "isinstance", "len", "list", "max", "min", "range", "set", "sorted", "str",
         "sum", "tuple", "zip", "decode", "encode", "endswith", "format", "get", "group", "groups", "items", "join", "keys", "lower",
         "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rpartition", "rstrip", "split", "splitlines", "startswith",
         "strip", "upper", "values", "findall", "fullmatch", "match", "search", "unpack_from", "Path", "cell", "first", "number"}
CONDITIONAL = (ast.If, ast.While, ast.IfExp)


class Maker:
    def __init__(self, path: str, source: str):
        self.collector = Collector(path, source)
        self.starts = [0]
        for line in source.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.lines = source.split("\n")

    def offset(self, line: int, column: int) -> int:
        """Returns the index in the text. ast counts columns in bytes of UTF-8."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.AST) -> tuple[int, int]:
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def visit(self, node: ast.AST, name: str) -> None:
        if isinstance(node, ast.JoinedStr):
            return  # because ast does not tell places inside an f-string
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            name = node.name if name == "(file)" else f"{name}.{node.name}"
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                self.block(block, name)
        self.expression(node, name)
        promises = [getattr(node, field, None) for field in ("annotation", "returns")]
        if isinstance(node, ast.ClassDef):
            promises += node.decorator_list
        for child in ast.iter_child_nodes(node):
            if child not in promises:  # because a hint or a frozen class changes nothing where the program is right
                self.visit(child, name)

    def block(self, block: list[ast.stmt], name: str) -> None:
        if name == "(file)":
            return  # because a file without an import or a constant cannot even be loaded
        simple = [node if isinstance(node, SIMPLE) and not is_text(node) else None for node in block]
        for node in simple:
            if node is not None:
                self.collector.drop("drop", name, *self.span(node), "pass")
        for one, other in zip(simple, simple[1:]):
            if one is not None and other is not None and not commute(one, other):
                self.collector.swap(name, self.span(one), self.span(other))

    def expression(self, node: ast.AST, name: str) -> None:
        if isinstance(node, CONDITIONAL):
            self.negate(node.test, name)
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                self.negate(test, name)
        elif isinstance(node, ast.BoolOp):
            old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:]):
                self.between("logic", name, left, right, old, new)
        elif isinstance(node, ast.Compare):
            for left, op, right in zip([node.left, *node.comparators], node.ops, node.comparators):
                if type(op) in SIGNS:
                    self.between(SIGNS[type(op)][0], name, left, right, *SIGNS[type(op)][1:])
        elif isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            self.between(SIGNS[type(node.op)][0], name, node.left, node.right, *SIGNS[type(node.op)][1:])
        elif isinstance(node, ast.Constant):
            self.constant(node, name)

    def between(self, rule: str, name: str, left: ast.expr, right: ast.expr, old: str, new: str) -> None:
        start, end = self.span(left)[1], self.span(right)[0]
        at = self.collector.source[start:end].find(old)
        if at >= 0:
            self.collector.add(rule, name, Edit(start + at, start + at + len(old), new))

    def negate(self, test: ast.expr, name: str) -> None:
        start, end = self.span(test)
        old = self.collector.source[start:end]
        self.collector.add("negate", name, Edit(start, end, f"(not ({old}))"), f"not ({old})")

    def constant(self, node: ast.Constant, name: str) -> None:
        edit = self.span(node)
        if isinstance(node.value, bool):
            self.collector.add("flag", name, Edit(*edit, str(not node.value)))
        elif isinstance(node.value, int):
            for new in (node.value + 1, node.value - 1):
                if new >= 0:
                    self.collector.add("constant", name, Edit(*edit, str(new)))


def dotted(node: ast.AST) -> str:
    """Returns a.b.c, or "" for anything but names."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return before and f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


class Touched:
    """The names read and the names written by an assignment. `open` says it may do more."""

    def __init__(self, node: ast.stmt):
        self.reads: set[str] = set()
        self.writes: set[str] = set()
        self.open = not isinstance(node, ast.Assign)
        self.look(node)

    def look(self, node: ast.AST) -> None:
        name = dotted(node)
        if name:
            (self.reads if isinstance(node.ctx, ast.Load) else self.writes).add(name)
            return
        if isinstance(node, ast.Call):
            self.open |= (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) not in READS
        elif isinstance(node, (ast.Subscript, ast.Attribute)):
            self.open |= not isinstance(node.ctx, ast.Load)
        self.open |= isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr))
        for child in ast.iter_child_nodes(node):
            self.look(child)

    def meets(self, other: Touched) -> bool:
        """True if it writes a name read or written by the other one, or a part of it."""
        return any(one == two or one.startswith(f"{two}.") or two.startswith(f"{one}.")
                   for one in self.writes for two in other.reads | other.writes)


def commute(one: ast.stmt, other: ast.stmt) -> bool:
    """True for two assignments with the same effect in either order. They only read beside, and neither reads a name written
    by the other."""
    first, second = Touched(one), Touched(other)
    return not (first.open or second.open or first.meets(second) or second.meets(first))


def is_text(node: ast.stmt) -> bool:
    """True for a docstring or an ellipsis."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mutants(path: str, source: str) -> list[Mutant]:
    maker = Maker(path, source)
    maker.visit(ast.parse(source), "(file)")
    return maker.collector.found


def same_code(one: types.CodeType, other: types.CodeType) -> bool:
    """Compares two codes but for their places in the source."""
    names = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_flags")
    if any(getattr(one, name) != getattr(other, name) for name in names) or len(one.co_consts) != len(other.co_consts):
        return False
    return all(same_constant(*pair) for pair in zip(one.co_consts, other.co_consts))


def same_constant(one: object, other: object) -> bool:
    if isinstance(one, types.CodeType) and isinstance(other, types.CodeType):
        return same_code(one, other)
    return type(one) is type(other) and one == other
