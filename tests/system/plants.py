"""Plants for tests of the whole: any size, any equipment, any speed, from plant.toml alone.

async with built_plant(miners=40, speed=10.0, variant=Variant(network_role="sole_source")) as p:
    await p.pass_s(600.0)        # the plant's seconds
    assert await p.unsafe() == {}
"""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import IPv4Address
from pathlib import Path

from controller.clock.dial import make_dial
from controller.clock.now import real_monotonic_s, real_utc_s
from controller.clock.shared import SharedClock
from controller.lab.children import Child, Children
from controller.lab.demo_site import write_site
from controller.lab.places import free_places, shape
from controller.lab.site_text import FULL, Variant
from tests.system.real_plant import RealPlant, until

CLOSED_WITHIN_S = 60.0


class BuiltPlant(RealPlant):
    """A running plant on a clock of its own; this test's own clock is the real one."""

    speed = 1.0
    clock = "1"

    async def pass_s(self, seconds: float) -> None:
        """Wait until so many of the plant's seconds have really passed in it."""
        begun_s = (await self.truth())["now_s"]

        async def passed() -> bool:
            return (await self.truth())["now_s"] >= begun_s + seconds

        await until(passed, 5.0 + 4.0 * seconds / self.speed, f"{seconds:.0f} s pass in the plant")

    async def unsafe(self) -> dict[str, int]:
        """The monitor's rules that were broken so far, and how often."""
        told = await asyncio.to_thread(self.rig.monitor)
        return {rule["name"]: rule["count"] for rule in told["rules"] if rule["count"]}

    async def achieved_speed(self) -> float:
        """How fast the plant really runs."""
        told = await asyncio.to_thread(self.rig.clock)
        return float(told["achieved_speed"] or 0.0)

    async def scenario(self, name: str) -> None:
        """Begin a scenario."""
        await asyncio.to_thread(self.rig.play, name)

    async def start_program(self, name: str, *arguments: str) -> Child:
        """Start one program on this plant's clock."""
        return await super().start_program(name, *arguments, "--speed", self.clock)


@asynccontextmanager
async def built_plant(
    *, miners: int, variant: Variant = FULL, speed: float = 1.0, core: bool = True
) -> AsyncIterator[BuiltPlant]:
    """A plant that runs, warm and taken over; everything ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-"))
    containers, units = shape(miners)
    # Each plant has a network of its own: several may run at once.
    network = IPv4Address(f"127.{secrets.randbelow(200) + 40}.0.0")
    places = free_places(containers, units, miners=network, opcua_port=None)
    site = write_site(
        folder / "site", containers=containers, units=units, places=places, variant=variant
    )
    try:
        async with Children() as children, asyncio.TaskGroup() as group:
            plant = BuiltPlant(site, children)
            plant.speed = speed
            if speed != 1.0:
                plant.clock = f"@{_clock(folder / 'clock', speed)}"
            await plant.start_rig()
            follow = group.create_task(plant.follow(), name="follow")
            if core:
                await plant.start_core()
                await until(
                    lambda: (
                        plant.value("plant.mode") == "running"
                        and plant.number("plant.units_good") == miners
                    ),
                    CLOSED_WITHIN_S,
                    "every miner is good and the loop is closed",
                )
            yield plant
            follow.cancel()
    finally:
        shutil.rmtree(folder)


def _clock(file: Path, speed: float) -> Path:
    """A clock for the plant's programs alone, which the rig may turn."""
    real_s = real_monotonic_s()
    make_dial(file, SharedClock(speed, real_s, real_s, real_utc_s())).close()
    return file
