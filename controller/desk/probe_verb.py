"""`hearth probe`: one verb for miners, which are tried, and for Modbus devices, which are read."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from rich.console import Console

from controller.config.findings import ConfigError
from controller.config.load import load_plant
from controller.config.plant import PlantFile
from controller.desk.point_probe import Target, probe_points, target_at, target_in
from controller.desk.probing import Say, probe_unit, unit_named

Life = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
FAILED = 1
"""Exit code of a miner that did not pass, and of a device that told nothing."""


def probe_life(
    target: str,
    what: str,
    say: Say,
    confirm: Callable[[str], bool],
    *,
    modes: bool,
    unit: int,
    port: int,
    watch: bool,
    as_json: bool,
) -> Life:
    """What the words mean: a miner or a device of a plant.toml, or a device at an address."""
    if not (target.endswith(".toml") or Path(target).is_file()):
        device = target_at(target, port, unit, what)
        return _points_life(device, watch=watch, as_json=as_json)
    plant = load_plant(Path(target))
    known = target_in(plant, what)
    if known is not None:
        return _points_life(known, watch=watch, as_json=as_json)
    try:
        unit_named(plant, what)
    except ConfigError as error:
        names = ", ".join(device.name for device in plant.device)
        raise ConfigError(f"{error}; and Modbus devices {names}") from error
    return _miner_life(plant, what, say, confirm, modes=modes)


def _miner_life(
    plant: PlantFile, unit: str, say: Say, confirm: Callable[[str], bool], *, modes: bool
) -> Life:
    async def life(asked: asyncio.Event) -> None:
        report, path = await probe_unit(plant, unit, say, confirm, asked, modes=modes)
        say(f"{'passed' if report.passed else 'NOT passed'}; left {report.left_as}: {path}")
        if not report.passed:
            raise SystemExit(FAILED)

    return life


def _points_life(device: Target, *, watch: bool, as_json: bool) -> Life:
    async def life(asked: asyncio.Event) -> None:
        if not await probe_points(device, Console(), asked, as_json=as_json, watch=watch):
            raise SystemExit(FAILED)

    return life
