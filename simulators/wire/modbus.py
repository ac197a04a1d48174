"""Modbus TCP of simulated devices: frames in any number of pieces, answered in their order.

Behind one address stands one device, or a gateway's several, told apart by their unit ids.
"""

import asyncio
from collections.abc import Mapping
from struct import Struct
from typing import cast

from simulators.wire.bank import Bank, Code
from simulators.wire.functions import answer, exception

UNIT_ID = 1
HEADER = Struct(">HHHB")  # transaction, protocol, length of what follows, unit
LENGTH_FIELD_END = 6
SHORTEST, LONGEST = 2, 254


class BadFrame(Exception):  # noqa: N818 - what came is not Modbus
    """What came cannot be a Modbus TCP frame; where the next one begins is unknown."""


def take_frame(buffer: bytearray) -> tuple[int, int, bytes] | None:
    """Transaction, unit and PDU of the first frame, cut from the buffer; None until it is whole."""
    if len(buffer) < HEADER.size:
        return None
    transaction, protocol, length, unit = HEADER.unpack_from(buffer)
    if protocol != 0 or not SHORTEST <= length <= LONGEST:
        raise BadFrame
    end = LENGTH_FIELD_END + length
    if len(buffer) < end:
        return None
    pdu = bytes(buffer[HEADER.size : end])
    del buffer[:end]
    return transaction, unit, pdu


def answer_frame(transaction: int, unit: int, pdu: bytes, banks: Mapping[int, Bank]) -> bytes:
    """The frame that goes back; a unit that does not live here gets an exception."""
    bank = banks.get(unit)
    reply = exception(pdu, Code.NO_SUCH_UNIT) if bank is None else answer(pdu, bank)
    return HEADER.pack(transaction, 0, len(reply) + 1, unit) + reply


class ModbusConnection(asyncio.Protocol):
    """One client of a device or gateway."""

    def __init__(self, banks: Mapping[int, Bank], clients: set["ModbusConnection"]) -> None:
        self._banks = banks
        self._clients = clients
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the client."""
        self._transport = cast("asyncio.Transport", transport)
        self._clients.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        self._transport = None
        self._clients.discard(self)

    def data_received(self, data: bytes) -> None:
        """Answer every whole frame; hang up on what is not Modbus."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self._buffer += data
        replies = []
        try:
            while (frame := take_frame(self._buffer)) is not None:
                replies.append(answer_frame(*frame, self._banks))
        except BadFrame:
            transport.write(b"".join(replies))
            transport.close()
            return
        transport.write(b"".join(replies))

    def pause_writing(self) -> None:
        """A client that does not read its replies is not listened to either."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        if self._transport is not None:
            self._transport.resume_reading()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()
