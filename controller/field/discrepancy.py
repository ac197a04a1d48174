"""Outputs that do not keep what is written: written again three times, then left and told.

Somebody else may be writing too, and a war of writes wears out both (at most three rewrites in ten
minutes, reliability practice of supervisory systems).
"""

from collections.abc import Collection, Mapping

import structlog

from controller.control.decision import Event, Severity
from controller.field.orders import OrderCounts
from controller.image.tag import Value

log = structlog.get_logger()

MOST_WRITES = 4
WITHIN_S = 600.0
# A set-point that differs by less is not worth a write.
DEADBAND_PCT = 0.1


def same(wanted: Value, found: Value) -> bool:
    """Whether an output is what it is wanted to be."""
    if isinstance(wanted, bool):
        return wanted == bool(found)
    return abs(float(wanted) - float(found)) <= DEADBAND_PCT


class Discrepancies:
    """When each output of one device was written in vain, and which are left alone."""

    def __init__(self, counts: OrderCounts) -> None:
        self._counts = counts
        self._wanted: dict[str, Value] = {}
        self._written: dict[str, tuple[Value, float]] = {}
        self._vain_s: dict[str, list[float]] = {}

    def look(self, name: str, found: Value | None, source_s: float, now_s: float) -> None:
        """Note an output that took what was written and has lost it since."""
        written, at_s = self._written.get(name, (None, now_s))
        if written is None or found is None or source_s <= at_s:
            return
        if not same(written, found):
            self._in_vain(name, written, found, now_s)

    def sent(self, frame: Mapping[str, float], now_s: float) -> None:
        """Follow what every frame writes anew, also where it differs too little to be judged."""
        for name in self._written.keys() & frame.keys():
            self._written[name] = (frame[name], now_s)

    def may_write(self, name: str, wanted: Value, now_s: float) -> bool:
        """Whether another write may help; a new wish of on or off begins anew."""
        if isinstance(wanted, bool) and self._wanted.get(name, wanted) != wanted:
            self._vain_s.pop(name, None)
        self._wanted[name] = wanted
        vain_s = [at_s for at_s in self._vain_s.get(name, ()) if now_s - at_s < WITHIN_S]
        self._vain_s[name] = vain_s
        if len(vain_s) < MOST_WRITES:
            self._counts.left.discard(name)
            return True
        return False

    def judge(self, name: str, wanted: Value, found: Value | None, now_s: float) -> None:
        """Take what was read back right after a write."""
        if found is not None and same(wanted, found):
            self._counts.verified += 1
            self._written[name] = (wanted, now_s)
        else:
            self._counts.failed += 1
            self._in_vain(name, wanted, found, now_s)

    def forget_writes(self) -> None:
        """What is not ours to order may change as it likes."""
        self._written.clear()

    @property
    def watched(self) -> Collection[str]:
        """The outputs that have taken what was written."""
        return tuple(self._written)

    def _in_vain(self, name: str, wanted: Value, found: Value | None, now_s: float) -> None:
        self._written.pop(name, None)
        vain_s = self._vain_s.setdefault(name, [])
        vain_s.append(now_s)
        if len(vain_s) == 1:
            log.warning("output does not follow", tag=name, wanted=wanted, found=found)
        if len(vain_s) >= MOST_WRITES and name not in self._counts.left:
            self._counts.left.add(name)
            text = f"does not follow: {_said(wanted)} is wanted, {_said(found)} is read back;"
            text += f" written {len(vain_s)} times and left: somebody else may be writing"
            self._counts.tell(Event(Severity.HIGH, name, text))


def _said(value: Value | None) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "on" if value else "off"
        case _:
            return f"{value:g}"
