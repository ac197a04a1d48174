"""A unit of the K230 kind: telemetry in braces that it leaves out while it mines, dated orders."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from drivers.cgminer.codec import decode
from drivers.cgminer.miner import Miner
from drivers.cgminer.reading import MinerState
from drivers.errors import Refused
from simulators.description import Container, MinerModel, PlantDescription
from simulators.wire.cgminer import reply
from simulators.wire.listen import serve_miners
from simulators.wire.unit import UnitView
from simulators.world import World

BEGAN_S = 1_767_225_600.0
PLACE = ("127.1.1.1", 4028)


@pytest.fixture
def world() -> World:
    """A container of four, of which the first is warm and hashes."""
    plant = PlantDescription(
        containers=(Container("container-01", 4),), model=MinerModel(personality="stamped")
    )
    return World(plant)


class Site:
    """One miner's driver, its unit, and time that passes for both."""

    def __init__(self, world: World, off_s: float = 0.0) -> None:
        self.world = world
        self.off_s = off_s
        self.miner = Miner("c01-001", *PLACE, utc_s=lambda: BEGAN_S + world.now_s)

    def clock_s(self) -> float:
        """What the unit's own clock shows."""
        return BEGAN_S + self.world.now_s + self.off_s

    async def pass_time(self, seconds: int) -> None:
        """Let driver and unit live on."""
        for _ in range(seconds):
            self.world.step(1.0)
            await asyncio.sleep(1.0)


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    here = Site(world)
    addresses = (PLACE, None, None, None)
    async with serve_miners(
        world.fleet, world.description.model, addresses, world.faults, here.clock_s
    ):
        await here.pass_time(30)
        identity = await here.miner.identify()
        assert identity.firmware == "26040101_0000000_0000000"
        here.miner.accept()
        yield here


async def test_its_telemetry_is_read_while_it_mines_though_stats_leaves_it_out(site: Site) -> None:
    fleet = site.world.fleet
    assert site.miner.dialect.name == "a1566ha_stamped"

    reading = await site.miner.poll()

    assert reading.state is MinerState.RUNNING
    assert reading.power_kw == pytest.approx(fleet.power_kw[0], abs=0.01)
    assert reading.hashrate_ths == pytest.approx(fleet.hashrate_ths[0], rel=0.01)
    assert reading.outlet_c == pytest.approx(fleet.outlet_c[0], abs=0.1)
    assert reading.inlet_c == pytest.approx(fleet.inlet_c[0], abs=0.1)
    assert reading.serial == fleet.serials[0]


async def test_it_sleeps_and_wakes_at_the_time_that_the_order_names(site: Site) -> None:
    await site.miner.sleep()
    await site.pass_time(4)
    before = await site.miner.poll()
    await site.pass_time(12)
    asleep = await site.miner.poll()
    await site.miner.wake()
    await site.pass_time(360)
    awake = await site.miner.poll()

    assert before.state is MinerState.RUNNING
    assert asleep.state is MinerState.ASLEEP
    assert asleep.power_kw is not None
    assert asleep.power_kw < 0.1
    assert awake.state is MinerState.RUNNING


@pytest.mark.parametrize("off_s", [-5.0, 30.0])
async def test_a_unit_whose_clock_is_off_is_ordered_nothing(site: Site, off_s: float) -> None:
    site.off_s = off_s

    with pytest.raises(Refused, match="mend its time server first"):
        await site.miner.sleep()
    await site.pass_time(40)
    assert (await site.miner.poll()).state is MinerState.RUNNING


async def test_a_unit_whose_clock_was_never_set_is_ordered_nothing(world: World) -> None:
    here = Site(world)
    async with serve_miners(
        world.fleet, world.description.model, (PLACE, None, None, None), world.faults
    ):
        await here.pass_time(5)
        await here.miner.identify()
        here.miner.accept()
        with pytest.raises(Refused, match="expected a date: set it first"):
            await here.miner.sleep()


@pytest.mark.parametrize(
    "argument", ["softoff", "softoff,1", "softoff,1:soon", "softoff,1:1767225500", "softoff,2:9"]
)
def test_an_order_without_a_time_to_come_is_refused(world: World, argument: str) -> None:
    unit = UnitView(world.fleet, 0, world.description.model, clock_s=lambda: BEGAN_S + world.now_s)
    with pytest.raises(Refused, match="E120"):
        decode(reply(f"ascset|0,{argument}".encode(), unit), "ascset")


def test_while_it_mines_stats_is_empty_and_litestats_whole_and_at_rest_both_are(
    world: World,
) -> None:
    world.step(1.0)
    unit = UnitView(world.fleet, 0, replace(world.description.model), clock_s=lambda: BEGAN_S)

    def told(command: str) -> str:
        return reply(f'{{"command":"{command}"}}'.encode(), unit).decode()

    assert '"MM ID0:Summary":"","HBinfo":"\'HB0\':{PVT_T0[' in told("stats")
    assert '"MM ID0:Summary":"\'STATS\':{Ver[1566HA-26040101' in told("litestats")
    world.fleet.sleep(0)
    for _ in range(20):
        world.step(1.0)
    assert '"MM ID0:Summary":"\'STATS\':{Ver[' in told("stats")
