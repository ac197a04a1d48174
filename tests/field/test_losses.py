import numpy as np

from controller.control.severity import Severity
from controller.field.losses import GATHER_S, Losses
from controller.image.fleet import FleetLayout

LAYOUT = FleetLayout(
    names=tuple(f"c0{place + 1}-{unit + 1:03}" for place in range(2) for unit in range(5)),
    container_of=np.repeat(np.arange(2), 5),
    containers=2,
)


def told(losses: Losses, now_s: float) -> list[tuple[str, Severity]]:
    return [(event.source, event.severity) for event in losses.tell(now_s)]


def test_one_silent_unit_is_told_by_its_name_once() -> None:
    losses = Losses(LAYOUT)
    losses.lost(2, 0.0)

    assert told(losses, GATHER_S - 1.0) == []
    assert told(losses, GATHER_S) == [("miner-c01-003", Severity.MEDIUM)]
    assert told(losses, GATHER_S + 1.0) == []


def test_a_dead_switch_is_one_event_however_its_units_fall_silent() -> None:
    losses = Losses(LAYOUT)
    for unit in range(5):
        losses.lost(unit, float(unit))

    events = [event for second in range(60) for event in told(losses, float(second))]

    assert events == [("container-1", Severity.HIGH)]


def test_a_lost_fleet_is_one_event() -> None:
    losses = Losses(LAYOUT)
    for unit in range(10):
        losses.lost(unit, unit / 10.0)

    events = [event for second in range(60) for event in told(losses, float(second))]

    assert events == [("fleet", Severity.HIGH)]


def test_a_container_is_told_to_be_back_when_all_of_it_is() -> None:
    losses = Losses(LAYOUT)
    for unit in range(5):
        losses.lost(unit, 0.0)
    losses.tell(GATHER_S)
    for unit in range(4):
        losses.back(unit)

    assert told(losses, 20.0) == []
    losses.back(4)
    assert told(losses, 21.0) == [("container-1", Severity.LOW)]
    assert told(losses, 22.0) == []


def test_a_unit_that_is_back_before_it_was_told_is_never_told() -> None:
    losses = Losses(LAYOUT)
    losses.lost(7, 0.0)
    losses.back(7)

    assert [event for second in range(60) for event in told(losses, float(second))] == []


def test_a_single_unit_is_told_to_be_back() -> None:
    losses = Losses(LAYOUT)
    losses.lost(7, 0.0)
    losses.tell(GATHER_S)
    losses.back(7)

    assert told(losses, 30.0) == [("miner-c02-003", Severity.LOW)]
    assert told(losses, 31.0) == []
