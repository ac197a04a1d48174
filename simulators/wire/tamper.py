"""What a broken Modbus TCP link makes of one exchange: no socket, no clock, only bytes.

Frames are those of the Modbus messaging implementation guide V1.0b, section 3.1: transaction,
protocol and length, two bytes each, then the unit and what the application protocol says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from simulators.fault_verbs import Fault

READS: Final = frozenset({1, 2, 3, 4})
BIT_READS: Final = frozenset({1, 2})
SINGLE_WRITES: Final = frozenset({5, 6})
SEVERAL_WRITES: Final = frozenset({15, 16})
WRITES: Final = SINGLE_WRITES | SEVERAL_WRITES
COIL_WRITE: Final = 5
PREFIX: Final = 6  # transaction, protocol, length
FUNCTION_AT: Final = 7
BODY_AT: Final = 8
EXCEPTION_FLAG: Final = 0x80
GARBAGE_BYTES: Final = 40
ENDLESS_BYTES: Final = 1 << 18

Chunk = tuple[float, bytes]
"""So many seconds after the chunk before, these bytes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes back to the client, and how the connection ends with it, if it does."""

    chunks: tuple[Chunk, ...] = ()
    end: Literal["fin", "reset"] | None = None


NOTHING: Final = Delivery()


class Tamper:
    """One link with its dice and with the answer that it carried last."""

    def __init__(self, seed: int | str) -> None:
        self._dice = Random(f"link {seed}")
        self._before = b""

    def passes(self, fault: Fault | None, request: bytes) -> bool:
        """Whether the device hears this request at all."""
        if fault is None:
            return True
        if fault.verb == "write-not-taken":
            return request[FUNCTION_AT] not in WRITES
        return fault.verb not in UNHEARD

    def deliver(self, fault: Fault | None, request: bytes, reply: bytes) -> Delivery:
        """What becomes of the device's reply; it is empty where the device did not hear."""
        if fault is None or fault.verb not in _WAYS:
            delivery = _at_once(reply)
        else:
            delivery = _WAYS[fault.verb](self, fault, request, reply)
        self._before = reply
        return delivery

    def lost(self, fault: Fault, _request: bytes, reply: bytes) -> Delivery:
        """This share of the answers is lost."""
        return NOTHING if self._dice.random() < fault.value else _at_once(reply)

    def garbled(self, _fault: Fault, _request: bytes, _reply: bytes) -> Delivery:
        """Bytes that mean nothing: their protocol is none."""
        return _at_once(_garbage(self._dice, GARBAGE_BYTES))

    def endless(self, _fault: Fault, _request: bytes, _reply: bytes) -> Delivery:
        """A flood of such bytes, then the end."""
        return Delivery(((0.0, _garbage(self._dice, ENDLESS_BYTES)),), "reset")

    def late(self, _fault: Fault, _request: bytes, reply: bytes) -> Delivery:
        """The answer to the request before, then the right one."""
        return _at_once(self._before + reply)

    def one_behind(self, _fault: Fault, _request: bytes, _reply: bytes) -> Delivery:
        """Only the answer to the request before."""
        return _at_once(self._before)

    def glued(self, _fault: Fault, request: bytes, reply: bytes) -> Delivery:
        """The answer with somebody else's behind it, in one piece."""
        return _at_once(reply + _foreign(request, self._before or reply))


def _at_once(data: bytes) -> Delivery:
    return Delivery(((0.0, data),)) if data else NOTHING


def _garbage(dice: Random, size: int) -> bytes:
    data = bytearray(dice.randbytes(size))
    data[2] |= 1
    return bytes(data)


def _foreign(request: bytes, frame: bytes) -> bytes:
    """A frame under a transaction that nobody asked for."""
    return bytes((request[0] ^ 0x55, request[1] ^ 0x55)) + frame[2:]


def _framed(request: bytes, pdu: bytes) -> bytes:
    """A reply to this request, of the right length and unit."""
    return request[:4] + (len(pdu) + 1).to_bytes(2, "big") + request[6:7] + pdu


def _dropped(_t: Tamper, _fault: Fault, _request: bytes, _reply: bytes) -> Delivery:
    return NOTHING


def _write_answer_lost(_t: Tamper, _fault: Fault, request: bytes, reply: bytes) -> Delivery:
    return NOTHING if request[FUNCTION_AT] in WRITES else _at_once(reply)


def _write_not_taken(_t: Tamper, _fault: Fault, request: bytes, reply: bytes) -> Delivery:
    """Every write is confirmed by its address and its value or count."""
    if request[FUNCTION_AT] in WRITES:
        return _at_once(_framed(request, request[FUNCTION_AT : FUNCTION_AT + 5]))
    return _at_once(reply)


def _slow(_t: Tamper, fault: Fault, _request: bytes, reply: bytes) -> Delivery:
    return Delivery(tuple((fault.value, bytes((byte,))) for byte in reply))


