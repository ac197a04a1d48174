"""Numbers as words: big-endian, high word first, with the manual's "not available" patterns."""

from struct import pack
from typing import assert_never

from simulators.wire.layouts.layout import WordType

INT16_NOT_AVAILABLE = 0x8000
UINT16_NOT_AVAILABLE = 0xFFFF
UINT32_NOT_AVAILABLE = 0xFFFFFFFF
INT16_LIMIT = 0x7FFF


def encode(kind: WordType, value: float | None, counts: int = 1, *, wraps: bool = False) -> bytes:
    """The bytes of one number; a counter wraps, a measurement stops at the end of its range."""
    if kind == "float32":
        return pack(">f", float("nan") if value is None else value)
    if value is None:
        return not_available(kind)
    steps = round(value * counts)
    match kind:
        case "int16":
            return pack(">h", min(max(steps, -INT16_LIMIT), INT16_LIMIT))
        case "uint16" if wraps:
            return pack(">H", steps & UINT16_NOT_AVAILABLE)
        case "uint16":
            return pack(">H", min(max(steps, 0), UINT16_NOT_AVAILABLE - 1))
        case "uint32":
            return pack(">I", steps & UINT32_NOT_AVAILABLE)
        case _:
            assert_never(kind)


def not_available(kind: WordType) -> bytes:
    """What a broken sensor reads."""
    match kind:
        case "int16":
            return pack(">H", INT16_NOT_AVAILABLE)
        case "uint16":
            return pack(">H", UINT16_NOT_AVAILABLE)
        case "uint32":
            return pack(">I", UINT32_NOT_AVAILABLE)
        case "float32":
            return pack(">f", float("nan"))
        case _:
            assert_never(kind)


def signed(word: int) -> int:
    """A 16-bit word read as a signed number."""
    return word - 0x10000 if word >= INT16_NOT_AVAILABLE else word
