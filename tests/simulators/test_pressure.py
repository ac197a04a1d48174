"""Pressures of the primary loop, a dirty strainer, salty water, and pumps that stand by."""

from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


def test_the_cold_header_has_the_suctions_pressure_and_the_pumps_head(
    plant: Callable[[float], World],
) -> None:
    world = plant(7_000.0)

    truth, points = world.truth(), world.plc.points()

    # All valves open: 250 kPa head and 15 kPa in the strainer, both by the square of the flow.
    share = truth["primary_flow_lpm"] / 11_500.0
    assert truth["suction_kpa"] == 180.0
    assert truth["inlet_kpa"] == pytest.approx(180.0 + (250.0 - 15.0) * share**2, rel=0.001)
    assert points["primary.inlet_pressure_kpa"] == pytest.approx(truth["inlet_kpa"], rel=0.004)
    assert points["primary.strainer_pressure_drop_kpa"] == pytest.approx(15.0 * share**2, abs=0.2)


def test_pumps_against_shut_valves_make_head_and_no_flow(small: World, run: Run) -> None:
    small.plc.command("container-01.valve_open_command", value=False)

    run(small, 30.0)

    truth = small.truth()
    speed = float(small.plc.command_value("pump-1.speed_pct")) / 100.0
    assert truth["primary_flow_lpm"] == 0.0
    assert truth["inlet_kpa"] == pytest.approx(180.0 + speed**2 * 2.4545 * 250.0, rel=1e-4)


def test_make_up_raises_the_static_pressure_up_to_the_relief(small: World, run: Run) -> None:
    small.plc.command("make-up.valve_open_command", value=True)

    run(small, 60.0)
    filling_kpa = small.truth()["suction_kpa"]
    run(small, 120.0)

    assert filling_kpa == pytest.approx(240.0, abs=0.5)
    assert small.truth()["suction_kpa"] == 300.0
    assert small.plc.points()["primary.suction_pressure_kpa"] == pytest.approx(300.0, abs=1.0)


def test_a_leaking_expansion_ends_in_cavitation(small: World, run: Run) -> None:
    before_lpm = small.truth()["primary_flow_lpm"]
    small.faults.set("expansion", "leaking")

    run(small, 200.0)
    sound_lpm, sound_kpa = small.truth()["primary_flow_lpm"], small.truth()["suction_kpa"]
    run(small, 60.0)
    starved_lpm = small.truth()["primary_flow_lpm"]
    run(small, 200.0)

    assert sound_kpa == pytest.approx(80.0, abs=0.5)
    assert sound_lpm == before_lpm
    assert starved_lpm == pytest.approx(0.4 * before_lpm, rel=1e-6)
    assert small.truth()["suction_kpa"] == 0.0


def test_a_refilled_loop_flows_again(small: World, run: Run) -> None:
    before_lpm = small.truth()["primary_flow_lpm"]
    small.faults.set("expansion", "leaking")
    run(small, 260.0)
    small.faults.clear("expansion")
    small.plc.command("make-up.valve_open_command", value=True)

    run(small, 60.0)

    assert small.truth()["primary_flow_lpm"] == before_lpm


def test_a_clogging_strainer_drops_more_pressure_and_throttles(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(7_000.0)
    before = world.truth()
    clean_kpa = 15.0 * (before["primary_flow_lpm"] / 11_500.0) ** 2
    world.faults.set("strainer", "clogged")

    run(world, 75.0)
    dirty, dirty_points = world.truth(), world.plc.points()
    world.faults.clear("strainer")
    run(world, 10.0)

    share = dirty["primary_flow_lpm"] / 11_500.0
    drop_kpa = dirty_points["primary.strainer_pressure_drop_kpa"]
    assert drop_kpa == pytest.approx(5.0 * 15.0 * share**2, rel=0.01)
    assert 0.85 < dirty["primary_flow_lpm"] / before["primary_flow_lpm"] < 0.97
    assert world.truth()["primary_flow_lpm"] == pytest.approx(before["primary_flow_lpm"])
    changed_kpa = world.plc.points()["primary.strainer_pressure_drop_kpa"]
    assert changed_kpa == pytest.approx(clean_kpa, abs=0.2)


def test_salty_water_conducts_within_minutes(small: World, run: Run) -> None:
    before = float(small.plc.points()["primary.conductivity_us_cm"])
    small.faults.set("conductivity", "high")

    run(small, 10.0)
    soon = float(small.plc.points()["primary.conductivity_us_cm"])
    run(small, 300.0)
    late = float(small.plc.points()["primary.conductivity_us_cm"])

    assert before == pytest.approx(45.0, rel=0.02)
    assert soon < 150.0
    assert late == pytest.approx(350.0, rel=0.02)


def test_the_room_is_measured(small: World, run: Run) -> None:
    before = small.plc.points()
    small.set_room(26.0, 17.5)

    run(small, 60.0)

    after = small.plc.points()
    seen = ("room.temperature_c", "room.dew_point_c")
    assert [before[name] for name in seen] == pytest.approx([22.0, 8.0], abs=0.06)
    assert [after[name] for name in seen] == pytest.approx([26.0, 17.5], abs=0.06)


def test_air_cannot_be_wetter_than_wet(small: World) -> None:
    with pytest.raises(ValueError, match="no dew point"):
        small.set_room(20.0, 21.0)
    with pytest.raises(ValueError, match="not a temperature"):
        small.set_room(float("nan"), 8.0)


def test_the_duty_pumps_make_the_greatest_flow_without_the_third(
    variant: Callable[..., World], run: Run
) -> None:
    world = variant("two exchangers, stand-by pump", warm_heat_kw=7_300.0)
    standby_runs = world.plc.points()["pump-3.running"]
    for pump in ("pump-1", "pump-2"):
        world.plc.command(f"{pump}.speed_pct", 100.0)

    run(world, 10.0)

    assert standby_runs is False
    assert world.truth()["primary_flow_lpm"] == pytest.approx(11_500.0, rel=1e-6)


def test_the_stand_by_pump_replaces_one_that_died(variant: Callable[..., World], run: Run) -> None:
    world = variant("two exchangers, stand-by pump")
    before_lpm = world.truth()["primary_flow_lpm"]
    world.faults.set("pump-1", "off")
    run(world, 15.0)
    alone_lpm = world.truth()["primary_flow_lpm"]

    world.plc.command("pump-3.run", value=True)
    world.plc.command("pump-3.speed_pct", float(world.plc.command_value("pump-2.speed_pct")))
    run(world, 15.0)

    assert alone_lpm < 0.9 * before_lpm
    assert world.truth()["primary_flow_lpm"] == pytest.approx(before_lpm, rel=1e-4)


def test_all_three_pumps_may_run(variant: Callable[..., World], run: Run) -> None:
    world = variant("two exchangers, stand-by pump", warm_heat_kw=7_300.0)
    for pump in ("pump-1", "pump-2", "pump-3"):
        world.plc.command(f"{pump}.run", value=True)
        world.plc.command(f"{pump}.speed_pct", 100.0)

    run(world, 300.0, dt_s=2.0)

    truth = world.truth()
    assert 11_500.0 < truth["primary_flow_lpm"] < 1.3 * 11_500.0
    assert truth["hottest_unit_outlet_c"] < 85.0
