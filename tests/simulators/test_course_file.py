"""Files of weather, demand and prices: what they hold is followed, what is wrong is refused."""

from pathlib import Path

import pytest

from simulators.course_file import Measure, read_course

DEMAND = Measure("demand", "kW", 0.0, 1e6, "4200")
NEW_YEAR_S = 1_767_225_600.0
HOUR_S = 3_600.0


def written(folder: Path, *rows: str, header: str = "time,kw") -> Path:
    """A file of these rows."""
    path = folder / "d.csv"
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return path


def test_rows_that_are_closer_than_an_hour_are_followed(tmp_path: Path) -> None:
    rows = [f"2026-01-01T00:{minute:02}:00Z,{kw}" for minute, kw in ((0, 100), (15, 900), (30, 0))]

    course = read_course(written(tmp_path, *rows), DEMAND).hours(NEW_YEAR_S)

    assert [course.at(minute * 60.0) for minute in (0, 15, 20, 30)] == pytest.approx(
        [100.0, 900.0, 600.0, 0.0]
    )


def test_a_step_between_two_seconds_takes_no_longer_than_a_minute(tmp_path: Path) -> None:
    rows = ["2026-01-01T00:00:00Z,100", "2026-01-01T01:00:00Z,100", "2026-01-01T01:00:01Z,900"]

    course = read_course(written(tmp_path, *rows, "2026-01-01T02:00:00Z,900"), DEMAND).hours(0.0)

    assert course.at(HOUR_S) == pytest.approx(100.0)
    assert course.at(HOUR_S + 60.0) == pytest.approx(900.0)


def test_a_file_that_holds_the_beginning_begins_there(tmp_path: Path) -> None:
    rows = [f"2026-01-01T{hour:02}:00:00Z,{hour}" for hour in range(24)]

    course = read_course(written(tmp_path, *rows), DEMAND)

    assert course.hours(NEW_YEAR_S + 6.5 * HOUR_S).at(HOUR_S) == pytest.approx(7.5)
    assert course.hours(NEW_YEAR_S + 20 * HOUR_S).hour(5) == pytest.approx(1.0)
    assert course.hours(NEW_YEAR_S - 1.0).at(HOUR_S) == pytest.approx(1.0)


def test_local_times_are_taken_at_their_offset(tmp_path: Path) -> None:
    rows = ["2026-01-01T02:00:00+02:00,1", "2026-01-01T01:00:00+00:00,2"]

    course = read_course(written(tmp_path, *rows), DEMAND)

    assert course.begin_utc_s == NEW_YEAR_S
    assert course.hours(0.0).at(HOUR_S) == pytest.approx(2.0)


def test_blank_lines_are_passed_over_and_the_first_row_needs_no_header(tmp_path: Path) -> None:
    rows = ["", "2026-01-01T00:00:00Z,1", "", "2026-01-01T01:00:00Z,2", ""]

    for header in ("", "time,kw", "2025-12-31T23:00:00Z,0"):
        found = read_course(written(tmp_path, *rows, header=header), DEMAND).values
        assert found[-2:] == (1.0, 2.0)
        assert len(found) == (3 if header.endswith("0") else 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"t,kw\n2026-01-01T00:00Z,1\n2026-01-01T01:00Z,\xff\n", r"d\.csv:.*save the file in UTF"),
        (b"t,kw\n2026-01-01T00:00Z,1\n2026-01-01T01:00Z,\x00\n", r"d\.csv:3:"),
        (b"t;kw\n2026-01-01T00:00Z;3,5\n", r"d\.csv:2: .* is not a time like .* like 4200"),
        (b"\nt,kw\n2026-01-01T00:00Z,1\n\n2026-01-01T00:00Z,1\n", r"d\.csv:5: "),
        (
            b"t,kw\n2026-10-25T02:30,1\n2026-10-25T02:00,1\n",
            r"d\.csv:3: .* is not later than .*; give each row a later time .* in UTC",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=message):
        read_course(path, DEMAND)
