"""A row of bench.json: what was measured, how good it should be, how others do."""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

GOAL: Final = re.compile(r"(?P<sign><=|>=|<|>|==) (?P<number>-?\d+(\.\d+)?)")
SIGNS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "==": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One measured number; its name starts with its group: `core.scan_p99`.

    `goal` reads like `<= 20`; `peers` are the same number measured of others, by their name.
    A value that could not be measured is None and misses its goal.
    """

    name: str
    value: float | None
    unit: str
    goal: str
    peers: dict[str, float] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if GOAL.fullmatch(self.goal) is None:
            raise ValueError(f"{self.name}: a goal reads like '<= 20', not {self.goal!r}")
        if not all(self.name.partition(".")):
            raise ValueError(f"a row is named 'group.what', not {self.name!r}")

    @property
    def group(self) -> str:
        """The group that measures this row."""
        return self.name.partition(".")[0]

    @property
    def met(self) -> bool:
        """Whether the goal is reached; not without a value."""
        goal = GOAL.fullmatch(self.goal)
        assert goal is not None, "checked when the row was made"
        if self.value is None:
            return False
        return SIGNS[goal["sign"]](self.value, float(goal["number"]))


def merged(old: Iterable[Row], new: Iterable[Row], ran: Iterable[str]) -> list[Row]:
    """The new rows, and the old ones of every group that did not run."""
    gone = set(ran)
    return [*(row for row in old if row.group not in gone), *new]


def read(path: Path) -> list[Row]:
    """The rows of an earlier run; none when there was none."""
    if not path.exists():
        return []
    return msgspec.json.decode(path.read_bytes(), type=list[Row])


def write(path: Path, rows: list[Row]) -> None:
    """Write the rows in one piece: a run that is stopped leaves the old file."""
    scratch = path.with_suffix(".tmp")
    scratch.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")
    scratch.replace(path)
