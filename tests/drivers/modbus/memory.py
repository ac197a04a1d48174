"""A plant PLC's memory behind a socket, and the server that asks it for answers."""

from collections.abc import Callable
from typing import Protocol

SERIAL = 4_100_200_300
READS = (1, 2, 3, 4)


class Hostile(Protocol):
    """The server of the fixture."""

    answer: Callable[[bytes], list[bytes]]
    requests: list[bytes]
    connections: int
    port: int


class Bank:
    """A plant PLC's memory as the manual lays it out: answers reads, notes writes."""

    def __init__(self, model_code: int = 0xCD01) -> None:
        self.words = dict.fromkeys(range(104), 0)
        self.words |= {10: 6123, 11: 0x8000, 20: 900, 21: 0xFFFF, 30: 0xFE0C}
        self.words |= {100: SERIAL >> 16, 101: SERIAL & 0xFFFF, 102: model_code, 103: 200}
        self.bits = dict.fromkeys(range(256), False)
        self.written: list[str] = []
        self.silent_on: tuple[int, ...] = ()

    def answer(self, request: bytes) -> list[bytes]:
        """Read from the bank, or note what would be written."""
        function = request[7]
        address, count = (int.from_bytes(request[at : at + 2], "big") for at in (8, 10))
        if function in self.silent_on:
            return []
        if function in READS:
            return [self.frame(request, self.read(function, address, count))]
        self.written.append(request[7:].hex(" "))
        return [self.frame(request, request[7:12])]

    def read(self, function: int, address: int, count: int) -> bytes:
        """The answer's function, byte count and data."""
        wanted = range(address, address + count)
        if function in (1, 2):
            packed = sum(self.bits[at] << (at - address) for at in wanted)
            data = packed.to_bytes((count + 7) // 8, "little")
        else:
            data = b"".join(self.words[at].to_bytes(2, "big") for at in wanted)
        return bytes([function, len(data)]) + data

    @staticmethod
    def frame(request: bytes, pdu: bytes) -> bytes:
        """An answer with the request's transaction and unit."""
        return request[:2] + (len(pdu) + 1).to_bytes(4, "big") + request[6:7] + pdu
