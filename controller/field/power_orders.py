"""Orders of a power to units that take one: only differences, paced, proven by what they tell.

A unit forgets its share when it restarts: what it tells is compared with what it shall, again and
again. Powers wait behind sleep and wake: they meet a target exactly, those save the plant.
"""

import asyncio
from collections.abc import Callable, Sequence

import numpy as np
import structlog
from numpy.typing import NDArray

from controller.control.decision import Event
from controller.control.severity import Severity
from controller.field.orders import OrderCounts
from controller.field.units import Unit
from controller.image.fleet import FleetSnapshot, UnitState
from drivers.errors import DeviceError, TooLate
from drivers.whatsminer.miner import WhatsMiner

log = structlog.get_logger()

WORKERS = 8
EVERY_S = 30.0
"""A unit is not given another power sooner."""

PATIENCE_S = 60.0
LONGEST_PATIENCE_S = 3_600.0
LOOK_AFTER_S = 2.0
SETTLED_AFTER_S = 420.0
"""The maker says several minutes."""

OFF_SHARE = 0.15
"""So far from what it is set to, as a share of its rating, a unit does not follow."""

NOTHING = -1

Percents = NDArray[np.int16]


class PowerOrders:
    """What each unit was told last; the next order of the same waits longer each time."""

    def __init__(
        self, miners: Sequence[Unit], look: Callable[[int, float], None], counts: OrderCounts
    ) -> None:
        self._units = {
            unit: miner for unit, miner in enumerate(miners) if isinstance(miner, WhatsMiner)
        }
        self._look = look
        self._counts = counts
        self._ordered = np.full(len(miners), NOTHING, np.int16)
        self._ordered_s = np.full(len(miners), -np.inf)
        self._tries = np.zeros(len(miners), np.int64)
        self._proven = np.zeros(len(miners), np.bool_)
        self._astray = np.zeros(len(miners), np.bool_)
        # The power that each unit is meant to have now.
        self._meant = np.full(len(miners), NOTHING, np.int16)
        # Every unit stands in the queue at most once, so that it can never be full.
        self._queue: asyncio.Queue[int] = asyncio.Queue(max(len(self._units), 1))
        self._queued = np.zeros(len(miners), np.bool_)

    async def run(self) -> None:
        """Send orders until cancelled."""
        async with asyncio.TaskGroup() as group:
            for worker in range(min(WORKERS, len(self._units))):
                group.create_task(self._work(), name=f"power orders {worker}")

    def apply(self, percents: Percents, fleet: FleetSnapshot, now_s: float) -> None:
        """Take the power that each unit shall draw (0 for none); returns at once."""
        for unit, miner in self._units.items():
            wanted = int(percents[unit])
            able = fleet.state[unit] == UnitState.RUNNING and fleet.commandable[unit]
            if wanted <= 0 or not able or not miner.tuned or self._queued[unit]:
                self._meant[unit] = NOTHING if not self._queued[unit] else self._meant[unit]
                continue
            wanted = max(wanted, miner.dialect.least_power_pct)
            told = self._told(unit, miner, fleet)
            self._judge(unit, miner, told, fleet, now_s)
            if told != wanted and self._due(unit, wanted, fleet, now_s):
                self._enqueue(unit, wanted, now_s)

    def withdraw(self) -> None:
        """Nothing that waits is meant any more."""
        self._meant[:] = NOTHING

    def _told(self, unit: int, miner: WhatsMiner, fleet: FleetSnapshot) -> int:
        """What it says it is set to; for firmware that does not tell, what it was ordered last."""
        if miner.power_pct is None:
            heard = fleet.seen_s[unit] > self._ordered_s[unit]
            return int(self._ordered[unit]) if heard else NOTHING
        return round(miner.power_pct)

    def _due(self, unit: int, wanted: int, fleet: FleetSnapshot, now_s: float) -> bool:
        """Whether this power is new, or an older order of it has been shown not to be obeyed."""
        since_s = now_s - self._ordered_s[unit]
        if self._ordered[unit] != wanted or self._proven[unit]:
            self._tries[unit] = 0
            return bool(since_s >= EVERY_S)
        patience_s = min(PATIENCE_S * 2.0 ** float(self._tries[unit] - 1), LONGEST_PATIENCE_S)
        failed = since_s >= patience_s and fleet.seen_s[unit] > self._ordered_s[unit]
        self._counts.failed += int(failed)
        return bool(failed)

    def _enqueue(self, unit: int, wanted: int, now_s: float) -> None:
        self._meant[unit] = self._ordered[unit] = wanted
        self._ordered_s[unit] = now_s
        self._tries[unit] += 1
        self._proven[unit] = False
        self._queued[unit] = True
        self._queue.put_nowait(unit)

    def _judge(
        self, unit: int, miner: WhatsMiner, told: int, fleet: FleetSnapshot, now_s: float
    ) -> None:
        """Count what younger telemetry proves, and tell once of a unit that does not follow."""
        younger = fleet.seen_s[unit] > self._ordered_s[unit]
        if told == self._ordered[unit] and younger and not self._proven[unit]:
            self._proven[unit] = True
            self._counts.verified += 1
        rated_kw, power_kw = miner.dialect.rated_kw, float(fleet.power_kw[unit])
        settled = self._proven[unit] and now_s - self._ordered_s[unit] >= SETTLED_AFTER_S
        if rated_kw is None or not settled or np.isnan(power_kw):
            return
        astray = abs(power_kw - told / 100.0 * rated_kw) > OFF_SHARE * rated_kw
        if astray and not self._astray[unit]:
            text = f"draws {power_kw:.1f} kW, set to {told} % of {rated_kw:.1f} kW"
            self._counts.tell(Event(Severity.MEDIUM, f"miner-{miner.name}", text))
        self._astray[unit] = astray

    async def _work(self) -> None:
        while True:
            unit = await self._queue.get()
            await self._order(unit, int(self._meant[unit]))
            self._queued[unit] = False

    async def _order(self, unit: int, percent: int) -> None:
        miner = self._units[unit]
        if percent == NOTHING:
            self._dropped(unit)
            return
        self._counts.sent += 1
        try:
            await miner.set_power_pct(percent, lambda: bool(self._meant[unit] == percent))
        except TooLate:
            self._dropped(unit)
            return
        except DeviceError as error:
            log.warning(
                "order failed", miner=miner.name, wish=f"power {percent} %", error=str(error)
            )
        self._look(unit, LOOK_AFTER_S)

    def _dropped(self, unit: int) -> None:
        """It was never ordered, so nothing has to be proven before the next order."""
        self._counts.dropped += 1
        self._ordered[unit] = NOTHING
