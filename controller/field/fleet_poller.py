"""Polls every miner in turn, paced so that no burst exists, and puts the rows into the fleet."""

import asyncio
from dataclasses import dataclass
from random import Random

import numpy as np
import structlog

from controller.control.decision import Event
from controller.control.severity import Severity
from controller.field.acceptance import Acceptance
from controller.field.backoff import LONGEST_S
from controller.field.losses import Losses
from controller.field.orders import News
from controller.field.pool_watch import PoolWatch
from controller.field.unit_books import UnitBooks
from controller.field.unit_watch import UnitWatch
from controller.field.units import Unit
from controller.image.fleet import Fleet, UnitRow, UnitState
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.errors import DeviceError

log = structlog.get_logger()

TICK_S = 0.01
MOST_IN_FLIGHT = 256
LOST_AFTER = 3
LOOK_FOR_LOSSES_S = 1.0
# Polls that begin in one tick, as a multiple of the even pace: what has piled up is caught up with
# gently, never in a burst.
HASTE = 3.0
# Shares of the period: a unit that changes is looked at more often, one that rests less often, but
# never so seldom that one lost poll makes it uncertain.
CHANGING_SHARE = 0.5
RESTING_SHARE = 1.6
_CHANGING = (MinerState.STARTING, MinerState.STOPPING)
# A unit that could not be reached is asked again a little later than its neighbours.
RETRY_S = 2.5
# A mistake of configuration does not mend itself: trying it again and again only locks accounts.
DENIED_FOR_S = 3_600.0


Who = tuple[str | None, str | None, str | None]
"""Model, firmware and serial number of a unit, as it says them."""


@dataclass(slots=True)
class PollCounts(News):
    """What the poller has done since it started, and what there is to tell."""

    polls: int = 0
    failures: int = 0


