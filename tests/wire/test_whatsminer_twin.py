"""Driver and simulated WhatsMiner, each written from the maker's text, understand each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from drivers.cgminer.reading import MinerState
from drivers.errors import BadReply, NoAnswer, Refused
from drivers.whatsminer.codec import NoPermission
from drivers.whatsminer.dialects import dialect_for
from drivers.whatsminer.login import Login
from drivers.whatsminer.miner import WhatsMiner
from simulators.description import Container, PlantDescription, whatsminer
from simulators.wire.listen import serve_whatsminers
from simulators.wire.whatsminer import Access
from simulators.world import World

PLACE = ("127.9.1.1", 4433)
PASSWORD = "not the default one"
UNIX_S = 1_800_000_000.0
FULL_KW = 7.308
MODEL = whatsminer("M65S", FULL_KW, 0.03)
PLANT = PlantDescription((Container("container-01", 2, MODEL),), warm_heat_kw=13.0)


@dataclass
class Bench:
    """A world of two units of which the first is served, and the driver of that one."""

    world: World
    miner: WhatsMiner

    async def pass_time(self, seconds: float) -> None:
        """Let the world and the loop go on together."""
        for _ in range(round(2 * seconds)):
            self.world.step(0.5)
            await asyncio.sleep(0.5)

    @property
    def power_kw(self) -> float:
        """What the unit really draws."""
        return float(self.world.fleet.power_kw[0])


@asynccontextmanager
async def bench(
    access: Access | None = None, *, skew_s: float = 0.0, password: str = PASSWORD
) -> AsyncIterator[Bench]:
    """Served with this access, by a clock that is wrong by so much."""
    world = World(PLANT, 7)
    given = Access(PASSWORD) if access is None else access

    def clock_s() -> float:
        return UNIX_S + world.now_s + skew_s

    served = serve_whatsminers(
        world.fleet, (MODEL, MODEL), (PLACE, None), world.faults, (given, given), clock_s
    )
    async with served:
        dialect = dialect_for("M65S").accept()
        login = Login("super", password)
        miner = WhatsMiner("c01-001", *PLACE, login, dialect, utc_s=lambda: UNIX_S + world.now_s)
        yield Bench(world, miner)


async def test_who_it_is() -> None:
    async with bench() as one:
        who = await one.miner.identify()
        words = await one.miner.capabilities()

    assert (who.product, who.model) == ("WhatsMiner", "M65S")
    assert who.serial == one.world.fleet.serials[0]
    assert words == ("api 3.0.5", "orders on")


async def test_what_is_read_is_what_the_world_has() -> None:
    async with bench() as one:
        await one.pass_time(5.0)
        reading = await one.miner.poll()

        fleet = one.world.fleet
        assert reading.state is MinerState.RUNNING
        assert reading.power_kw == pytest.approx(float(fleet.power_kw[0]), abs=1e-3)
        assert reading.hashrate_ths == pytest.approx(float(fleet.hashrate_ths[0]), abs=1e-3)
        assert reading.inlet_c == pytest.approx(float(fleet.inlet_c[0]), abs=0.06)
        assert reading.outlet_c == pytest.approx(float(fleet.outlet_c[0]), abs=0.06)
        assert reading.chip_c == pytest.approx(float(fleet.chip_c[0]), abs=0.06)
        assert reading.details.power_pct == 100.0
        assert reading.clock_s == pytest.approx(UNIX_S + one.world.now_s, abs=1.0)


async def test_pools_and_boards() -> None:
    async with bench() as one:
        pools, boards = await one.miner.pools(), await one.miner.boards()
        await one.miner.sleep()

        with pytest.raises(Refused, match=r"code -1 \(fail\)"):
            await one.miner.pools()

    assert [pool.active for pool in pools] == [True, False, False]
    assert {board["slot"] for board in boards} == {0, 1, 2, 3}


@pytest.mark.parametrize("percent", [100, 80, 63, 50])
async def test_a_share_of_power_is_drawn_and_told(percent: int) -> None:
    async with bench() as one:
        full_kw = one.power_kw
        await one.miner.poll()
        await one.miner.set_power_pct(percent)
        await one.pass_time(300.0)
        reading = await one.miner.poll()

        assert one.power_kw == pytest.approx(full_kw * percent / 100.0, rel=2e-3)
        assert reading.details.power_pct == float(percent)
        assert one.world.fleet.hashrate_ths[0] == pytest.approx(
            one.power_kw / FULL_KW * 390.0, rel=0.02
        )


async def test_a_share_takes_minutes_and_is_lost_when_the_service_stops() -> None:
    async with bench() as one:
        await one.miner.poll()
        await one.miner.set_power_pct(60)
        await one.pass_time(20.0)
        assert 0.65 * FULL_KW < one.power_kw < 0.9 * FULL_KW
        await one.pass_time(280.0)
        assert one.power_kw == pytest.approx(0.6 * FULL_KW, rel=0.02)

        await one.miner.sleep()
        await one.pass_time(20.0)
        asleep = await one.miner.poll()
        await one.miner.wake()
        await one.pass_time(500.0)
        awake = await one.miner.poll()

        assert (asleep.state, asleep.power_kw) == (MinerState.ASLEEP, 0.03)
        assert (awake.state, awake.details.power_pct) == (MinerState.RUNNING, 100.0)
        assert one.power_kw == pytest.approx(FULL_KW, rel=0.02)


async def test_watts_are_kept_over_a_restart() -> None:
    async with bench() as one:
        await one.miner.poll()
        await one.miner.set_power_w(5_000)
        await one.pass_time(300.0)
        assert one.power_kw == pytest.approx(5.0, rel=0.02)

        await one.miner.sleep()
        await one.pass_time(20.0)
        await one.miner.wake()
        await one.pass_time(500.0)

        assert one.power_kw == pytest.approx(5.0, rel=0.02)


async def test_the_control_board_answers_while_the_boards_wake() -> None:
    async with bench() as one:
        await one.miner.sleep()
        await one.pass_time(20.0)
        uptime_s = (await one.miner.poll()).elapsed_s
        await one.miner.wake()
        await one.pass_time(10.0)

        starting = await one.miner.poll()
        assert starting.state is MinerState.STARTING
        assert starting.elapsed_s == pytest.approx(uptime_s + 10.0, abs=1.0)

        await one.pass_time(200.0)
        assert (await one.miner.poll()).state is MinerState.CALIBRATING
        with pytest.raises(Refused, match="has not found its frequencies"):
            await one.miner.set_power_pct(70)


async def test_a_mains_loss_forgets_the_share_and_starts_by_itself() -> None:
    async with bench() as one:
        await one.miner.poll()
        await one.miner.set_power_pct(60)
        await one.pass_time(120.0)
        one.world.faults.set("miner-c01-001", "off")
        await one.pass_time(5.0)
        with pytest.raises(NoAnswer):
            await one.miner.poll()

        one.world.faults.clear()
        await one.pass_time(600.0)

        assert (await one.miner.poll()).details.power_pct == 100.0


@pytest.mark.parametrize(
    ("access", "password"),
    [
        (Access(PASSWORD), "a wrong one"),
        (Access(PASSWORD, switched_on=False), PASSWORD),
        (Access("super"), "super"),
    ],
    ids=["wrong password", "orders switched off", "the password it came with"],
)
async def test_whoever_may_not_order_is_told_so_and_still_reads(
    access: Access, password: str
) -> None:
    async with bench(access, password=password) as one:
        with pytest.raises(NoPermission, match=r"code -4 \(no permission\)"):
            await one.miner.sleep()
        await one.pass_time(5.0)

        assert (await one.miner.poll()).state is MinerState.RUNNING


@pytest.mark.parametrize("skew_s", [-86_400.0, -90.0, 90.0, 1e8])
async def test_a_wrong_clock_of_the_unit_does_not_spoil_its_tokens(skew_s: float) -> None:
    async with bench(skew_s=skew_s) as one:
        await one.miner.sleep()
        await one.pass_time(20.0)
        reading = await one.miner.poll()

        assert reading.state is MinerState.ASLEEP
        assert reading.clock_s == pytest.approx(UNIX_S + one.world.now_s + skew_s, abs=1.0)


@pytest.mark.parametrize("verb", ["stuck", "off", "garbage", "wrong", "silent"])
async def test_a_broken_link_is_no_reading(verb: str) -> None:
    async with bench() as one:
        target = "miner-c01-001" if verb == "silent" else "link:miner-c01-001"
        one.world.faults.set(target, verb)

        with pytest.raises((NoAnswer, BadReply)):
            await one.miner.poll()


async def test_a_deaf_unit_says_yes_and_goes_on() -> None:
    async with bench() as one:
        one.world.faults.set("miner-c01-001", "deaf")
        await one.miner.sleep()
        await one.pass_time(20.0)

        assert (await one.miner.poll()).state is MinerState.RUNNING
