"""The plant as the latest reports describe it, for a program that only looks."""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from controller.link.frames import BadFrame
from controller.link.merge import EVENT_HISTORY
from controller.link.messages import EventInfo, Hello, Report, TagValue

Column = NDArray[np.float64] | NDArray[np.int8]
Value = float | bool | str

BAD = 0


class Mirror:
    """Latest sample of each tag, the fleet as numpy columns, and the last 200 events."""

    def __init__(self, hello: Hello) -> None:
        self.hello = hello
        self.cycle: int | None = None
        self.utc_s: float | None = None
        self.events: deque[EventInfo] = deque(maxlen=EVENT_HISTORY)
        units = len(hello.units)
        self.columns: dict[str, Column] = {
            column.name: np.zeros(units, np.int8)
            if column.dtype == "i1"
            else np.full(units, np.nan)
            for column in hello.columns
        }
        self.seen_utc_s: NDArray[np.float64] = np.full(units, np.nan)
        self._place = {tag.name: place for place, tag in enumerate(hello.tags)}
        self._samples: dict[int, TagValue] = {}

    def apply(self, report: Report) -> tuple[EventInfo, ...]:
        """Take a report; gives the events that were not known before."""
        if report.full:
            self._samples.clear()
        for sample in report.values:
            self._put(sample)
        for name, raw in report.fleet.items():
            self._put_column(name, raw)
        if report.fleet_seen_utc_s:
            self.seen_utc_s = self._numbers("seen", report.fleet_seen_utc_s)
        self.cycle, self.utc_s = report.cycle, report.utc_s
        fresh = tuple(event for event in report.events if event not in self.events)
        self.events.extend(fresh)
        return fresh

    def sample(self, name: str) -> TagValue | None:
        """The latest sample of this tag; None when there has not been one."""
        place = self._place.get(name)
        return None if place is None else self._samples.get(place)

    def value(self, name: str) -> Value | None:
        """The latest value of this tag; None when it is bad or was never reported."""
        sample = self.sample(name)
        return None if sample is None else sample.value

    def _put(self, sample: TagValue) -> None:
        if not 0 <= sample.tag < len(self.hello.tags):
            raise BadFrame(f"core reports tag {sample.tag} of {len(self.hello.tags)}")
        number = isinstance(sample.value, float) and not math.isfinite(sample.value)
        if number or sample.quality == BAD:
            sample = TagValue(sample.tag, None, BAD, sample.source_utc_s)
        self._samples[sample.tag] = sample

    def _put_column(self, name: str, raw: bytes) -> None:
        known = self.columns.get(name)
        if known is None:
            raise BadFrame(f"core reports a column {name!r} that it did not announce")
        if known.dtype == np.int8:
            self.columns[name] = self._states(name, raw)
        else:
            self.columns[name] = self._numbers(name, raw)

    def _numbers(self, name: str, raw: bytes) -> NDArray[np.float64]:
        self._check_length(name, raw, 8)
        return np.frombuffer(raw, "<f8")

    def _states(self, name: str, raw: bytes) -> NDArray[np.int8]:
        self._check_length(name, raw, 1)
        return np.frombuffer(raw, np.int8)

    def _check_length(self, name: str, raw: bytes, size: int) -> None:
        if len(raw) != len(self.hello.units) * size:
            raise BadFrame(f"column {name!r} has {len(raw)} B for {len(self.hello.units)} units")
