"""Modbus TCP frames held against each other: is this the answer to what was sent.

pymodbus 3.16 takes short, long and foreign answers, transaction 0 and any echo. So the bytes that
were heard are compared with the bytes that were sent before it sees them. Layout: "MODBUS Messaging
on TCP/IP Implementation Guide" V1.0b section 3.1.3, "MODBUS Application Protocol" V1.1b3 section 6.
"""

from typing import Final

from drivers.errors import BadReply, NoAnswer, Refused

HEADER: Final = 7  # transaction, protocol, length, unit
MAX_LENGTH: Final = 254  # unit, function and at most 252 bytes of data
MIN_LENGTH: Final = 3  # unit, function and at least one byte
EXCEPTION: Final = 0x80
BIT_READS: Final = frozenset({1, 2})
WORD_READS: Final = frozenset({3, 4})

EXCEPTIONS: Final = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "server device failure",
    5: "acknowledged, still working",
    6: "server device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target failed to respond",
}
GATEWAY: Final = frozenset({10, 11})


def answer(sent: bytes, heard: bytes) -> bytes | None:
    """The frame that answers what was sent, None while it is not there yet; else BadReply."""
    while len(heard) >= HEADER:
        protocol, length = _word(heard, 2), _word(heard, 4)
        if protocol != 0 or not MIN_LENGTH <= length <= MAX_LENGTH:
            raise BadReply(f"expected a Modbus TCP frame, got {heard[:HEADER].hex(' ')}")
        end = HEADER - 1 + length
        if len(heard) < end:
            return None
        frame, heard = heard[:end], heard[end:]
        # The late answer to an earlier request is stepped over.
        if _word(frame, 0) == _word(sent, 0):
            _check(sent, frame)
            return frame
    return None


def refusal(where: str, function: int, code: int) -> NoAnswer | Refused:
    """A device's exception by name; a gateway whose device is silent is no answer."""
    name = EXCEPTIONS.get(code, "unknown exception")
    kind = NoAnswer if code in GATEWAY else Refused
    return kind(f"{where}: function {function}: exception {code} ({name})")


def _check(sent: bytes, frame: bytes) -> None:
    if frame[6] != sent[6]:
        raise BadReply(f"expected unit {sent[6]}, got {frame[6]}")
    function, told = sent[7], frame[7]
    if told == function | EXCEPTION:
        _same_length(frame, HEADER + 2)
    elif told != function:
        raise BadReply(f"expected function {function}, got {told}")
    elif function in BIT_READS or function in WORD_READS:
        count = _word(sent, 10)
        size = 2 * count if function in WORD_READS else (count + 7) // 8
        _same_length(frame, HEADER + 2 + size)
        if frame[8] != size:
            raise BadReply(f"expected byte count {size}, got {frame[8]}")
    else:
        # Every write is answered by its address and its value or count.
        _same_length(frame, HEADER + 5)
        if frame[8:12] != sent[8:12]:
            raise BadReply(f"expected echo {sent[8:12].hex(' ')}, got {frame[8:12].hex(' ')}")


def _same_length(frame: bytes, length: int) -> None:
    if len(frame) != length:
        raise BadReply(f"expected a frame of {length} bytes, got {len(frame)}")


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")
