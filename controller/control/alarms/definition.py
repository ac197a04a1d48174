"""What an alarm is: its condition, its weight, and what an operator needs to know of it."""

from dataclasses import dataclass
from typing import Literal

from controller.control.severity import Severity

Sort = Literal["high", "low", "on", "off", "word", "bad", "silent", "trip", "units_tripped"]
"""What is looked at: a number above or below its limit, a flag, a text that is not `word`, a tag's
quality, a device of which every tag is bad, a latched trip, units stopped by their temperature."""

Priority = Literal["low", "medium", "high", "critical"]

SEVERITIES = {
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
"""Priority on OPC UA's scale (Part 9, annex on EEMUA 191)."""

LONGEST_SHELF_S = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm, as it is rationalised (ISA-18.2 clause 9): nothing of it changes while it runs.

    The condition is `tag` less `less` (another tag; "" for none) against `limit`; it is over when
    the value is `deadband` past it. It must stand for `on_delay_s`, or come `count` times within
    `count_s`, to raise, and be away for `off_delay_s` to clear. A latching alarm stays until it is
    reset. One that was acknowledged and still stands sounds again after `realarm_s` (0: never).
    Plant modes in `quiet_modes`, and the silence of `device`, suppress it. Times are in seconds.
    """

    name: str
    tag: str
    sort: Sort
    priority: Priority
    group: str
    cause: str
    consequence: str
    action: str
    respond_s: float
    limit: float = 0.0
    less: str = ""
    word: str = ""
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    count: int = 0
    count_s: float = 0.0
    latching: bool = False
    realarm_s: float = 0.0
    quiet_modes: frozenset[str] = frozenset()
    device: str = ""
    container: int | None = None
    longest_shelf_s: float = LONGEST_SHELF_S

    @property
    def severity(self) -> Severity:
        """Its weight among events."""
        return SEVERITIES[self.priority]

    @property
    def suppressible(self) -> bool:
        """Whether a design may suppress it: never a trip, and never who suppresses."""
        return self.sort not in ("trip", "units_tripped", "silent")
