"""One register: words or a bit to a value in house units and back, inside its physical range."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Final, Literal

from drivers.errors import BadReply

Table = Literal["coil", "discrete", "input", "holding"]
Kind = Literal[
    "bool", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"
]
Group = Literal["protective", "normal", "output", "identity", "frame"]
"""How a register is read; what belongs to the frame alone is written with it and never read."""


BIT_TABLES: Final[frozenset[Table]] = frozenset({"coil", "discrete"})
WRITABLE_TABLES: Final[frozenset[Table]] = frozenset({"coil", "holding"})

# Big-endian struct code of each kind; a bool in a word is 0 or 1.
_CODES: Final[dict[Kind, str]] = {
    "bool": ">H",
    "uint16": ">H",
    "int16": ">h",
    "uint32": ">I",
    "int32": ">i",
    "uint64": ">Q",
    "int64": ">q",
    "float32": ">f",
    "float64": ">d",
}


@dataclass(frozen=True, slots=True)
class Register:
    """Where a value lies, how it is written down and what it may be."""

    name: str
    table: Table
    address: int
    type: Kind
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    low: float | None = None
    high: float | None = None
    not_available: tuple[int, ...] = ()
    word_order: Literal["high_first", "low_first"] = "high_first"
    group: Group = "normal"
    writable: bool = False
    pulse: bool = False
    """The device acts when it is written and lets go by itself: an order is never repeated."""
    writes_per_s: float | None = None
    """How often it may be written; None: as often as the profile says."""

    @property
    def length(self) -> int:
        """Addresses it takes: words, or one bit."""
        return 1 if self.table in BIT_TABLES else struct.calcsize(_CODES[self.type]) // 2

    @property
    def end(self) -> int:
        """The first address after it."""
        return self.address + self.length

    def decode(self, words: Sequence[int]) -> float | bool | None:
        """The value in house units; None for "not available" and NaN."""
        if len(words) != self.length:
            raise BadReply(f"{self.name}: expected {self.length} words, got {len(words)}")
        if self.table in BIT_TABLES:
            return bool(words[0])
        raw = _bytes(words, self.word_order)
        if int.from_bytes(raw, "big") in self.not_available:
            return None
        (number,) = struct.unpack(_CODES[self.type], raw)
        if self.type == "bool":
            if number > 1:
                raise BadReply(f"{self.name}: expected 0 or 1, got {number}")
            return bool(number)
        if isnan(number):
            return None
        value = self._scaled(number)
        if not self._possible(value):
            raise BadReply(f"{self.name}: expected {self._limits()}, got {value:g}")
        return value

    def encode(self, value: float) -> list[int]:
        """The words (or the one bit) to write for a value within range."""
        if self.type == "bool":
            if value not in (0, 1):
                raise ValueError(f"{self.name}: expected on or off, got {value!r}")
            return [int(value)]
        if isinstance(value, bool) or not self._possible(value):
            raise ValueError(f"{self.name}: expected {self._limits()}, got {value!r}")
        raw = self._packed(value)
        if int.from_bytes(raw, "big") in self.not_available:
            raise ValueError(f"{self.name}: {value!r} would be written as 'not available'")
        words = list(struct.unpack(f">{len(raw) // 2}H", raw))
        return words if self.word_order == "high_first" else words[::-1]

    def _scaled(self, number: float) -> float:
        # Counters and serial numbers stay exact beyond what a float holds.
        if _unscaled(self):
            return number
        # 57 / 100 is the nearest number to 0.57, 57 * 0.01 is not.
        divisor = round(1.0 / self.scale)
        if divisor > 1 and self.scale * divisor == 1.0:
            return number / divisor + self.offset
        return number * self.scale + self.offset

    def _packed(self, value: float) -> bytes:
        number = (value - self.offset) / self.scale
        code = _CODES[self.type]
        try:
            if self.type in ("float32", "float64"):
                return struct.pack(code, number)
            return struct.pack(
                code, value if isinstance(value, int) and _unscaled(self) else round(number)
            )
        except (struct.error, OverflowError) as error:
            raise ValueError(f"{self.name}: {value!r} does not fit {self.type}") from error

    def _possible(self, value: float) -> bool:
        """Inside the physical range; infinity never is."""
        low = value if self.low is None else self.low
        high = value if self.high is None else self.high
        return isfinite(value) and low <= value <= high

    def _limits(self) -> str:
        low = "any" if self.low is None else f"{self.low:g}"
        high = "any finite number" if self.high is None else f"{self.high:g} {self.unit}".strip()
        return f"{low} to {high}"


def _unscaled(register: Register) -> bool:
    return register.scale == 1.0 and register.offset == 0.0


def _bytes(words: Sequence[int], order: str) -> bytes:
    ordered = words if order == "high_first" else words[::-1]
    return struct.pack(f">{len(words)}H", *ordered)
