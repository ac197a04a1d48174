"""Whether what a device tells may be believed: its heartbeat goes on, and it is who it was.

A PLC whose program stands still goes on answering with the values of its last cycle, and whoever
answers at a known address may be another device. Neither is a measurement: all its points are bad
at once, without waiting for them to age.
"""

from collections.abc import Iterable, Mapping

import structlog

from controller.clock.now import real_limit_s
from controller.control.decision import Event
from controller.control.severity import Severity
from controller.field.orders import OrderCounts
from controller.image.process_image import ProcessImage
from drivers.device import Value
from drivers.errors import DeviceError, WrongDevice
from drivers.modbus.device import ModbusDevice

log = structlog.get_logger()

# Readings in a row, and beats in time, that a heartbeat may miss before it counts as frozen.
FROZEN_POLLS = 3
FROZEN_BEATS = 2.5
# Whoever simulates a hurried plant may be held up so long by its own machine.
HELD_UP_S = 1.0


class DeviceLife:
    """What the pollers of one device have in common: the way of its values into the image."""

    def __init__(self, device: ModbusDevice, image: ProcessImage, counts: OrderCounts) -> None:
        self._device = device
        self._image = image
        self._counts = counts
        beat = device.profile.life.heartbeat
        self._tag = None if beat is None else device.tag_of(beat.register)
        period_s = 0.0 if beat is None else beat.period_s
        self._frozen_after_s = max(FROZEN_BEATS * period_s, real_limit_s(HELD_UP_S))
        self._beat: Value = None
        self._changed_s: float | None = None
        self._unchanged = 0
        self._quarantined = False
        # The groups of points that nobody answers for.
        self._lost: set[str] = set()
        self.frozen = False

    def take(self, values: Mapping[str, Value], now_s: float) -> bool:
        """Put a reading into the image; True when a protective input has changed."""
        if self._quarantined:
            self._quarantined = False
            self._tell(Severity.MEDIUM, "the right device answers again: it is used again")
        lost = False
        if self._tag is not None and self._tag in values:
            lost = self._listen(values[self._tag], now_s)
        told = dict.fromkeys(values) if self.frozen else values
        return lost | _any(self._image.put(tag, value, now_s) for tag, value in told.items())

    def failed(self, error: DeviceError, now_s: float) -> bool:
        """Take note of a failed reading; True when what was known is worth nothing any more."""
        if not isinstance(error, WrongDevice):
            return False
        if not self._quarantined:
            self._quarantined = True
            text = f"in quarantine, neither read nor written: {error};"
            text += " if it is meant, correct plant.toml or start anew"
            self._tell(Severity.CRITICAL, text)
            self._counts.tell(Event(Severity.CRITICAL, "security", f"{self._device.name}: {text}"))
        return self._forget(now_s)

    def lost(self, group: str, error: DeviceError) -> None:
        """Tell once that a device has not answered several times in a row, whichever its points."""
        if isinstance(error, WrongDevice):
            # Somebody else answers, and that has been told.
            return
        if not self._lost:
            self._tell(Severity.HIGH, f"does not answer: {error}")
        self._lost.add(group)

    def back(self, group: str) -> None:
        """Tell once that it answers for all its points again."""
        if group in self._lost:
            self._lost.discard(group)
            if not self._lost:
                self._tell(Severity.MEDIUM, "answers again")

    def _listen(self, beat: Value, now_s: float) -> bool:
        """Count for how long the heartbeat has been the same; True in the moment it is too long."""
        if self._changed_s is None or (beat is not None and beat != self._beat):
            self._beat, self._changed_s, self._unchanged = beat, now_s, 0
            if self.frozen:
                self.frozen = False
                self._tell(Severity.MEDIUM, "its heartbeat goes on: its values count again")
            return False
        self._unchanged += 1
        silent_s = now_s - self._changed_s
        enough = self._unchanged >= FROZEN_POLLS and silent_s >= self._frozen_after_s
        if self.frozen or not enough:
            return False
        self.frozen = True
        text = f"answers, but its heartbeat has stood still for {silent_s:.1f} s:"
        self._tell(Severity.CRITICAL, f"{text} its values do not count")
        return self._forget(now_s)

    def _forget(self, now_s: float) -> bool:
        """Make every point of the device bad."""
        known = [tag for tag in self._device.tags if tag in self._image.index]
        return _any(self._image.put(tag, None, now_s) for tag in known)

    def _tell(self, severity: Severity, text: str) -> None:
        log.warning("device life", device=self._device.name, what=text)
        self._counts.tell(Event(severity, self._device.name, text))


def _any(changes: Iterable[bool]) -> bool:
    """Whether one is true, after all of them have been made."""
    return any(list(changes))
