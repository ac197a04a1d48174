import msgspec

from controller.control.decision import Event
from controller.control.severity import Severity
from controller.field.unit_watch import CALM_S, UnitWatch
from drivers.cgminer.reading import Details, MinerReading, MinerState

RUNNING, ASLEEP = MinerState.RUNNING, MinerState.ASLEEP


def reading(elapsed_s: float, state: MinerState = RUNNING) -> MinerReading:
    return MinerReading(
        state=state,
        power_kw=8.4,
        power_estimated=False,
        hashrate_ths=460.0,
        inlet_c=60.0,
        outlet_c=72.0,
        chip_c=85.0,
        elapsed_s=elapsed_s,
        soft_off=0,
        errors=0,
        work_mode=0,
        serial="A",
        model="1566HA",
        firmware="F",
    )


def lived(watch: UnitWatch, *seen: tuple[float, float, MinerState]) -> list[Event]:
    """What is told of (time, uptime, state) in this order."""
    return [
        event
        for now_s, elapsed_s, state in seen
        for event in watch.heard(0, reading(elapsed_s, state), now_s)
    ]


def loop_of(
    restarts: int, apart_s: float, state: MinerState
) -> list[tuple[float, float, MinerState]]:
    """A unit that starts anew every so often, seen every five seconds."""
    return [
        (start * apart_s + second, float(second), state)
        for start in range(restarts + 1)
        for second in range(0, int(apart_s), 5)
    ]


def test_three_restarts_in_ten_minutes_set_a_unit_aside() -> None:
    watch = UnitWatch(("c01-001",))

    events = lived(watch, *loop_of(3, 150.0, RUNNING))

    assert watch.aside[0]
    assert [event.severity for event in events] == [Severity.HIGH]
    assert "restarted 3 times" in events[0].text


def test_two_restarts_or_slow_ones_set_nobody_aside() -> None:
    for restarts, apart_s in ((2, 150.0), (6, 400.0)):
        watch = UnitWatch(("c01-001",))

        assert lived(watch, *loop_of(restarts, apart_s, RUNNING)) == []
        assert not watch.aside[0]


def test_who_wakes_by_a_restart_is_not_set_aside() -> None:
    watch = UnitWatch(("c01-001",))

    assert lived(watch, *loop_of(6, 60.0, ASLEEP)) == []
    assert not watch.aside[0]


def test_half_an_hour_without_a_restart_takes_it_again() -> None:
    watch = UnitWatch(("c01-001",))
    lived(watch, *loop_of(3, 150.0, RUNNING))
    last_s = 450.0

    assert lived(watch, (last_s + CALM_S - 5.0, CALM_S - 5.0, RUNNING)) == []
    assert len(lived(watch, (last_s + CALM_S, CALM_S, RUNNING))) == 1
    assert not watch.aside[0]


def test_an_uptime_that_stands_is_an_old_reading_and_told_once() -> None:
    watch = UnitWatch(("c01-001",))

    events = lived(watch, *((float(now_s), 100.0, RUNNING) for now_s in range(0, 60, 5)))

    assert len(events) == 1
    assert watch.stands(0)
    lived(watch, (60.0, 101.0, RUNNING))
    assert not watch.stands(0)


def test_an_uptime_that_rises_by_seconds_is_believed() -> None:
    watch = UnitWatch(("c01-001",))

    assert lived(watch, *((float(now_s), now_s // 1, RUNNING) for now_s in range(0, 60, 5))) == []
    assert not watch.stands(0)


def test_another_unit_in_its_place_begins_anew() -> None:
    watch = UnitWatch(("c01-001",))
    lived(watch, *loop_of(3, 150.0, RUNNING))

    watch.forget(0)

    assert not watch.aside[0]
    assert lived(watch, (700.0, 5.0, RUNNING)) == []


def test_an_error_that_a_unit_numbers_is_told_once_and_again_when_it_is_new() -> None:
    watch = UnitWatch(("c01-001",))
    told = []
    for now_s, codes in enumerate([(), (264,), (264,), (264, 350), (350,), (), (264,)]):
        seen = msgspec.structs.replace(reading(100.0 + now_s), details=Details(error_codes=codes))
        told += [event.text for event in watch.heard(0, seen, float(now_s))]

    assert told == ["says error 264", "says error 264, 350", "says error 264"]
