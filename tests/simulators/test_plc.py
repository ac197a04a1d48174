"""The PLC shows what its manual says and takes only what it lists."""

from collections.abc import Callable

import pytest

from simulators.description import Container, PlantDescription
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


def test_a_wet_rope_takes_the_miners_of_its_container_off_the_mains(small: World, run: Run) -> None:
    small.plc.command("container-02.valve_open_command", value=True)
    small.faults.set("container-01.leak", "wet")
    run(small, 2.0)

    points = small.plc.points()
    assert small.fleet.power_kw[:10].tolist() == [0.0] * 10
    assert (points["container-01.contactor_closed"], points["container-01.hardwired_trip"]) == (
        False,
        True,
    )
    assert points["container-02.contactor_closed"] is True


def test_after_a_mains_loss_feeders_stay_dead_until_they_are_closed_anew(
    small: World, run: Run
) -> None:
    small.faults.set("mains", "off")
    run(small, 5.0)
    small.faults.clear("mains")
    run(small, 60.0)
    waiting = (int(small.truth()["contactors_closed"]), float(small.fleet.power_kw.sum()))

    small.plc.command("container-01.contactor_close", value=False)
    run(small, 1.0)
    small.plc.command("container-01.contactor_close", value=True)
    run(small, 1.0)

    assert waiting == (0, 0.0)
    assert small.plc.contactors_closed.tolist() == [True, False]
    assert small.plc.points()["pump-1.running"] is True


def test_an_emergency_stop_is_shown_and_opens_every_feeder(small: World, run: Run) -> None:
    small.faults.set("emergency-stop", "pressed")
    run(small, 1.0)

    assert small.plc.points()["safety.emergency_stop_released"] is False
    assert small.truth()["contactors_closed"] == 0


@pytest.mark.parametrize(
    ("equipment", "order", "feedback"),
    [
        ("district-pump", "speed_pct", "speed_feedback_pct"),
        ("pump-1", "speed_pct", "speed_feedback_pct"),
        ("three-way-valve", "position_pct", "position_feedback_pct"),
        ("dry-cooler", "fan_pct", "fan_feedback_pct"),
    ],
)
def test_equipment_at_local_goes_on_with_what_it_did_and_obeys_again_at_remote(
    small: World, run: Run, equipment: str, order: str, feedback: str
) -> None:
    before = small.plc.points()[f"{equipment}.{feedback}"]
    small.faults.set(equipment, "local")
    run(small, 1.0)
    small.plc.command(f"{equipment}.{order}", 93.0)
    run(small, 120.0)
    at_local = small.plc.points()
    small.faults.clear(equipment)
    run(small, 120.0)

    assert at_local[f"{equipment}.remote"] is False
    assert at_local[f"{equipment}.{feedback}"] == before
    assert small.plc.command_value(f"{equipment}.{order}") == 93.0
    assert small.plc.points()[f"{equipment}.{feedback}"] == pytest.approx(93.0)
    assert small.plc.points()[f"{equipment}.remote"] is True


def test_a_container_at_local_keeps_contactor_and_valve(small: World, run: Run) -> None:
    small.faults.set("container-01", "local")
    run(small, 1.0)
    small.plc.command("container-01.contactor_close", value=False)
    small.plc.command("container-01.valve_open_command", value=False)
    run(small, 60.0)

    points = small.plc.points()
    assert points["container-01.remote"] is False
    assert points["container-01.contactor_closed"] is True
    assert points["container-01.valve_open"] is True
    assert small.plc.command_value("container-01.contactor_close") is False


def test_a_cold_plant_is_dark_until_its_contactors_are_closed(run: Run) -> None:
    world = World(PlantDescription(containers=(Container("box", 5),)), start="cold")
    run(world, 5.0)
    dark = float(world.fleet.power_kw.sum())
    world.plc.command("container-01.contactor_close", value=True)
    run(world, 1.0)

    assert dark == 0.0
    assert world.plc.contactors_closed.tolist() == [True]
