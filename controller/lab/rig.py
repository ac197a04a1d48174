"""The simulated plant on loopback sockets: every miner, the PLC, the meters, and a control port.

It runs in a process of its own, on the time of that process's event loop, until it is told to stop.
"""

import asyncio
import gc
import resource
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Protocol

from controller.clock.now import utc_s
from controller.config.load import ConfigError
from controller.lab.control_port import serve_control
from controller.lab.laboratory import Laboratory, Setup
from controller.lab.plc_twin import follow
from controller.lab.rig_devices import RigDevice, Role, serve_devices
from controller.link.background import Background
from drivers.modbus.device import ModbusDevice
from simulators.description import PlantDescription
from simulators.wire.listen import Address, serve_miners, serve_whatsminers
from simulators.wire.whatsminer import Access
from simulators.world import World

STEP_S = 0.1
# What the clocks of simulated miners show when the world begins, if nobody says: 2026-01-01.
BEGAN_UNIX_S = 1_767_225_600.0
LONGEST_STEP_S = 1.0
SHORTEST_STEP_S = 0.02
FILES_PER_MINER = 4  # its listener, and clients that stand in line
LEAST_FILES_PER_MINER = 2
FILES_BESIDE = 256


class Steps(Protocol):
    """What is stepped along the clock."""

    def step(self, dt_s: float) -> None:
        """Let time pass."""


@dataclass(frozen=True)
class RigAddresses:
    """Where each simulated device listens; the miners in the order of the fleet.

    `units` are the unit ids of Modbus devices, 1 where none is given. Devices at one address are
    units behind one gateway; at a `serial` one they are on a bus behind a transparent gateway. What
    has no address is not there, or is real.
    """

    miners: tuple[Address | None, ...]
    cdu: Address | None
    heat_meter: Address | None
    outdoor: Address | None
    control: Address
    boundary_meter: Address | None = None
    feeder_panel: Address | None = None
    units: Mapping[Role, int] = field(default_factory=dict)
    serial: frozenset[Address] = frozenset()
    passwords: tuple[str, ...] = field(default=(), repr=False)
    """What each miner takes for its account's password; empty where it takes no orders by one."""

    def devices(self) -> tuple[RigDevice, ...]:
        """Every Modbus device that this plant has."""
        places: dict[Role, Address | None] = {
            "cdu": self.cdu,
            "heat_meter": self.heat_meter,
            "boundary_meter": self.boundary_meter,
            "outdoor": self.outdoor,
            "feeder_panel": self.feeder_panel,
        }
        return tuple(
            RigDevice(role, address, self.units.get(role, 1), address in self.serial)
            for role, address in places.items()
            if address is not None
        )


async def serve_rig(
    description: PlantDescription,
    addresses: RigAddresses,
    *,
    seed: int,
    ready: Callable[[], object],
    stop: asyncio.Event,
    setup: Setup | None = None,
    real_plcs: Sequence[ModbusDevice] = (),
) -> None:
    """Serve the whole plant until `stop`; `ready` is called once everything listens.

    What real PLCs order is followed by the simulated water.
    """
    raise_file_limit(len(addresses.miners))
    world = World(description, seed)
    world.faults.leave_out([n for n, miner in enumerate(addresses.miners) if miner is None])
    laboratory = _explained(lambda: Laboratory(world, setup))
    async with AsyncExitStack() as doors:
        # Miners with a clock of their own are set to the plant's.
        await open_doors(doors, world, addresses, utc_s() - world.now_s)
        await doors.enter_async_context(serve_control(laboratory, addresses.control))
        # What lives as long as the plant need not be looked through again and again.
        gc.collect()
        gc.freeze()
        doors.callback(gc.unfreeze)
        ready()
        laboratory.pace.begin(world.now_s)
        followers = await doors.enter_async_context(Background())
        for device in real_plcs:
            followers.start(follow(device, world), f"follow {device.name}")
        await keep_time(laboratory, stop)


async def open_doors(
    doors: AsyncExitStack,
    world: World,
    addresses: RigAddresses,
    began_utc_s: float = BEGAN_UNIX_S,
) -> None:
    """Listen for everybody; what has been opened is closed by `doors`."""
    await serve_devices(doors, world, addresses.devices())
    await serve_fleet(doors, world, addresses.miners, addresses.passwords, began_utc_s)


async def serve_fleet(
    doors: AsyncExitStack,
    world: World,
    miners: Sequence[Address | None],
    passwords: Sequence[str] = (),
    began_utc_s: float = BEGAN_UNIX_S,
) -> None:
    """Listen for every miner, in the way of its make."""

    def clock_s() -> float:
        return began_utc_s + world.now_s

    models = [world.description.models[box] for box in world.fleet.container_of.tolist()]
    avalons = [
        address if model.api == "cgminer" else None
        for address, model in zip(miners, models, strict=True)
    ]
    await doors.enter_async_context(
        serve_miners(world.fleet, models, avalons, world.faults, clock_s)
    )
    others = [
        address if model.api == "whatsminer" else None
        for address, model in zip(miners, models, strict=True)
    ]
    access = [Access(password) for password in passwords] or [Access()] * len(models)
    await doors.enter_async_context(
        serve_whatsminers(world.fleet, models, others, world.faults, access, clock_s)
    )


async def keep_time(world: Steps, stop: asyncio.Event) -> None:
    """Step the world along the loop's clock; what a late turn leaves undone, the next ones do."""
    loop = asyncio.get_running_loop()
    reached_s = due_s = loop.time()
    while not stop.is_set():
        dt_s = min(loop.time() - reached_s, LONGEST_STEP_S)
        if dt_s >= SHORTEST_STEP_S:
            world.step(dt_s)
            reached_s += dt_s
        due_s = max(due_s + STEP_S, loop.time())
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due_s):
                await stop.wait()


def raise_file_limit(miners: int) -> None:
    """Let this process open as many files as the plant needs; ConfigError where it may not."""
    wanted = miners * FILES_PER_MINER + FILES_BESIDE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    needed = miners * LEAST_FILES_PER_MINER + FILES_BESIDE
    if allowed < needed:
        most = max(0, (allowed - FILES_BESIDE) // LEAST_FILES_PER_MINER)
        raise ConfigError(
            f"this process may open {allowed} files and {miners} miners need {needed}: at most"
            f" {most} miners can be served; a higher hard limit (ulimit -Hn {needed}) helps"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _explained(make: Callable[[], Laboratory]) -> Laboratory:
    """A scenario that does not fit this plant is a mistake that its user can mend."""
    try:
        return make()
    except ValueError as error:
        raise ConfigError(str(error)) from error
