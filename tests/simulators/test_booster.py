"""The booster lifts the supply, at the speed of its kind, and only where water flows."""

from collections.abc import Callable

import pytest

from simulators.description import Street
from simulators.world import World

Run = Callable[..., None]


def boost(world: World, power_pct: float) -> None:
    """Order the booster to run at this power."""
    world.plc.command("booster.run", value=True)
    world.plc.command("booster.power_pct", power_pct)


@pytest.mark.parametrize("name", ["boiler", "tank and heat pump"])
def test_a_booster_adds_its_heat_to_what_is_sold(
    variant: Callable[..., World], run: Run, name: str
) -> None:
    world = variant(name)
    before = world.truth()
    boost(world, 50.0)

    run(world, 600.0)

    after, kw = world.truth(), 0.5 * world.description.booster_kw
    assert after["booster_kw"] == pytest.approx(kw)
    assert after["heat_sold_kw"] - before["heat_sold_kw"] == pytest.approx(kw, rel=0.01)
    assert after["heat_delivered_kw"] == pytest.approx(before["heat_delivered_kw"], rel=0.001)
    lift_k = after["network_supply_c"] - before["network_supply_c"]
    assert lift_k == pytest.approx(23.0 * kw / 3_000.0, rel=0.01)
    assert world.plc.points()["booster.power_kw"] == pytest.approx(kw, abs=0.5)


def test_a_boiler_is_fast_and_a_heat_pump_slow(variant: Callable[..., World], run: Run) -> None:
    shares = []
    for name in ("boiler", "tank and heat pump"):
        world = variant(name)
        boost(world, 100.0)
        run(world, 5.0)
        shares.append(world.truth()["booster_kw"] / world.description.booster_kw)

    assert shares == pytest.approx([0.5, 0.05])


def test_a_heat_pump_draws_the_rest_from_its_source(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("tank and heat pump")
    boost(world, 100.0)

    run(world, 1_800.0)

    truth = world.truth()
    heat_kwh = truth["energy_booster_kwh"] + truth["energy_source_kwh"]
    assert truth["booster_electric_kw"] == pytest.approx(800.0 / 3.5)
    assert heat_kwh / truth["energy_booster_kwh"] == pytest.approx(3.5)


def test_a_booster_without_flow_does_not_heat(variant: Callable[..., World], run: Run) -> None:
    world = variant("boiler")
    boost(world, 100.0)
    run(world, 20.0)
    world.plc.command("district-pump.run", value=False)

    run(world, 60.0)

    assert world.plc.points()["booster.running"] is True
    assert world.truth()["booster_kw"] == 0.0
    assert world.truth()["network_supply_c"] < 100.0


def test_the_thermostat_of_a_boiler_keeps_it_below_its_limit(
    variant: Callable[..., World], run: Run
) -> None:
    # Near, wide streets: consumers throttle the flow as soon as the hot water has reached them.
    world = variant("sole source with everything", streets=(Street("a", 60.0, 0.2, 1.0),))
    world.set_network_demand_kw(900.0)
    boost(world, 100.0)

    run(world, 1_800.0)

    truth = world.truth()
    assert 105.0 < truth["network_supply_c"] < 110.0
    assert truth["booster_kw"] < 700.0


@pytest.mark.parametrize("fault", [("booster", "off"), ("mains", "off")])
def test_a_booster_that_is_dead_or_without_mains_gives_nothing(
    variant: Callable[..., World], run: Run, fault: tuple[str, str]
) -> None:
    world = variant("boiler")
    boost(world, 100.0)
    run(world, 20.0)
    world.faults.set(*fault)

    run(world, 2.0)

    assert world.truth()["booster_kw"] == 0.0
    assert world.plc.points()["booster.running"] is False
