"""Outputs that do not take what is written: written again three times, then left and told."""

import structlog

from controller.control.decision import Event, Severity
from controller.field.orders import OrderCounts
from controller.image.tag import Value

log = structlog.get_logger()

# Somebody else may be writing too: a war of writes wears out both (three rewrites in ten minutes).
MOST_WRITES = 4
AGAIN_AFTER_S = 600.0
# A set-point that differs by less is not worth a write.
DEADBAND_PCT = 0.1


def same(wanted: Value, found: Value) -> bool:
    """Whether an output is what it is wanted to be."""
    if isinstance(wanted, bool):
        return wanted == bool(found)
    return abs(float(wanted) - float(found)) <= DEADBAND_PCT


class Discrepancies:
    """How often each output of one device was written in vain, and which are left alone."""

    def __init__(self, counts: OrderCounts) -> None:
        self._counts = counts
        self._vain: dict[str, int] = {}
        self._wanted: dict[str, Value] = {}
        self._left_s: dict[str, float] = {}

    def may_write(self, name: str, wanted: Value, now_s: float) -> bool:
        """Whether another write may help: a new wish on or off, or a long time after giving up."""
        if isinstance(wanted, bool) and self._wanted.get(name, wanted) != wanted:
            self._forget(name)
        self._wanted[name] = wanted
        left_s = self._left_s.get(name)
        if left_s is None:
            return True
        if now_s - left_s < AGAIN_AFTER_S:
            return False
        self._forget(name)
        return True

    def judge(self, name: str, wanted: Value, found: Value | None, now_s: float) -> None:
        """Take what was read back after a write; tell once what is left, and once its end."""
        if found is not None and same(wanted, found):
            self._counts.verified += 1
            self.follows(name)
            return
        self._counts.failed += 1
        self._vain[name] = self._vain.get(name, 0) + 1
        if self._vain[name] == 1:
            log.warning("output does not follow", tag=name, wanted=wanted, found=found)
        if self._vain[name] >= MOST_WRITES and name not in self._left_s:
            self._left_s[name] = now_s
            self._counts.left.add(name)
            text = f"does not follow: {_said(wanted)} is wanted, {_said(found)} is read back;"
            text += f" written {self._vain[name]} times and left, somebody else may be writing"
            self._counts.tell(Event(Severity.HIGH, name, text))

    def follows(self, name: str) -> None:
        """An output is what it is wanted to be."""
        if name in self._vain:
            log.info("output follows again", tag=name)
            if name in self._left_s:
                self._counts.tell(Event(Severity.JOURNAL, name, "follows again"))
            self._forget(name)

    def _forget(self, name: str) -> None:
        self._vain.pop(name, None)
        self._left_s.pop(name, None)
        self._counts.left.discard(name)


def _said(value: Value | None) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "on" if value else "off"
        case _:
            return f"{value:g}"
