"""The shared clock: one text, one time, and nothing that is no clock."""

import asyncio
import os
import sys
from collections.abc import Iterator

import pytest

from controller.clock.loop import HurriedLoop, new_loop
from controller.clock.now import (
    VARIABLE,
    choose_clock,
    monotonic_s,
    real_limit_s,
    real_monotonic_s,
    real_utc_s,
    utc_s,
)
from controller.clock.shared import ClockError, SharedClock, read_clock

SPEED = 10.0


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[SharedClock]:
    """This process on a clock ten times as fast, for one test."""
    monkeypatch.setenv(VARIABLE, "1")
    yield choose_clock("10")
    choose_clock("1")


def test_a_hurried_clock_agrees_with_the_real_ones_where_it_began() -> None:
    clock = read_clock("10", real_s=100.0, utc_s=5_000.0)

    assert (clock.monotonic_s(100.0), clock.utc_s(100.0)) == (100.0, 5_000.0)
    assert (clock.monotonic_s(103.0), clock.utc_s(103.0)) == (130.0, 5_030.0)


def test_whoever_is_given_the_text_later_has_the_same_time() -> None:
    clock = read_clock("2.5", real_s=100.123456, utc_s=5_000.0)

    other = read_clock(clock.text(), real_s=170.0, utc_s=9_999.0)

    assert other == clock
    assert read_clock(SharedClock().text(), 1.0, 2.0) == SharedClock()


@pytest.mark.parametrize(
    "text", ["", "fast", "0", "0.5", "11", "nan", "inf", "-1", "10,1", "10,1,2,3", "10,999,1"]
)
def test_what_is_no_clock_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(ClockError):
        read_clock(text, real_s=100.0, utc_s=5_000.0)


def test_real_speed_is_the_machines_own_clock_and_the_usual_loop() -> None:
    loop = new_loop()
    loop.close()

    assert not isinstance(loop, HurriedLoop)
    assert abs(utc_s() - real_utc_s()) < 1.0
    assert abs(monotonic_s() - real_monotonic_s()) < 1.0
    assert real_limit_s(3.0) == 3.0


def test_the_programs_that_a_program_starts_inherit_its_clock(hurried: SharedClock) -> None:
    assert read_clock(os.environ[VARIABLE], real_monotonic_s(), real_utc_s()) == hurried


def test_real_time_is_not_handed_on_as_a_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "10")

    choose_clock("1")

    assert VARIABLE not in os.environ


async def in_the_loop() -> tuple[float, float, float]:
    """How long 2 s of waiting take: by the loop, by UTC, really; a limit of 1 s ends on the way."""
    loop = asyncio.get_running_loop()
    begun = (loop.time(), utc_s(), real_monotonic_s())
    await asyncio.sleep(1.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await asyncio.Event().wait()
    return tuple(  # type: ignore[return-value] # three of them
        now - then
        for now, then in zip((loop.time(), utc_s(), real_monotonic_s()), begun, strict=True)
    )


@pytest.mark.real_sockets
def test_sleep_and_limits_are_ten_times_as_short_and_never_early(hurried: SharedClock) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        by_loop_s, by_utc_s, really_s = runner.run(in_the_loop())

    assert 1.99 <= by_loop_s < 8.0
    assert by_utc_s == pytest.approx(by_loop_s, abs=0.05)
    assert by_loop_s == pytest.approx(hurried.speed * really_s, abs=0.05)


@pytest.mark.real_sockets
def test_a_real_limit_is_real_on_a_hurried_loop(hurried: SharedClock) -> None:
    async def wait() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(real_limit_s(0.15)):
                await asyncio.Event().wait()

    begun_s = real_monotonic_s()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(wait())

    assert hurried.speed == SPEED
    assert real_monotonic_s() - begun_s >= 0.149


@pytest.mark.real_sockets
def test_timers_keep_their_order_and_a_cancelled_one_stays_silent(hurried: SharedClock) -> None:
    heard: list[str] = []

    async def listen() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.6, heard.append, "last")
        loop.call_at(loop.time() + 0.3, heard.append, "first")
        loop.call_later(-1.0, heard.append, "at once")
        loop.call_later(0.1, heard.append, "never").cancel()
        await asyncio.sleep(1.0)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(listen())

    assert heard == ["at once", "first", "last"]
    assert hurried.hurried


@pytest.mark.real_sockets
async def test_a_verb_refuses_what_is_no_clock() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "controller", "demo", "--speed", "50", "--duration", "1"),
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30.0):
        _, words = await process.communicate()

    assert process.returncode == 2
    assert b"1 to 10 times as fast" in words
