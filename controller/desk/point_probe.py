"""`hearth probe` of a Modbus device: its points as it tells them now, raw and understood.

Nothing is written: what asks the device knows only how to read.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from controller.config.findings import ConfigError
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.config.words import meant
from controller.field.binding import bound_profile
from drivers.modbus.connection import Framing
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import (
    Profile,
    ProfileError,
    load_profile,
    profile_names,
    read_profile,
)
from drivers.modbus.survey import Surveyed, survey

EVERY_S = 1.0
Rows = Sequence[Surveyed]
COLUMNS = ("point", "value", "unit", "quality", "raw", "where", "source")


@dataclass(frozen=True, slots=True)
class Target:
    """One device to look at: where it answers, and what is known of it."""

    host: str
    port: int
    unit: int
    profile: Profile
    framing: Framing = "tcp"


def target_at(host: str, port: int, unit: int, profile: str, framing: Framing = "tcp") -> Target:
    """A device at an address, by the name of a profile or a profile's file."""
    try:
        known = read_profile(Path(profile)) if profile.endswith(".toml") else load_profile(profile)
    except ProfileError as error:
        names = profile_names()
        if profile in names or profile.endswith(".toml"):
            raise ConfigError(str(error)) from error
        told = f"there is no profile {profile!r}{meant(profile, names)}"
        raise ConfigError(f"{told}; there are {', '.join(names)}") from error
    if known.generic and not known.registers:
        raise ConfigError(
            f"{profile} has no registers of its own: they stand in plant.toml; probe it there,"
            " with `hearth probe PLANT.toml DEVICE`"
        )
    return Target(host, port, unit, known, framing)


def target_in(plant: PlantFile, name: str) -> Target | None:
    """A Modbus device of the plant with its tags; None where it has none of this name."""
    device = next((one for one in plant.device if one.name == name), None)
    if device is None:
        return None
    profile, mistakes = bound_profile(device, scan_settings(plant))
    if profile is None or mistakes:
        told = "; ".join(f"{one.code} {one.text}" for one in mistakes)
        raise ConfigError(f"device {name}: {told}")
    return Target(device.host, device.port, device.unit, profile, device.framing)


async def probe_points(
    target: Target,
    console: Console,
    stop: asyncio.Event,
    *,
    as_json: bool,
    watch: bool,
) -> bool:
    """Show the points once, or every second until `stop`; whether the device told any."""
    link = ModbusLink(target.host, target.port, framing=target.framing)
    told = False
    try:
        if not watch:
            rows = await survey(link, target.profile, target.unit)
            _show(target, rows, console, as_json=as_json)
            return _any(rows)
        if as_json:
            return await _each_second(
                target, link, stop, lambda rows: _show(target, rows, console, as_json=True)
            )
        with Live(console=console, auto_refresh=False) as screen:
            told = await _each_second(
                target,
                link,
                stop,
                lambda rows: screen.update(_table(target, rows), refresh=True),
            )
    finally:
        await link.close()
    return told


async def _each_second(
    target: Target, link: ModbusLink, stop: asyncio.Event, show: Callable[[Rows], object]
) -> bool:
    loop = asyncio.get_running_loop()
    told = False
    while not stop.is_set():
        due_s = loop.time() + EVERY_S
        rows = await survey(link, target.profile, target.unit)
        told = told or _any(rows)
        show(rows)
        try:
            async with asyncio.timeout_at(due_s):
                await stop.wait()
        except TimeoutError:
            continue
    return told


def _any(rows: Sequence[Surveyed]) -> bool:
    return any(row.words is not None for row in rows)


def _show(target: Target, rows: Rows, console: Console, *, as_json: bool) -> None:
    if as_json:
        # One object a line, so that a stream of them can be read too.
        console.out(json.dumps(as_object(target, rows), ensure_ascii=False), highlight=False)
    else:
        console.print(_table(target, rows))


def as_object(target: Target, rows: Sequence[Surveyed]) -> dict[str, Any]:
    """What was found, for programs."""
    return {
        "host": target.host,
        "port": target.port,
        "unit": target.unit,
        "profile": target.profile.name,
        "manual": target.profile.manual,
        "points": [_object(row) for row in rows],
    }


def _object(row: Surveyed) -> dict[str, Any]:
    one = row.register
    return {
        "point": one.name,
        "value": row.value,
        "state": _state(row),
        "unit": one.unit,
        "quality": _quality(row),
        "why": row.why,
        "raw": None if row.words is None else [f"0x{word:04X}" for word in row.words],
        "table": one.table,
        "address": one.address,
        "source": one.source,
    }


def _table(target: Target, rows: Sequence[Surveyed]) -> Table:
    where = f"{target.host}:{target.port} unit {target.unit}"
    shown = Table(
        title=f"{where}: {target.profile.name}", caption=target.profile.manual, title_justify="left"
    )
    for column in COLUMNS:
        shown.add_column(column, justify="right" if column == "value" else "left")
    for row in rows:
        one = row.register
        raw = "" if row.words is None else " ".join(f"{word:04X}" for word in row.words)
        quality = _quality(row) if not row.why else f"{_quality(row)}: {row.why}"
        bit = "" if one.bit is None else f".{one.bit}"
        shown.add_row(
            one.name, _value(row), one.unit, quality, raw,
            f"{one.table} {one.address}{bit}", one.source,
        )  # fmt: skip
    return shown


def _quality(row: Surveyed) -> str:
    if row.value is None:
        return "bad"
    return "uncertain" if row.why else "good"


def _value(row: Surveyed) -> str:
    match row.value:
        case None:
            return "-"
        case bool():
            return "on" if row.value else "off"
        case value:
            state = _state(row)
            return f"{value:.6g} ({state})" if state else f"{value:.6g}"


def _state(row: Surveyed) -> str:
    return "" if row.value is None or row.register.is_flag else row.register.state(row.value)
