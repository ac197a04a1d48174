"""One register: words or a bit to a value in its unit and back, inside its physical range."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf, isfinite
from types import MappingProxyType
from typing import Final, Literal

from drivers.errors import BadReply
from drivers.modbus.meaning import Beside, Flag, States

Table = Literal["coil", "discrete", "input", "holding"]
Kind = Literal[
    "bool", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"
]
Order = Literal["high_first", "low_first"]
Group = Literal["protective", "normal", "slow", "output", "identity", "frame"]
"""How a register is read; what belongs to the frame alone is written with it and never read."""


BIT_TABLES: Final[frozenset[Table]] = frozenset({"coil", "discrete"})
WRITABLE_TABLES: Final[frozenset[Table]] = frozenset({"coil", "holding"})
FLOATS: Final[frozenset[Kind]] = frozenset({"float32", "float64"})

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
ROUNDING: Final = 1e-12
_NOTHING: Final[Mapping[str, Sequence[int]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Register:
    """Where a value lies, how it is written down, what it may be and who says so.

    `bit` is one bit of the word, 0 the lowest. A register with `states` holds one of these numbers
    and no other; with a `flag` its number tells on and off. `beside` are registers that tell its
    factor or its unit. `source` is the manual's page or the file of a public project.
    """

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
    word_order: Order = "high_first"
    byte_order: Order = "high_first"
    group: Group = "normal"
    writable: bool = False
    pulse: bool = False
    """The device acts when it is written and lets go by itself: an order is never repeated."""
    writes_per_s: float | None = None
    """How often it may be written; None: as often as the profile says."""
    bit: int | None = None
    inverted: bool = False
    states: States = ()
    flag: Flag | None = None
    beside: tuple[Beside, ...] = ()
    source: str = ""
    # What follows from the above, worked out once.
    length: int = field(init=False, repr=False, compare=False)
    _form: struct.Struct = field(init=False, repr=False, compare=False)
    _divisor: float = field(init=False, repr=False, compare=False)
    _least: float = field(init=False, repr=False, compare=False)
    _most: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what every reading needs."""
        form = struct.Struct(_CODES[self.type])
        # 57 / 100 is the nearest number to 0.57, 57 * 0.01 is not.
        divisor = round(1.0 / self.scale) if 0.0 < abs(self.scale) < 1.0 else 0
        exact = divisor != 0 and self.scale * divisor == 1.0
        object.__setattr__(self, "length", 1 if self.table in BIT_TABLES else form.size // 2)
        object.__setattr__(self, "_form", form)
        object.__setattr__(self, "_divisor", float(divisor) if exact else 0.0)
        # The last step of a range may come out of its scale a hair beyond it.
        ends = (-inf if self.low is None else self.low, inf if self.high is None else self.high)
        slack = ROUNDING * max((abs(end) for end in ends if isfinite(end)), default=0.0)
        object.__setattr__(self, "_least", ends[0] - slack)
        object.__setattr__(self, "_most", ends[1] + slack)

    @property
    def end(self) -> int:
        """The first address after it."""
        return self.address + self.length

    @property
    def is_flag(self) -> bool:
        """Whether its value is on or off."""
        return self.type == "bool" or self.bit is not None or self.flag is not None

    def decode(
        self, words: Sequence[int], beside: Mapping[str, Sequence[int]] = _NOTHING
    ) -> float | bool | None:
        """The value in its unit; None for "not available" and NaN.

        `beside` are the words of the registers that tell its factor or unit.
        """
        if len(words) != self.length:
            raise BadReply(f"{self.name}: expected {self.length} words, got {len(words)}")
        if self.table in BIT_TABLES:
            return bool(words[0]) is not self.inverted
        raw = self._bytes(words)
        if self.not_available and int.from_bytes(raw, "big") in self.not_available:
            return None
        if self.bit is not None:
            return bool(int.from_bytes(raw, "big") >> self.bit & 1) is not self.inverted
        (number,) = self._form.unpack(raw)
        if self.type == "bool":
            if number > 1:
                raise BadReply(f"{self.name}: expected 0 or 1, got {number}")
            return bool(number) is not self.inverted
        # Only NaN is not itself.
        return None if number != number else self._value(number, beside)  # noqa: PLR0124

    def _value(self, number: float, beside: Mapping[str, Sequence[int]]) -> float | bool | None:
        if self.states and all(number != state for state, _ in self.states):
            raise BadReply(f"{self.name}: expected one of {_named(self.states)}, got {number:g}")
        value: float | None = self._scaled(number)
        for one in self.beside:
            value = None if value is None else one.apply(value, beside[one.register.name])
        if value is None:
            return None
        if not self._possible(value):
            raise BadReply(f"{self.name}: expected {self._limits()}, got {value:g}")
        if self.flag is None:
            return value
        on = self.flag.of(value)
        return None if on is None else on is not self.inverted

    def encode(self, value: float) -> list[int]:
        """The words (or the one bit) to write for a value within range."""
        if self.is_flag:
            if value not in (0, 1):
                raise ValueError(f"{self.name}: expected on or off, got {value!r}")
            on = bool(value) is not self.inverted
            return [int(on)] if self.flag is None else self._words(self.flag.number(on))
        if isinstance(value, bool) or not self._possible(value):
            raise ValueError(f"{self.name}: expected {self._limits()}, got {value!r}")
        return self._words(value)

    def _words(self, value: float) -> list[int]:
        raw = self._packed(value)
        if int.from_bytes(raw, "big") in self.not_available:
            raise ValueError(f"{self.name}: {value!r} would be written as 'not available'")
        words = list(struct.unpack(_words_form(self.byte_order, len(raw) // 2), raw))
        return words if self.word_order == "high_first" else words[::-1]

    def state(self, value: float) -> str:
        """The word for one of its numbers; nothing where it has none."""
        return next((word for number, word in self.states if number == value), "")

    def raw_of(self, value: float) -> int:
        """The bit pattern of a value in its unit, also one out of range; ValueError if none is."""
        return int.from_bytes(self._packed(value), "big")

    def _scaled(self, number: float) -> float:
        # Counters and serial numbers stay exact beyond what a float holds.
        if self.scale == 1.0 and self.offset == 0.0:
            return number
        if self._divisor:
            return number / self._divisor + self.offset
        return number * self.scale + self.offset

    def _packed(self, value: float) -> bytes:
        number = (value - self.offset) / self.scale
        unscaled = self.scale == 1.0 and self.offset == 0.0
        try:
            if self.type in FLOATS:
                return self._form.pack(number)
            return self._form.pack(value if isinstance(value, int) and unscaled else round(number))
        except (struct.error, OverflowError) as error:
            raise ValueError(f"{self.name}: {value!r} does not fit {self.type}") from error

    def _possible(self, value: float) -> bool:
        """Inside the physical range; infinity never is."""
        return self._least <= value <= self._most and isfinite(value)

    def _limits(self) -> str:
        low = "any" if self.low is None else f"{self.low:g}"
        high = "any finite number" if self.high is None else f"{self.high:g} {self.unit}".strip()
        return f"{low} to {high}"

    def _bytes(self, words: Sequence[int]) -> bytes:
        """The bytes with the highest first, whatever the device's order is."""
        ordered = words if self.word_order == "high_first" else words[::-1]
        return struct.pack(_words_form(self.byte_order, len(words)), *ordered)


@cache
def _words_form(order: Order, count: int) -> str:
    return f"{'>' if order == 'high_first' else '<'}{count}H"


def _named(states: States) -> str:
    return ", ".join(f"{number} ({word})" for number, word in states)
