"""The rig's clock: the plant keeps the loop's time, also after a stall."""

import asyncio

import pytest

from controller.lab.rig import LONGEST_STEP_S, keep_time
from controller.lab.virtual_loop import VirtualLoop


class CountingWorld:
    """A world of which only the time matters; `stalls` are turns that take longer."""

    def __init__(self, stalls: dict[int, float] | None = None) -> None:
        self.now_s = 0.0
        self.steps: list[float] = []
        self.stalls = stalls or {}

    def step(self, dt_s: float) -> None:
        """Let time pass, now and then slowly."""
        self.now_s += dt_s
        self.steps.append(dt_s)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.now_s += self.stalls.get(len(self.steps), 0.0)


async def run(world: CountingWorld, for_s: float) -> float:
    """Keep time for so long; the loop's time that has really passed."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    started_s = loop.time()
    loop.call_later(for_s, stop.set)
    await keep_time(world, stop)
    return loop.time() - started_s


async def test_an_hour_is_an_hour() -> None:
    world = CountingWorld()

    passed_s = await run(world, 3600.0)

    assert world.now_s == pytest.approx(passed_s, abs=0.11)
    assert len(world.steps) == pytest.approx(36_000, abs=2)


async def test_what_a_stall_leaves_undone_is_made_up_in_steps_of_at_most_a_second() -> None:
    world = CountingWorld(stalls={10: 3.3})

    passed_s = await run(world, 10.0)

    assert max(world.steps) == LONGEST_STEP_S
    assert world.now_s == pytest.approx(passed_s, abs=0.11)


async def test_a_stop_ends_it_at_once() -> None:
    passed_s = await run(CountingWorld(), 0.05)

    assert passed_s == pytest.approx(0.05)
