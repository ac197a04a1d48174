"""A PLC, its order registers and its drives, broken by name."""

from collections.abc import Callable

import pytest

from simulators.names import analogue_outputs, discrete_outputs
from simulators.world import World

Run = Callable[..., None]


def shown(world: World, point: str) -> float:
    """A number that the PLC tells."""
    value = world.plc.points()[point]
    assert value is not None
    return float(value)


def test_a_plc_that_tells_nonsense_still_runs_its_own_program_on_the_truth(
    small: World, run: Run
) -> None:
    small.faults.set("cdu", "stuck")
    run(small, 30.0)
    stuck = small.plc.points()["plc.heartbeat"]
    run(small, 5.0)

    assert small.plc.points()["plc.heartbeat"] == stuck
    assert small.plc.seen()["plc.heartbeat"] != stuck


def test_relays_hang_on_the_switch_as_it_shows_itself(small: World, run: Run) -> None:
    small.faults.set("container-01.leak", "wrong")
    run(small, 1.0)

    assert small.plc.points()["container-01.hardwired_trip"] is True


def test_a_stuck_drive_goes_on_and_says_that_it_is_remote(small: World, run: Run) -> None:
    run(small, 5.0)
    before = shown(small, "pump-1.speed_feedback_pct")
    small.faults.set("pump-1", "stuck")
    small.plc.command("pump-1.speed_pct", 97.0)
    run(small, 30.0)

    assert shown(small, "pump-1.speed_feedback_pct") == pytest.approx(before, abs=0.1)
    assert small.plc.points()["pump-1.remote"] is True


def test_an_unwatched_plc_holds_its_orders_for_ever(small: World, run: Run) -> None:
    small.faults.set("cdu", "unwatched")
    orders = {
        name: float(small.plc.command_value(name))
        for name in ("pump-1.speed_pct", "pump-2.speed_pct", "district-pump.speed_pct")
    }
    others = {"three-way-valve.position_pct": 0.0, "dry-cooler.fan_pct": 0.0}
    small.plc.take_frame(orders | others, heartbeat=1, epoch=1)
    run(small, 60.0)

    assert small.plc.points()["plc.fallback_after_s"] == 0.0
    assert small.plc.points()["plc.local_automatic"] is False


def test_a_stuck_order_is_confirmed_and_not_taken(small: World, run: Run) -> None:
    small.faults.set("container-01.valve_open_command", "stuck")
    small.plc.command("container-01.valve_open_command", value=False)
    run(small, 5.0)

    assert small.plc.command_value("container-01.valve_open_command") is True
    assert small.plc.outputs.valve_open[0]


def test_an_order_that_reverts_goes_back_to_what_it_was(small: World, run: Run) -> None:
    small.faults.set("pump-1.speed_pct", "reverts:3")
    before = small.plc.command_value("pump-1.speed_pct")
    small.plc.command("pump-1.speed_pct", 97.0)
    run(small, 2.0)
    taken = small.plc.command_value("pump-1.speed_pct")
    run(small, 2.0)

    assert (taken, small.plc.command_value("pump-1.speed_pct")) == (97.0, before)


def test_a_plc_that_restarts_has_forgotten_its_orders_and_counts_it(small: World, run: Run) -> None:
    small.faults.set("cdu", "restart")
    run(small, 3.0)
    orders = [*analogue_outputs(small.description), *discrete_outputs(small.description)]

    assert small.plc.points()["plc.boot_count"] == 2.0
    assert {float(small.plc.command_value(name)) for name in orders} == {0.0}
