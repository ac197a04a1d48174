"""The fault table and the tests that inject its rows say the same."""

import ast
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from tests.tidy.sources import ROOT, python_files

TABLE: Final = ROOT / "tests" / "faults.toml"
INJECTED: Final = range(1, 55)
"""The rows that must have a test: Modbus links, miners, process and sensors."""
KEYS: Final = {"id", "fault", "injection", "reaction", "limit_s", "test"}

Rows = dict[int, dict[str, Any]]


def rows() -> Rows:
    """The table by row."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))["row"]
    found = {row["id"]: row for row in table}
    assert len(found) == len(table), "a row is there twice"
    return found


def marked() -> dict[int, set[str]]:
    """The tests that inject each row, by the marks in their sources."""
    found: dict[int, set[str]] = {}
    for path in python_files("tests"):
        source = path.read_text(encoding="utf-8")
        if "mark.fault" in source:
            for name, row in _marks(ast.parse(source)):
                found.setdefault(row, set()).add(f"{path.relative_to(ROOT)}::{name}")
    return found


def _marks(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Each test with the rows of its own marks, and of those that a table of parameters bears."""
    tables = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in module.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            named = [one.id for one in ast.walk(decorator) if isinstance(one, ast.Name)]
            for tree in (decorator, *(tables[name] for name in named if name in tables)):
                yield from ((node.name, row) for row in _rows_of(tree))


def _rows_of(tree: ast.AST) -> Iterator[int]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("mark.fault"):
            continue
        for argument in call.args:
            if isinstance(argument, ast.Constant):
                yield int(argument.value)
            else:
                yield from _keys_of(tree)


def _keys_of(tree: ast.AST) -> Iterator[int]:
    """The rows where the mark is made from the keys of a table."""
    for table in ast.walk(tree):
        if isinstance(table, ast.Dict):
            yield from (key.value for key in table.keys if isinstance(key, ast.Constant))


def test_every_row_says_what_must_come_of_it_and_until_when() -> None:
    for number, row in rows().items():
        assert row.keys() >= KEYS, f"row {number}"
        assert row.keys() <= KEYS | {"open"}, f"row {number}"
        assert row["limit_s"] > 0.0, f"row {number}"
        assert row["test"] or row.get("open"), f"row {number}"


def test_every_row_of_the_links_is_injected_by_a_test() -> None:
    table, injected = rows(), marked()

    assert set(table) == set(range(1, 97))
    assert [number for number in INJECTED if not injected.get(number)] == []


def test_the_table_names_exactly_the_tests_that_bear_its_rows() -> None:
    table = {number: set(row["test"]) for number, row in rows().items()}

    assert {number: names for number, names in table.items() if names} == marked()


def test_a_mark_is_found_wherever_it_stands() -> None:
    source = (
        "TABLE = [m for row, verbs in {6: 'a', 7: 'b'}.items() for m in pytest.mark.fault(row)]\n"
        "@pytest.mark.fault(3)\ndef test_a(): ...\n"
        "@pytest.mark.parametrize('verb', TABLE)\nasync def test_b(): ...\n"
    )

    assert set(_marks(ast.parse(source))) == {("test_a", 3), ("test_b", 6), ("test_b", 7)}
