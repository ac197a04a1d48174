"""A clock in a file: whoever looks at it follows when its speed is changed."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.clock.dial import LAYOUT, Dial, make_dial
from controller.clock.loop import HurriedLoop, new_loop
from controller.clock.now import (
    VARIABLE,
    choose_clock,
    clock_text,
    monotonic_s,
    offer_clock,
    real_limit_s,
    real_monotonic_s,
    turn_clock,
    utc_s,
)
from controller.clock.shared import ClockError, SharedClock

BEGUN = SharedClock(2.0, real_s=100.0, shown_s=100.0, shown_utc_s=5_000.0)


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """This process on a clock that it may turn, for one test."""
    monkeypatch.setenv(VARIABLE, "1")
    file = tmp_path / "run" / "clock"
    offer_clock("10", file)
    yield file
    choose_clock("1")


def test_a_turned_clock_goes_on_from_where_it_was(tmp_path: Path) -> None:
    dial = make_dial(tmp_path / "clock", BEGUN)
    reader = Dial(tmp_path / "clock")

    dial.turn(5.0, real_s=110.0)

    clock = reader.clock()
    assert clock.monotonic_s(110.0) == pytest.approx(120.0)
    assert clock.monotonic_s(112.0) == pytest.approx(130.0)
    assert clock.utc_s(112.0) == pytest.approx(5_030.0)
    reader.close()
    dial.close()


@given(turns=st.lists(st.tuples(st.floats(1.0, 10.0), st.floats(0.0, 1e4)), max_size=8))
def test_no_turn_makes_time_jump(turns: list[tuple[float, float]]) -> None:
    clock, real_s = BEGUN, BEGUN.real_s
    for speed, after_s in turns:
        real_s += after_s
        turned = clock.at_speed(speed, real_s)

        assert turned.monotonic_s(real_s) == pytest.approx(clock.monotonic_s(real_s))
        assert turned.utc_s(real_s) == pytest.approx(clock.utc_s(real_s))
        clock = turned


@pytest.mark.parametrize("speed", [0.5, 11.0, float("nan"), float("inf")])
def test_a_speed_out_of_range_is_refused_and_the_clock_goes_on(
    tmp_path: Path, speed: float
) -> None:
    dial = make_dial(tmp_path / "clock", BEGUN)

    with pytest.raises(ClockError, match="1 to 10"):
        dial.turn(speed, real_s=110.0)

    assert dial.clock() == BEGUN
    dial.close()


@pytest.mark.parametrize("content", [b"", b"text", bytes(LAYOUT.size - 1)])
def test_a_file_that_is_no_clock_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "clock"
    file.write_bytes(content)

    with pytest.raises(ClockError, match="clock"):
        Dial(file)


def test_a_clock_that_is_not_there_tells_to_start_its_rig(tmp_path: Path) -> None:
    with pytest.raises(ClockError, match="start its rig"):
        choose_clock(f"@{tmp_path}/nothing")


def test_a_half_written_clock_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_bytes(LAYOUT.pack(3, 2.0, 0.0, 0.0, 0.0, 2))

    with pytest.raises(ClockError, match="rig died"):
        Dial(file)


def test_a_reader_cannot_turn_it(tmp_path: Path) -> None:
    make_dial(tmp_path / "clock", BEGUN).close()
    reader = Dial(tmp_path / "clock")

    with pytest.raises(TypeError):
        reader.turn(3.0, real_s=110.0)

    reader.close()


def test_other_programs_are_given_the_file(offered: Path) -> None:
    assert clock_text() == f"@{offered}"
    assert choose_clock(clock_text()).speed == 10.0


def test_a_clock_of_numbers_cannot_be_turned() -> None:
    choose_clock("1")

    with pytest.raises(ClockError, match="start it with --speed"):
        turn_clock(2.0)


@pytest.mark.real_sockets
def test_what_already_waits_comes_sooner_when_the_clock_is_turned_up(offered: Path) -> None:
    turn_clock(1.0)

    async def wait() -> tuple[float, float]:
        begun_s, really_s = monotonic_s(), real_monotonic_s()
        asyncio.get_running_loop().call_later(0.05, turn_clock, 10.0)
        await asyncio.sleep(2.0)
        return monotonic_s() - begun_s, real_monotonic_s() - really_s

    with asyncio.Runner(loop_factory=new_loop) as runner:
        passed_s, took_s = runner.run(wait())

    assert 1.99 <= passed_s < 8.0
    assert took_s < 1.5, f"waited as if nobody had turned {offered}"


@pytest.mark.real_sockets
def test_what_already_waits_is_not_early_when_the_clock_is_turned_down(offered: Path) -> None:
    turned: list[tuple[float, float]] = []

    def turn_down() -> None:
        turn_clock(1.0)
        turned.append((monotonic_s(), real_monotonic_s()))

    async def wait() -> tuple[float, float, float]:
        begun_s = monotonic_s()
        asyncio.get_running_loop().call_later(0.1, turn_down)
        await asyncio.sleep(0.5)
        return begun_s, monotonic_s(), real_monotonic_s()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        begun_s, ended_s, real_s = runner.run(wait())

    ((turned_s, turned_real_s),) = turned
    assert ended_s - begun_s >= 0.499, f"a timer on {offered} came early"
    assert real_s - turned_real_s == pytest.approx(ended_s - turned_s, abs=0.02)


@pytest.mark.real_sockets
def test_time_never_steps_back_while_it_is_turned(offered: Path) -> None:
    seen = []
    for step in range(400):
        turn_clock(1.0 + step % 10)
        seen += [monotonic_s() for _ in range(5)]

    assert seen == sorted(seen)
    assert real_limit_s(2.0) == pytest.approx(20.0)
    assert utc_s() > 0.0
    assert offered.exists()


def test_a_clock_that_may_be_turned_has_its_own_loop_even_at_real_speed(offered: Path) -> None:
    turn_clock(1.0)
    loop = new_loop()
    loop.close()

    assert isinstance(loop, HurriedLoop), f"timers could not follow {offered}"
