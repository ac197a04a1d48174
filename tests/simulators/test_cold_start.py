"""A plant that has never run: at rest at 20 °C, and able to come up by orders alone."""

from collections.abc import Callable

import pytest

from simulators.firmware import Work
from simulators.names import (
    analogue_outputs,
    container_tags,
    discrete_outputs,
    exchanger_tags,
    pump_tags,
)
from simulators.world import World
from tests.simulators.conftest import VARIANTS

Run = Callable[..., None]


def bring_up(world: World, run: Run) -> None:
    """Open everything, turn everything, then give the miners mains."""
    described, ordered = world.description, world.plc.command
    for tag in (*exchanger_tags(described), *container_tags(described)):
        ordered(f"{tag}.valve_open_command", value=True)
    run(world, 70.0)
    for pump in pump_tags(described)[: described.primary_pumps_duty]:
        ordered(f"{pump}.run", value=True)
        ordered(f"{pump}.speed_pct", 90.0)
    ordered("district-pump.run", value=True)
    ordered("district-pump.speed_pct", 80.0)
    if described.separated:
        ordered("network-pump.run", value=True)
        ordered("network-pump.speed_pct", 90.0)
    run(world, 30.0)
    for tag in container_tags(described):
        ordered(f"{tag}.contactor_close", value=True)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_cold_plant_rests(variant: Callable[..., World], run: Run, name: str) -> None:
    world = variant(name, start="cold")

    run(world, 60.0)

    truth, described = world.truth(), world.description
    assert not any(world.plc.command_value(order) for order in analogue_outputs(described))
    assert not any(world.plc.command_value(order) for order in discrete_outputs(described))
    flows = ("primary_flow_lpm", "district_flow_lpm", "network_flow_lpm")
    powers = ("electric_kw", "heat_delivered_kw", "heat_sold_kw", "booster_kw")
    counts = ("running_units", "contactors_closed", "valves_open", "exchangers_open")
    assert not any(truth[name] for name in (*flows, *powers, *counts))
    for place in ("primary_hot_c", "district_supply_c", "network_supply_c", "tank_top_c"):
        assert truth[place] == pytest.approx(20.0, abs=0.01)
    assert not world.fleet.api_up.any()


@pytest.mark.parametrize("name", ["plain", "tank", "sole source"])
def test_a_cold_plant_comes_up_by_orders_alone(
    variant: Callable[..., World], run: Run, name: str
) -> None:
    world = variant(name, start="cold")
    bring_up(world, run)

    run(world, 1_200.0, dt_s=2.0)

    truth = world.truth()
    gap_kwh = truth["energy_in_kwh"] - truth["energy_out_kwh"] - truth["energy_stored_kwh"]
    assert truth["running_units"] == 920
    assert truth["primary_hot_c"] > 45.0
    assert truth["heat_sold_kw"] > 2_500.0
    assert truth["unsafe_unit_seconds"] == 0.0
    assert abs(gap_kwh) < 1e-9 * truth["energy_in_kwh"]


def test_miners_boot_when_they_are_fed_for_the_first_time(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant(start="cold")
    bring_up(world, run)

    run(world, 30.0)
    booting = world.fleet.work.tolist()
    run(world, 470.0)

    assert set(booting) == {Work.INIT}
    assert set(world.fleet.work.tolist()) == {Work.WORKING}
    assert world.truth()["electric_kw"] == pytest.approx(920 * 8.4, rel=0.01)


def test_the_networks_water_comes_when_the_pump_turns(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant(start="cold")
    run(world, 300.0)
    before_c = world.truth()["district_return_c"]
    world.plc.command("exchanger-1.valve_open_command", value=True)
    world.plc.command("district-pump.run", value=True)
    world.plc.command("district-pump.speed_pct", 50.0)

    run(world, 400.0)

    assert before_c == 20.0
    assert world.truth()["district_return_c"] == pytest.approx(45.0, abs=0.2)
