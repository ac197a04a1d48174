"""Not a kilowatt hour is made or lost, whatever is switched, and however time is cut."""

import math
from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


def unbalanced_share(world: World) -> float:
    """Energy that the account cannot explain, as a share of the electricity."""
    truth = world.truth()
    gap_kwh = truth["energy_in_kwh"] - truth["energy_out_kwh"] - truth["energy_stored_kwh"]
    return abs(gap_kwh) / truth["energy_in_kwh"]


def test_energy_closes_over_an_hour_with_changes(plant: Callable[[float], World], run: Run) -> None:
    world = plant(3_000.0)
    run(world, 600.0)
    for unit in range(200):
        world.fleet.sleep(unit)
    run(world, 600.0, dt_s=0.5)
    world.plc.command("container-06.valve_open_command", value=True)
    for unit in range(460, 552):
        world.fleet.reboot(unit)
    world.set_district_return_c(50.0)
    run(world, 600.0)
    world.plc.command("three-way-valve.position_pct", 40.0)
    world.plc.command("container-01.contactor_close", value=False)
    run(world, 600.0, dt_s=2.0)
    world.plc.command("district-pump.run", value=False)
    world.faults.set("pump-2", "off")
    run(world, 300.0)
    world.plc.command("pump-1.run", value=False)

    run(world, 900.0)

    assert world.now_s == pytest.approx(3_600.0)
    assert abs(world.truth()["energy_stored_kwh"]) > 100.0
    assert world.truth()["energy_rejected_kwh"] > 10.0
    assert unbalanced_share(world) < 1e-9


def test_heat_falls_fast_when_units_sleep(plant: Callable[[float], World], run: Run) -> None:
    world = plant(3_000.0)

    for unit in range(920):
        world.fleet.sleep(unit)
    run(world, 10.0)

    assert world.truth()["electric_kw"] == pytest.approx(920 * 0.03)
    assert world.truth()["heat_miners_kw"] == 0.0
    assert world.truth()["heat_delivered_kw"] > 2_900.0


def test_ten_small_steps_are_one_large_step(plant: Callable[[float], World], run: Run) -> None:
    coarse, fine = plant(3_000.0), plant(3_000.0)
    for world, dt_s in ((coarse, 1.0), (fine, 0.1)):
        for unit in range(150):
            world.fleet.sleep(unit)
        world.plc.command("pump-1.speed_pct", 50.0)
        world.plc.command("district-pump.speed_pct", 30.0)
        run(world, 600.0, dt_s=dt_s)

    for name in ("primary_hot_c", "primary_cold_c", "district_supply_c", "hottest_unit_outlet_c"):
        assert coarse.truth()[name] == pytest.approx(fine.truth()[name], abs=0.3)


@pytest.mark.parametrize("dt_s", [0.0, -1.0, 2.1, float("nan")])
def test_an_impossible_step_is_refused(small: World, dt_s: float) -> None:
    with pytest.raises(ValueError, match="a step is"):
        small.step(dt_s)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_impossible_weather_is_refused(small: World, value: float) -> None:
    with pytest.raises(ValueError, match="not a temperature"):
        small.set_outdoor_c(value)
    with pytest.raises(ValueError, match="not a temperature"):
        small.set_district_return_c(value)


def test_the_networks_return_comes_through_its_pipe_and_mixes(small: World, run: Run) -> None:
    pipe_l = 4_200.0 * 20.0 / 920.0 / 60.0 * 30.0
    delay_s = pipe_l / small.truth()["district_flow_lpm"] * 60.0
    small.set_district_return_c(50.0)

    run(small, math.floor(delay_s) - 2.0)
    before_c = small.truth()["district_return_c"]
    run(small, 120.0)
    soon_c = small.truth()["district_return_c"]
    run(small, 300.0)

    assert before_c == pytest.approx(45.0, abs=0.05)
    assert 45.0 + 5.0 * 0.632 < soon_c < 49.9
    assert small.truth()["district_return_c"] == pytest.approx(50.0, abs=0.05)
