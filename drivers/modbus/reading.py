"""What one request has read, turned into values: plain registers by prepared arithmetic.

A plant reads thousands of words a second, and most registers are plain: a number, a scale, a range.
These are unpacked all at once. Whatever is not plain, or would not be a plausible value, is left to
the register itself, so that there is one place that says what a register means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from struct import Struct
from typing import Final

from drivers.device import Value
from drivers.errors import BadReply
from drivers.modbus.blocks import Block
from drivers.modbus.register import BIT_TABLES, Register, Table

# What a plain register may say of itself; anything else must stand at its default.
_PLAIN: Final = frozenset(
    {
        *("name", "table", "address", "type", "scale", "offset", "unit", "low", "high"),
        *("not_available", "group", "writable"),
    }
)
_CODES: Final = {"uint16": "H", "int16": "h", "uint32": "I", "int32": "i", "float32": "f"}
_SIGNED: Final = frozenset({"int16", "int32"})
# Registers of one answer, at most 125: Modbus Application Protocol V1.1b3 section 6.3.
_WORDS: Final = tuple(Struct(f">{count}H") for count in range(126))
_LARGEST: Final = 1.7e308


class BlockReader:
    """Decodes the data of one block's answer into the values of its tags."""

    def __init__(self, block: Block, tag_of: Mapping[str, str]) -> None:
        self._block = block
        self._tag_of = tag_of
        self._others: list[Register] = []
        self._plain: list[tuple[_Plain, Register]] = []
        code, at = ">", block.address
        for register in block.registers:
            if register.address < at or not _is_plain(register):
                self._others.append(register)
                continue
            code += "x" * (2 * (register.address - at)) + _CODES[register.type]
            at = register.end
            self._plain.append((_plain(register, tag_of[register.name]), register))
        self._unpack = Struct(code + "x" * (2 * (block.address + block.count - at))).unpack

    def read(self, data: bytes, values: dict[str, Value], implausible: dict[str, str]) -> None:
        """Put every tag's value; None, and the reason, where the device told an impossible one."""
        judged = self._others
        if self._plain:
            judged = judged + self._quick(data, values)
        if judged:
            words = words_of(self._block.table, self._block.count, data)
            for register in judged:
                self._by_itself(register, words, values, implausible)

    def _quick(self, data: bytes, values: dict[str, Value]) -> list[Register]:
        """Put what is plain and plausible; the rest must be judged by its registers."""
        doubtful = []
        told = zip(self._unpack(data), self._plain, strict=True)
        for number, ((tag, factor, divisor, offset, low, high, marks), register) in told:
            value = number * factor / divisor + offset
            # NaN is nowhere between low and high.
            if low <= value <= high and number not in marks:
                values[tag] = value
            else:
                doubtful.append(register)
        return doubtful

    def _by_itself(
        self,
        register: Register,
        words: Sequence[int],
        values: dict[str, Value],
        implausible: dict[str, str],
    ) -> None:
        """One impossible value is that sensor's failure, not the whole device's."""
        at, tag = register.address - self._block.address, self._tag_of[register.name]
        try:
            value = register.decode(words[at : at + register.length])
        except BadReply as error:
            implausible[tag] = str(error)
            values[tag] = None
            return
        values[tag] = value if value is None or isinstance(value, bool) else float(value)


def words_of(table: Table, count: int, data: bytes) -> list[int]:
    """Words, or bits as 0 and 1: exactly as many as asked."""
    if table in BIT_TABLES:
        # Bits come in whole bytes, the lowest first, so up to seven more than asked.
        return [data[at >> 3] >> (at & 7) & 1 for at in range(count)]
    return list(_WORDS[count].unpack(data))


_Plain = tuple[str, float, float, float, float, float, frozenset[int]]
"""Tag, factor, divisor, offset, lowest and highest value, numbers that mean "not available"."""


def _plain(register: Register, tag: str) -> _Plain:
    factor, divisor = _fraction(register.scale)
    low = -_LARGEST if register.low is None else register.low
    high = _LARGEST if register.high is None else register.high
    bits = 16 * register.length
    marks = frozenset(
        mark - (1 << bits) if register.type in _SIGNED and mark >> (bits - 1) else mark
        for mark in register.not_available
    )
    return tag, factor, divisor, register.offset, low, high, marks


def _fraction(scale: float) -> tuple[float, float]:
    """The scale as factor and divisor: 57 / 100 is the nearest number to 0.57, 57 * 0.01 is not."""
    divisor = round(1.0 / scale)
    if divisor > 1 and scale * divisor == 1.0:
        return 1.0, float(divisor)
    return scale, 1.0


def _is_plain(register: Register) -> bool:
    if register.table in BIT_TABLES or register.type not in _CODES:
        return False
    # Marks are told by their bits, and those of a fraction are not its number.
    if register.type == "float32" and register.not_available:
        return False
    return all(
        field.name in _PLAIN
        or field.default is MISSING
        or getattr(register, field.name) == field.default
        for field in fields(register)
    )
