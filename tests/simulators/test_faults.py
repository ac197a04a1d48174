"""Faults are set by name, act as named, and unknown names are refused."""

from collections.abc import Callable

import pytest

from simulators.world import World

Run = Callable[..., None]


def test_an_unknown_target_is_refused_with_those_that_exist(small: World) -> None:
    with pytest.raises(ValueError, match=r"'pump-9'.*pump-1.*miner-c01-001 to miner-c02-010"):
        small.faults.set("pump-9", "off")
    with pytest.raises(ValueError, match="pump-9"):
        small.faults.clear("pump-9")

    assert small.faults.active() == {}


def test_an_unknown_verb_is_refused_with_those_that_exist(small: World) -> None:
    with pytest.raises(
        ValueError, match=r"pump-1 has no fault 'deaf': it has ok, off, local, stuck"
    ):
        small.faults.set("pump-1", "deaf")


def test_a_deaf_unit_hears_the_command_and_does_nothing(small: World, run: Run) -> None:
    small.faults.set("miner-c01-003", "deaf")

    small.fleet.sleep(2)
    run(small, 20.0)

    assert small.fleet.power_kw[2] > 8.0
    assert small.fleet.soft_off[2] == 0
    assert small.fleet.commands[-1][1:] == (2, "sleep")


def test_a_silent_container_is_only_a_flag_for_the_wire(small: World, run: Run) -> None:
    small.faults.set("container-02", "silent")

    run(small, 5.0)

    assert small.faults.silent.tolist() == [False] * 10 + [True] * 10
    assert small.fleet.api_up.all()


def test_a_unit_without_mains_comes_back_by_itself(small: World, run: Run) -> None:
    small.faults.set("miner-c01-001", "off")
    run(small, 1.0)
    dark = (float(small.fleet.power_kw[0]), bool(small.fleet.api_up[0]))

    small.faults.clear("miner-c01-001")
    run(small, 480.0)

    assert dark == (0.0, False)
    assert small.fleet.power_kw[0] == small.fleet.full_kw[0]


def test_one_unit_stays_deaf_when_its_container_is_repaired(small: World) -> None:
    small.faults.set("container-01", "deaf")
    small.faults.set("miner-c01-003", "deaf")

    small.faults.clear("container-01")

    assert small.faults.deaf.sum() == 1
    assert small.faults.active() == {"miner-c01-003": "deaf"}


def test_a_broken_sensor_is_not_available(small: World) -> None:
    small.faults.set("primary.hot_temperature_c", "off")

    assert small.plc.points()["primary.hot_temperature_c"] is None


def test_a_stuck_sensor_keeps_its_value_until_repaired(small: World, run: Run) -> None:
    run(small, 10.0)
    before_lpm = small.plc.points()["primary.flow_lpm"]
    small.faults.set("primary.flow_lpm", "stuck")
    small.plc.command("pump-1.run", value=False)
    run(small, 10.0)
    stuck_lpm = small.plc.points()["primary.flow_lpm"]

    small.faults.clear()

    assert stuck_lpm == before_lpm
    assert float(small.plc.points()["primary.flow_lpm"]) < 0.8 * float(before_lpm)


def test_a_stuck_flow_switch_hides_the_loss_of_flow(small: World, run: Run) -> None:
    small.faults.set("container-01.flow_proven", "stuck")
    small.plc.command("container-01.valve_open_command", value=False)

    run(small, 30.0)

    assert small.plc.points()["container-01.flow_proven"] is True


@pytest.mark.parametrize(("point", "unsafe"), [("flow_proven", False), ("leak", True)])
def test_a_broken_switch_shows_its_unsafe_side(small: World, point: str, unsafe: object) -> None:
    small.faults.set(f"container-01.{point}", "off")

    assert small.plc.points()[f"container-01.{point}"] is unsafe
