"""The manual of the simulated devices as data: every row of its tables, spread over its numbers."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MANUAL: Final = Path(__file__).parents[2] / "deploy" / "reference" / "sim_devices.md"
NUMBERS: Final = {"n": 4, "e": 2, "k": 8, "c": 32}
ADDRESS: Final = re.compile(r"(?:(\d+) \+ )?(?:(\d+) \S \()?([neck]) \S 1\)?")


@dataclass(frozen=True)
class Row:
    """One point of a table and the cells beside it."""

    point: str
    cells: tuple[str, ...]

    @property
    def counts(self) -> int:
        """How many steps of the word make one unit."""
        return round(1 / float(self.cells[1]))


def points(device: str, table: str = "") -> dict[int, Row]:
    """Address to row, for every row of a table that names a point."""
    found: dict[int, Row] = {}
    for address, *cells in _rows(device, table):
        name = re.match(r"`([^`]+)`", cells[-1])
        if name is not None:
            for at, point in _spread(address, name[1]):
                assert at not in found, f"{device}: address {at} is there twice"
                found[at] = Row(point, tuple(cells))
    return found


def last_addresses() -> list[int]:
    """The last address of every table, in the order of the manual."""
    ends = re.findall(r"addresses 0\.\.(\d+)", MANUAL.read_text(encoding="utf-8"))
    return [int(end) for end in ends]


def _rows(device: str, table: str) -> list[list[str]]:
    text = MANUAL.read_text(encoding="utf-8").split(f"\n## {device}")[1].split("\n## ")[0]
    if table:
        text = text.split(f"### {table}")[1].split("\n### ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _spread(address: str, point: str) -> list[tuple[int, str]]:
    """Every address and point that a row stands for."""
    if address.isdigit():
        return [(int(address), point)]
    base, step, letter = ADDRESS.fullmatch(address).groups()
    return [
        (int(base or 0) + (i - 1) * int(step or 1), _numbered(point, letter, i))
        for i in range(1, NUMBERS[letter] + 1)
    ]


def _numbered(point: str, letter: str, number: int) -> str:
    if letter == "c":
        return point.replace("-cc.", f"-{number:02}.")
    return re.sub(rf"(?<=[-_]){letter}(?=[._])", str(number), point)
