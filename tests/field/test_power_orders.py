"""The actuator sets the power of WhatsMiners over their wires, and proves it by what they tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from controller.clock.now import utc_s
from controller.config.findings import ConfigError
from controller.control.decision import Decision, Wanted
from controller.control.state import first_state
from controller.field.miner_actuator import MinerActuator
from controller.field.units import unit_drivers
from drivers.whatsminer.miner import WhatsMiner
from tests.field.bench_plant import BenchPlant, bench_plant, running
from tests.scenarios.mixed_plant import AVALONS, TRIM_UNITS, logins, mixed_plant

UNITS = AVALONS + TRIM_UNITS
FIRST = AVALONS


class Hands:
    """A poller and an actuator at work on the mixed plant, one scan a second."""

    def __init__(self, plant: BenchPlant) -> None:
        self.plant = plant
        self.poller = plant.poller()
        self.actuator = MinerActuator(
            plant.field.miners, self.poller.soon, lambda: asyncio.get_running_loop().time()
        )

    async def obey(self, shares: list[float], seconds: int, *, writing: bool = True) -> None:
        """Every WhatsMiner on, at these shares; Avalons as they are."""
        units = np.full(UNITS, np.int8(Wanted.FREE))
        units[FIRST:] = Wanted.NORMAL
        share = np.full(UNITS, np.nan)
        share[FIRST:] = shares
        state = first_state(UNITS, 3, 0.95, ())
        decision = Decision(writing, {}, units, False, {}, (), (), state, power_share=share)  # noqa: FBT003
        for _ in range(seconds):
            fleet = self.plant.freeze()
            self.actuator.apply(decision, fleet, self.plant.world.now_s)
            await self.plant.pass_time(1.0)

    def orders(self, unit: int) -> list[str]:
        """The powers that a simulated unit was ordered."""
        heard = self.plant.world.fleet.commands
        return [order for _, one, order in heard if one == unit and order.startswith("power")]

    @property
    def drawn_kw(self) -> float:
        """What all WhatsMiners really draw."""
        return float(self.plant.world.fleet.power_kw[FIRST:].sum())


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[Hands]:
    """All WhatsMiners hashing at full power, polled and ordered."""
    async with bench_plant(file=mixed_plant(logins(folder)), warm_heat_kw=1e6) as plant:
        hands = Hands(plant)
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(12.0)
            yield hands


async def test_both_makes_stand_in_one_image(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        fleet, world = hands.plant.freeze(), hands.plant.world.fleet

        assert fleet.commandable.all()
        assert fleet.power_kw == pytest.approx(world.power_kw, abs=0.03)
        assert fleet.hashrate_ths == pytest.approx(world.hashrate_ths, rel=0.01)
        assert fleet.outlet_c == pytest.approx(world.outlet_c, abs=1.0)
        assert fleet.chip_c == pytest.approx(world.chip_c, abs=1.0)


async def test_shares_become_percentages_that_together_hit_the_sum(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        full_kw = hands.drawn_kw
        await hands.obey([0.655] * TRIM_UNITS, 400)

        assert hands.drawn_kw == pytest.approx(0.655 * full_kw, rel=2e-3)
        percents = hands.plant.world.fleet.trim.percent[FIRST:]
        assert set(percents.tolist()) == {65, 66}
        assert [len(hands.orders(unit)) for unit in range(FIRST, UNITS)] == [1] * TRIM_UNITS
        assert hands.orders(0) == []
        assert hands.actuator.counts.verified == TRIM_UNITS
        assert hands.actuator.counts.failed == 0


async def test_a_changing_share_is_ordered_no_more_often_than_every_half_minute(
    tmp_path: Path,
) -> None:
    async with at_work(tmp_path) as hands:
        for second in range(100):
            await hands.obey([0.6 + 0.003 * second] * TRIM_UNITS, 1)

        assert 3 <= len(hands.orders(FIRST)) <= 4


async def test_a_unit_that_restarts_is_set_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        await hands.obey([0.6] * TRIM_UNITS, 60)
        hands.plant.world.fleet.reboot(FIRST)
        await hands.obey([0.6] * TRIM_UNITS, 700)

        assert hands.orders(FIRST) == ["power-60", "power-60"]
        assert hands.orders(FIRST + 1) == ["power-60"]
        assert hands.plant.world.fleet.trim.percent[FIRST] == 60


async def test_a_deaf_unit_is_ordered_ever_more_slowly_and_counted(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        hands.plant.world.faults.set("miner-c03-001", "deaf")
        await hands.obey([0.6] * TRIM_UNITS, 500)

        assert len(hands.orders(FIRST)) == 4  # at once, and after 60, 120 and 240 s
        assert hands.actuator.counts.failed == 3


async def test_an_order_whose_reply_is_lost_is_read_back_and_not_repeated(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        # The reply to the order takes too long; what it ordered is done all the same.
        miner = hands.plant.field.miners[FIRST]
        assert isinstance(miner, WhatsMiner)
        hands.plant.world.faults.set("link:miner-c03-001", "delayed:2.5s")
        await hands.obey([0.6] * TRIM_UNITS, 20)
        hands.plant.world.faults.clear()
        await hands.obey([0.6] * TRIM_UNITS, 120)

        assert set(hands.orders(FIRST)) <= {"power-60"}
        assert hands.plant.world.fleet.trim.percent[FIRST] == 60
        assert len(hands.orders(FIRST)) == 1


async def test_nobody_is_ordered_while_nothing_is_written(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        await hands.obey([0.6] * TRIM_UNITS, 60, writing=False)

        assert hands.orders(FIRST) == []


async def test_a_unit_that_draws_something_else_is_told_once(tmp_path: Path) -> None:
    async with at_work(tmp_path) as hands:
        await hands.obey([0.6] * TRIM_UNITS, 60)
        # It says 60 % and keeps its power, as one whose firmware has hung itself up.
        world = hands.plant.world.fleet
        world.trim.kept[FIRST] = 1.0 / 0.6
        world.set_power(FIRST, 60, fast=False)
        world.trim.level[FIRST] = 1.0
        await hands.obey([0.6] * TRIM_UNITS, 450)

        told = [event for event in hands.actuator.counts.fetch() if "set to 60 %" in event.text]
        assert [event.source for event in told] == ["miner-c03-001"]


def test_a_login_that_is_not_there_is_a_mistake_of_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="login 'trim' does not stand in the logins file"):
        unit_drivers(mixed_plant(str(tmp_path / "nothing.toml")), utc_s)
