"""`hearth discover`: miners in ranges of addresses, told as a table and as an inventory."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from controller.config.findings import ConfigError
from controller.config.miners import Api
from controller.disk.whole_file import write_whole
from controller.field.discover import (
    UNASKED_ADDRESSES,
    Found,
    addresses_in,
    discover,
    inventory_text,
)

Life = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command line."""

    port: int
    out: Path | None = None
    yes: bool = False


def discover_life(ranges: list[str], wanted: Wanted) -> Life:
    """Look at every address, tell what is there, and write the inventory if one is wanted."""
    addresses = _meant(ranges, wanted)
    for path in _files(wanted.out).values():
        if path.exists():
            raise ConfigError(f"{path} is there already: name another file or remove it")

    async def life(asked: asyncio.Event) -> None:
        found = await _looked(addresses, wanted.port, asked)
        Console(width=None if Console().is_terminal else 160).print(_table(found))
        miners = sum(one.who is not None for one in found)
        typer.echo(f"{miners} miners at {len(addresses):,} addresses")
        for api, path in _files(wanted.out).items():
            own = api == "whatsminer"
            if any(one.who is not None and one.is_whatsminer == own for one in found):
                write_whole(path, inventory_text(found, whatsminers=own))
                keys = f'inventory = "{path.name}"' + ', api = "whatsminer"' * own
                typer.echo(f"{path}: for plant.toml, {keys}")

    return life


def _files(out: Path | None) -> dict[Api, Path]:
    """A file for each make, as a container holds only one."""
    if out is None:
        return {}
    return {"cgminer": out, "whatsminer": out.with_stem(f"{out.stem}-whatsminer")}


def _meant(ranges: list[str], wanted: Wanted) -> tuple[IPv4Address, ...]:
    try:
        addresses = addresses_in(ranges)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    if len(addresses) > UNASKED_ADDRESSES and not wanted.yes:
        told = f"{len(addresses):,} addresses, more than {UNASKED_ADDRESSES:,}: say --yes"
        raise ConfigError(f"{told} if all of them are meant")
    return addresses


async def _looked(
    addresses: tuple[IPv4Address, ...], port: int, asked: asyncio.Event
) -> list[Found]:
    """What is found, behind a bar; nothing where somebody ends it early."""
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=len(addresses))
        found: list[Found] = []
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(
                discover(addresses, port, lambda: bar.advance(task)), name="discover"
            )
            ended = group.create_task(asked.wait(), name="discover ended by hand")
            await asyncio.wait((looking, ended), return_when=asyncio.FIRST_COMPLETED)
            if looking.done():
                found = looking.result()
            looking.cancel()
            ended.cancel()
    return found


def _table(found: list[Found]) -> Table:
    table = Table(
        "address", "model", "firmware", "serial", "dialect", "verified", "what can be done"
    )
    for one in found:
        who, dialect = one.who, one.dialect
        table.add_row(
            str(one.address),
            who.model if who else "-",
            (who.firmware if who else None) or "-",
            (who.serial if who else None) or "-",
            dialect.name if dialect else "-",
            "yes" if dialect and dialect.verified else "no",
            one.use,
        )
    return table
