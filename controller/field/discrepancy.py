"""Outputs that do not keep what is written: written again three times, then left and told.

Three things can be wrong. A write is acknowledged and not taken: once more, then an event. What was
taken changes although nobody here changed it: somebody else is writing, and that is an event for
those who guard the plant's network too. The answer to a write is lost: it is read back before
anything else is written. A war of writes wears out both sides, so there are at most three rewrites
in ten minutes (practice of supervisory systems); only a stop is never given up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog

from controller.control.decision import Event
from controller.control.severity import Severity
from controller.field.orders import OrderCounts
from controller.image.tag import Value

log = structlog.get_logger()

MOST_WRITES = 4
WITHIN_S = 600.0
# So many writes in a row that are acknowledged and not taken, and it is told.
NOT_TAKEN_TOLD = 2
# A set-point that differs by less is not worth a write.
DEADBAND_PCT = 0.1


def same(wanted: Value, found: Value) -> bool:
    """Whether an output is what it is wanted to be."""
    if isinstance(wanted, bool):
        return wanted == bool(found)
    return abs(float(wanted) - float(found)) <= DEADBAND_PCT


@dataclass(frozen=True, slots=True)
class Reading:
    """One output in a snapshot: what it is, asked for at `source_s`, and what it shall be."""

    name: str
    found: Value | None
    source_s: float
    wanted: Value


@dataclass(frozen=True, slots=True)
class Change:
    """An output that was one thing and is found to be another, since `source_s`."""

    before: Value
    found: Value
    source_s: float


class Discrepancies:
    """When each output of one device was written in vain, and which are left alone."""

    def __init__(self, counts: OrderCounts) -> None:
        self._counts = counts
        self._wanted: dict[str, Value] = {}
        # What each output showed when it was last known to obey, and since when.
        self._kept: dict[str, tuple[Value, float]] = {}
        # Outputs that changed by themselves. Who did it is not known before the device has told
        # that it still follows us.
        self._changed: dict[str, Change] = {}
        # Outputs that are being written at this moment: they may be anything.
        self._underway: set[str] = set()
        # Outputs whose write was not answered, and since when it is not known what became of it.
        self._doubted_s: dict[str, float] = {}
        self._not_taken: dict[str, int] = {}
        self._vain_s: dict[str, list[float]] = {}

    def look(self, reading: Reading, followed_s: float, now_s: float) -> None:
        """Note an output that has changed by itself, as far as the device is known to follow us.

        `followed_s` is when it was last seen to do so; what it does on its own is not a stranger's.
        """
        name, found = reading.name, reading.found
        if found is None or name in self._underway:
            return
        if reading.source_s > self._doubted_s.get(name, reading.source_s):
            del self._doubted_s[name]
        self._compare(reading, found)
        change = self._changed.get(name)
        if change is not None and followed_s >= change.source_s:
            del self._changed[name]
            self._kept.pop(name, None)
            self._somebody_else(reading, change, now_s)

    def writing(self, names: Iterable[str]) -> None:
        """These are being written: until that has been judged they may be anything."""
        self._underway.update(names)

    def settled(self) -> None:
        """Nothing is being written any more."""
        for name in self._underway:
            self._kept.pop(name, None)
        self._underway.clear()

    def sent(self, frame: Mapping[str, Value], now_s: float) -> None:
        """A frame was taken: from now on each of its set-points is what it carried."""
        for name, value in frame.items():
            self._kept[name] = (value, now_s)
            self._doubted_s.pop(name, None)
            self._underway.discard(name)

    def doubt(self, names: Iterable[str], now_s: float) -> None:
        """The answer was lost: nobody knows what became of these, and it is read back first."""
        for name in names:
            self._kept.pop(name, None)
            self._doubted_s[name] = now_s

    def may_write(self, name: str, wanted: Value, now_s: float) -> bool:
        """Whether another write may help; a new wish of on or off begins anew."""
        if isinstance(wanted, bool) and self._wanted.get(name, wanted) != wanted:
            self._vain_s.pop(name, None)
        self._wanted[name] = wanted
        if self._given_up(name, now_s):
            return False
        unclear = (self._underway, self._doubted_s, self._changed)
        return not any(name in those for those in unclear)

    def judge(self, name: str, wanted: Value, found: Value | None, asked_s: float) -> None:
        """Take what was read back right after a write."""
        if found is None:
            self._counts.failed += 1
            self.doubt((name,), asked_s)
        elif same(wanted, found):
            self._counts.verified += 1
            self._kept[name] = (found, asked_s)
            self._underway.discard(name)
            self._doubted_s.pop(name, None)
            self._not_taken.pop(name, None)
        else:
            self._counts.failed += 1
            self._doubted_s.pop(name, None)
            self._not_taken_again(name, wanted, found, asked_s)

    def forget(self) -> None:
        """What is not ours to order may change as it likes."""
        self._kept.clear()
        self._changed.clear()

    def kept(self, name: str, wanted: Value) -> bool:
        """Whether this output was what is wanted when it was last read or taken."""
        kept = self._kept.get(name)
        return kept is not None and same(wanted, kept[0])

    def left(self, name: str) -> bool:
        """Whether this output has been given up."""
        return name in self._counts.left

    def _compare(self, reading: Reading, found: Value) -> None:
        """Hold an output against what it was when it last obeyed."""
        name = reading.name
        kept, since_s = self._kept.get(name, (None, reading.source_s))
        if kept is None:
            if name not in self._doubted_s:
                self._kept[name] = (found, reading.source_s)
        elif reading.source_s > since_s and not same(kept, found):
            if same(reading.wanted, found):
                self._kept[name] = (found, reading.source_s)
            else:
                self._changed.setdefault(name, Change(kept, found, reading.source_s))

    def _given_up(self, name: str, now_s: float) -> bool:
        vain_s = [at_s for at_s in self._vain_s.get(name, ()) if now_s - at_s < WITHIN_S]
        self._vain_s[name] = vain_s
        if len(vain_s) >= MOST_WRITES:
            return True
        self._counts.left.discard(name)
        return False

    def _not_taken_again(self, name: str, wanted: Value, found: Value, now_s: float) -> None:
        times = self._not_taken.get(name, 0) + 1
        self._not_taken[name] = times
        if times == 1:
            log.warning("write not taken", tag=name, wanted=wanted, found=found)
        if times == NOT_TAKEN_TOLD:
            text = f"does not take what is written: {_said(wanted)} was written {times} times and"
            self._tell(name, f"{text} acknowledged, {_said(found)} is read back")
        self._in_vain(name, wanted, found, now_s)

    def _somebody_else(self, reading: Reading, change: Change, now_s: float) -> None:
        name = reading.name
        self._counts.foreign += 1
        if not self._vain_s.get(name):
            text = f"changed by somebody else from {_said(change.before)} to {_said(change.found)};"
            text += f" {_said(reading.wanted)} is wanted"
            self._tell(name, text)
            self._tell("security", f"{name} was {text}")
        self._in_vain(name, reading.wanted, change.found, now_s)

    def _in_vain(self, name: str, wanted: Value, found: Value, now_s: float) -> None:
        vain_s = self._vain_s.setdefault(name, [])
        vain_s.append(now_s)
        if len(vain_s) >= MOST_WRITES and name not in self._counts.left:
            self._counts.left.add(name)
            text = f"does not follow: {_said(wanted)} is wanted, {_said(found)} is read back;"
            text += f" written {len(vain_s)} times and left: somebody else may be writing"
            self._tell(name, text)

    def _tell(self, source: str, text: str) -> None:
        self._counts.tell(Event(Severity.HIGH, source, text))


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}"