def _delayed(_t: Tamper, fault: Fault, _request: bytes, reply: bytes) -> Delivery:
    return Delivery(((fault.value, reply),)) if reply else NOTHING


def _twice(_t: Tamper, _fault: Fault, _request: bytes, reply: bytes) -> Delivery:
    return Delivery(((0.0, reply), (0.0, reply))) if reply else NOTHING


def _half(end: Literal["fin", "reset"]) -> "Way":
    def half(_t: Tamper, _fault: Fault, _request: bytes, reply: bytes) -> Delivery:
        return Delivery(((0.0, reply[: len(reply) // 2]),), end)

    return half


def _exception(_t: Tamper, fault: Fault, request: bytes, _reply: bytes) -> Delivery:
    pdu = bytes((request[FUNCTION_AT] | EXCEPTION_FLAG, int(fault.value)))
    return _at_once(_framed(request, pdu))


def _changed(change: Callable[[Fault, bytes, bytes], bytes]) -> "Way":
    """A way that makes another frame of the reply, if there is one."""

    def way(_t: Tamper, fault: Fault, request: bytes, reply: bytes) -> Delivery:
        return _at_once(change(fault, request, reply)) if reply else NOTHING

    return way


def _put(reply: bytes, at: int, data: bytes) -> bytes:
    return reply[:at] + data + reply[at + len(data) :]


def _registers(change: Callable[[bytes, int], bytes]) -> "Way":
    """A way that changes the data of a read and keeps its byte count true to it."""

    def change_read(_fault: Fault, request: bytes, reply: bytes) -> bytes:
        if request[FUNCTION_AT] not in READS or reply[FUNCTION_AT] & EXCEPTION_FLAG:
            return reply
        size = 1 if request[FUNCTION_AT] in BIT_READS else 2
        data = change(reply[BODY_AT + 1 :], size)
        return _framed(request, bytes((reply[FUNCTION_AT], len(data) & 0xFF)) + data)

    return _changed(change_read)


def _echo(functions: frozenset[int], at: int) -> "Way":
    """A way that confirms another address, value or count than was written."""

    def change_echo(_fault: Fault, request: bytes, reply: bytes) -> bytes:
        function = request[FUNCTION_AT]
        if function not in functions or reply[FUNCTION_AT] & EXCEPTION_FLAG:
            return reply
        word = int.from_bytes(reply[at : at + 2], "big")
        # A coil is either on or off, and its other value is not the next one.
        is_coil = function == COIL_WRITE and at == BODY_AT + 2
        other = word ^ 0xFF00 if is_coil else (word + 1) & 0xFFFF
        return _put(reply, at, other.to_bytes(2, "big"))

    return _changed(change_echo)


Way = Callable[[Tamper, Fault, bytes, bytes], Delivery]

UNHEARD: Final = frozenset({"stuck", "exception"})
"""Verbs under which nothing reaches the device."""

_WAYS: Final[Mapping[str, Way]] = {
    "stuck": _dropped,
    "garbage": Tamper.garbled,
    "wrong": _changed(lambda _fault, request, reply: _foreign(request, reply)),
    "slow": _slow,
    "delayed": _delayed,
    "intermittent": Tamper.lost,
    "late-answer": Tamper.late,
    "one-behind": Tamper.one_behind,
    "transaction-zero": _changed(lambda _fault, _request, reply: b"\0\0" + reply[2:]),
    "wrong-transaction": _changed(lambda _fault, request, reply: _foreign(request, reply)),
    "wrong-unit": _changed(lambda _f, _r, reply: _put(reply, 6, bytes((reply[6] ^ 0x40,)))),
    "fewer-registers": _registers(lambda data, size: data[:-size]),
    "more-registers": _registers(lambda data, size: data + bytes(size)),
    "zero-registers": _registers(lambda _data, _size: b""),
    "odd-registers": _registers(lambda data, _size: data + b"\0"),
    "other-function": _changed(
        lambda _f, _r, reply: _put(reply, FUNCTION_AT, bytes((reply[FUNCTION_AT] ^ 7,)))
    ),
    "exception": _exception,
    "bad-protocol": _changed(lambda _fault, _request, reply: _put(reply, 2, b"\x12\x34")),
    "length": _changed(
        lambda fault, _request, reply: _put(reply, 4, int(fault.value).to_bytes(2, "big"))
    ),
    "endless": Tamper.endless,
    "half-frame-fin": _half("fin"),
    "half-frame-reset": _half("reset"),
    "glued": Tamper.glued,
    "duplicate": _twice,
    "echo-address": _echo(WRITES, BODY_AT),
    "echo-value": _echo(SINGLE_WRITES, BODY_AT + 2),
    "echo-count": _echo(SEVERAL_WRITES, BODY_AT + 2),
    "write-not-taken": _write_not_taken,
    "write-answer-lost": _write_answer_lost,
}
