"""The PLC shows what its manual says and takes only what it lists."""

from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


def test_the_plc_agrees_with_the_plant_it_starts_with(plant: Callable[[float], World]) -> None:
    world = plant(3_000.0)
    points = world.plc.points()

    for pump in ("pump-1", "pump-2", "district-pump"):
        ordered = world.plc.command_value(f"{pump}.speed_pct")
        assert points[f"{pump}.speed_feedback_pct"] == ordered
        assert world.plc.command_value(f"{pump}.run") is True
        assert points[f"{pump}.running"] is True
    for number in range(1, 11):
        box = f"container-{number:02d}"
        assert world.plc.command_value(f"{box}.valve_open_command") is (number <= 5)
        assert points[f"{box}.valve_open"] is (number <= 5)
        assert points[f"{box}.contactor_closed"] is True
        assert points[f"{box}.leak"] is False


def test_readings_are_near_the_truth_and_rounded_as_in_the_manual(
    plant: Callable[[float], World], run: Run
) -> None:
    world = plant(3_000.0)
    run(world, 30.0)
    points, truth = world.plc.points(), world.truth()

    hot_c, flow_lpm = points["primary.hot_temperature_c"], points["primary.flow_lpm"]

    assert hot_c == pytest.approx(truth["primary_hot_c"], abs=0.06)
    assert hot_c == round(float(hot_c), 2)
    assert flow_lpm == pytest.approx(truth["primary_flow_lpm"], rel=0.0035)
    assert float(flow_lpm).is_integer()


def test_the_heartbeat_counts_seconds(small: World, run: Run) -> None:
    run(small, 12.0, dt_s=0.5)

    assert small.plc.points()["plc.heartbeat"] == 12.0
    assert small.plc.points()["plc.boot_count"] == 1.0


@pytest.mark.parametrize("value", [-0.1, 100.1, float("nan")])
def test_an_order_out_of_range_is_refused(small: World, value: float) -> None:
    before = small.plc.command_value("pump-1.speed_pct")

    with pytest.raises(ValueError, match="takes 0 to 100 %"):
        small.plc.command("pump-1.speed_pct", value)

    assert small.plc.command_value("pump-1.speed_pct") == before


def test_a_switch_takes_no_number(small: World) -> None:
    with pytest.raises(ValueError, match="on or off"):
        small.plc.command("pump-1.run", 0.5)


@pytest.mark.parametrize("point", ["pump-3.run", "container-03.contactor_close", "nonsense"])
def test_a_point_that_is_not_installed_is_unknown(small: World, point: str) -> None:
    with pytest.raises(KeyError, match=point):
        small.plc.command(point, value=True)
    with pytest.raises(KeyError, match=point):
        small.plc.command_value(point)


def test_the_three_way_valve_takes_a_minute(small: World, run: Run) -> None:
    small.plc.command("three-way-valve.position_pct", 100.0)

    run(small, 30.0)

    position_pct = small.plc.points()["three-way-valve.position_feedback_pct"]
    assert position_pct == pytest.approx(50.0, abs=0.01)
