"""Exchangers are isolated by slow valves, foul slowly, and block at once."""

from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


@pytest.fixture
def twin(variant: Callable[..., World]) -> World:
    """Two exchangers at 3,000 kW."""
    return variant("two exchangers, stand-by pump")


def test_an_exchangers_valve_takes_a_minute(twin: World, run: Run) -> None:
    twin.plc.command("exchanger-1.valve_open_command", value=False)

    run(twin, 50.0)
    underway = twin.plc.points()
    run(twin, 11.0)
    arrived = twin.plc.points()

    ends = ("exchanger-1.valve_open", "exchanger-1.valve_closed", "exchanger-2.valve_open")
    assert [underway[end] for end in ends] == [False, False, True]
    assert [arrived[end] for end in ends] == [False, True, True]
    assert twin.truth()["exchangers_open"] == 1


def test_one_exchanger_carries_the_heat_alone_at_a_higher_approach(twin: World, run: Run) -> None:
    both = twin.truth()
    twin.plc.command("exchanger-2.valve_open_command", value=False)
    run(twin, 90.0)
    throttled_lpm = twin.truth()["district_flow_lpm"]
    faster_pct = float(twin.plc.command_value("district-pump.speed_pct")) * 2.5**0.5
    twin.plc.command("district-pump.speed_pct", faster_pct)

    run(twin, 3_600.0, dt_s=2.0)

    one = twin.truth()
    both_k = both["primary_hot_c"] - both["district_supply_c"]
    one_k = one["primary_hot_c"] - one["district_supply_c"]
    assert one["heat_delivered_kw"] == pytest.approx(3_000.0, rel=0.01)
    assert one_k > 1.3 * both_k
    # Half the plates are more resistance on both sides: exchangers are half of the district's
    # and a fifth of the primary's at full flow.
    assert throttled_lpm == pytest.approx(both["district_flow_lpm"] * 2.5**-0.5, rel=0.001)
    assert one["district_flow_lpm"] == pytest.approx(both["district_flow_lpm"], rel=0.001)
    assert 0.85 < one["primary_flow_lpm"] / both["primary_flow_lpm"] < 0.97


def test_shut_exchangers_stop_both_sides(twin: World, run: Run) -> None:
    for number in (1, 2):
        twin.plc.command(f"exchanger-{number}.valve_open_command", value=False)

    run(twin, 90.0)

    truth = twin.truth()
    assert truth["primary_flow_lpm"] == 0.0
    assert truth["district_flow_lpm"] == 0.0
    assert truth["heat_delivered_kw"] == 0.0


def test_with_shut_exchangers_all_water_takes_the_way_to_the_cooler(twin: World, run: Run) -> None:
    twin.plc.command("three-way-valve.position_pct", 50.0)
    twin.plc.command("dry-cooler.fan_pct", 50.0)
    for number in (1, 2):
        twin.plc.command(f"exchanger-{number}.valve_open_command", value=False)

    run(twin, 3_600.0)

    truth = twin.truth()
    assert truth["primary_flow_lpm"] > 2_000.0
    assert truth["heat_rejected_kw"] == pytest.approx(3_000.0, rel=0.02)


@pytest.mark.parametrize("name", ["plain", "two exchangers, stand-by pump"])
def test_fouling_comes_over_a_minute_and_raises_the_approach(
    variant: Callable[..., World], run: Run, name: str
) -> None:
    world = variant(name)
    clean_k = world.truth()["primary_hot_c"] - world.truth()["district_supply_c"]
    for number in range(1, world.description.exchangers + 1):
        world.faults.set(f"exchanger-{number}", "fouled")

    run(world, 20.0)
    soon_c = world.truth()["district_supply_c"]
    run(world, 5_400.0, dt_s=2.0)

    truth = world.truth()
    assert soon_c > 64.0
    assert truth["heat_delivered_kw"] == pytest.approx(3_000.0, rel=0.01)
    assert truth["primary_hot_c"] - truth["district_supply_c"] > 2.5 * clean_k


def test_a_cleaned_exchanger_is_as_good_as_before(twin: World, run: Run) -> None:
    clean_c = twin.truth()["primary_hot_c"]
    twin.faults.set("exchanger-1", "fouled")
    run(twin, 600.0)
    fouled_c = twin.truth()["primary_hot_c"]
    twin.faults.clear("exchanger-1")

    run(twin, 3_600.0, dt_s=2.0)

    assert fouled_c > clean_c + 0.5
    assert twin.truth()["primary_hot_c"] == pytest.approx(clean_c, abs=0.05)


def test_a_blocked_exchanger_passes_nothing_though_its_valve_is_open(twin: World, run: Run) -> None:
    before_lpm = twin.truth()["district_flow_lpm"]
    twin.faults.set("exchanger-1", "off")

    run(twin, 30.0)

    assert twin.plc.points()["exchanger-1.valve_open"] is True
    assert twin.truth()["district_flow_lpm"] == pytest.approx(before_lpm * 2.5**-0.5, rel=0.001)
    assert twin.truth()["heat_delivered_kw"] > 1_000.0
