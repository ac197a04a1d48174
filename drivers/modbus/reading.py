"""What one request has read, turned into values: plain registers by prepared arithmetic.

A plant reads thousands of words a second, and most registers are plain: a number, a scale, a range.
These are unpacked all at once. Whatever is not plain, or would not be a plausible value, is left to
its register, so that there is one place that says what a register means.
"""

from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields
from itertools import groupby
from struct import Struct
from typing import Final

from drivers.device import Value
from drivers.modbus.blocks import Block
from drivers.modbus.register import BIT_TABLES, Register, Table

# What a plain register may say of itself; anything else must stand at its default.
_PLAIN: Final = frozenset(
    {
        *("name", "table", "address", "type", "scale", "offset", "unit", "low", "high"),
        *("not_available", "group", "writable", "source"),
    }
)
_CODES: Final = {"uint16": "H", "int16": "h"}
# Registers of one answer, at most 125: Modbus Application Protocol V1.1b3 section 6.3.
_WORDS: Final = tuple(Struct(f">{count}H") for count in range(126))
_LARGEST: Final = 1.7e308
SIGN_AT: Final = 0x8000


class BlockReader:
    """Decodes what is plain in one block's answer, and hands on the words of everything else.

    `spelled_out` are registers whose words somebody else needs too.
    """

    def __init__(
        self, block: Block, tag_of: Mapping[str, str], spelled_out: Collection[str] = ()
    ) -> None:
        self._block = block
        self._others: list[Register] = []
        plain: list[Register] = []
        code, at = ">", block.address
        for register in block.registers:
            if register.address < at or register.name in spelled_out or not _is_plain(register):
                self._others.append(register)
                continue
            code += "xx" * (register.address - at) + _CODES[register.type]
            at = register.end
            plain.append(register)
        self._unpack = Struct(code + "xx" * (block.address + block.count - at)).unpack
        self._runs = _runs(plain, tag_of)

    def read(self, data: bytes, values: dict[str, Value]) -> dict[str, list[int]]:
        """Put every plain and plausible value by tag; give the words of all other registers."""
        judged = self._others
        if self._runs:
            numbers = self._unpack(data)
            for run in self._runs:
                if doubtful := run.put(numbers, values):
                    judged = judged + doubtful
        if not judged:
            return {}
        words = words_of(self._block.table, self._block.count, data)
        first = self._block.address
        return {one.name: words[one.address - first : one.end - first] for one in judged}


@dataclass(frozen=True, slots=True)
class Run:
    """Plain registers next to each other that share their arithmetic, range and marks."""

    start: int
    registers: list[Register]
    tags: list[str]
    factor: float
    divisor: float
    offset: float
    low: float
    high: float
    marks: frozenset[int]

    def put(self, numbers: tuple[int, ...], values: dict[str, Value]) -> list[Register]:
        """Put the plausible values by tag; give the registers of the others."""
        told = numbers[self.start : self.start + len(self.tags)]
        factor, divisor, offset = self.factor, self.divisor, self.offset
        found = [number * factor / divisor + offset for number in told]
        if self.low <= min(found) and max(found) <= self.high and self.marks.isdisjoint(told):
            values.update(zip(self.tags, found, strict=True))
            return []
        doubtful = []
        for number, value, tag, register in zip(
            told, found, self.tags, self.registers, strict=True
        ):
            if self.low <= value <= self.high and number not in self.marks:
                values[tag] = value
            else:
                doubtful.append(register)
        return doubtful


def words_of(table: Table, count: int, data: bytes) -> list[int]:
    """Words, or bits as 0 and 1: exactly as many as asked."""
    if table in BIT_TABLES:
        # Bits come in whole bytes, the lowest first, so up to seven more than asked.
        return [data[at >> 3] >> (at & 7) & 1 for at in range(count)]
    return list(_WORDS[count].unpack(data))


def _runs(plain: list[Register], tag_of: Mapping[str, str]) -> list[Run]:
    runs: list[Run] = []
    at = 0
    for arithmetic, group in groupby(plain, _arithmetic):
        registers = list(group)
        tags = [tag_of[register.name] for register in registers]
        runs.append(Run(at, registers, tags, *arithmetic))
        at += len(registers)
    return runs


def _arithmetic(register: Register) -> tuple[float, float, float, float, float, frozenset[int]]:
    """Factor, divisor, offset, lowest and highest value, numbers that mean "not available"."""
    low = -_LARGEST if register.low is None else register.low
    high = _LARGEST if register.high is None else register.high
    signed = register.type == "int16"
    marks = frozenset(
        mark - 0x1_0000 if signed and mark >= SIGN_AT else mark for mark in register.not_available
    )
    return *_fraction(register.scale), register.offset, low, high, marks


def _fraction(scale: float) -> tuple[float, float]:
    """The scale as factor and divisor: 57 / 100 is the nearest number to 0.57, 57 * 0.01 is not."""
    divisor = round(1.0 / scale)
    if divisor > 1 and scale * divisor == 1.0:
        return 1.0, float(divisor)
    return scale, 1.0


def _is_plain(register: Register) -> bool:
    if register.table in BIT_TABLES or register.type not in _CODES:
        return False
    return all(
        field.name in _PLAIN
        or field.default is MISSING
        or getattr(register, field.name) == field.default
        for field in fields(register)
    )
