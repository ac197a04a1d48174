"""Makes the miners do what is wanted: only differences, stops first, proven by their telemetry."""

import asyncio
from collections.abc import Callable

import numpy as np
import structlog

from controller.control.decision import Decision, Wanted, mode_differs
from controller.control.trim import whole_percents
from controller.field.mode_orders import ModeOrders
from controller.field.orders import ORDER_LIFE_S, Clock, OrderCounts
from controller.field.power_orders import PowerOrders
from controller.field.units import Unit
from controller.image.fleet import FleetSnapshot, UnitState
from drivers.errors import Denied, DeviceError, TooLate

log = structlog.get_logger()

WORKERS = 96
# Telemetry this much younger than an order shows whether it was obeyed.
SLEEP_PROOF_S = 10.0
WAKE_PROOF_S = 45.0
URGENT_PROOF_S = 3.0
LONGEST_PATIENCE_S = 600.0
LOOK_AFTER_S = 2.0


Tell = Callable[[int, str], None]
"""Hears of a unit that takes no orders from us, and why."""


def _untold(_unit: int, _why: str) -> None:
    """Nobody asks."""


class MinerActuator:
    """Compares what each miner does with what it shall do, and orders the difference.

    An order is never repeated blindly: the next one waits for telemetry that is younger than the
    one before and shows that it was not obeyed, and waits twice as long each time. One that waits
    for its turn leaves only while a decision of the last seconds still wants it.
    """

    def __init__(
        self,
        miners: tuple[Unit, ...],
        look: Callable[[int, float], None],
        clock: Clock,
        denied: Tell = _untold,
    ) -> None:
        self.counts = OrderCounts()
        self._denied = denied
        self._clock = clock
        self._decided_s = -np.inf
        self._miners = miners
        self._look = look
        units = len(miners)
        self._wanted = np.full(units, np.int8(Wanted.FREE))
        self._ordered = np.full(units, np.int8(Wanted.FREE))
        self._ordered_s = np.full(units, -np.inf)
        self._tries = np.zeros(units, np.int64)
        self._queued = np.zeros(units, np.bool_)
        # Every unit stands in the queue at most once, so that it can never be full.
        self._queue: asyncio.PriorityQueue[tuple[int, int]] = asyncio.PriorityQueue(units + 1)
        self._modes = ModeOrders(miners, look, self.counts)
        self._powers = PowerOrders(miners, look, self.counts)

    async def run(self) -> None:
        """Send orders until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._modes.run(), name="miner mode orders")
            group.create_task(self._powers.run(), name="miner power orders")
            for worker in range(WORKERS):
                group.create_task(self._work(), name=f"miner orders {worker}")

    def apply(self, decision: Decision, fleet: FleetSnapshot, now_s: float) -> None:
        """Take a decision's wishes; returns at once."""
        if not decision.writing:
            self._withdraw()
            return
        self._wanted = decision.units
        self._decided_s = now_s
        off = (fleet.state == UnitState.ASLEEP) | (fleet.state == UnitState.STOPPING)
        on = (fleet.state == UnitState.RUNNING) | (fleet.state == UnitState.STARTING)
        sleep, wake = self._wanted == Wanted.SLEEP, self._wanted == Wanted.NORMAL
        self._verify((sleep & off) | (wake & on), fleet)
        unheard = fleet.state == UnitState.UNKNOWN
        differs = (sleep & (on | (unheard if decision.urgent else False))) | (wake & off)
        for unit in np.flatnonzero(differs & ~self._queued & fleet.commandable).tolist():
            if self._may_order(unit, fleet, now_s, urgent=decision.urgent):
                self._queued[unit] = True
                self._queue.put_nowait((int(self._wanted[unit]), unit))
        if decision.rungs is not None:
            differs = mode_differs(decision, fleet) & ~self._queued
            self._modes.apply(differs, decision.rungs, fleet, now_s)
        if decision.power_share is not None:
            self._powers.apply(whole_percents(decision.power_share), fleet, now_s)

    def _withdraw(self) -> None:
        """Nothing that waits is meant any more."""
        self._modes.withdraw()
        self._powers.withdraw()
        self._wanted = np.full(len(self._miners), np.int8(Wanted.FREE))
        while not self._queue.empty():
            _, unit = self._queue.get_nowait()
            self._queued[unit] = False
            self.counts.dropped += 1

    def _meant(self, unit: int, wish: Wanted) -> bool:
        """Whether a decision that is young enough wants this of the unit."""
        young = self._clock() - self._decided_s <= ORDER_LIFE_S
        return young and bool(self._wanted[unit] == wish)

    def _verify(self, obeyed: np.typing.NDArray[np.bool_], fleet: FleetSnapshot) -> None:
        """Count the orders that younger telemetry proves."""
        same = (self._ordered == self._wanted) & (self._ordered != Wanted.FREE)
        proven = obeyed & same & (fleet.seen_s > self._ordered_s)
        self.counts.verified += int(np.count_nonzero(proven))
        self._ordered[proven] = Wanted.FREE
        self._tries[proven] = 0

    def _may_order(self, unit: int, fleet: FleetSnapshot, now_s: float, *, urgent: bool) -> bool:
        """Whether this wish is new, or an older order of it has been shown not to be obeyed."""
        if self._ordered[unit] != self._wanted[unit]:
            self._tries[unit] = 0
            return True
        asleep = self._wanted[unit] == Wanted.SLEEP
        proof_s = (URGENT_PROOF_S if urgent else SLEEP_PROOF_S) if asleep else WAKE_PROOF_S
        patience_s = min(proof_s * 2.0 ** float(self._tries[unit] - 1), LONGEST_PATIENCE_S)
        if now_s - self._ordered_s[unit] < patience_s:
            return False
        if fleet.seen_s[unit] < self._ordered_s[unit] and not urgent:
            return False
        self.counts.failed += 1
        if self._tries[unit] == 1:
            log.warning("miner does not obey", miner=self._miners[unit].name, asleep=bool(asleep))
        return True

    async def _work(self) -> None:
        while True:
            _, unit = await self._queue.get()
            self._queued[unit] = False
            await self._order(unit, Wanted(int(self._wanted[unit])))

    async def _order(self, unit: int, wish: Wanted) -> None:
        if wish is Wanted.FREE:
            return
        if not self._meant(unit, wish):
            self.counts.dropped += 1
            return
        miner = self._miners[unit]
        self._ordered[unit] = wish
        self._ordered_s[unit] = asyncio.get_running_loop().time()
        self._tries[unit] += 1
        self.counts.sent += 1
        order = miner.sleep if wish is Wanted.SLEEP else miner.wake
        try:
            await order(lambda: self._meant(unit, wish))
        except TooLate:
            # It was never ordered, so nothing has to be proven before the next order.
            self.counts.dropped += 1
            self._ordered[unit] = Wanted.FREE
            return
        except DeviceError as error:
            log.warning("order failed", miner=miner.name, wish=wish.name, error=str(error))
            if isinstance(error, Denied):
                self._denied(unit, str(error))
        self._look(unit, LOOK_AFTER_S)
