"""Miners that fall silent, told once: one by one, or as one loss of a whole container."""

import numpy as np
import structlog

from controller.control.decision import Event
from controller.control.severity import Severity
from controller.image.fleet import FleetLayout

log = structlog.get_logger()

GATHER_S = 10.0
"""A switch that dies takes its miners one after another, as their turns come."""

TOGETHER_SHARE = 0.5
TOGETHER_LEAST = 3


class Losses:
    """Which units are lost, which of them have been told, and which containers as a whole."""

    def __init__(self, layout: FleetLayout) -> None:
        self._layout = layout
        self._lost = np.zeros(len(layout), np.bool_)
        self._told = np.zeros(len(layout), np.bool_)
        self._since_s = np.full(len(layout), np.inf)
        self._whole = np.zeros(layout.containers, np.bool_)
        self._units = np.bincount(layout.container_of, minlength=layout.containers)

    def lost(self, unit: int, now_s: float) -> None:
        """A unit has not answered for several polls."""
        if not self._lost[unit]:
            self._lost[unit] = True
            self._since_s[unit] = now_s

    def back(self, unit: int) -> None:
        """A unit has answered."""
        self._lost[unit] = False
        self._since_s[unit] = np.inf

    def tell(self, now_s: float) -> list[Event]:
        """What is new since the last look."""
        if not (self._lost.any() or self._told.any() or self._whole.any()):
            return []
        fallen = np.bincount(
            self._layout.container_of[self._lost], minlength=self._layout.containers
        )
        together = fallen >= np.maximum(TOGETHER_SHARE * self._units, TOGETHER_LEAST)
        return self._containers(fallen, together, now_s) + self._single(now_s)

    def _containers(
        self,
        fallen: np.typing.NDArray[np.intp],
        together: np.typing.NDArray[np.bool_],
        now_s: float,
    ) -> list[Event]:
        """Containers that have gone or come back as a whole; one event where all of them go."""
        ripe = self._lost & (now_s - self._since_s >= GATHER_S) & ~self._told
        gone: list[int] = np.flatnonzero(together & ~self._whole).tolist()
        if not ripe[np.isin(self._layout.container_of, gone)].any():
            gone = []
        events = []
        if len(gone) > 1:
            events.append(_loss("fleet", int(fallen[gone].sum()), f"{len(gone)} containers"))
        elif gone:
            events.append(_loss(f"container-{gone[0] + 1}", int(fallen[gone[0]]), "container"))
        self._whole[gone] = True
        back = np.flatnonzero(self._whole & (fallen == 0))
        self._whole[back] = False
        for place in back.tolist():
            events.append(Event(Severity.LOW, f"container-{place + 1}", "its miners answer again"))
            self._told[self._layout.container_of == place] = False
        # Whoever stands in a container that is told as a whole is not told again.
        self._told |= self._lost & self._whole[self._layout.container_of]
        return events

    def _single(self, now_s: float) -> list[Event]:
        """Units that have gone or come back alone."""
        ripe = self._lost & ~self._told & (now_s - self._since_s >= GATHER_S)
        back = self._told & ~self._lost & ~self._whole[self._layout.container_of]
        names = self._layout.names
        events = [
            Event(Severity.MEDIUM, f"miner-{names[unit]}", "does not answer any more")
            for unit in np.flatnonzero(ripe).tolist()
        ]
        events += [
            Event(Severity.LOW, f"miner-{names[unit]}", "answers again")
            for unit in np.flatnonzero(back).tolist()
        ]
        self._told = (self._told | ripe) & ~back
        return events


def _loss(source: str, units: int, where: str) -> Event:
    told = f"{units} miners do not answer any more, all at once: look at the {where}'s network"
    return Event(Severity.HIGH, source, told)
