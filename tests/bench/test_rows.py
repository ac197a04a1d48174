"""The bench's book-keeping: goals are read right, and no run loses another's rows."""

import math
from pathlib import Path

import msgspec
import pytest

from tests.bench import registry
from tests.bench.machine import machine
from tests.bench.rows import Row, merged, read, write


def row(name: str, value: float | None = 1.0, goal: str = "<= 20") -> Row:
    return Row(name, value, "ms", goal)


@pytest.mark.parametrize(
    ("value", "goal"),
    [(20.0, "<= 20"), (0.0, "<= 0.5"), (0.0, "== 0"), (3000.0, ">= 3000"), (-3.0, "< -2.5")],
)
def test_a_goal_is_met_by_numbers_on_its_side(value: float, goal: str) -> None:
    assert row("core.scan", value, goal).met


@pytest.mark.parametrize(
    ("value", "goal"),
    [(20.1, "<= 20"), (2999.0, ">= 3000"), (20.0, "> 20"), (None, "<= 20"), (math.nan, "<= 20")],
)
def test_a_goal_is_missed_on_the_other_side_and_without_a_number(
    value: float | None, goal: str
) -> None:
    assert not row("core.scan", value, goal).met


@pytest.mark.parametrize("goal", ["20", "about 20", "<= twenty", "", "=> 20", "<= 20 ms"])
def test_a_goal_that_cannot_be_checked_is_refused(goal: str) -> None:
    with pytest.raises(ValueError, match=r"core\.scan"):
        row("core.scan", goal=goal)


@pytest.mark.parametrize("name", ["scan", "core.", ".scan", ""])
def test_a_row_without_a_group_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"group\.what"):
        row(name)


def test_a_group_that_ran_replaces_its_rows_and_no_others() -> None:
    old = [row("core.gone"), row("core.scan", 1.0), row("link.report", 3.0)]

    rows = merged(old, [row("core.scan", 2.0)], ["core"])

    assert rows == [row("link.report", 3.0), row("core.scan", 2.0)]


def test_rows_survive_the_file(tmp_path: Path) -> None:
    rows = [Row("core.scan", 1.5, "ms", "<= 20", {"openems": 30.0}, "cold"), row("core.b", None)]

    write(tmp_path / "bench.json", rows)

    assert read(tmp_path / "bench.json") == rows


def test_the_file_is_rows_with_six_keys(tmp_path: Path) -> None:
    write(tmp_path / "bench.json", [row("core.scan")])

    (found,) = msgspec.json.decode((tmp_path / "bench.json").read_bytes())
    assert list(found) == ["name", "value", "unit", "goal", "peers", "note"]


def test_a_first_run_has_no_old_rows(tmp_path: Path) -> None:
    assert read(tmp_path / "bench.json") == []


def test_a_group_may_not_measure_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stranger:
        @staticmethod
        def measure() -> list[Row]:
            return [row("link.report")]

    monkeypatch.setattr(registry.importlib, "import_module", lambda _name: Stranger)

    with pytest.raises(ValueError, match=r"link\.report"):
        registry.measured("core")


def test_the_machine_names_processor_cores_and_python() -> None:
    assert " cores, Python 3." in machine()
