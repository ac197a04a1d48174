"""What one request to a device may hold: how long it is, what it may read over, what never."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from drivers.modbus.register import Table

Span = tuple[int, int]
"""First and last address, both included."""
Exists = Mapping[Table, tuple[Span, ...]]

# Longest requests: Modbus Application Protocol V1.1b3 sections 6.1, 6.3, 6.11 and 6.12.
MAX_READ_BITS: Final = 2000
MAX_READ_WORDS: Final = 125
MAX_WRITE_BITS: Final = 1968
MAX_WRITE_WORDS: Final = 123
# A gap costs two bytes a word or one for eight bits, a request of its own costs a round trip.
GAP_WORDS: Final = 32
GAP_BITS: Final = 256

_LONGEST: Final = {
    "read_words": MAX_READ_WORDS,
    "read_bits": MAX_READ_BITS,
    "write_words": MAX_WRITE_WORDS,
    "write_bits": MAX_WRITE_BITS,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the requests to a device may be; `registers` are at most so many in one.

    What is `forbidden` is never touched, not even to read over it.
    """

    read_words: int = MAX_READ_WORDS
    read_bits: int = MAX_READ_BITS
    write_words: int = MAX_WRITE_WORDS
    write_bits: int = MAX_WRITE_BITS
    gap_words: int = GAP_WORDS
    gap_bits: int = GAP_BITS
    registers: int | None = None
    forbidden: Exists = field(default_factory=dict)

    def checked(self) -> "Limits":
        """Itself; ValueError where a limit is none or longer than the protocol's."""
        for key, longest in _LONGEST.items():
            if not 1 <= getattr(self, key) <= longest:
                raise ValueError(f"requests: {key} is {getattr(self, key)}, not 1 to {longest}")
        if self.gap_words < 0 or self.gap_bits < 0:
            raise ValueError("requests: a gap is at least 0")
        if self.registers is not None and self.registers < 1:
            raise ValueError(f"requests: registers is {self.registers}, expected at least 1")
        return self

    def forbids(self, table: Table, first: int, last: int) -> bool:
        """Whether one of these addresses must not be touched."""
        return any(first <= end and start <= last for start, end in self.forbidden.get(table, ()))


def exist(exists: Exists, table: Table, first: int, last: int) -> bool:
    """Whether all of these addresses are said to exist, in one piece."""
    return any(start <= first and last <= end for start, end in exists.get(table, ()))
