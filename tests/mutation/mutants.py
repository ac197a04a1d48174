"""Mutants of functions: the same function with one small mistake.

A mistake is another comparison, another connective, a dropped `not`, a number that is off, a sum
that is a difference. Only the function's code is exchanged, so that whoever has imported it has the
mutant too.
"""

import ast
import copy
import importlib
import inspect
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: where it is, what it was and what it is now."""

    module: str
    function: str
    line: int
    change: str
    number: int

    def __str__(self) -> str:
        """Where and what."""
        return f"{self.module}:{self.line} {self.function}: {self.change}"


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant of every function of a module."""
    found = []
    for name, function in _functions(_tree(module)):
        for number, (line, change) in enumerate(_mistakes(function)):
            found.append(Mutant(module, name, line, change, number))
    return found


def put_in(mutant: Mutant) -> None:
    """Exchange the function's code in this process, for whoever has it."""
    tree = _tree(mutant.module)
    function = dict(_functions(tree))[mutant.function]
    list(_mistakes(function, apply=mutant.number))
    ast.fix_missing_locations(tree)
    module = importlib.import_module(mutant.module)
    whole = compile(tree, str(module.__file__), "exec")
    _target(module, mutant.function).__code__ = _code(whole, mutant.function)


def _tree(module: str) -> ast.Module:
    path = importlib.import_module(module).__file__
    assert path is not None
    return ast.parse(Path(path).read_text(encoding="utf-8"))


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                plain = isinstance(inner, ast.FunctionDef) and not inner.decorator_list
                if isinstance(inner, ast.FunctionDef) and plain:
                    yield f"{node.name}.{inner.name}", inner


def _mistakes(function: ast.FunctionDef, apply: int | None = None) -> Iterator[tuple[int, str]]:
    """Each mistake with its line; the one that is applied changes the tree in place."""
    number = -1
    for node in ast.walk(function):
        for change, do in _changes(node):
            number += 1
            if apply is None:
                yield node.lineno, change  # type: ignore[attr-defined]
            elif number == apply:
                do()
                yield 0, change
                return


def _changes(node: ast.AST) -> Iterator[tuple[str, types.FunctionType]]:
    """What may be wrong with this node, and how to make it so."""
    before = ast.unparse(node) if isinstance(node, ast.expr) else ""
    for spoil in _SPOILS:
        other = spoil(copy.deepcopy(node))
        if other is not None:

            def do(node: ast.AST = node, other: ast.AST = other) -> None:
                node.__class__ = other.__class__
                node.__dict__.update(other.__dict__)

            yield f"{before} -> {ast.unparse(other)}", do


def _compare(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Compare):
        return None
    node.ops[0] = _COMPARED[type(node.ops[0])]()
    return node


def _connect(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.BoolOp):
        return None
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return node


def _compute(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.BinOp) or type(node.op) not in _COMPUTED:
        return None
    if any(isinstance(part, ast.JoinedStr) for part in (node.left, node.right)):
        return None
    node.op = _COMPUTED[type(node.op)]()
    return node


def _drop(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        return node.operand
    return None


def _count(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool | int | float):
        return None
    value = node.value
    return ast.Constant(not value if isinstance(value, bool) else value + 1)


_SPOILS = (_compare, _connect, _compute, _drop, _count)


def _target(module: types.ModuleType, name: str) -> types.FunctionType:
    holder: object = module
    for part in name.split("."):
        holder = inspect.getattr_static(holder, part)
    found = inspect.unwrap(holder)  # type: ignore[arg-type]
    assert isinstance(found, types.FunctionType)
    return found


def _code(whole: types.CodeType, name: str) -> types.CodeType:
    for part in name.split("."):
        inner = (one for one in whole.co_consts if isinstance(one, types.CodeType))
        whole = next(one for one in inner if one.co_name == part)
    return whole
