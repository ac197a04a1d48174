"""Ten minutes without a controller in every kind of plant: heat goes on, nothing gets too hot."""

from dataclasses import replace
from typing import Any

import pytest

from simulators.description import PlantDescription
from simulators.names import analogue_outputs
from simulators.world import World
from tests.simulators.conftest import describe

UNITS = 100
SHARE = UNITS / 920.0
FALLBACK_S = 10
MINUTES = 10

TANK, BOOSTER = {"tank_m3": 300.0 * SHARE}, {"booster_kw": 1_500.0 * SHARE}
SPARES: dict[str, Any] = {"exchangers": 2, "primary_pumps": 3, "primary_pumps_duty": 2}
SOLE = {"network_role": "sole_source"}
PLANTS: dict[str, dict[str, Any]] = {
    "bare": {},
    "without dry cooler": {"dry_cooler_ua_kw_per_k": 0.0},
    "with spares": SPARES,
    "tank": TANK,
    "booster": BOOSTER,
    "tank and booster": TANK | BOOSTER | SPARES,
    "only source": SOLE,
    "only source with all": SOLE | TANK | BOOSTER | SPARES,
}


def plant(heat_kw: float, kind: dict[str, Any]) -> PlantDescription:
    """A hundred units that give this heat, as much as the network wants."""
    usual = describe(heat_kw * SHARE, containers=10, units=UNITS // 10)
    flows = {"network_flow_max_lpm": 4_200.0 * SHARE, "network_demand_kw": heat_kw * SHARE}
    return replace(usual, **(flows | kind))


def orders(world: World) -> dict[str, float]:
    names = analogue_outputs(world.description)
    return {name: float(world.plc.command_value(name)) for name in names}


def abandon(world: World) -> dict[str, float]:
    """One frame of a controller that then falls silent; gives the orders it left."""
    left = orders(world)
    world.plc.take_frame(left, 1, 1)
    for _ in range(FALLBACK_S):
        world.step(1.0)
    assert world.plc.points()["plc.local_automatic"] is True
    return left


def watch(world: World, seconds: int) -> tuple[float, float, float]:
    """Hottest running outlet, and the means of heat delivered and sold."""
    hottest_c, delivered_kw, sold_kw = 0.0, 0.0, 0.0
    for _ in range(seconds):
        world.step(1.0)
        truth = world.truth()
        hottest_c = max(hottest_c, truth["hottest_running_outlet_c"])
        delivered_kw += truth["heat_delivered_kw"] / seconds
        sold_kw += truth["heat_sold_kw"] / seconds
    return hottest_c, delivered_kw, sold_kw


@pytest.mark.parametrize("heat_kw", [3_000.0, 7_300.0])
@pytest.mark.parametrize("kind", PLANTS)
def test_heat_goes_on_for_ten_minutes_and_the_change_is_no_bump(kind: str, heat_kw: float) -> None:
    world = World(plant(heat_kw, PLANTS[kind]))
    left = abandon(world)

    for _ in range(2):
        world.step(1.0)
    bump_pct = max(abs(now - left[name]) for name, now in orders(world).items())
    hottest_c, delivered_kw, sold_kw = watch(world, 60 * MINUTES)

    assert bump_pct < 2.0
    assert hottest_c < 85.0
    assert delivered_kw == pytest.approx(heat_kw * SHARE, rel=0.1)
    assert sold_kw == pytest.approx(heat_kw * SHARE, rel=0.1)
    assert world.truth()["unsafe_outputs"] == 0


def test_a_controller_that_comes_back_finds_what_the_plc_does_and_goes_on_from_there() -> None:
    world = World(plant(7_300.0, PLANTS["only source with all"]))
    abandon(world)
    world.set_district_return_c(50.0)
    watch(world, 300)
    found, heat_kw = orders(world), world.truth()["heat_delivered_kw"]

    world.plc.take_frame(found, 2, 2)
    world.step(1.0)

    assert world.plc.points()["plc.local_automatic"] is False
    assert orders(world) == found
    assert world.truth()["heat_delivered_kw"] == pytest.approx(heat_kw, rel=0.01)


@pytest.mark.parametrize("heat_kw", [3_000.0, 7_300.0])
def test_a_pump_that_is_lost_meanwhile_is_replaced_before_any_feeder_trips(heat_kw: float) -> None:
    world = World(plant(heat_kw, SPARES))
    abandon(world)
    world.faults.set("pump-1", "off")

    hottest_c, delivered_kw, _ = watch(world, 60 * MINUTES)

    assert world.plc.points()["pump-3.running"] is True
    assert hottest_c < 85.0
    assert delivered_kw == pytest.approx(heat_kw * SHARE, rel=0.1)
    assert world.truth()["contactors_closed"] == 10


@pytest.mark.parametrize("heat_kw", [3_000.0, 7_300.0])
def test_heat_that_the_district_does_not_take_goes_to_the_dry_cooler(heat_kw: float) -> None:
    world = World(plant(heat_kw, SPARES))
    abandon(world)
    world.faults.set("district-pump", "off")

    hottest_c, _, _ = watch(world, 60 * MINUTES)

    assert hottest_c < 85.0
    assert world.truth()["heat_rejected_kw"] == pytest.approx(heat_kw * SHARE, rel=0.25)


def test_consumers_that_want_less_get_their_temperature_and_pressure_all_the_same() -> None:
    world = World(plant(7_300.0, PLANTS["only source with all"]))
    before = world.truth()
    abandon(world)
    world.set_network_demand_kw(5_000.0 * SHARE)

    hottest_c, _, _ = watch(world, 60 * MINUTES)

    after = world.truth()
    assert hottest_c < 85.0
    assert after["heat_sold_kw"] == pytest.approx(5_000.0 * SHARE, rel=0.03)
    assert after["network_supply_c"] == pytest.approx(before["network_supply_c"], abs=1.0)
    assert after["network_dp_kpa"] == pytest.approx(before["network_dp_kpa"], rel=0.05)


def test_a_mains_loss_without_a_controller_opens_all_feeders_and_water_goes_on() -> None:
    world = World(plant(7_300.0, SPARES))
    abandon(world)
    world.faults.set("mains", "off")
    for _ in range(30):
        world.step(1.0)
    world.faults.clear("mains")
    for _ in range(60):
        world.step(1.0)

    truth, points = world.truth(), world.plc.points()
    assert (truth["contactors_closed"], truth["electric_kw"]) == (0, 0.0)
    assert points["container-10.hardwired_trip"] is True
    assert points["pump-1.running"] is True
    assert truth["primary_flow_lpm"] > 0.0
