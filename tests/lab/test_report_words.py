"""The report tells lengths and numbers as people do."""

import pytest

from controller.lab.simulate.report.page import counted, length


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (2 / 24, "2 hours"),
        (1 / 24, "1 hour"),
        (1.0, "1 day"),
        (365.0, "365 days"),
        (1.5, "1.5 days"),
    ],
)
def test_less_than_a_day_is_told_in_hours(days: float, told: str) -> None:
    assert length(days) == told


def test_one_is_single() -> None:
    assert counted(1.0, "time") == "1 time"
    assert counted(3.0, "time") == "3 times"
