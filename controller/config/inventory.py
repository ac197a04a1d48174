"""Reads the CSV files that containers name as their inventory."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from controller.config.findings import Finding
from controller.config.lines import Lines
from controller.config.miners import Container, InventoryMiner
from controller.config.plant import PlantFile
from controller.config.words import meant

Counted = Iterator[tuple[str, str, str]]

COLUMNS = ("address", "port", "name", "serial", "container")


@dataclass(frozen=True, slots=True)
class Row:
    """One miner of an inventory; `container` counts from 1, None where the file does not say."""

    miner: InventoryMiner
    container: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one file lists, and what is wrong with it."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def with_inventories(plant: PlantFile, file: Path, lines: Lines) -> tuple[PlantFile, list[Finding]]:
    """The plant of a file with every inventory read, and what is wrong with them."""
    found: list[Finding] = []
    inventories: dict[Path, Inventory] = {}
    users: dict[Path, list[int]] = {}
    for number, path in _named(plant, file):
        users.setdefault(path, []).append(number)
        if path in inventories:
            continue
        try:
            inventories[path] = read_inventory(path)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else None
            place = f"container.{number}.inventory"
            found.append(Finding("HC104", place, f"{path}: {why or error}", file, lines[place]))
            inventories[path] = Inventory((), ())
    found += [finding for inventory in inventories.values() for finding in inventory.findings]
    containers = list(plant.container)
    for number, path in _named(plant, file):
        container, inventory = containers[number - 1], inventories[path]
        if inventory.rows and not inventory.findings:
            if users[path][0] == number:
                found += _strays(path, inventory.rows, users[path])
            counted = _counted(path, container, number, inventory.rows)
            found += [Finding(code, at, told, file, lines[at]) for code, at, told in counted]
        miners = tuple(row.miner for row in inventory.rows if row.container in {None, number})
        update = {"miner": miners, "units": len(miners), "inventory": path}
        containers[number - 1] = container.model_copy(update=update)
    return plant.model_copy(update={"container": tuple(containers)}), found


def _named(plant: PlantFile, file: Path) -> Iterator[tuple[int, Path]]:
    """The containers that name an inventory, counted from 1, with its place."""
    for number, container in enumerate(plant.container, 1):
        if container.inventory is not None:
            yield number, file.resolve().parent / container.inventory


def read_inventory(path: Path) -> Inventory:
    """The rows of one file and what is wrong with it; OSError or ValueError where there is none."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Inventory((), (Finding("HC104", "", f"not UTF-8: {error.reason}", path, line),))
    # As editors count: only a line feed ends a line.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    found: list[Finding] = []
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        if wrong := _header(header):
            return Inventory((), (Finding("HC104", "", wrong, path, 1),))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(header, cells, reader.line_num, path, rows, found)
    except csv.Error as error:
        found.append(Finding("HC104", "", str(error), path, reader.line_num))
    if not rows and not found:
        found.append(Finding("HC104", "", "there is no miner in it", path, reader.line_num))
    return Inventory(tuple(rows), tuple(found))


def _header(header: list[str]) -> str:
    """What is wrong with the header, or nothing."""
    for column in header:
        if column not in COLUMNS:
            return f"the header has a column {column!r}{meant(column, COLUMNS)}"
        if header.count(column) > 1:
            return f"the header has {column} twice"
    return "" if "address" in header else "the header has no column address"


def _take(
    header: list[str],
    cells: list[str],
    line: int,
    path: Path,
    rows: list[Row],
    found: list[Finding],
) -> None:
    """Put one row to the others, or what is wrong with it to the findings."""
    if len(cells) != len(header):
        told = f"expected {len(header)} cells, got {len(cells)}"
        found.append(Finding("HC105", "", told, path, line))
        return
    given = {key: cell.strip() for key, cell in zip(header, cells, strict=True) if cell.strip()}
    place = given.pop("container", None)
    if place is not None and not (place.isascii() and place.isdigit()):
        found.append(Finding("HC105", "container", f"{place!r} is no number", path, line))
        return
    port = given.pop("port", None)
    if port is not None and not (port.isascii() and port.isdigit()):
        found.append(Finding("HC105", "port", f"{port!r} is no number", path, line))
        return
    data: dict[str, object] = {**given, "source": f"{path.name}:{line}"}
    try:
        miner = InventoryMiner.model_validate(data if port is None else {**data, "port": int(port)})
    except ValidationError as error:
        for mistake in error.errors():
            column = ".".join(str(part) for part in mistake["loc"])
            found.append(Finding("HC105", column, mistake["msg"], path, line))
        return
    rows.append(Row(miner, None if place is None else int(place), line))


def _strays(path: Path, rows: Iterable[Row], users: list[int]) -> Iterator[Finding]:
    """Rows that no container takes, and rows that several would take."""
    for row in rows:
        if row.container is None and len(users) > 1:
            told = f"containers {users} share this file: the row must say which is its own"
            yield Finding("HC105", "container", told, path, row.line)
        if row.container is not None and row.container not in users:
            told = f"container {row.container} does not name this inventory"
            yield Finding("HC105", "container", told, path, row.line)


def _counted(path: Path, container: Container, number: int, rows: Sequence[Row]) -> Counted:
    """What does not fit between a container and the rows that are its own."""
    count = sum(row.container in {None, number} for row in rows)
    if count == 0:
        yield "HC104", f"container.{number}.inventory", f"{path} has no row for it"
    elif container.units not in {0, count}:
        told = f"units is {container.units}, but {count} miners are listed in {path}"
        yield "HC103", f"container.{number}.units", told
