"""Whoever is started on a lifeline ends with the one that started it, however that one ended."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from controller.core.lifeline import VARIABLE, LifelineError, watch

pytestmark = [pytest.mark.real_sockets, pytest.mark.timeout(30)]

CHILD = """
import signal, sys
from controller.core.lifeline import watch
if sys.argv[1] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
elif sys.argv[1] == "polite":
    signal.signal(signal.SIGTERM, lambda *_: (print("in order", flush=True), sys.exit()))
watch(0.3)
print("watches", flush=True)
while True:
    signal.pause()
"""
PARENT = f"""
import asyncio, signal, sys
from controller.core.lifeline import start_bound

async def main():
    child = await start_bound(sys.executable, "-c", {CHILD!r}, sys.argv[1])
    print(child.pid, flush=True)
    await child.wait()

asyncio.run(main())
"""
GONE_WITHIN_S = 8.0


class Pair:
    """A program, and the one that it started; both write to one pipe, which ends with the last."""

    def __init__(self, parent: Process, child: int) -> None:
        self.parent = parent
        self.child = child

    async def says(self) -> str:
        """The next line of either; empty when both are gone."""
        assert self.parent.stdout is not None
        async with asyncio.timeout(GONE_WITHIN_S):
            return (await self.parent.stdout.readline()).decode().strip()


async def started(manners: str) -> Pair:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, manners, stdout=PIPE
    )
    assert parent.stdout is not None
    async with asyncio.timeout(GONE_WITHIN_S):
        return Pair(parent, int(await parent.stdout.readline()))


@pytest.fixture
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    """Both running; none of them after the test."""
    pair = await started(request.param)
    yield pair
    for pid in (pair.parent.pid, pair.child):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await pair.parent.wait()


@pytest.mark.parametrize("pair", ["polite"], indirect=True)
async def test_a_killed_parent_ends_its_child_in_order(pair: Pair) -> None:
    assert await pair.says() == "watches"

    pair.parent.kill()

    assert await pair.says() == "in order"
    assert await pair.says() == ""


@pytest.mark.parametrize("pair", ["deaf"], indirect=True)
async def test_a_child_that_does_not_end_in_order_is_ended_all_the_same(pair: Pair) -> None:
    assert await pair.says() == "watches"

    pair.parent.kill()

    assert await pair.says() == ""


@pytest.mark.parametrize("pair", ["default"], indirect=True)
async def test_a_parent_that_is_killed_before_its_child_looks_is_missed_all_the_same(
    pair: Pair,
) -> None:
    pair.parent.kill()

    # Whether it came so far or not, the pipe of its words ends.
    assert await pair.says() in {"", "watches"}
    assert await pair.says() == ""


def test_a_program_that_nobody_holds_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)

    watch()


@pytest.mark.parametrize("told", ["", "soon", "-1", "100000"])
def test_a_lifeline_that_is_none_is_refused_with_its_remedy(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, told)

    with pytest.raises(LifelineError, match="unset it"):
        watch()
