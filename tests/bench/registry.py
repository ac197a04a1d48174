"""The measuring groups: each is a module of this package with a function `measure`."""

import importlib
from typing import Final, Protocol, cast

from tests.bench.rows import Row

GROUPS: Final = ("asic", "control", "core", "modbus", "protection", "world")


class Group(Protocol):
    """A module that measures one part of Hearth."""

    def measure(self) -> list[Row]:
        """Give the rows of this group, each named `group.what_unit`."""


def measured(group: str) -> list[Row]:
    """Run one group and give its rows, which bear its name."""
    module = cast("Group", importlib.import_module(f"tests.bench.{group}"))
    rows = module.measure()
    strangers = [row.name for row in rows if row.group != group]
    if strangers:
        raise ValueError(f"group {group!r} measured rows of another group: {strangers}")
    return rows
