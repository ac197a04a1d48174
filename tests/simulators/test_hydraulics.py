"""Pumps, valves and flow, and what a unit does without water."""

from collections.abc import Callable

import pytest

from simulators.pump import PumpCurve, group_flow_lpm
from simulators.world import World

Run = Callable[..., None]

CURVE = PumpCurve.for_group(2, 11_500.0)
ALL_OPEN = 250.0 / 11_500.0**2


def test_both_pumps_make_the_greatest_flow_and_one_makes_three_fifths() -> None:
    both_lpm = group_flow_lpm(CURVE, [100.0, 100.0], ALL_OPEN)
    one_lpm = group_flow_lpm(CURVE, [100.0, 0.0], ALL_OPEN)

    assert both_lpm == pytest.approx(11_500.0)
    assert one_lpm / both_lpm == pytest.approx(0.6, abs=0.001)


def test_unequal_speeds_meet_equal_speeds_without_a_bump() -> None:
    equal_lpm = group_flow_lpm(CURVE, [80.0, 80.0], ALL_OPEN)
    nearly_lpm = group_flow_lpm(CURVE, [80.0, 79.9999], ALL_OPEN)

    assert nearly_lpm == pytest.approx(equal_lpm, rel=1e-5)


def test_a_pump_too_slow_for_the_head_is_shut_out_by_its_check_valve() -> None:
    alone_lpm = group_flow_lpm(CURVE, [100.0], ALL_OPEN)
    beside_lpm = group_flow_lpm(CURVE, [100.0, 20.0], ALL_OPEN)

    assert beside_lpm == pytest.approx(alone_lpm, rel=1e-6)


def test_flow_falls_when_a_pump_dies(plant: Callable[[float], World], run: Run) -> None:
    world = plant(7_000.0)
    before_lpm = world.truth()["primary_flow_lpm"]

    world.faults.set("pump-1", "off")
    running = world.plc.points()["pump-1.running"]
    run(world, 15.0)

    assert running is False
    assert world.truth()["primary_flow_lpm"] == pytest.approx(0.6 * before_lpm, rel=0.01)
    assert world.plc.points()["pump-1.speed_feedback_pct"] == 0.0


def test_a_drive_ramps_a_quarter_of_its_speed_a_second(small: World, run: Run) -> None:
    small.plc.command("pump-1.speed_pct", 0.0)
    run(small, 10.0)

    small.plc.command("pump-1.speed_pct", 100.0)
    run(small, 2.0, dt_s=0.1)

    assert small.plc.points()["pump-1.speed_feedback_pct"] == pytest.approx(50.0, abs=0.1)


def test_a_container_valve_takes_twenty_seconds(small: World, run: Run) -> None:
    small.plc.command("container-02.valve_open_command", value=True)

    run(small, 10.0)
    halfway = small.plc.points()
    run(small, 11.0)
    arrived = small.plc.points()

    assert (halfway["container-02.valve_open"], halfway["container-02.valve_closed"]) == (
        False,
        False,
    )
    assert arrived["container-02.valve_open"] is True


def test_flow_is_proven_only_above_eight_litres_a_unit(small: World, run: Run) -> None:
    proven = small.plc.points()["container-01.flow_proven"]
    shut = small.plc.points()["container-02.flow_proven"]
    small.plc.command("pump-1.run", value=False)
    small.plc.command("pump-2.run", value=False)
    run(small, 3.0, dt_s=0.1)

    assert proven is True
    assert shut is False
    assert small.plc.points()["container-01.flow_proven"] is False


def test_a_running_unit_without_flow_warms_by_half_a_kelvin_a_second(
    small: World, run: Run
) -> None:
    small.faults.set("container-01.hardwired_trip", "bridged")
    for pump in ("pump-1", "pump-2"):
        small.faults.set(pump, "off")
    run(small, 20.0)
    before_c = float(small.fleet.outlet_c[0])

    run(small, 10.0)

    assert small.truth()["primary_flow_lpm"] == 0.0
    assert 0.4 <= (float(small.fleet.outlet_c[0]) - before_c) / 10.0 <= 1.05


def test_hashing_without_water_is_counted_as_unsafe_after_twenty_seconds(
    small: World, run: Run
) -> None:
    small.faults.set("container-02.hardwired_trip", "bridged")
    small.plc.command("container-02.valve_open_command", value=True)
    run(small, 30.0)
    small.fleet.reboot(10)
    run(small, 400.0)
    small.plc.command("container-02.valve_open_command", value=False)
    run(small, 20.0)
    early = small.truth()["unsafe_outputs"]

    run(small, 20.0)

    assert early == 0
    assert small.truth()["unsafe_outputs"] == 1
    assert small.truth()["unsafe_unit_seconds"] > 0.0


def test_a_dead_district_pump_lets_the_loop_warm_up(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(7_000.0)
    before_c = world.truth()["primary_hot_c"]

    world.faults.set("district-pump", "off")
    run(world, 180.0)

    assert world.truth()["district_flow_lpm"] == 0.0
    assert 8.0 < world.truth()["primary_hot_c"] - before_c < 14.0
