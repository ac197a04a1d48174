"""`hearth tags`: every tag of a site, where it comes from and how it is read."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

from controller.config.findings import refuse
from controller.control.derived import DerivedTag
from controller.control.made_tags import made_tags
from controller.desk.point import Point
from controller.desk.site import Site, examine_site


@dataclass(frozen=True, slots=True)
class TagRow:
    """One tag as it is listed."""

    name: str
    kind: str
    unit: str
    low: float | None
    high: float | None
    source: str
    group: str
    period_s: float | None
    protective: bool
    writable: bool


HEADER = tuple(field.name for field in fields(TagRow))


def list_tags(path: Path, form: Literal["", "json", "csv"]) -> str:
    """The tags of the plant in a file; ConfigError tells what is wrong with it."""
    site = examine_site(path)
    refuse(site.findings)
    forms = {"": as_table, "json": as_json, "csv": as_csv}
    return forms[form](tag_rows(site))


def tag_rows(site: Site) -> list[TagRow]:
    """The tags of the devices, then those that each scan makes, by name."""
    assert site.settings is not None, "the tags of a site without errors are known"  # noqa: S101
    measured = [_measured(point) for point in site.points]
    taken = {row.name for row in measured}
    made = [_made(tag) for tag in made_tags(site.settings) if tag.name not in taken]
    return sorted(measured, key=_by_name) + sorted(made, key=_by_name)


def as_table(rows: Iterable[TagRow]) -> str:
    """Columns for a reader at a terminal."""
    return _aligned([HEADER_SHOWN, *(_shown(row) for row in rows)])


def as_json(rows: Iterable[TagRow]) -> str:
    """A list of objects."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)


def as_csv(rows: Iterable[TagRow]) -> str:
    """One line a tag, with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue().rstrip("\n")


def as_markdown(rows: Iterable[TagRow]) -> str:
    """A table for the reference."""
    lines = [HEADER_SHOWN, tuple("---" for _ in HEADER_SHOWN), *(_shown(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


HEADER_SHOWN = ("name", "kind", "unit", "range", "source", "read", "protective", "writable")


def _shown(row: TagRow) -> tuple[str, ...]:
    span = "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"
    read = row.group if row.period_s is None else f"{row.group}, {row.period_s:g} s"
    marks = ("yes" if mark else "" for mark in (row.protective, row.writable))
    return (row.name, row.kind, row.unit, span, row.source, read, *marks)


def _measured(point: Point) -> TagRow:
    tag, register = point.tag, point.register
    ranged = register.low is not None and register.high is not None
    scale = "" if register.scale == 1.0 else f" x {register.scale:g}"
    bit = "" if register.bit is None else f".{register.bit}"
    place = f"{point.device} {register.table} {register.address}{bit}"
    return TagRow(
        name=tag.name,
        kind=tag.kind,
        unit=tag.unit,
        low=register.low if ranged else None,
        high=register.high if ranged else None,
        source=f"{place} {register.type}{scale}",
        group=register.group,
        period_s=point.period_s,
        protective=tag.protective,
        writable=register.writable,
    )


def _made(tag: DerivedTag) -> TagRow:
    return TagRow(
        name=tag.name,
        kind=tag.kind,
        unit=tag.unit,
        low=tag.low,
        high=tag.high,
        source="derived",
        group="scan",
        period_s=None,
        protective=False,
        writable=False,
    )


def _by_name(row: TagRow) -> str:
    return row.name


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
