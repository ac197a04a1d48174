"""Set-points that a device takes only all together, with heartbeat and epoch, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.modbus.register import Register, Table


@dataclass(frozen=True, slots=True)
class FrameSpan:
    """Where a profile's frame lies, and which of its registers are heartbeat and epoch."""

    table: Table
    first: int
    last: int
    heartbeat: Register
    epoch: Register

    def holds(self, register: Register) -> bool:
        """Whether this register is a part of the frame."""
        return register.table == self.table and self.first <= register.address <= self.last


@dataclass(frozen=True, slots=True)
class FrameMarks:
    """What tells one frame from another: its heartbeat, and its controller's epoch."""

    heartbeat: int
    epoch: int


class CommandFrame:
    """The frame of one device: the tags whose set-points it carries, and their words."""

    def __init__(self, device: str, span: FrameSpan, tags: Mapping[str, Register]) -> None:
        self.first = span.first
        self.tags = frozenset(
            tag for tag, register in tags.items() if register.writable and span.holds(register)
        )
        self._device = device
        self._span = span
        self._registers = {tag: tags[tag] for tag in sorted(self.tags)}

    def words(self, values: Mapping[str, float], *, heartbeat: int, epoch: int) -> list[int]:
        """Every word from first to last; ValueError where a set-point is missing or impossible."""
        if missing := self.tags - values.keys():
            raise ValueError(f"{self._device}: the frame lacks {sorted(missing)}")
        if foreign := values.keys() - self.tags:
            raise ValueError(f"{self._device}: not set-points of the frame: {sorted(foreign)}")
        # A place that is not wanted belongs to equipment that is not installed; it takes only 0.
        words = [0] * (self._span.last - self._span.first + 1)
        self._put(words, self._span.heartbeat, heartbeat)
        self._put(words, self._span.epoch, epoch)
        for tag, register in self._registers.items():
            self._put(words, register, values[tag])
        return words

    def _put(self, words: list[int], register: Register, value: float) -> None:
        at = register.address - self.first
        words[at : at + register.length] = register.encode(value)
