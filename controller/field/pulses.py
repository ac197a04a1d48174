"""Orders that a device acts on once: given once for each wish, never repeated, never read back.

A pulse that may have been taken is not given again: a reset that comes twice resets what has
tripped in between.
"""

from collections.abc import Collection, Mapping

from controller.control.decision import Event
from controller.control.severity import Severity
from controller.field.orders import OrderCounts
from controller.image.tag import Value


class Pulses:
    """The pulse outputs of one device, and for which of them the present wish has been met."""

    def __init__(self, tags: Collection[str], counts: OrderCounts) -> None:
        self.tags = frozenset(tags)
        self._counts = counts
        self._given: set[str] = set()

    def due(self, outputs: Mapping[str, Value]) -> tuple[str, ...]:
        """The pulses that are wished for and not given yet; a wish that ends makes the next one."""
        wished = {name for name in self.tags if outputs.get(name) is True}
        self._given &= wished
        return tuple(sorted(wished - self._given))

    def given(self, name: str) -> None:
        """It is on its way: whatever becomes of it, it is not given again."""
        self._given.add(name)

    def not_sent(self, name: str) -> None:
        """It has certainly not left, so that it may be given yet."""
        self._given.discard(name)

    def lost(self, name: str, why: str) -> None:
        """Its answer did not come; a person has to look whether the device took it."""
        self._counts.failed += 1
        text = f"given once, and not known whether it was taken: it is not repeated ({why})"
        self._counts.tell(Event(Severity.HIGH, name, text))
