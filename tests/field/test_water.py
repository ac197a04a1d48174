import asyncio
from dataclasses import replace
from random import Random

import pytest

from controller.control.decision import Decision
from controller.control.state import first_state
from controller.field.miner_actuator import OrderCounts
from controller.field.water_actuator import WaterActuator
from controller.field.water_poller import poll_device
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Quality, Value
from tests.field.bench_plant import BenchPlant, bench_plant, running


def decision(**outputs: Value) -> Decision:
    """A decision that is about the water alone; `pump_1__run` is pump-1.run."""
    state = first_state(1, 1, 0.95, ())
    named = {key.replace("__", ".", 1): value for key, value in outputs.items()}
    named = {
        f"{name.split('.')[0].replace('_', '-')}.{name.split('.')[1]}": value
        for name, value in named.items()
    }
    return Decision(
        writing=True,
        outputs=named,
        units=state.dispatch.wanted,
        urgent=False,
        derived={},
        events=(),
        verdicts=(),
        state=state,
    )


class Eyes:
    """All groups of all devices polled into an image."""

    def __init__(self, plant: BenchPlant) -> None:
        self.image = ProcessImage(plant.field.tags, plant.fleet)
        self.woken = 0
        self.lives = [
            poll_device(device, group, period_s, self.image, self._wake, Random(7))
            for device in plant.field.devices
            for group, period_s in (("protective", 0.5), ("normal", 1.0), ("output", 1.0))
            if any(register.group == group for register in device.tags.values())
        ]

    def _wake(self) -> None:
        self.woken += 1

    def snapshot(self) -> Snapshot:
        """The image as a scan would see it now."""
        return self.image.freeze(asyncio.get_running_loop().time(), 0.0)


async def test_every_tag_is_good_and_tells_what_the_world_has() -> None:
    async with bench_plant() as plant:
        eyes = Eyes(plant)
        async with running(*eyes.lives):
            await plant.pass_time(3.0)
            snapshot = eyes.snapshot()

    assert (snapshot.quality == Quality.GOOD).all()
    points = plant.world.plc.points()
    assert snapshot.number("primary.flow_lpm") == pytest.approx(
        points["primary.flow_lpm"], rel=0.02
    )
    assert snapshot.flag("pump-1.running") is True


async def test_a_protective_change_wakes_the_scan() -> None:
    async with bench_plant() as plant:
        eyes = Eyes(plant)
        async with running(*eyes.lives):
            await plant.pass_time(3.0)
            before = eyes.woken
            plant.world.faults.set("container-01.leak", "off")
            await plant.pass_time(1.0)

    assert eyes.woken > before


async def test_a_broken_sensor_is_bad_and_its_neighbours_are_good() -> None:
    async with bench_plant() as plant:
        plant.world.faults.set("primary.hot_temperature_c", "off")
        eyes = Eyes(plant)
        async with running(*eyes.lives):
            await plant.pass_time(3.0)
            snapshot = eyes.snapshot()

    assert snapshot.number("primary.hot_temperature_c") is None
    assert snapshot.number("primary.cold_temperature_c") is not None


async def test_only_what_differs_is_written_and_it_is_read_back() -> None:
    async with bench_plant() as plant:
        eyes, counts = Eyes(plant), OrderCounts()
        water = WaterActuator(plant.field.devices[0], eyes.image, counts)
        same = plant.world.plc.command_value("pump-2.speed_pct")
        async with running(*eyes.lives, water.run()):
            await plant.pass_time(2.0)
            water.apply(decision(pump_1__speed_pct=91.0, pump_2__speed_pct=same), eyes.snapshot())
            await plant.pass_time(1.0)

    assert plant.world.plc.command_value("pump-1.speed_pct") == pytest.approx(91.0)
    assert (counts.sent, counts.verified, counts.failed) == (1, 1, 0)


async def test_nothing_is_written_while_nothing_may_be() -> None:
    async with bench_plant() as plant:
        eyes, counts = Eyes(plant), OrderCounts()
        water = WaterActuator(plant.field.devices[0], eyes.image, counts)
        before = plant.world.plc.command_value("pump-1.speed_pct")
        async with running(*eyes.lives, water.run()):
            await plant.pass_time(2.0)
            wish = replace(decision(pump_1__speed_pct=91.0), writing=False)
            water.apply(wish, eyes.snapshot())
            await plant.pass_time(1.0)

    assert plant.world.plc.command_value("pump-1.speed_pct") == before
    assert counts.sent == 0
