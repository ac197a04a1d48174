import pytest

from controller.image.tag import Quality
from tests.field.bench_plant import Eyes, bench_plant, running


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
