"""What `hearth rig` does with a plant.toml: the plant described, its places, and the life of it."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog

from controller.clock.now import FILE_MARK, choose_clock, clock_text, offer_clock, utc_s
from controller.config.plant import PlantFile
from controller.lab.description import describe, rig_addresses
from controller.lab.facts import facts
from controller.lab.laboratory import Setup
from controller.lab.places import HOST
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
    weather: str | None = None,
) -> Life:
    """Everything that can be wrong with it is found before the loop begins."""
    description = describe(plant, personality)
    addresses = rig_addresses(plant, (HOST, control_port))
    setup = Setup(
        site_power_kw=plant.plant.site_power_kw,
        facts=facts(plant),
        scenario=None if scenario is None else load_scenario(scenario, description.full_heat_kw),
        courses={} if weather is None else courses(weather, description, utc_s()),
    )

    def ready() -> None:
        log.info(
            "rig serves",
            units=description.units,
            control_port=control_port,
            clock=clock_text(),
        )

    def life(stop: asyncio.Event) -> Coroutine[Any, Any, None]:
        return serve_rig(description, addresses, seed=seed, ready=ready, stop=stop, setup=setup)

    return life
