"""The cycle: each second, and at once when a protective input changes, a scan and what follows."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from controller.control.authority import let_go
from controller.control.decision import Decision
from controller.control.scan import hold, safe, scan
from controller.control.settings import Settings
from controller.control.state import PlantState, Request
from controller.core.clock import utc_s
from controller.core.dump import dump_inputs
from controller.core.lateness import Lateness
from controller.image.process_image import ProcessImage, Snapshot

log = structlog.get_logger()

# Extra scans come at most five a second.
EXTRA_APART_S = 0.2
MOST_FAILURES = 3
INBOX = 256


class ScanFailedError(Exception):
    """The scan failed too often; the process ends so that systemd starts it anew."""


@dataclass(frozen=True, slots=True)
class Sinks:
    """Who hears of each scan: the actuators first, then the reporters, the watchdog last."""

    act: Callable[[Decision, Snapshot], None]
    report: Callable[[Decision, Snapshot], None]
    feed: Callable[[], None]


class Cycle:
    """Freezes, scans, acts, reports, feeds the watchdog; skips and counts what it missed."""

    def __init__(
        self,
        image: ProcessImage,
        settings: Settings,
        state: PlantState,
        scan_s: float,
        sinks: Sinks,
        dump_dir: Path,
        clock: Callable[[], float],
        utc: Callable[[], float] = utc_s,
    ) -> None:
        self.lateness = Lateness()
        self._image = image
        self._settings = settings
        self._state = state
        self._scan_s = scan_s
        self._sinks = sinks
        self._dump_dir = dump_dir
        self._clock = clock
        self._utc = utc
        self._wake = asyncio.Event()
        self._inbox: list[Request] = []
        self._last: Decision | None = None
        self._failures = 0

    def wake(self) -> None:
        """Ask for a scan at once."""
        self._wake.set()

    def ask(self, request: Request) -> bool:
        """Leave a request for the next scan; False when too many are waiting."""
        if len(self._inbox) >= INBOX:
            return False
        self._inbox.append(request)
        return True

    def let_go(self) -> None:
        """Write nothing any more: another controller has been found to order the plant as we do."""
        self._state = let_go(self._state)
        if self._last is not None:
            self._last = replace(self._last, state=self._state)

    async def run(self) -> None:
        """Scan until cancelled, or until the scan has failed too often."""
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        last_s = -EXTRA_APART_S
        while True:
            extra = await self._wait(due_s, last_s)
            begun_s = loop.time()
            missed = 0 if extra else int(max(0.0, begun_s - due_s) // self._scan_s)
            # The loop's time is that of its turn's beginning; the clock tells what came since.
            begun_clock_s = self._clock()
            late_s = None if extra else begun_clock_s - due_s
            if not extra:
                due_s += (missed + 1) * self._scan_s
            self._once(begun_s)
            last_s = begun_s
            self.lateness.note(late_s, self._clock() - begun_clock_s, missed)

    async def _wait(self, due_s: float, last_s: float) -> bool:
        """Wait until the scan is due or something protective has changed; True for the latter."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(due_s):
                await self._wake.wait()
                await asyncio.sleep(last_s + EXTRA_APART_S - loop.time())
        except TimeoutError:
            return False
        finally:
            # Whatever woke it, the scan that follows sees it.
            self._wake.clear()
        return True

    def _once(self, now_s: float) -> None:
        snapshot = self._image.freeze(now_s, self._utc())
        arrived, self._inbox = self._inbox, []
        decision = self._decide(snapshot, arrived)
        self._state, self._last = decision.state, decision
        self._sinks.act(decision, snapshot)
        self._sinks.report(decision, snapshot)
        if self._failures > MOST_FAILURES:
            raise ScanFailedError(f"the scan failed {self._failures} times in a row")
        if not self._failures:
            self._sinks.feed()

    def _decide(self, snapshot: Snapshot, arrived: Sequence[Request]) -> Decision:
        """The scan's decision; when it fails the last one with live protection, else safe."""
        try:
            decision = scan(snapshot, arrived, self._state, self._settings)
        except Exception:
            log.exception("scan failed", failures=self._failures + 1)
            return self._failed(snapshot, arrived)
        self._failures = 0
        return decision

    def _failed(self, snapshot: Snapshot, arrived: Sequence[Request]) -> Decision:
        self._failures += 1
        place = dump_inputs(self._dump_dir, snapshot, arrived, self._state, self._settings)
        log.error("inputs of the failed scan kept", path=str(place))
        if self._last is None:
            self._failures = MOST_FAILURES + 1
            return safe(self._state, self._settings)
        try:
            return hold(snapshot, self._last, self._settings)
        except Exception:
            log.exception("protection failed")
            self._failures = MOST_FAILURES + 1
            return safe(self._state, self._settings)
