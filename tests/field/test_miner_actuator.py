import asyncio
from dataclasses import replace

import numpy as np
import pytest

from controller.control.decision import Decision, Wanted
from controller.control.state import first_state
from controller.field.miner_actuator import MinerActuator
from drivers.errors import Refused
from tests.field.bench_plant import BenchPlant, bench_plant, running


def decision(units: list[int], *, urgent: bool = False, writing: bool = True) -> Decision:
    """A decision that is about the miners alone."""
    state = first_state(len(units), 2, 0.95, ())
    wanted = np.array(units, np.int8)
    return Decision(writing, {}, wanted, urgent, {}, (), (), state)


def loop_s() -> float:
    """The virtual loop's time: in these tests nothing stands still unseen."""
    return asyncio.get_running_loop().time()


class Hands:
    """A poller and an actuator at work on a bench plant, one scan a second."""

    def __init__(self, plant: BenchPlant) -> None:
        self.plant = plant
        self.poller = plant.poller()
        self.actuator = MinerActuator(plant.field.miners, self.poller.soon, loop_s)

    async def obey(self, wish: Decision, seconds: int) -> None:
        """Apply the same decision once a second."""
        for _ in range(seconds):
            now_s = self.plant.world.now_s
            fleet = self.plant.freeze()
            self.actuator.apply(wish, fleet, now_s)
            await self.plant.pass_time(1.0)

    @property
    def orders(self) -> list[tuple[int, str]]:
        """What the simulated miners logged: unit and order."""
        return [(unit, order) for _, unit, order in self.plant.world.fleet.commands]


@pytest.fixture
def all_asleep() -> Decision:
    return decision([Wanted.SLEEP] * 10)


async def test_only_the_difference_is_ordered(all_asleep: Decision) -> None:
    async with bench_plant() as plant:
        hands = Hands(plant)
        on = set(np.flatnonzero(plant.world.fleet.power_kw > 1.0).tolist())
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(all_asleep, 30)

    assert sorted(hands.orders) == sorted((unit, "sleep") for unit in on)
    assert hands.actuator.counts.verified == len(on)
    assert hands.actuator.counts.failed == 0


async def test_a_sleeper_is_woken_and_proven_by_its_telemetry() -> None:
    async with bench_plant() as plant:
        hands = Hands(plant)
        off = int(np.flatnonzero(plant.world.fleet.power_kw < 1.0)[0])
        units = [Wanted.FREE] * 10
        units[off] = Wanted.NORMAL
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(decision(units), 60)

    assert hands.orders == [(off, "wake")]
    assert hands.actuator.counts.verified == 1


async def test_a_deaf_miner_is_ordered_again_ever_more_slowly(all_asleep: Decision) -> None:
    async with bench_plant() as plant:
        plant.world.faults.set("miner-c01-001", "deaf")
        hands = Hands(plant)
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(all_asleep, 100)

    deaf = [order for order in hands.orders if order[0] == 0]
    assert 3 <= len(deaf) <= 5
    assert hands.actuator.counts.failed == len(deaf) - 1


async def test_nothing_is_ordered_while_nothing_may_be_written(all_asleep: Decision) -> None:
    async with bench_plant() as plant:
        hands = Hands(plant)
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(replace(all_asleep, writing=False), 5)

    assert not hands.orders


async def test_an_urgent_stop_reaches_every_running_miner_within_a_second() -> None:
    async with bench_plant(units=50) as plant:
        hands = Hands(plant)
        on = np.count_nonzero(plant.world.fleet.power_kw > 1.0)
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(decision([Wanted.SLEEP] * 100, urgent=True), 1)

    assert len(hands.orders) == on


@pytest.mark.parametrize("wish", [Wanted.SLEEP, Wanted.NORMAL])
@pytest.mark.parametrize("urgent", [False, True])
async def test_units_of_an_unverified_dialect_never_hear_an_order(
    wish: Wanted, *, urgent: bool
) -> None:
    async with bench_plant() as plant:
        hands = Hands(plant)
        hands.poller = plant.poller(accepted_model=None)
        hands.actuator = MinerActuator(plant.field.miners, hands.poller.soon, loop_s)
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(decision([wish] * 10, urgent=urgent), 60)

        assert plant.freeze().quality.all(), "they are heard all the time"
        assert hands.orders == []
        # Also a driver that is asked directly says no before a byte leaves.
        for miner in plant.field.miners:
            with pytest.raises(Refused):
                await miner.sleep()
        assert hands.orders == []


async def test_a_unit_with_another_serial_number_is_noticed_and_then_identified_anew() -> None:
    async with bench_plant() as plant:
        hands = Hands(plant)
        async with running(hands.poller.run()):
            await plant.pass_time(6.0)
            assert plant.freeze().commandable[0]
            fleet = plant.world.fleet
            fleet.serials = ("0123456789abcdef", *fleet.serials[1:])
            commandable = []
            for _ in range(14):
                await plant.pass_time(1.0)
                commandable.append(bool(plant.freeze().commandable[0]))

        assert not all(commandable)
        assert commandable[-1]


MODES = [
    {"name": "eco", "power_kw": 5.2, "hashrate_ths": 310.0},
    {"name": "normal", "power_kw": 8.4, "hashrate_ths": 460.0},
]


async def test_a_unit_that_takes_modes_live_is_set_to_the_one_that_is_wanted_once() -> None:
    async with bench_plant(personality="modes_live", miners={"modes": MODES}) as plant:
        hands = Hands(plant)
        on = np.flatnonzero(plant.world.fleet.power_kw > 1.0)
        eco = replace(decision([Wanted.NORMAL] * 10), rungs=np.ones(10, np.int8))
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(eco, 60)

    orders = [(unit, order) for unit, order in hands.orders if unit in on]
    assert sorted(orders) == [(unit, "mode-0") for unit in on.tolist()]
    assert (plant.world.fleet.mode[on] == 0).all()


async def test_a_unit_that_changes_its_mode_only_by_a_restart_is_left_in_it() -> None:
    async with bench_plant(personality="modes_reboot", miners={"modes": MODES}) as plant:
        hands = Hands(plant)
        on = set(np.flatnonzero(plant.world.fleet.power_kw > 1.0).tolist())
        eco = replace(decision([Wanted.NORMAL] * 10), rungs=np.ones(10, np.int8))
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(eco, 30)

    assert not [order for unit, order in hands.orders if unit in on]


async def test_a_deaf_unit_is_told_its_mode_again_only_after_minutes() -> None:
    async with bench_plant(personality="modes_live", miners={"modes": MODES}) as plant:
        hands = Hands(plant)
        on = int(np.flatnonzero(plant.world.fleet.power_kw > 1.0)[0])
        plant.world.faults.set(f"miner-{plant.world.fleet.names[on]}", "deaf")
        units = [Wanted.FREE] * 10
        units[on] = Wanted.NORMAL
        eco = replace(decision(units), rungs=np.ones(10, np.int8))
        async with running(hands.poller.run(), hands.actuator.run()):
            await plant.pass_time(6.0)
            await hands.obey(eco, 400)

    assert hands.orders.count((on, "mode-0")) == 2
