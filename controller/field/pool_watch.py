"""Whether every unit still works for the plant's pools: asked hourly, told as a security event.

Where plant.toml names no pools, those that a unit is first seen with are taken for its own.
"""

from random import Random

import numpy as np

from controller.control.decision import Event
from controller.control.severity import Severity
from drivers.cgminer.pools import Pool

EVERY_S = 3_600.0
FIRST_WITHIN_S = 600.0
"""All units are asked once in so many seconds after a start, then each hour."""

Pools = tuple[Pool, ...]


class PoolWatch:
    """When each unit is to be asked for its pools, and what it said last."""

    def __init__(self, names: tuple[str, ...], urls: frozenset[str], dice: Random) -> None:
        self._names = names
        self._urls = urls
        self._known: list[Pools | None] = [None] * len(names)
        spread = [dice.random() for _ in names]
        self._due_s = np.array(spread) * FIRST_WITHIN_S
        self._begun = False

    def due(self, unit: int, now_s: float) -> bool:
        """Whether it is this unit's turn; its next one is then an hour away."""
        if not self._begun:
            self._begun = True
            self._due_s += now_s
        if now_s < self._due_s[unit]:
            return False
        self._due_s[unit] = now_s + EVERY_S
        return True

    def heard(self, unit: int, pools: Pools) -> Event | None:
        """Take what a unit said; an event where that is not what it should be."""
        before, self._known[unit] = self._known[unit], pools
        if before == pools:
            return None
        foreign = [pool for pool in pools if self._urls and pool.url not in self._urls]
        if foreign:
            return self._event(unit, f"works for {_told(foreign)}: no pool of this plant")
        if before is None or self._urls:
            return None
        return self._event(
            unit, f"its pools were changed: {_told(pools)} in place of {_told(before)}"
        )

    def forget(self, unit: int) -> None:
        """Another unit stands in its place: it is asked with its next poll."""
        self._known[unit] = None
        self._due_s[unit] = -np.inf

    def _event(self, unit: int, told: str) -> Event:
        return Event(Severity.CRITICAL, "security", f"miner-{self._names[unit]} {told}")


def _told(pools: Pools | list[Pool]) -> str:
    """The pools in words; without users, which are half of a login."""
    return ", ".join(pool.url for pool in pools) or "none"
