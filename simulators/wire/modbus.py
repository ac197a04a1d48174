"""Modbus TCP of simulated devices: frames in any number of pieces, answered in their order.

Behind one address stands one device, or a gateway's several, told apart by their unit ids.
"""

import asyncio
from collections.abc import Mapping
from struct import Struct
from typing import cast

from simulators.wire.bank import Bank, Code
from simulators.wire.courier import Courier
from simulators.wire.functions import answer, exception
from simulators.wire.link import Link

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
    """One client of a device or gateway, over a link that may be broken."""

    def __init__(
        self,
        banks: Mapping[int, Bank],
        clients: set["ModbusConnection"],
        link: Link | None = None,
    ) -> None:
        self._banks = banks
        self._clients = clients
        self._link = link
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._courier: Courier | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the client; where there is no room for it, hang up."""
        self._transport = cast("asyncio.Transport", transport)
        link = self._link
        if link is not None and not link.has_room(len(self._clients)):
            self._transport.abort()
            return
        self._clients.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        self._transport = None
        if self._courier is not None:
            self._courier.stop()
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
                replies.append(self._answer(transport, *frame))
        except BadFrame:
            transport.write(b"".join(replies))
            transport.close()
            return
        transport.write(b"".join(replies))

    def _answer(
        self, transport: asyncio.Transport, transaction: int, unit: int, pdu: bytes
    ) -> bytes:
        """The reply that goes back at once; what a broken link brings comes by courier."""
        fault = None if self._link is None else self._link.fault(unit)
        if self._link is None or (fault is None and self._courier is None):
            return answer_frame(transaction, unit, pdu, self._banks)
        request = HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu
        tamper = self._link.tamper(unit)
        heard = tamper.passes(fault, request)
        reply = answer_frame(transaction, unit, pdu, self._banks) if heard else b""
        if self._courier is None:
            self._courier = Courier(transport)
        self._courier.send(tamper.deliver(fault, request, reply))
        return b""

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
