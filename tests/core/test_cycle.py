import asyncio
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from controller.control.decision import Decision
from controller.core.cycle import Cycle, ScanFailedError, Sinks
from controller.image.process_image import Snapshot
from tests.control.small_plant import SmallPlant
from tests.field.bench_plant import running


class Watcher:
    """A cycle over the small plant, and everything it told its sinks, in order."""

    def __init__(self, folder: Path) -> None:
        self.plant = SmallPlant()
        self.calls: list[str] = []
        self.decisions: list[Decision] = []
        self.at_s: list[float] = []
        self.cycle = Cycle(
            self.plant.image,
            self.plant.settings,
            self.plant.state,
            1.0,
            Sinks(act=self._act, report=self._report, feed=lambda: self.calls.append("feed")),
            folder,
            lambda: asyncio.get_running_loop().time(),
        )

    def _act(self, decision: Decision, snapshot: Snapshot) -> None:
        self.calls.append("act")
        self.decisions.append(decision)
        self.at_s.append(snapshot.now_s)

    def _report(self, _decision: Decision, _snapshot: Snapshot) -> None:
        self.calls.append("report")

    async def measure(self) -> None:
        """Fill the image four times a second, as pollers do."""
        while True:
            self.plant.now_s = asyncio.get_running_loop().time()
            self.plant.snapshot()
            await asyncio.sleep(0.25)


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path)


async def test_a_scan_a_second_and_the_watchdog_is_fed_last(watcher: Watcher) -> None:
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(10.1)

    assert watcher.cycle.lateness.scans == 11
    assert watcher.calls[:6] == ["act", "report", "feed"] * 2


async def test_a_protective_change_has_a_scan_of_its_own_at_once(watcher: Watcher) -> None:
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(5.5)
        before = len(watcher.at_s)
        watcher.cycle.wake()
        await asyncio.sleep(0.01)

        assert len(watcher.at_s) == before + 1


async def test_extra_scans_come_five_a_second_at_most(watcher: Watcher) -> None:
    async def nervous() -> None:
        while True:
            watcher.cycle.wake()
            await asyncio.sleep(0.01)

    async with running(watcher.measure(), watcher.cycle.run(), nervous()):
        await asyncio.sleep(10.0)

    assert watcher.cycle.lateness.scans <= 62


async def test_what_was_missed_is_skipped_and_counted(watcher: Watcher) -> None:
    loop = asyncio.get_running_loop()
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(2.5)
        loop.now_s += 5.0  # the whole process stood still
        await asyncio.sleep(2.0)

    assert watcher.cycle.lateness.skipped in (4, 5)
    assert watcher.cycle.lateness.figures()["loop.lateness_max_ms"] >= 4_000.0


async def test_a_scan_that_fails_holds_the_last_decision_and_keeps_its_inputs(
    watcher: Watcher, tmp_path: Path
) -> None:
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(2.5)
        last = watcher.decisions[-1]
        break_scan(watcher, times=2)
        await asyncio.sleep(1.0)
        held, fed = watcher.decisions[-1], watcher.calls[-1]
        await asyncio.sleep(3.0)

        assert held.outputs == last.outputs
        assert fed == "report", "the watchdog is not fed by a failed scan"
        assert watcher.calls[-1] == "feed", "it recovered"
    assert kept_inputs(tmp_path) == {"snapshot", "arrived", "state", "settings"}


async def test_protection_lives_while_the_scan_fails(watcher: Watcher) -> None:
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(2.5)
        break_scan(watcher, times=2)
        watcher.plant.set(pump_1__running=False, pump_2__running=False)
        await asyncio.sleep(1.0)

        assert not watcher.decisions[-1].units.any()


async def test_a_scan_that_goes_on_failing_ends_the_process(watcher: Watcher) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        await live(watcher, lambda: break_scan(watcher, times=100))

    assert caught.group_contains(ScanFailedError)


async def test_failing_protection_is_the_safe_state_at_once(watcher: Watcher) -> None:
    with pytest.raises(ExceptionGroup):
        await live(watcher, lambda: break_protection(watcher))

    final = watcher.decisions[-1]
    assert not final.units.any()
    assert final.urgent
    assert final.outputs["pump-1.run"] is True


async def test_too_many_requests_are_refused(watcher: Watcher) -> None:
    request = watcher.plant.request("heat_demand_kw", 10.0)

    taken = [watcher.cycle.ask(request) for _ in range(300)]

    assert taken.count(True) == 256


async def live(watcher: Watcher, break_it: Callable[[], None]) -> None:
    """Run in order for a while, then broken."""
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(2.5)
        break_it()
        await asyncio.sleep(10.0)


def break_scan(watcher: Watcher, times: int) -> None:
    """Give the scan a state that it cannot work with, for so many scans."""
    state = watcher.cycle._state  # noqa: SLF001 - the fault is injected where a bug would leave it
    broken = replace(state, heat=replace(state.heat, recovery=Failing(times)))
    watcher.cycle._state = broken  # noqa: SLF001
    watcher.cycle._last = replace(watcher.cycle._last, state=broken)  # noqa: SLF001


def kept_inputs(folder: Path) -> set[str]:
    """What the file of a failed scan holds."""
    dump = next(folder.glob("failed-scan-*.pickle"))
    return set(pickle.loads(dump.read_bytes()))  # noqa: S301 - a file of our own


def break_protection(watcher: Watcher) -> None:
    """Give protection a memory that it cannot work with."""
    state = watcher.cycle._state  # noqa: SLF001
    broken = replace(state, protection=replace(state.protection, unit_tripped=None))
    watcher.cycle._state = broken  # noqa: SLF001
    watcher.cycle._last = replace(watcher.cycle._last, state=broken)  # noqa: SLF001


class Failing(float):
    """A recovery that raises when it is used, so many times."""

    left: list[int]

    def __new__(cls, times: int) -> Self:
        """As many failures as are asked for, then a number like others."""
        number = super().__new__(cls, 0.95)
        number.left = [times]
        return number

    def __rtruediv__(self, other: float) -> float:
        if self.left[0] > 0:
            self.left[0] -= 1
            raise ZeroDivisionError("injected")
        return other / 0.95

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return float, (0.95,)


async def test_a_pen_that_is_let_go_ends_the_writing_with_the_next_scan(watcher: Watcher) -> None:
    async with running(watcher.measure(), watcher.cycle.run()):
        await asyncio.sleep(5.5)
        assert watcher.decisions[-1].writing
        watcher.cycle.let_go()
        before = len(watcher.decisions)
        await asyncio.sleep(10.0)

    assert not any(decision.writing for decision in watcher.decisions[before:])
    assert len(watcher.decisions) >= before + 9
