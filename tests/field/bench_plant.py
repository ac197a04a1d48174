"""A small simulated plant behind its wires on the loop of the test, with hands and eyes on it."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from random import Random
from typing import Any

from controller.config.miner_list import accepted_models
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, scan_settings
from controller.field.acceptance import Acceptance
from controller.field.devices import Field, build_field
from controller.field.fleet_poller import FleetPoller
from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet, FleetSnapshot
from controller.image.process_image import ProcessImage, Snapshot
from controller.lab.description import describe, rig_addresses
from controller.lab.rig import serve_fleet
from simulators.description import Personality
from simulators.wire.bank import Bank, CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.layouts.meters import HEAT_METER, OUTDOOR_SENSOR
from simulators.wire.listen import serve_modbus
from simulators.world import World
from tests.scenarios.evening import small_plant


class BenchPlant:
    """World, servers, drivers and fleet; time passes for the world only in `pass_time`."""

    def __init__(
        self,
        file: PlantFile,
        personality: Personality = "sleep_only",
        *,
        warm_heat_kw: float | None = None,
    ) -> None:
        self.file = file
        self.settings = scan_settings(file)
        described = describe(file, personality)
        if warm_heat_kw is not None:
            described = replace(described, warm_heat_kw=warm_heat_kw)
        self.world = World(described, 7)
        self.field: Field = build_field(file, self.settings)
        self.fleet = Fleet(fleet_layout(file))

    def poller(self, accepted_model: str | None = "1566HA") -> FleetPoller:
        """A poller of all miners, every five seconds; containers accept models of their own."""
        own = accepted_models(self.file) - {self.file.miners.model}
        acceptance = Acceptance(accepted_model, models=own)
        return FleetPoller(self.field.miners, self.fleet, 5.0, acceptance, Random(7))

    def freeze(self) -> FleetSnapshot:
        """The fleet as the image shows it now."""
        return self.fleet.freeze(asyncio.get_running_loop().time())

    async def pass_time(self, seconds: float) -> None:
        """Let the world and the loop go on together."""
        for _ in range(round(2 * seconds)):
            self.world.step(0.5)
            await asyncio.sleep(0.5)


class Eyes:
    """All groups of all devices polled into an image."""

    def __init__(self, plant: BenchPlant) -> None:
        self.image = ProcessImage(plant.field.tags, plant.fleet)
        self.woken = 0
        self._plant = plant

    @property
    def lives(self) -> list[Coroutine[None, None, None]]:
        """All pollers, not yet running."""
        return [
            poll_device(device, group, period_s, self.image, self._wake, Random(7))
            for device in self._plant.field.devices
            for group, period_s in (("protective", 0.5), ("normal", 1.0), ("output", 1.0))
            if any(register.group == group for register in device.tags.values())
        ]

    def _wake(self) -> None:
        self.woken += 1

    def snapshot(self) -> Snapshot:
        """The image as a scan would see it now."""
        return self.image.freeze(asyncio.get_running_loop().time(), 0.0)


@asynccontextmanager
async def bench_plant(
    units: int = 5,
    containers: int = 2,
    *,
    personality: Personality = "sleep_only",
    file: PlantFile | None = None,
    warm_heat_kw: float | None = None,
    **tables: Mapping[str, Any],
) -> AsyncIterator[BenchPlant]:
    """The plant, served for as long as the block lasts; `tables` are more of its plant.toml.

    A `file` that is given is the whole of it. It begins with units hashing for so much heat.
    """
    whole = file or small_plant(units, containers, **tables)
    plant = BenchPlant(whole, personality, warm_heat_kw=warm_heat_kw)
    world = plant.world
    addresses = rig_addresses(plant.file, ("127.0.0.1", 1))

    def now_s() -> float:
        return world.now_s

    devices = (
        (CommandBank(CDU_PLC, world.plc, now_s), addresses.cdu),
        (Bank(HEAT_METER, world.heat_meter, now_s), addresses.heat_meter),
        (Bank(OUTDOOR_SENSOR, world.outdoor, now_s), addresses.outdoor),
    )
    async with AsyncExitStack() as doors:
        await serve_fleet(doors, world, addresses.miners, addresses.passwords)
        for bank, address in devices:
            await doors.enter_async_context(serve_modbus(bank, address, "device"))
        yield plant
        for device in plant.field.devices:
            await device.close()


@asynccontextmanager
async def running(*lives: object) -> AsyncIterator[None]:
    """Run coroutines beside the block and end them with it."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(life) for life in lives]  # type: ignore[arg-type]
        yield
        for task in tasks:
            task.cancel()
