"""A quantity over time from a CSV file, such as a demand; what is wrong is refused by its line.

The first two columns are time (ISO 8601, UTC where it names no other) and value; a header may stand
above. Between rows are straight lines, also over gaps; after its end a file begins again.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, pairwise
from pathlib import Path

import numpy as np

from simulators.hours import HOUR_S, Hours

LEAST_ROWS = 2
# Rows that are closer than an hour are followed as closely, but no closer than this.
CLOSEST_S = 60.0
UTF8 = "utf-8-sig"
LATER = "give each row a later time than the one above, in UTC or with its offset from UTC"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a file holds: its name in words, its unit, its range, and one of its values."""

    words: str
    unit: str
    low: float
    high: float
    example: str


@dataclass(frozen=True, slots=True)
class Course:
    """Rows of a file: when the first one is (UTC), seconds after it, and values."""

    begin_utc_s: float
    at_s: tuple[float, ...]
    values: tuple[float, ...]

    def holds(self, utc_s: float) -> bool:
        """Whether this moment lies between its first and its last row."""
        return 0.0 <= utc_s - self.begin_utc_s <= self.at_s[-1]

    def hours(self, from_utc_s: float) -> Hours:
        """The course from this moment on, or from its first row where it does not hold that."""
        from_s = from_utc_s - self.begin_utc_s if self.holds(from_utc_s) else 0.0
        closest_s = min(after - before for before, after in pairwise(self.at_s))
        step_s = min(max(closest_s, CLOSEST_S), HOUR_S)
        steps = int((self.at_s[-1] + 1e-6) // step_s) + 1
        grid_s = (from_s + step_s * np.arange(steps)) % (step_s * steps)
        return Hours(cycle(np.interp(grid_s, self.at_s, self.values).tolist()), step_s)


def read_course(path: Path, measure: Measure) -> Course:
    """The file's rows; ValueError names file, line and remedy."""
    moments: list[datetime] = []
    values: list[float] = []
    lines: list[int] = []
    for place, (line, row) in enumerate(_rows(path)):
        if place == 0 and not _is_data(row):
            continue
        moment, value = _row(path, line, row, measure)
        moments.append(moment)
        values.append(value)
        lines.append(line)
    if len(moments) < LEAST_ROWS:
        raise ValueError(f"{path}: there are not two rows of time and {measure.words}")
    for line, (before, after) in zip(lines[1:], pairwise(moments), strict=True):
        if (before.tzinfo is None) != (after.tzinfo is None) or not before < after:
            raise ValueError(f"{path}:{line}: {after} is not later than {before}; {LATER}")
    at_utc_s = [utc_s(moment) for moment in moments]
    return Course(at_utc_s[0], tuple(each - at_utc_s[0] for each in at_utc_s), tuple(values))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line it ends on."""
    with path.open(encoding=UTF8, newline="") as file:
        reader = csv.reader(file)
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield reader.line_num, row
        except UnicodeDecodeError:
            line = reader.line_num + 1
            raise ValueError(f"{path}:{line}: this is not UTF-8; save the file in UTF-8") from None
        except csv.Error as error:
            raise ValueError(
                f"{path}:{reader.line_num}: {error}; save the file as CSV, in plain text"
            ) from None


def _is_data(row: list[str]) -> bool:
    """Whether a first line is a row already: there is no header then."""
    try:
        datetime.fromisoformat(row[0].strip())
    except ValueError:
        return False
    return True


def _row(path: Path, line: int, row: list[str], measure: Measure) -> tuple[datetime, float]:
    wanted = f"a time like 2026-01-31T06:00:00Z and a {measure.words} like {measure.example}"
    try:
        moment, value = datetime.fromisoformat(row[0].strip()), float(row[1])
    except (ValueError, IndexError):
        raise ValueError(f"{path}:{line}: {','.join(row)!r} is not {wanted}") from None
    if not measure.low <= value <= measure.high:
        span = f"between {measure.low:g} and {measure.high:g}"
        raise ValueError(f"{path}:{line}: {value} {measure.unit} is not {span}")
    return moment, value


def utc_s(moment: datetime) -> float:
    """Unix seconds of a moment, which is UTC where it names no offset."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
