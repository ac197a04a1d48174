"""The network as injector takes what is pumped; as sole source it takes what it needs."""

import math
from collections.abc import Callable

import pytest

from simulators.thermal import WATER_KW_PER_LPM_K
from simulators.world import World

Run = Callable[..., None]


@pytest.fixture
def sole(variant: Callable[..., World]) -> World:
    """A sole source whose tank lets the supply temperature stay."""
    return variant("sole source with everything")


def test_consumers_take_the_flow_that_carries_their_heat(sole: World, run: Run) -> None:
    sole.set_network_demand_kw(2_000.0)

    run(sole, 300.0)

    truth = sole.truth()
    assert truth["heat_sold_kw"] == pytest.approx(2_000.0, rel=0.01)
    needed_lpm = 2_000.0 / ((68.0 - 45.0) * WATER_KW_PER_LPM_K)
    assert truth["network_flow_lpm"] == pytest.approx(needed_lpm, rel=0.02)
    assert truth["heat_shortfall_kw"] == pytest.approx(0.0, abs=5.0)


def test_consumers_open_within_a_minute_not_at_once(sole: World, run: Run) -> None:
    sole.set_network_demand_kw(3_600.0)

    run(sole, 20.0)
    soon_kw = sole.truth()["heat_sold_kw"]
    run(sole, 100.0)

    assert 3_200.0 < soon_kw < 3_500.0
    assert sole.truth()["heat_sold_kw"] == pytest.approx(3_600.0, rel=0.01)


def test_fewer_open_valves_raise_the_differential_pressure(sole: World, run: Run) -> None:
    before_kpa = sole.truth()["network_dp_kpa"]

    sole.set_network_demand_kw(300.0)
    run(sole, 300.0)

    assert before_kpa == pytest.approx(80.0, abs=0.1)
    # Nearly shut valves leave the pump's shut-off head: 1.5 x 80 kPa x n² at 85.8 % speed.
    n_pct = float(sole.plc.command_value("network-pump.speed_pct"))
    assert sole.truth()["network_dp_kpa"] == pytest.approx(120.0 * (n_pct / 100.0) ** 2, rel=0.02)


def test_a_slow_network_pump_leaves_consumers_short(sole: World, run: Run) -> None:
    sole.set_network_demand_kw(5_000.0)
    sole.plc.command("network-pump.speed_pct", 50.0)

    run(sole, 600.0)

    truth = sole.truth()
    # All valves open: half the speed makes half of the 4,200 L/min.
    assert truth["network_flow_lpm"] == pytest.approx(2_100.0, rel=0.01)
    assert truth["network_dp_kpa"] == pytest.approx(20.0, rel=0.02)
    assert truth["heat_shortfall_kw"] == pytest.approx(5_000.0 - truth["heat_sold_kw"], rel=0.01)
    assert truth["heat_shortfall_kw"] > 1_500.0


def test_water_too_cold_leaves_consumers_short(sole: World, run: Run) -> None:
    sole.set_network_demand_kw(6_000.0)
    sole.plc.command("network-pump.speed_pct", 100.0)
    sole.plc.command("mixing-valve.position_pct", 60.0)

    run(sole, 2_400.0, dt_s=2.0)

    truth = sole.truth()
    assert truth["network_supply_c"] < 56.0
    assert truth["network_flow_lpm"] == pytest.approx(4_200.0, rel=0.01)
    asked_kw = truth["heat_sold_kw"] + truth["heat_shortfall_kw"]
    assert asked_kw == pytest.approx(6_000.0, rel=0.005)
    assert truth["heat_shortfall_kw"] > 2_500.0


def test_consumers_never_warm_the_plant(variant: Callable[..., World], run: Run) -> None:
    world = variant("sole source")
    for unit in range(920):
        world.fleet.sleep(unit)

    run(world, 7_200.0, dt_s=2.0)

    truth = world.truth()
    assert truth["network_return_c"] <= truth["network_supply_c"] + 0.5
    assert abs(truth["heat_sold_kw"]) < 30.0
    assert truth["heat_shortfall_kw"] == pytest.approx(3_000.0, abs=30.0)


def test_the_mixing_valve_takes_a_minute_and_cools_the_supply(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank")
    world.plc.command("mixing-valve.position_pct", 50.0)

    run(world, 15.0)
    underway_pct = world.plc.points()["mixing-valve.position_feedback_pct"]
    run(world, 60.0)

    truth = world.truth()
    assert underway_pct == pytest.approx(25.0, abs=0.1)
    assert truth["network_supply_c"] == pytest.approx((68.0 + 45.0) / 2.0, abs=0.05)
    assert truth["heat_sold_kw"] == pytest.approx(1_500.0, rel=0.01)
    # What is not taken hot goes down through the tank.
    assert truth["heat_delivered_kw"] == pytest.approx(3_000.0, rel=0.01)


def test_only_return_water_passes_a_mixing_valve_at_its_end(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank")
    world.plc.command("mixing-valve.position_pct", 100.0)

    run(world, 90.0)

    assert world.truth()["network_supply_c"] == pytest.approx(45.0)
    assert world.truth()["heat_sold_kw"] == pytest.approx(0.0, abs=1e-6)


def test_the_injectors_flow_is_the_network_pumps(variant: Callable[..., World], run: Run) -> None:
    world = variant("tank")
    world.set_network_demand_kw(0.0)
    world.plc.command("network-pump.speed_pct", 80.0)

    run(world, 30.0)

    truth = world.truth()
    assert truth["network_flow_lpm"] == pytest.approx(0.8 * 4_200.0, rel=0.001)
    assert truth["network_dp_kpa"] == pytest.approx(0.64 * 80.0, rel=0.01)
    assert truth["heat_shortfall_kw"] == 0.0


def test_a_dead_network_pump_sells_nothing(variant: Callable[..., World], run: Run) -> None:
    world = variant("sole source")
    world.faults.set("network-pump", "off")

    run(world, 60.0)

    truth, points = world.truth(), world.plc.points()
    assert points["network-pump.running"] is False
    assert truth["network_flow_lpm"] == 0.0
    assert truth["heat_sold_kw"] == 0.0
    # What the streets lose is a part of the demand; they lose it whether water flows or not.
    assert 2_900.0 < truth["heat_shortfall_kw"] < 3_000.0


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_an_impossible_demand_is_refused(sole: World, value: float) -> None:
    with pytest.raises(ValueError, match="not a demand"):
        sole.set_network_demand_kw(value)