class FleetPoller:
    """Asks each miner once in `period_s`; a miner that fails is left alone for a while."""

    def __init__(
        self,
        miners: tuple[Unit, ...],
        fleet: Fleet,
        period_s: float,
        acceptance: Acceptance,
        dice: Random,
        books: UnitBooks | None = None,
        pools: frozenset[str] = frozenset(),
    ) -> None:
        self.counts = PollCounts()
        # May be changed at any time; each unit takes the new one with its next turn.
        self.period_s = period_s
        self._miners = miners
        self._fleet = fleet
        self._acceptance = acceptance
        self._dice = dice
        self._due_s = np.full(len(miners), np.inf)
        self._failures = np.zeros(len(miners), np.int64)
        self._busy = np.zeros(len(miners), np.bool_)
        self._known: list[Who | None] = [None] * len(miners)
        self._may = np.zeros(len(miners), np.bool_)
        self._wear = None if books is None else books.wear
        self._watch = UnitWatch(fleet.layout.names)
        self._pools = PoolWatch(
            fleet.layout.names, pools, dice, None if books is None else books.pools.by_serial
        )
        self._losses = Losses(fleet.layout)
        self._look_s = -np.inf
        self._denied_s = np.full(len(miners), -np.inf)

    async def run(self) -> None:
        """Poll until cancelled."""
        loop = asyncio.get_running_loop()
        units = len(self._miners)
        self._due_s = loop.time() + np.arange(units) * (self.period_s / units)
        async with asyncio.TaskGroup() as group:
            while True:
                for unit in self._due(loop.time()):
                    self._busy[unit] = True
                    group.create_task(self.poll(unit), name=f"poll {self._miners[unit].name}")
                self._tell_losses(loop.time())
                await asyncio.sleep(TICK_S)

    def _due(self, now_s: float) -> list[int]:
        """Whose turn it is in this tick: who waits longest first, and never a burst."""
        due = np.flatnonzero((self._due_s <= now_s) & ~self._busy)
        if not len(due):
            return []
        pace = int(HASTE * len(self._miners) * TICK_S / self.period_s) + 1
        room = min(pace, MOST_IN_FLIGHT - int(np.count_nonzero(self._busy)))
        if len(due) > room:
            due = due[np.argsort(self._due_s[due], kind="stable")[: max(room, 0)]]
        units: list[int] = due.tolist()
        return units

    def _tell_losses(self, now_s: float) -> None:
        """Now and then, who has fallen silent and who is back."""
        if now_s - self._look_s < LOOK_FOR_LOSSES_S:
            return
        self._look_s = now_s
        for event in self._losses.tell(now_s):
            self.counts.tell(event)

    def soon(self, unit: int, after_s: float) -> None:
        """Ask this unit again after so many seconds, if it is not due before."""
        due_s = asyncio.get_running_loop().time() + after_s
        self._due_s[unit] = min(self._due_s[unit], due_s)

    def denied(self, unit: int, why: str) -> None:
        """Only monitor a unit that takes no orders from us, and ask no more of it for a while."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self._denied_s[unit] >= DENIED_FOR_S:
            told = (
                f"takes no orders from us ({why}): only monitored for {DENIED_FOR_S / 60:.0f} min;"
                " mend its login or its list of who may order"
            )
            self.counts.tell(Event(Severity.HIGH, f"miner-{self._miners[unit].name}", told))
        self._denied_s[unit] = now_s
        self._fleet.put_commandable(unit, commandable=False)

    async def poll(self, unit: int) -> None:
        """Ask one unit, and take what it says."""
        loop = asyncio.get_running_loop()
        begun_s = loop.time()
        due_s = float(self._due_s[unit])
        self._due_s[unit] = np.inf
        try:
            reading = await self._miners[unit].poll()
        except DeviceError as error:
            self._failed(unit, loop.time(), error)
        else:
            self._heard(unit, reading, loop.time())
            self._next(unit, due_s, begun_s, self.period_s * _share(reading.state))
            await self._watch_pools(unit, loop.time())
        finally:
            self._busy[unit] = False

    async def _watch_pools(self, unit: int, now_s: float) -> None:
        """Now and then, ask the unit for whom it works."""
        miner = self._miners[unit]
        if not self._pools.due(unit, now_s):
            return
        try:
            pools = await miner.pools()
            who = self._known[unit]
            event = self._pools.heard(unit, pools, now_s, None if who is None else who[2])
        except DeviceError as error:
            log.info("pools not told", miner=miner.name, error=str(error))
            return
        if event is not None:
            self.counts.tell(event)

    def _next(self, unit: int, due_s: float, begun_s: float, period_s: float) -> None:
        """Keep the unit's turn; one that came late does not hurry."""
        turn_s = due_s + period_s if due_s + period_s > begun_s else begun_s + period_s
        self._due_s[unit] = min(self._due_s[unit], turn_s)

    def _heard(self, unit: int, reading: MinerReading, now_s: float) -> None:
        self.counts.polls += 1
        if self._failures[unit] >= LOST_AFTER:
            self._losses.back(unit)
        self._failures[unit] = 0
        who = (reading.model, reading.firmware, reading.serial)
        if who != self._known[unit]:
            self._identify(unit, who)
        for event in self._watch.heard(unit, reading, now_s):
            self.counts.tell(event)
        denied = now_s - self._denied_s[unit] < DENIED_FOR_S
        may = bool(self._may[unit] and not self._watch.aside[unit] and not denied)
        self._fleet.put_commandable(unit, commandable=may)
        if self._watch.stands(unit):
            return
        mode = self._miners[unit].dialect.mode_numbered(reading.work_mode)
        if self._wear is not None:
            name = None if mode is None else mode.name
            self._fleet.put_wear(unit, self._wear.heard(unit, reading, name, now_s))
        row = UnitRow(
            state=UnitState(int(reading.state.for_heat)),
            power_kw=reading.power_kw,
            power_estimated=reading.power_estimated,
            hashrate_ths=reading.hashrate_ths,
            inlet_c=reading.inlet_c,
            outlet_c=reading.outlet_c,
            chip_c=reading.chip_c,
            elapsed_s=reading.elapsed_s,
            mode=None if mode is None else mode.name,
        )
        self._fleet.put(unit, row, now_s)

    def _identify(self, unit: int, who: Who) -> None:
        """Take the dialect of the model and firmware that answer; only accepted ones are commanded.

        A unit with another serial number is somebody else: it is told, and commanded only from its
        second reading on.
        """
        miner, before = self._miners[unit], self._known[unit]
        self._known[unit] = who
        model, firmware, serial = who
        miner.recognise(model or "", firmware or "")
        if model is not None and self._acceptance.accepts(
            model, firmware or "", miner.dialect.name
        ):
            miner.accept()
        dialect = miner.dialect
        swapped = before is not None and before[2] != serial
        if before is not None and swapped:
            told = f"another miner answers: {serial} in place of {before[2]}"
            self.counts.tell(Event(Severity.MEDIUM, f"miner-{miner.name}", told))
            self._known[unit] = (None, None, serial)
            self._watch.forget(unit)
            self._pools.forget(unit)
        self._may[unit] = dialect.may_command and not swapped
        if not dialect.may_command:
            log.warning(
                "miner only monitored",
                miner=miner.name,
                model=model,
                firmware=firmware,
                dialect=dialect.name,
            )

    def _failed(self, unit: int, now_s: float, error: DeviceError) -> None:
        self.counts.failures += 1
        self._failures[unit] += 1
        failures = int(self._failures[unit])
        # Where polls are stretched, so is the wait: failing units must not be asked more often.
        first_s = max(RETRY_S, self.period_s / 2.0)
        wait_s = min(first_s * 2.0 ** min(failures - 1, 4), LONGEST_S)
        self._due_s[unit] = now_s + wait_s * (0.75 + 0.25 * self._dice.random())
        if failures == LOST_AFTER:
            self._losses.lost(unit, now_s)
            log.info("miner lost", miner=self._miners[unit].name, error=str(error))


def _share(state: MinerState) -> float:
    """How much of the period passes until a unit in this state is asked again."""
    if state in _CHANGING:
        return CHANGING_SHARE
    return RESTING_SHARE if state is MinerState.ASLEEP else 1.0
