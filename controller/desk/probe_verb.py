"""`hearth probe`: one verb for miners, which are tried, and for Modbus devices, which are read."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from controller.config.findings import ConfigError
from controller.config.load import load_plant
from controller.config.plant import PlantFile
from controller.desk.point_probe import Target, probe_points, target_at, target_in
from controller.desk.probing import probe_unit, unit_named
from drivers.modbus.connection import Framing

Life = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
FAILED = 1
"""Exit code of a miner that did not pass, and of a device that told nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command line."""

    unit: int
    port: int
    yes: bool = False
    modes: bool = False
    watch: bool = False
    as_json: bool = False
    serial: bool = False


def probe_life(target: str, what: str, wanted: Wanted) -> Life:
    """What the words mean: a miner or a device of a plant.toml, or a device at an address."""
    if not (target.endswith(".toml") or Path(target).is_file()):
        framing: Framing = "rtu_over_tcp" if wanted.serial else "tcp"
        return _points_life(target_at(target, wanted.port, wanted.unit, what, framing), wanted)
    plant = load_plant(Path(target))
    known = target_in(plant, what)
    if known is not None:
        return _points_life(known, wanted)
    try:
        unit_named(plant, what)
    except ConfigError as error:
        names = ", ".join(device.name for device in plant.device)
        raise ConfigError(f"{error}; and Modbus devices {names}") from error
    return _miner_life(plant, what, wanted)


def _miner_life(plant: PlantFile, unit: str, wanted: Wanted) -> Life:
    async def life(asked: asyncio.Event) -> None:
        report, path = await probe_unit(
            *(plant, unit, typer.echo, lambda text: wanted.yes or typer.confirm(text), asked),
            modes=wanted.modes,
        )
        passed = "passed" if report.passed else "NOT passed"
        typer.echo(f"{passed}; left {report.left_as}: {path}")
        if not report.passed:
            raise SystemExit(FAILED)

    return life


def _points_life(device: Target, wanted: Wanted) -> Life:
    async def life(asked: asyncio.Event) -> None:
        if not await probe_points(
            device, Console(), asked, as_json=wanted.as_json, watch=wanted.watch
        ):
            raise SystemExit(FAILED)

    return life
