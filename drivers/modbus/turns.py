"""Whose turn it is on a connection that several units and pollers share: one request at a time."""

import asyncio
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final

from drivers.errors import Resting

FIRST_REST_S: Final = 0.5
LONGEST_REST_S: Final = 10.0
JITTER: Final = 0.25


class Rank(IntEnum):
    """How long a request stands back for others, in units of the link's time limit."""

    WRITE = 0
    PROTECTIVE = 1
    READ = 2


class Turns:
    """Writes go before protective reads, these before others, each rank in the order it came.

    Nobody starves: a read that has waited one time limit longer than a write goes before it.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._taken = False
        self._numbers = count()
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []

    def free(self) -> bool:
        """Take the turn if nobody has it."""
        if self._taken:
            return False
        self._taken = True
        return True

    async def take(self, rank: Rank, now_s: float) -> None:
        """Wait for the turn; who has it must give it back."""
        if self.free():
            return
        turn = asyncio.get_running_loop().create_future()
        due_s = now_s + rank * self._patience_s
        heappush(self._waiting, (due_s, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            # The turn may have come in the same moment: then it goes to the next one.
            if turn.done() and not turn.cancelled():
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one in."""
        while self._waiting:
            turn = heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._taken = False


@dataclass(slots=True)
class Rest:
    """Failures in a row of a unit or a connection, and how long it is left alone after them.

    The first failure may be an accident and is forgiven; then the time doubles from half a second
    to ten, each a random quarter shorter, so that devices that were lost together come back apart.
    """

    dice: Random
    failures: int = 0
    until_s: float = 0.0
    why: str = field(default="")

    def failed(self, now_s: float, why: str, at_least_s: float = 0.0) -> None:
        """Count a failure; after this one the rest is at least so long."""
        self.failures += 1
        self.why = why
        self.until_s = now_s + at_least_s
        if self.failures > 1:
            rest_s = min(FIRST_REST_S * 2.0 ** min(self.failures - 2, 10), LONGEST_REST_S)
            rest_s *= 1.0 - JITTER * self.dice.random()
            self.until_s = now_s + max(rest_s, at_least_s)

    def ended(self) -> None:
        """Forget the failures: it has answered."""
        if self.failures:
            self.failures, self.until_s = 0, 0.0

    def check(self, where: str, now_s: float) -> None:
        """Raise Resting while it is to be left alone."""
        if now_s < self.until_s:
            left_s = self.until_s - now_s
            told = f"{where}: not asked for {left_s:.1f} s more after {self.failures} failures"
            raise Resting(f"{told}: {self.why}", left_s)
