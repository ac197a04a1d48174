"""Two controllers that take the plant in the same moment choose the same epoch: one stays."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from controller.control.severity import Severity
from controller.field.devices import build_field
from drivers.modbus.command_frame import FrameMarks
from tests.field.bench_plant import bench_plant, running
from tests.field.hands import Hands, decision, hands_on_a_plant


@asynccontextmanager
async def two_controllers() -> AsyncIterator[tuple[Hands, Hands]]:
    """Each with a connection of its own to the same PLC."""
    async with bench_plant() as plant:
        other = build_field(plant.file, plant.settings).devices[0]
        one, two = Hands(plant), Hands(plant, other)
        async with running(*one.eyes.lives, one.water.run(), two.water.run()):
            await plant.pass_time(2.0)
            yield one, two
        await other.close()


async def race(one: Hands, two: Hands, seconds: int, apart_s: float) -> None:
    """Both decide under epoch 1, once a second, so far apart."""
    for _ in range(seconds):
        one.water.apply(decision(epoch=1, pump_1__speed_pct=61.0), one.eyes.snapshot())
        await asyncio.sleep(apart_s)
        two.water.apply(decision(epoch=1, pump_1__speed_pct=62.0), one.eyes.snapshot())
        await one.plant.pass_time(1.0)


@pytest.mark.parametrize("apart_s", [0.0, 0.001, 0.25])
async def test_of_two_that_chose_the_same_epoch_exactly_one_goes_on(apart_s: float) -> None:
    async with two_controllers() as (one, two):
        await race(one, two, 4, apart_s)
        lost = [hands for hands in (one, two) if hands.water.pen_lost]
        assert len(lost) == 1
        (stays,) = {one, two} - set(lost)
        wanted = 61.0 if stays is one else 62.0

        await race(one, two, 8, apart_s)

        assert stays.water.pen_lost is False
        assert one.ordered("pump-1.speed_pct") == wanted
        assert one.shown("plc.controller_age_s") <= 1.0
        assert one.shown("plc.local_automatic") is False


async def test_the_one_that_falls_silent_says_so_also_to_those_who_guard_the_network() -> None:
    async with two_controllers() as (one, two):
        await race(one, two, 4, 0.25)
        loser = one if one.water.pen_lost else two

        (told,) = [event for event in loser.counts.news if event.source == "cdu"]
        assert "another controller orders under our epoch 1" in told.text
        assert told.severity == Severity.CRITICAL
        assert len(loser.told("security")) == 1


async def test_a_plant_that_is_taken_between_reading_and_writing_is_not_written_at_all() -> None:
    async with two_controllers() as (one, two):
        await one.want(decision(epoch=1, pump_1__speed_pct=61.0), 3)
        two.water.apply(decision(epoch=1, pump_1__speed_pct=62.0), one.eyes.snapshot())
        await one.plant.pass_time(1.0)

        assert two.water.pen_lost
        assert one.ordered("pump-1.speed_pct") == 61.0


async def test_even_a_stop_does_not_give_the_pen_back() -> None:
    async with two_controllers() as (one, two):
        await one.want(decision(epoch=1), 3)
        stop = decision(epoch=1, urgent=True, container_01__contactor_close=False)
        for _ in range(3):
            two.water.apply(stop, one.eyes.snapshot())
            await one.want(decision(epoch=1))

        assert one.ordered("container-01.contactor_close") is True


async def test_a_frame_without_an_answer_is_still_ours() -> None:
    async with hands_on_a_plant() as hands:
        await hands.want(decision(), 2)
        device = hands.device
        marks = await device.read_frame()
        frame = {name: float(value) for name, value in hands.set_points().items()}
        # It has left, and nothing came back.
        lost = hands.water._owner.next_heartbeat()  # noqa: SLF001
        await device.write_frame(frame, heartbeat=lost, epoch=1)
        await hands.want(decision(pump_1__speed_pct=77.0), 2)

        assert marks == FrameMarks(lost - 1, 1)
        assert not hands.water.pen_lost
        assert hands.ordered("pump-1.speed_pct") == 77.0


async def test_what_a_plc_does_on_its_own_is_nobodys_attack() -> None:
    async with hands_on_a_plant() as hands:
        wish = decision(district_pump__speed_pct=37.0, container_01__contactor_close=True)
        await hands.want(wish, 3)
        await hands.plant.pass_time(60.0)
        assert hands.shown("plc.local_automatic") is True
        assert hands.ordered("district-pump.speed_pct") != 37.0
        await hands.want(wish, 3)
        await hands.want(decision(epoch=2, district_pump__speed_pct=37.0), 3)

        assert hands.told("security") == []
        assert hands.counts.foreign == 0
        assert hands.ordered("district-pump.speed_pct") == 37.0


async def test_a_plc_that_starts_anew_is_not_ordered_as_if_nothing_had_been() -> None:
    async with hands_on_a_plant() as hands:
        wish = decision(
            pump_1__speed_pct=66.0, pump_1__run=True, container_01__contactor_close=True
        )
        await hands.want(wish, 3)
        hands.plant.world.faults.set("cdu", "restart")
        await hands.want(wish, 5)

        assert hands.shown("plc.boot_count") == 2.0
        assert hands.ordered("pump-1.speed_pct") == 0.0
        assert hands.ordered("container-01.contactor_close") is False
        assert hands.told("security") == []

        await hands.want(decision(epoch=2, pump_1__speed_pct=30.0), 2)
        assert hands.ordered("pump-1.speed_pct") == 30.0
        assert hands.shown("plc.local_automatic") is False
