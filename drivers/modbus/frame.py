"""Modbus answers held against their requests: is this what was asked for, and nothing else.

pymodbus 3.16 takes short, long and foreign answers, transaction 0 and any echo. So no byte that was
heard becomes a value before it is compared with the bytes that were sent. Layout: "MODBUS Messaging
on TCP/IP Implementation Guide" V1.0b section 3.1.3, "MODBUS Application Protocol" V1.1b3 section 6.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Protocol

from drivers.errors import BadReply, Busy, DeviceError, Misasked, NoAnswer, Refused
from drivers.modbus.counts import LinkCounts

HEADER: Final = 7  # transaction, protocol, length, unit
LENGTH_END: Final = 6  # what the length counts begins here
MAX_LENGTH: Final = 254  # unit, function and at most 252 bytes of data
MIN_LENGTH: Final = 3  # unit, function and at least one byte
EXCEPTION: Final = 0x80
EXCEPTION_LENGTH: Final = 3  # unit, function, code
BIT_READS: Final = frozenset({1, 2})
WORD_READS: Final = frozenset({3, 4})
WRITES: Final = frozenset({5, 6, 15, 16})
# So many frames that answer something else, while one answer is awaited, are no accident.
MOST_FOREIGN: Final = 64

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
MISASKED: Final = frozenset({1, 2, 3})
BUSY: Final = frozenset({5, 6})
GATEWAY: Final = frozenset({10, 11})

Flaw = Literal["frame", "unit", "function", "length", "byte count", "echo", "checksum", "babble"]
"""What is wrong with an answer that is refused."""


class BadFrame(BadReply):
    """An answer that is refused, and the kind of its flaw."""

    def __init__(self, flaw: Flaw, told: str) -> None:
        super().__init__(told)
        self.flaw: Flaw = flaw


@dataclass(frozen=True, slots=True)
class Awaited:
    """The answer to one request: its unit, function, first bytes, and length with unit."""

    unit: int
    function: int
    told: bytes  # the byte count of a read; address and value, or count, of a write
    length: int
    # Of a sound Modbus TCP frame everything between transaction and data.
    start: bytes = b""

    def __post_init__(self) -> None:
        """Work out what every answer is compared with."""
        start = bytes((0, 0, 0, self.length, self.unit, self.function)) + self.told
        object.__setattr__(self, "start", start)


class Inbox(Protocol):
    """What is heard on one connection, from its first byte on."""

    foreign: int
    """Frames that answered something else, since the last request."""

    def expect(self, packet: bytes) -> None:
        """Await the answer to this packet, which is about to leave."""

    def hear(self, data: bytes) -> bytes | None:
        """The answer from unit to last data byte, None while it is not there; else BadFrame."""

    def clean(self) -> bool:
        """Whether the next answer will be found where the stream stands now."""


@lru_cache(maxsize=2048)
def awaited(request: bytes) -> Awaited:
    """What answers a request, which is given from its unit on; a plant asks the same for ever."""
    unit, function = request[0], request[1]
    if function in WORD_READS:
        size = 2 * word(request, 4)
    elif function in BIT_READS:
        size = (word(request, 4) + 7) // 8
    elif function in WRITES:
        return Awaited(unit, function, request[2:6], 6)
    else:
        raise ValueError(f"function {function} is not one that Hearth asks")
    return Awaited(unit, function, bytes([size]), EXCEPTION_LENGTH + size)


def check_start(unit: int, function: int, length: int, want: Awaited, around: int) -> None:
    """Refuse another unit, function or length; `around` bytes of the frame are not counted."""
    if unit != want.unit:
        raise BadFrame("unit", f"expected unit {want.unit}, got {unit}")
    if function == want.function | EXCEPTION:
        wanted = EXCEPTION_LENGTH
    elif function == want.function:
        wanted = want.length
    else:
        raise BadFrame("function", f"expected function {want.function}, got {function}")
    if length != wanted:
        told = f"expected a frame of {wanted + around} bytes, got {length + around}"
        raise BadFrame("length", told)


def check_told(body: bytes, want: Awaited) -> None:
    """Refuse another byte count or echo, as far as it is there; an exception tells neither."""
    told = body[2 : 2 + len(want.told)]
    if body[1] == want.function and told != want.told[: len(told)]:
        if want.function in WRITES:
            raise BadFrame("echo", f"expected echo {want.told.hex(' ')}, got {told.hex(' ')}")
        raise BadFrame("byte count", f"expected byte count {want.told[0]}, got {told[0]}")


class TcpInbox:
    """Modbus TCP: transactions tell which request a frame answers.

    `zero_answers` are the units whose gateway sends transaction 0 back, whatever was asked.
    """

    def __init__(self, counts: LinkCounts, zero_answers: frozenset[int] = frozenset()) -> None:
        self.foreign = 0
        self._counts = counts
        self._zero_answers = zero_answers
        self._buffer = b""
        self._want: Awaited | None = None
        self._transaction = b""
        self._sound_start = b""
        self._sound_length = 0

    def expect(self, packet: bytes) -> None:
        """Await the answer to this packet."""
        want = awaited(packet[LENGTH_END:])
        self._want = want
        self._transaction = packet[:2]
        self.foreign = 0
        self._sound_start = self._transaction + want.start
        self._sound_length = LENGTH_END + want.length

    def hear(self, data: bytes) -> bytes | None:
        """The answer from its unit on, frames of other transactions are stepped over."""
        sound = len(data) == self._sound_length and data.startswith(self._sound_start)
        if sound and self._want is not None and not self._buffer:
            self._want = None
            return data[LENGTH_END:]
        self._buffer += data
        return self._next()

    def clean(self) -> bool:
        """Step over what came behind an answer; false when it is not Modbus TCP, or half a frame.

        What is half here may never come to its end, and would swallow the next answer.
        """
        if self._buffer:
            try:
                self._next()
            except BadFrame:
                return False
        return not self._buffer

    def _next(self) -> bytes | None:
        while len(self._buffer) >= HEADER:
            heard, want = self._buffer, self._want
            protocol, length = word(heard, 2), word(heard, 4)
            if protocol != 0 or not MIN_LENGTH <= length <= MAX_LENGTH:
                told = f"expected a Modbus TCP frame, got {heard[:HEADER].hex(' ')}"
                raise BadFrame("frame", told)
            mine = want is not None and self._is_mine(heard)
            if want is not None and mine and len(heard) > HEADER:
                check_start(heard[LENGTH_END], heard[HEADER], length, want, LENGTH_END)
            end = LENGTH_END + length
            if len(heard) < end:
                return None
            self._buffer = heard[end:]
            if want is not None and mine:
                self._want = None
                check_told(heard[LENGTH_END:end], want)
                return heard[LENGTH_END:end]
            self._step_over(heard)
        return None

    def _is_mine(self, heard: bytes) -> bool:
        told = heard[:2]
        return told == self._transaction or (
            told == b"\0\0" and heard[LENGTH_END] in self._zero_answers
        )

    def _step_over(self, heard: bytes) -> None:
        self._counts.discarded += 1
        self.foreign += 1
        if heard[:2] == b"\0\0" and heard[LENGTH_END] in self._zero_answers:
            raise BadFrame("frame", "expected silence, got an answer without transaction")
        if self.foreign > MOST_FOREIGN:
            told = f"expected an answer, got {self.foreign} frames of other transactions"
            raise BadFrame("babble", told)


def refusal(where: str, function: int, code: int) -> DeviceError:
    """A device's exception by name and kind; a gateway whose device is silent is no answer."""
    told = f"{where}: function {function}: exception {code}"
    told += f" ({EXCEPTIONS.get(code, 'unknown exception')})"
    if code in GATEWAY:
        return NoAnswer(told)
    if code in MISASKED:
        return Misasked(f"{told}: compare unit and profile with the device's manual")
    return Busy(told) if code in BUSY else Refused(told)


def word(data: bytes, at: int) -> int:
    """The unsigned 16 bits at this place."""
    return data[at] << 8 | data[at + 1]
