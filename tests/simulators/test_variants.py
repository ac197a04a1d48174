"""What holds for every plant that can be described."""

import math
from collections.abc import Callable

import pytest

from simulators.names import analogue_inputs, container_tags, exchanger_tags, motors, selectors
from simulators.thermal import WATER_KW_PER_LPM_K
from simulators.world import World

Run = Callable[..., None]


def unexplained_share(world: World) -> float:
    """Energy that the account cannot explain, as a share of what came in."""
    truth = world.truth()
    gap_kwh = truth["energy_in_kwh"] - truth["energy_out_kwh"] - truth["energy_stored_kwh"]
    return abs(gap_kwh) / truth["energy_in_kwh"]


def test_a_warm_start_is_an_equilibrium_of_every_variant(any_plant: World, run: Run) -> None:
    before = any_plant.truth()

    run(any_plant, 900.0)

    after = any_plant.truth()
    assert after["heat_delivered_kw"] == pytest.approx(3_000.0, abs=5.0)
    assert after["heat_sold_kw"] == pytest.approx(3_000.0, abs=5.0)
    assert after["heat_shortfall_kw"] == pytest.approx(0.0, abs=1.0)
    for name in ("primary_hot_c", "primary_cold_c", "district_supply_c", "network_supply_c"):
        assert after[name] == pytest.approx(before[name], abs=0.02)
    for name in ("primary_flow_lpm", "district_flow_lpm", "network_flow_lpm"):
        assert after[name] == pytest.approx(before[name], rel=1e-4)
    assert after["unsafe_unit_seconds"] == 0.0


def test_what_is_produced_and_sold_follows_from_flows_and_temperatures(any_plant: World) -> None:
    truth = any_plant.truth()

    rise_k = truth["district_supply_c"] - truth["district_return_c"]
    spread_k = truth["network_supply_c"] - truth["network_return_c"]

    produced_kw = truth["district_flow_lpm"] * WATER_KW_PER_LPM_K * rise_k
    sold_kw = truth["network_flow_lpm"] * WATER_KW_PER_LPM_K * spread_k
    assert truth["district_supply_c"] == pytest.approx(68.0, abs=0.1)
    assert truth["heat_delivered_kw"] == pytest.approx(produced_kw)
    assert truth["heat_sold_kw"] == pytest.approx(sold_kw)


def test_energy_closes_in_every_variant_whatever_is_switched(any_plant: World, run: Run) -> None:
    world, ordered = any_plant, any_plant.plc.command
    separated = world.description.separated
    ordered("district-pump.speed_pct", 25.0)
    if world.description.booster_kw > 0.0:
        ordered("booster.run", value=True)
        ordered("booster.power_pct", 80.0)
    if separated:
        ordered("mixing-valve.position_pct", 25.0)
        ordered("network-pump.speed_pct", 98.0)
    run(world, 900.0, dt_s=2.0)
    ordered("district-pump.speed_pct", 90.0)
    for unit in range(200):
        world.fleet.sleep(unit)
    world.set_network_demand_kw(1_000.0)
    world.set_district_return_c(52.0)
    run(world, 600.0)
    ordered("exchanger-1.valve_open_command", value=False)
    world.set_room(30.0, 10.0)
    run(world, 120.0, dt_s=0.5)
    ordered("district-pump.run", value=False)
    if separated:
        ordered("network-pump.run", value=False)
        ordered("mixing-valve.position_pct", 100.0)
    world.faults.set("pump-1", "off")
    run(world, 300.0)
    world.faults.set("mains", "off")

    run(world, 300.0)

    truth = world.truth()
    assert abs(truth["energy_stored_kwh"]) > 20.0
    assert all(math.isfinite(value) for value in truth.values())
    assert unexplained_share(world) < 1e-9


def test_a_meter_at_the_boundary_counts_what_is_sold(any_plant: World, run: Run) -> None:
    run(any_plant, 1_800.0)

    truth = any_plant.truth()
    sold_kwh = any_plant.boundary_meter.points()["energy_kwh"]
    produced_kwh = any_plant.heat_meter.points()["energy_kwh"]
    assert sold_kwh == pytest.approx(truth["energy_sold_kwh"], rel=0.002)
    assert produced_kwh == pytest.approx(truth["energy_delivered_kwh"], rel=0.002)


def test_every_terminal_that_is_installed_is_wired(any_plant: World) -> None:
    described, points = any_plant.description, any_plant.plc.points()
    switched = [f"{name}.running" for name in motors(described)]
    switched += [f"{name}.remote" for name in selectors(described)]
    ends = ("valve_open", "valve_closed")
    switched += [f"{name}.{end}" for name in exchanger_tags(described) for end in ends]
    for container in container_tags(described):
        inputs = ("flow_proven", "leak", "contactor_closed", *ends)
        switched += [f"{container}.{point}" for point in inputs]

    for name in analogue_inputs(described):
        assert isinstance(points[name], float), name
    for name in (*switched, "safety.emergency_stop_released", "safety.mains_present"):
        assert isinstance(points[name], bool), name
    assert points["exchanger-1.valve_open"] is True
    assert points["safety.mains_present"] is True


def test_a_plant_has_no_point_of_what_it_has_not(variant: Callable[..., World]) -> None:
    points = variant("no dry cooler").plc.points()

    absent = ("network", "mixing", "tank", "booster", "dry-cooler", "three-way", "exchanger-2")
    assert not [name for name in points if name.startswith(absent)]


def test_one_exchanger_of_two_at_rated_flow_is_three_fifths_of_the_one(
    variant: Callable[..., World],
) -> None:
    one, two = variant(), variant("two exchangers, stand-by pump")

    approach_one_k = one.truth()["primary_hot_c"] - one.truth()["district_supply_c"]
    approach_two_k = two.truth()["primary_hot_c"] - two.truth()["district_supply_c"]

    # Twice three fifths of the plates come a little nearer to the primary's temperature.
    assert 0.85 * approach_one_k < approach_two_k < approach_one_k
