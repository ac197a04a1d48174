"""What a register table consists of: words with their types, bits, and how long each table is."""

from dataclasses import dataclass
from typing import Literal

WordType = Literal["int16", "uint16", "uint32", "float32"]


@dataclass(frozen=True, slots=True)
class Word:
    """One number at an address; `counts` is how many of its steps make one unit of the point.

    A number that wraps goes through every value of its word, none of which is "not available".
    """

    address: int
    type: WordType
    point: str
    counts: int = 1
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Fixed:
    """One number that never changes: serial number, model code, firmware."""

    address: int
    type: WordType
    value: int


@dataclass(frozen=True, slots=True)
class Setting:
    """One writable word with the range in which the device accepts it."""

    address: int
    point: str
    low: float
    high: float
    counts: int = 1
    type: Literal["int16", "uint16"] = "int16"


@dataclass(frozen=True, slots=True)
class Bit:
    """One yes or no at an address."""

    address: int
    point: str


@dataclass(frozen=True, slots=True)
class Frame:
    """All holding registers written at once, with a heartbeat and an epoch among them."""

    heartbeat: str
    epoch: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The four tables of a device; a table of length 0 is not offered."""

    inputs: tuple[Word | Fixed, ...]
    inputs_length: int
    discretes: tuple[Bit, ...] = ()
    discretes_length: int = 0
    holdings: tuple[Setting, ...] = ()
    holdings_length: int = 0
    coils: tuple[Bit, ...] = ()
    coils_length: int = 0
    frame: Frame | None = None
