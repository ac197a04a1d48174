"""Who may order the PLC: every rule of the manual's watchdog, one by one."""

import pytest

from simulators.watchdog import Busy, newer
from tests.simulators.lone_plc import LonePlc

FALLBACK_S = 10.0


@pytest.fixture
def lone() -> LonePlc:
    return LonePlc()


@pytest.fixture
def armed(lone: LonePlc) -> LonePlc:
    """A PLC that a controller of epoch 3 has just written to, heartbeat 7."""
    lone.frame(7, 3)
    return lone


def test_nobody_s_silence_matters_while_the_watchdog_is_unarmed(lone: LonePlc) -> None:
    lone.plc.command("pump-1.speed_pct", 55.0)
    lone.run(60.0)
    lone.plc.command("pump-1.run", value=True)
    lone.plc.command("pump-1.speed_pct", 56.0)

    assert lone.order("pump-1.speed_pct") == 56.0
    assert lone.shows("plc.local_automatic") is False
    assert lone.shows("plc.controller_age_s") == 65_534
    assert lone.shows("plc.fallback_after_s") == 10


def test_a_frame_with_heartbeat_0_does_not_arm_and_its_epoch_is_not_noted(lone: LonePlc) -> None:
    lone.frame(0, 500, pump_1=44.0)
    lone.run(60.0)

    assert lone.order("pump-1.speed_pct") == 44.0
    assert (lone.shows("plc.epoch"), lone.shows("plc.local_automatic")) == (0, False)
    lone.plc.command("pump-1.speed_pct", 45.0)


def test_the_first_accepted_frame_arms(armed: LonePlc) -> None:
    armed.run(4.0)

    assert armed.shows("plc.epoch") == 3
    assert armed.shows("plc.controller_age_s") == 4
    assert (armed.order("hearth.heartbeat"), armed.order("hearth.epoch")) == (7, 3)


def test_armed_a_set_point_outside_a_frame_is_refused(armed: LonePlc) -> None:
    with pytest.raises(ValueError, match="only in whole frames"):
        armed.plc.command("pump-1.speed_pct", 55.0)

    assert armed.order("pump-1.speed_pct") == 0.0


@pytest.mark.parametrize("point", ["hearth.heartbeat", "hearth.epoch"])
def test_heartbeat_and_epoch_are_never_written_alone(lone: LonePlc, point: str) -> None:
    with pytest.raises(ValueError, match="only in a whole frame"):
        lone.plc.command(point, 1.0)


@pytest.mark.parametrize(
    ("heartbeat", "epoch", "accepted"),
    [
        (8, 3, True),
        (8, 4, True),
        (6, 3, True),
        (0, 3, True),
        (65_535, 3, True),
        (7, 3, False),
        (7, 4, False),
        (8, 2, False),
        (8, 0, False),
        (8, 3 + 32_767, True),
        (8, 3 + 32_768, False),
        (8, 3 + 32_769, False),
        (8, 65_535, False),
    ],
)
def test_a_frame_needs_another_heartbeat_and_an_epoch_that_is_not_older(
    armed: LonePlc, heartbeat: int, epoch: int, *, accepted: bool
) -> None:
    armed.run(2.0)

    if accepted:
        armed.frame(heartbeat, epoch, pump_1=33.0)
    else:
        with pytest.raises(ValueError, match=r"heartbeat|epoch"):
            armed.frame(heartbeat, epoch, pump_1=33.0)

    assert armed.order("pump-1.speed_pct") == (33.0 if accepted else 0.0)
    assert armed.shows("plc.epoch") == (epoch if accepted else 3)
    assert armed.shows("plc.controller_age_s") == (0 if accepted else 2)


@pytest.mark.parametrize(
    ("one", "other", "after"),
    [
        (1, 0, True),
        (0, 65_535, True),
        (5, 65_530, True),
        (65_535, 0, False),
        (0, 0, False),
        (32_767, 0, True),
        (32_768, 0, False),
        (0, 32_768, False),
    ],
)
def test_epochs_go_round_as_serial_numbers(one: int, other: int, *, after: bool) -> None:
    assert newer(one, other) is after


def test_heartbeat_and_epoch_go_on_after_their_last_value(lone: LonePlc) -> None:
    lone.frame(65_535, 32_767)
    lone.frame(0, 32_767)
    lone.frame(1, 65_000)
    lone.frame(2, 65_535)
    lone.frame(3, 0)
    lone.frame(4, 1)

    assert lone.shows("plc.epoch") == 1
    with pytest.raises(ValueError, match="older"):
        lone.frame(5, 65_535)


def test_coils_are_taken_while_the_controller_lives_and_not_after(armed: LonePlc) -> None:
    armed.run(FALLBACK_S - 0.2)
    armed.plc.command("pump-1.run", value=True)
    armed.run(0.2)
    with pytest.raises(Busy, match="no controller"):
        armed.plc.command("pump-1.run", value=False)

    assert armed.order("pump-1.run") is not False
    assert armed.plc.command_value("pump-1.run") is True


