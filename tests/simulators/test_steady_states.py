"""Temperatures of the whole plant in equilibrium, against hand calculation."""

from collections.abc import Callable

import pytest

from simulators.description import Container, PlantDescription
from simulators.thermal import WATER_KW_PER_LPM_K, PlateExchanger
from simulators.world import World

Run = Callable[..., None]


@pytest.mark.parametrize("heat_kw", [0.0, 900.0, 3_000.0, 7_000.0])
def test_a_warm_start_is_an_equilibrium(
    plant: Callable[[float], World], run: Run, heat_kw: float
) -> None:
    world = plant(heat_kw)
    before = world.truth()

    run(world, 600.0)

    after = world.truth()
    assert after["heat_delivered_kw"] == pytest.approx(heat_kw, abs=5.0)
    for name in ("primary_hot_c", "primary_cold_c", "district_supply_c", "primary_flow_lpm"):
        assert after[name] == pytest.approx(before[name], abs=0.01)


@pytest.mark.parametrize(
    ("heat_kw", "valves", "supply_c"), [(900.0, 2, 68.0), (3_000.0, 5, 68.0), (7_000.0, 10, 69.3)]
)
def test_a_warm_plant_has_sensible_temperatures(
    plant: Callable[[float], World], heat_kw: float, valves: int, supply_c: float
) -> None:
    truth = plant(heat_kw).truth()

    assert truth["valves_open"] == valves
    assert truth["district_supply_c"] == pytest.approx(supply_c, abs=0.2)
    assert truth["primary_flow_lpm"] == pytest.approx(valves * 92 * 10.8, rel=0.01)
    assert 0.0 < truth["primary_hot_c"] - truth["district_supply_c"] < 6.0
    assert 5.0 < truth["primary_hot_c"] - truth["primary_cold_c"] < 11.5
    assert truth["primary_hot_c"] <= truth["hottest_running_outlet_c"] < 80.0
    assert truth["unsafe_outputs"] == 0


def test_the_exchanger_of_the_design_case_needs_80_degrees_hot_water() -> None:
    # 7.6 MW, 80 to 70 °C against 45 to 75 °C: 612 kW/K, found with the ht library.
    primary_lpm = 7_600.0 / (10.0 * WATER_KW_PER_LPM_K)
    district_lpm = 7_600.0 / (30.0 * WATER_KW_PER_LPM_K)
    exchanger = PlateExchanger(612.0, primary_lpm, district_lpm)

    conductance_kw = exchanger.conductance_kw(primary_lpm, district_lpm)

    assert 45.0 + 7_600.0 / conductance_kw == pytest.approx(80.0, abs=0.2)


def test_full_heat_at_the_rated_flows_needs_78_degrees_hot_water() -> None:
    primary_lpm, district_lpm = 161.0 * 60.0 / 0.98, 61.0 * 60.0 / 0.98
    exchanger = PlateExchanger(700.0, primary_lpm, district_lpm)

    conductance_kw = exchanger.conductance_kw(primary_lpm, district_lpm)

    assert 45.0 + 7_340.0 / conductance_kw == pytest.approx(77.7, abs=0.3)


def test_half_the_district_flow_takes_a_little_more_than_half_the_heat() -> None:
    exchanger = PlateExchanger(700.0, 9_857.0, 3_735.0)

    full_kw = exchanger.conductance_kw(9_857.0, 3_735.0)
    half_kw = exchanger.conductance_kw(9_857.0, 3_735.0 / 2.0)

    assert 0.5 < half_kw / full_kw < 0.6
    assert exchanger.conductance_kw(9_857.0, 0.0) == 0.0
    assert exchanger.conductance_kw(0.0, 3_735.0) == 0.0


def test_sleepers_dilute_the_hot_header(plant: Callable[[float], World], run: Run) -> None:
    world = plant(3_000.0)
    for unit in range(0, 368, 2):
        world.fleet.sleep(unit)

    run(world, 900.0)

    truth = world.truth()
    rise_k = truth["primary_hot_c"] - truth["primary_cold_c"]
    running_rise_k = truth["hottest_running_outlet_c"] - truth["primary_cold_c"]
    assert truth["running_units"] == 377 - 184
    assert truth["primary_flow_lpm"] == pytest.approx(5 * 92 * 10.8, rel=0.01)
    assert rise_k < 0.5 * running_rise_k
    assert world.fleet.outlet_c[0] == pytest.approx(truth["primary_cold_c"], abs=0.1)


def test_the_dry_cooler_takes_the_heat_that_the_network_does_not(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(3_000.0)
    world.plc.command("district-pump.run", value=False)
    world.plc.command("three-way-valve.position_pct", 100.0)
    world.plc.command("dry-cooler.fan_pct", 60.0)

    run(world, 5_400.0)

    truth = world.truth()
    assert truth["heat_delivered_kw"] == 0.0
    assert truth["heat_rejected_kw"] == pytest.approx(3_000.0, rel=0.02)
    assert 15.0 < truth["primary_hot_c"] < 70.0


def test_a_still_fan_leaves_a_tenth_or_so_of_the_cooling(
    plant: Callable[[float], World], run: Run
) -> None:
    still, blowing = plant(3_000.0), plant(3_000.0)
    for world, fan_pct in ((still, 0.0), (blowing, 100.0)):
        world.plc.command("three-way-valve.position_pct", 10.0)
        world.plc.command("dry-cooler.fan_pct", fan_pct)
        run(world, 12.0)

    share = still.truth()["heat_rejected_kw"] / blowing.truth()["heat_rejected_kw"]

    assert 0.05 < share < 1.0


def test_a_single_container_is_a_plant_too(run: Run) -> None:
    world = World(PlantDescription((Container("only", 3),), warm_heat_kw=20.0))

    run(world, 60.0)

    assert world.truth()["running_units"] == 3
