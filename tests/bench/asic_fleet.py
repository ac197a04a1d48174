"""Polls a fleet in a process of its own.

`python -m tests.bench.asic_fleet paced PORT UNITS PERIOD_S SECONDS`, or
`… together PORT UNITS POLLS TOGETHER`.
"""

import asyncio
import gc
import json
import os
import resource
import sys
import time
from ipaddress import IPv4Address
from random import Random

import numpy as np
import uvloop

from controller.core.app import RARELY
from controller.field.acceptance import Acceptance
from controller.field.fleet_poller import FleetPoller
from controller.image.fleet import Fleet, FleetLayout, UnitRow
from drivers.cgminer.miner import Miner

FIRST = IPv4Address("127.1.0.1")
TICK_S = 0.1
LATE_SHARE = 1.1


class TimedFleet(Fleet):
    """A fleet that notes how long after the one before each reading came."""

    def __init__(self, layout: FleetLayout) -> None:
        super().__init__(layout)
        self.gaps_s: list[float] = []

    def put(self, unit: int, row: UnitRow, now_s: float) -> None:
        """Take the row and the gap before it."""
        self.gaps_s.append(now_s - float(self._seen_s[unit]))
        super().put(unit, row, now_s)


async def together_us(port: int, units: int, polls: int, together: int) -> float:
    """CPU time of a poll with so many on their way at any time, as fast as they go."""
    poller = _poller(port, units)
    turns = iter(range(polls))

    async def work() -> None:
        for turn in turns:
            await poller.poll(turn % units)

    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    begun_s = time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(together):
            group.create_task(work())
    if poller.counts.polls != polls:
        raise RuntimeError(f"{poller.counts.failures} of {polls} polls failed")
    return (time.process_time() - begun_s) / polls * 1e6


def _poller(port: int, units: int, period_s: float = 5.0) -> FleetPoller:
    names = tuple(f"u{unit:05}" for unit in range(units))
    fleet = TimedFleet(FleetLayout(names, np.arange(units) // 100, (units + 99) // 100))
    miners = tuple(Miner(name, str(FIRST + unit), port) for unit, name in enumerate(names))
    return FleetPoller(miners, fleet, period_s, Acceptance("1566HA"), Random(7))


async def measured(port: int, units: int, period_s: float, seconds: float) -> dict[str, float]:
    """What polling for so long costs, after the first readings of all."""
    names = tuple(f"u{unit:05}" for unit in range(units))
    fleet = TimedFleet(FleetLayout(names, np.arange(units) // 100, (units + 99) // 100))
    miners = tuple(Miner(name, str(FIRST + unit), port) for unit, name in enumerate(names))
    poller = FleetPoller(miners, fleet, period_s, Acceptance("1566HA"), Random(7))
    async with asyncio.TaskGroup() as group:
        life = group.create_task(poller.run())
        found = await _watched(poller, fleet, units / period_s, period_s, seconds)
        life.cancel()
    return found


async def _watched(
    poller: FleetPoller, fleet: TimedFleet, polls_per_s: float, period_s: float, seconds: float
) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    await asyncio.sleep(1.5 * period_s)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    fleet.gaps_s.clear()
    before_s, before = time.process_time(), poller.counts.polls
    begun_s = loop.time()
    late_ms = await _lateness_ms(seconds)
    took_s, polls = time.process_time() - before_s, poller.counts.polls - before
    real_s = loop.time() - begun_s
    due = polls_per_s * real_s
    in_time = int(np.count_nonzero(np.array(fleet.gaps_s) <= LATE_SHARE * period_s))
    return {
        "poll_cpu_us": took_s / max(polls, 1) * 1e6,
        "on_time_pct": 100.0 * min(in_time / due, in_time / max(len(fleet.gaps_s), 1)),
        "lateness_p99_ms": float(np.percentile(late_ms, 99)),
        "cpu_share": took_s / real_s,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
        "failures": float(poller.counts.failures),
    }


async def _lateness_ms(seconds: float) -> list[float]:
    """How late a tick of a tenth of a second is, in the same loop."""
    loop = asyncio.get_running_loop()
    due_s, end_s, late_ms = loop.time() + TICK_S, loop.time() + seconds, []
    while due_s < end_s:
        await asyncio.sleep(due_s - loop.time())
        late_ms.append(max(loop.time() - due_s, 0.0) * 1e3)
        due_s += TICK_S
    return late_ms


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    how, place, count, *numbers = sys.argv[1:]
    found: object
    if how == "together":
        found = uvloop.run(together_us(int(place), int(count), *map(int, numbers)))
    else:
        found = uvloop.run(measured(int(place), int(count), *map(float, numbers)))
    print(json.dumps(found))  # noqa: T201
