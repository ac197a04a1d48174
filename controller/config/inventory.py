"""Reads the CSV files that containers name as their inventory."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from controller.config.findings import Finding
from controller.config.miners import Container, InventoryMiner
from controller.config.plant import PlantFile
from controller.config.words import meant

COLUMNS = ("address", "port", "name", "serial", "container")


@dataclass(frozen=True, slots=True)
class Row:
    """One miner of an inventory; `container` counts from 1, None where the file does not say."""

    miner: InventoryMiner
    container: int | None
    line: int


def with_inventories(plant: PlantFile, folder: Path) -> tuple[PlantFile, list[Finding]]:
    """The plant with every inventory read, and what is wrong with them."""
    found: list[Finding] = []
    files: dict[Path, list[Row]] = {}
    users: dict[Path, list[int]] = {}
    for number, container in enumerate(plant.container, 1):
        if container.inventory is not None:
            path = folder / container.inventory
            users.setdefault(path, []).append(number)
            if path not in files:
                files[path], wrong = read_inventory(path)
                found += wrong
    for path, rows in files.items():
        if not any(finding.file == path for finding in found):
            found += _strays(path, rows, users[path])
    containers: list[Container] = []
    for number, container in enumerate(plant.container, 1):
        if container.inventory is None:
            containers.append(container)
            continue
        path = folder / container.inventory
        rows = [row for row in files[path] if row.container in {None, number}]
        if not any(finding.file == path for finding in found):
            found += _counted(path, container, number, len(rows))
        miners = tuple(row.miner for row in rows)
        update = {"miner": miners, "units": len(miners), "inventory": path}
        containers.append(container.model_copy(update=update))
    return plant.model_copy(update={"container": tuple(containers)}), found


def read_inventory(path: Path) -> tuple[list[Row], list[Finding]]:
    """The rows of one file, and what is wrong with it."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        return [], [Finding("HC104", "", str(reason), path)]
    reader = csv.reader(lines, strict=True)
    rows: list[Row] = []
    found: list[Finding] = []
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        if wrong := _header(header):
            return [], [Finding("HC104", "", wrong, path, 1)]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(header, cells, reader.line_num, path, rows, found)
    except csv.Error as error:
        found.append(Finding("HC104", "", str(error), path, reader.line_num))
    if not rows and not found:
        found.append(Finding("HC104", "", "there is no miner in it", path))
    return rows, found


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


def _counted(path: Path, container: Container, number: int, rows: int) -> Iterator[Finding]:
    if rows == 0:
        yield Finding("HC104", f"container.{number}", "there is no row for it", path)
    elif container.units not in {0, rows}:
        told = f"units is {container.units}, but {rows} miners are listed"
        yield Finding("HC103", f"container.{number}.units", told, path)
