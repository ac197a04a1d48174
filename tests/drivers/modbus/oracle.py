"""What the standards allow to be believed, written anew: it shares nothing with the driver.

"MODBUS Messaging on TCP/IP Implementation Guide" V1.0b section 3.1.3, "MODBUS over Serial Line"
V1.02 section 2.5.1.2 and appendix B, "MODBUS Application Protocol" V1.1b3 section 6.
"""

import struct
from dataclasses import dataclass


def _carried(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ 0xA001 * (byte & 1)
    return byte


CARRIED = [_carried(byte) for byte in range(256)]


def crc16(data: bytes) -> bytes:
    """The checksum of a serial frame, low byte first."""
    register = 0xFFFF
    for byte in data:
        register = register >> 8 ^ CARRIED[(register ^ byte) & 0xFF]
    return struct.pack("<H", register)


@dataclass(frozen=True)
class Question:
    """A request: what is read from where, or the two words that a write sends and gets back."""

    transaction: int
    unit: int
    function: int
    address: int
    count: int

    @property
    def reads(self) -> bool:
        """Whether data is asked for."""
        return self.function <= 4

    @property
    def size(self) -> int:
        """Bytes of data in the answer."""
        return (self.count + 7) // 8 if self.function <= 2 else 2 * self.count

    @property
    def body(self) -> bytes:
        """Unit, function and data of the request."""
        head = struct.pack(">BBHH", self.unit, self.function, self.address, self.count)
        if self.function == 16:
            head += bytes([2 * self.count]) + bytes(2 * self.count)
        elif self.function == 15:
            size = (self.count + 7) // 8
            head += bytes([size]) + bytes(size)
        return head

    def answer(self, data: bytes) -> bytes:
        """Unit, function and data of the right answer."""
        if self.reads:
            return bytes([self.unit, self.function, self.size]) + data
        return struct.pack(">BBHH", self.unit, self.function, self.address, self.count)

    def believes(self, body: bytes) -> bool:
        """Whether this answers the question and nothing else."""
        if len(body) == 3 and body[:2] == bytes([self.unit, self.function + 128]):
            return True
        if not self.reads:
            return body == self.answer(b"")
        return len(body) == 3 + self.size and body[:3] == self.answer(b"")


def tcp(transaction: int, body: bytes) -> bytes:
    """A Modbus TCP frame."""
    return struct.pack(">HHH", transaction, 0, len(body)) + body


def rtu(body: bytes) -> bytes:
    """A serial frame."""
    return body + crc16(body)


def believable_tcp(question: Question, stream: bytes) -> bytes | None:
    """The body to be believed of everything that was heard, None where nothing is."""
    while len(stream) >= 8:
        transaction, protocol, length = struct.unpack(">HHH", stream[:6])
        if protocol != 0 or length < 3 or length > 254 or len(stream) < 6 + length:
            return None
        body, stream = stream[6 : 6 + length], stream[6 + length :]
        if transaction == question.transaction:
            return body if question.believes(body) else None
    return None


def believable_rtu(question: Question, stream: bytes) -> bytes | None:
    """The body to be believed of everything that was heard, None where nothing is."""
    for length in (3, 6 if not question.reads else 3 + question.size):
        body, told = stream[:length], stream[length : length + 2]
        if question.believes(body) and told == crc16(body):
            return body
    return None
