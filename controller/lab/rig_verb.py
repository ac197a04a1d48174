"""What `hearth rig` does with a plant.toml: the plant described, its places, and the life of it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import structlog

from controller.clock.now import FILE_MARK, choose_clock, clock_text, offer_clock, utc_s
from controller.config.load import load_plant
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.field.devices import modbus_device
from controller.lab.description import describe, rig_addresses
from controller.lab.facts import facts
from controller.lab.laboratory import Setup
from controller.lab.loopback_copy import write_copy
from controller.lab.places import HOST
from controller.lab.plc_twin import has_orders
from controller.lab.real import NOTHING_REAL, Real, real_parts
from controller.lab.reference_site import controller_line
from controller.lab.rig import serve_rig
from controller.lab.scenario_files import load_scenario
from controller.lab.weather_option import courses
from simulators.description import Personality

Life = Callable[[asyncio.Event], Coroutine[Any, Any, None]]

log = structlog.get_logger()


def rig_clock(text: str | None, file: Path) -> None:
    """Choose the rig's clock: real time, another program's, or one of its own that may be turned.

    A number of times begins one in `file`, which the controller is given as `@FILE`.
    """
    if text is None:
        choose_clock("1")
    elif text.startswith(FILE_MARK) or "," in text:
        choose_clock(text, turning=True)
    else:
        offer_clock(text, file)


def rig_life(
    plant: PlantFile,
    control_port: int,
    seed: int,
    scenario: str | None,
    personality: Personality = "sleep_only",
    real: Real = NOTHING_REAL,
    weather: str | None = None,
) -> Life:
    """Everything that can be wrong with it is found before the loop begins."""
    description = describe(plant, personality)
    addresses = rig_addresses(plant, (HOST, control_port), real)
    setup = Setup(
        site_power_kw=plant.plant.site_power_kw,
        facts=facts(plant),
        scenario=None if scenario is None else load_scenario(scenario, description.full_heat_kw),
        courses={} if weather is None else courses(weather, description, utc_s()),
    )

    def ready() -> None:
        log.info(
            "rig serves",
            units=description.units - len(real.units),
            real=[*sorted(real.devices), *([f"{len(real.units)} units"] if real.units else [])],
            control_port=control_port,
            clock=clock_text(),
        )

    settings = scan_settings(plant)
    devices = [modbus_device(one, settings) for one in plant.device if one.name in real.devices]
    plcs = [device for device in devices if has_orders(device)]

    def life(stop: asyncio.Event) -> Coroutine[Any, Any, None]:
        return serve_rig(
            description,
            addresses,
            seed=seed,
            ready=ready,
            stop=stop,
            setup=setup,
            real_plcs=plcs,
        )

    return life


def chosen_plant(
    config: Path, words: Sequence[str], folder: Path | None, say: Callable[[str], object]
) -> tuple[PlantFile, Real]:
    """The plant to play and what of it is real; with a folder, its copy at loopback addresses."""
    plant = load_plant(config)
    real = real_parts(plant, words)
    if folder is None:
        return plant, real
    path = write_copy(plant, real, folder, config)
    say(f"written: {path}")
    say(controller_line(path))
    return load_plant(path), real
