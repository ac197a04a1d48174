"""Orders of work modes to miners that take them live; one that needs a restart keeps its mode.

Modes wait behind sleep and wake: they save money, those save the plant.
"""

import asyncio
from collections.abc import Callable

import numpy as np
import structlog

from controller.field.orders import OrderCounts
from controller.field.units import Unit
from controller.image.fleet import Bytes, Flags, FleetSnapshot
from drivers.errors import DeviceError, TooLate

log = structlog.get_logger()

WORKERS = 8
# A unit settles for minutes and refuses orders meanwhile: Canaan plans 5 to 10.
PATIENCE_S = 180.0
LONGEST_PATIENCE_S = 3_600.0
LOOK_AFTER_S = 2.0


class ModeOrders:
    """What each unit was told last of its mode; the next order waits longer each time."""

    def __init__(
        self, miners: tuple[Unit, ...], look: Callable[[int, float], None], counts: OrderCounts
    ) -> None:
        self._miners = miners
        self._look = look
        self._counts = counts
        self._ordered = np.full(len(miners), np.int8(-1))
        self._ordered_s = np.full(len(miners), -np.inf)
        self._tries = np.zeros(len(miners), np.int64)
        # The mode that each unit is meant to have now, by name; empty while none is.
        self._meant = [""] * len(miners)
        # Every unit stands in the queue at most once, so that it can never be full.
        self._queue: asyncio.Queue[int] = asyncio.Queue(len(miners))
        self._queued = np.zeros(len(miners), np.bool_)

    async def run(self) -> None:
        """Send orders until cancelled."""
        async with asyncio.TaskGroup() as group:
            for worker in range(WORKERS):
                group.create_task(self._work(), name=f"mode orders {worker}")

    def apply(self, differs: Flags, rungs: Bytes, fleet: FleetSnapshot, now_s: float) -> None:
        """Take the units that run in another mode than they shall; returns at once."""
        for unit in np.flatnonzero(differs & ~self._queued).tolist():
            if not self._miners[unit].dialect.modes_live:
                continue
            if self._ordered[unit] != rungs[unit]:
                self._tries[unit] = 0
            elif not self._shown_to_fail(unit, fleet, now_s):
                continue
            modes = fleet.layout.modes[fleet.layout.container_of[unit]]
            self._meant[unit] = modes[rungs[unit] - 1]
            self._ordered[unit], self._ordered_s[unit] = rungs[unit], now_s
            self._tries[unit] += 1
            self._queued[unit] = True
            self._queue.put_nowait(unit)

    def withdraw(self) -> None:
        """Nothing that waits is meant any more."""
        self._meant = [""] * len(self._miners)

    def _shown_to_fail(self, unit: int, fleet: FleetSnapshot, now_s: float) -> bool:
        """Whether younger telemetry shows, after a good while, that the order was not obeyed."""
        patience_s = min(PATIENCE_S * 2.0 ** float(self._tries[unit] - 1), LONGEST_PATIENCE_S)
        waited = now_s - self._ordered_s[unit] >= patience_s
        return waited and bool(fleet.seen_s[unit] > self._ordered_s[unit])

    async def _work(self) -> None:
        while True:
            unit = await self._queue.get()
            self._queued[unit] = False
            await self._order(unit, self._meant[unit])

    async def _order(self, unit: int, name: str) -> None:
        miner = self._miners[unit]
        if not name:
            self._counts.dropped += 1
            return
        self._counts.sent += 1
        try:
            await miner.set_mode(name, lambda: self._meant[unit] == name)
        except TooLate:
            self._counts.dropped += 1
            self._ordered[unit] = -1
            return
        except DeviceError as error:
            log.warning("order failed", miner=miner.name, wish=f"mode {name}", error=str(error))
        self._look(unit, LOOK_AFTER_S)
