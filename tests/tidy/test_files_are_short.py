"""One idea per file, one thing per function."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.tidy.sources import PACKAGES, ROOT, python_files

FILE_LINES: Final = 300
FUNCTION_LINES: Final = 40

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def code_lines(function: Function) -> int:
    """Lines on which code begins: no docstring, comment, blank or closing bracket."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return len({
        node.lineno for statement in body for node in ast.walk(statement) if hasattr(node, "lineno")
    })  # fmt: skip


def test_no_file_is_long() -> None:
    files = python_files(*PACKAGES, "tests")

    long = {
        str(path.relative_to(ROOT)): lines
        for path in files
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }

    assert files
    assert long == {}


def test_no_function_is_long() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}": code_lines(function)
        for path in python_files(*PACKAGES)
        for function in functions(path)
        if code_lines(function) > FUNCTION_LINES
    }

    assert long == {}


def test_docstrings_and_comments_do_not_count() -> None:
    (function,) = ast.parse(
        'def f():\n    """Say.\n\n    Why."""\n    # because\n\n    return 1'
    ).body

    assert isinstance(function, ast.FunctionDef)
    assert code_lines(function) == 1
