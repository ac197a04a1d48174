"""Whether every unit still works for the plant's pools: asked hourly, told as a security event.

Where plant.toml names no pools, those that a unit is first seen with are taken for its own, by its
serial number: a change while nobody looked is seen too.
"""

from collections.abc import Sequence
from random import Random

import numpy as np

from controller.control.decision import Event
from controller.control.severity import Severity
from drivers.cgminer.reading import Pool

EVERY_S = 3_600.0
FIRST_WITHIN_S, AGAIN_S = 600.0, 300.0
"""All units are asked once in so many seconds after a start, then each hour; who does not answer
sooner again."""

Known = tuple[tuple[str, str | None], ...]
"""URL and account's fingerprint of each."""


class PoolWatch:
    """When each unit is to be asked for its pools, and what it said last."""

    def __init__(
        self,
        names: tuple[str, ...],
        urls: frozenset[str],
        dice: Random,
        book: dict[str, Known] | None = None,
    ) -> None:
        self._names = names
        self._urls = urls
        self._known: list[Known | None] = [None] * len(names)
        self._book: dict[str, Known] = {} if book is None else book
        spread = [dice.random() for _ in names]
        self._due_s = np.array(spread) * FIRST_WITHIN_S
        self._begun = False

    def due(self, unit: int, now_s: float) -> bool:
        """Whether it is this unit's turn; without an answer it comes again in some minutes."""
        if not self._begun:
            self._begun = True
            self._due_s += now_s
        if now_s < self._due_s[unit]:
            return False
        self._due_s[unit] = now_s + AGAIN_S
        return True

    def heard(
        self, unit: int, pools: Sequence[Pool], now_s: float, serial: str | None = None
    ) -> Event | None:
        """Take what a unit said; an event where that is not what it should be.

        Its next turn is an hour later.
        """
        self._due_s[unit] = now_s + EVERY_S
        # Whether a pool is alive changes; who is paid does not, and an empty place is nobody's.
        now = tuple(sorted((pool.url, pool.account) for pool in pools if pool.url))
        before, self._known[unit] = self._known[unit], now
        if serial is not None:
            before = self._book.get(serial) if before is None else before
            self._book[serial] = now
        if before == now:
            return None
        foreign = tuple(one for one in now if self._urls and one[0] not in self._urls)
        if foreign:
            return self._event(unit, f"works for {_told(foreign)}: no pool of this plant")
        if before is None:
            return None
        if [url for url, _ in now] == [url for url, _ in before]:
            return self._event(unit, f"works for another account at {_told(now)}")
        if self._urls:
            return None
        return self._event(
            unit, f"its pools were changed: {_told(now)} in place of {_told(before)}"
        )

    def forget(self, unit: int) -> None:
        """Another unit stands in its place: it is asked with its next poll."""
        self._known[unit] = None
        self._due_s[unit] = -np.inf

    def _event(self, unit: int, told: str) -> Event:
        return Event(Severity.CRITICAL, "security", f"miner-{self._names[unit]} {told}")


def _told(pools: Known) -> str:
    """The pools in words; without accounts, which are half of a login."""
    return ", ".join(url for url, _ in pools) or "none"