def test_a_living_controller_is_never_given_up(armed: LonePlc) -> None:
    for heartbeat in range(8, 20):
        armed.run(FALLBACK_S - 0.2)
        armed.frame(heartbeat, 3)

    assert armed.shows("plc.local_automatic") is False


def test_frames_that_are_not_accepted_do_not_keep_it_alive(armed: LonePlc) -> None:
    for _ in range(6):
        armed.run(2.0)
        with pytest.raises(ValueError, match="heartbeat 7"):
            armed.frame(7, 3)

    assert armed.shows("plc.local_automatic") is True


@pytest.mark.parametrize(("epoch", "taken"), [(3, False), (2, False), (4, True), (32_770, True)])
def test_only_a_newer_epoch_ends_local_automatic(
    armed: LonePlc, epoch: int, *, taken: bool
) -> None:
    armed.run(FALLBACK_S + 5.0)
    assert armed.shows("plc.local_automatic") is True

    if taken:
        armed.frame(8, epoch, pump_1=61.0)
        armed.plc.command("pump-1.run", value=True)
        assert armed.order("pump-1.speed_pct") == 61.0
    else:
        with pytest.raises(ValueError, match="not newer"):
            armed.frame(8, epoch, pump_1=61.0)

    assert armed.shows("plc.local_automatic") is not taken
    assert armed.shows("plc.controller_age_s") == (0 if taken else 15)


def test_a_new_controller_that_falls_silent_is_given_up_too(armed: LonePlc) -> None:
    armed.run(FALLBACK_S + 5.0)
    armed.frame(8, 4)
    armed.run(FALLBACK_S)

    assert armed.shows("plc.local_automatic") is True
    with pytest.raises(ValueError, match="not newer"):
        armed.frame(9, 4)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"pump-1.speed_pct": 101.0}, ValueError),
        ({"pump-1.speed_pct": float("nan")}, ValueError),
        ({"pump-9.speed_pct": 0.0}, KeyError),
    ],
)
def test_a_frame_with_an_impossible_value_leaves_everything_as_it_was(
    armed: LonePlc, values: dict[str, float], error: type[Exception]
) -> None:
    armed.run(3.0)
    present = {name: armed.order(name) for name in armed.set_points}

    with pytest.raises(error):
        armed.plc.take_frame(present | {"pump-2.speed_pct": 9.0} | values, 8, 3)

    assert {name: armed.order(name) for name in armed.set_points} == present
    assert armed.shows("plc.controller_age_s") == 3


def test_a_frame_that_lacks_a_set_point_is_refused(armed: LonePlc) -> None:
    with pytest.raises(ValueError, match=r"lacks .*district-pump\.speed_pct"):
        armed.plc.take_frame({"pump-1.speed_pct": 1.0}, 8, 3)


def test_the_age_stops_before_it_looks_not_available(armed: LonePlc) -> None:
    for _ in range(40):
        armed.plc.step(2_000.0, armed.now_s, armed.feeder_kw)

    assert armed.shows("plc.controller_age_s") == 65_534


def test_an_armed_plc_that_starts_anew_waits_for_a_newer_epoch_with_nothing_ordered(
    armed: LonePlc,
) -> None:
    armed.frame(8, 3, pump_1=70.0)
    armed.plc.command("pump-1.run", value=True)
    armed.faults.set("cdu", "restart")
    armed.run(60.0)

    assert armed.shows("plc.boot_count") == 2
    assert (armed.order("pump-1.speed_pct"), armed.order("pump-1.run")) == (0.0, 0.0)
    assert (armed.order("hearth.heartbeat"), armed.order("hearth.epoch")) == (0, 3)
    assert armed.shows("plc.local_automatic") is True
    with pytest.raises(ValueError, match="not newer"):
        armed.frame(9, 3)
    with pytest.raises(Busy):
        armed.plc.command("pump-1.run", value=True)

    armed.frame(10, 4, pump_1=30.0)
    assert armed.order("pump-1.speed_pct") == 30.0
    assert armed.shows("plc.local_automatic") is False


def test_an_unarmed_plc_that_starts_anew_is_unarmed(lone: LonePlc) -> None:
    lone.plc.command("pump-1.speed_pct", 55.0)
    lone.faults.set("cdu", "restart")
    lone.run(1.0)
    lone.faults.clear("cdu")
    lone.run(1.0)
    lone.faults.set("cdu", "restart")
    lone.run(1.0)

    assert lone.shows("plc.boot_count") == 3
    assert lone.shows("plc.local_automatic") is False
    assert lone.order("pump-1.speed_pct") == 0.0
    lone.plc.command("pump-1.speed_pct", 45.0)
