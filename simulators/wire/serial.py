"""Serial devices behind a transparent gateway: RTU frames over TCP, one bus, silence for a no.

A device on a bus does not answer what has a wrong checksum, what is not for it, and what it cannot
read to its end: "MODBUS over Serial Line Specification and Implementation Guide" V1.02, sections
2.4.1, 2.5.1 and appendix B.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

from simulators.wire.bank import Bank
from simulators.wire.broken_door import BrokenDoor
from simulators.wire.courier import Courier
from simulators.wire.functions import answer
from simulators.wire.link import Link, LooseLinks
from simulators.wire.listen import Address, listen
from simulators.wire.serial_tamper import framed, serial

FIXED_LENGTH = {1: 8, 2: 8, 3: 8, 4: 8, 5: 8, 6: 8}
"""Requests from unit to checksum; the others tell how many bytes of data they bring."""
COUNTED = {15, 16}
COUNT_AT, COUNTED_AROUND = 6, 9
POLYNOMIAL = 0xA001


def checksum(frame: bytes) -> bytes:
    """CRC-16 of a serial frame, low byte first."""
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ POLYNOMIAL if crc & 1 else crc >> 1
    return crc.to_bytes(2, "little")


def request_length(heard: bytes) -> int | None:
    """How long the request is that begins here; None while that is not told yet, 0 if never."""
    if len(heard) < 2:  # noqa: PLR2004 - unit and function
        return None
    if heard[1] in FIXED_LENGTH:
        return FIXED_LENGTH[heard[1]]
    if heard[1] not in COUNTED:
        return 0
    return COUNTED_AROUND + heard[COUNT_AT] if len(heard) > COUNT_AT else None


class SerialBus(asyncio.Protocol):
    """One client of the gateway, and the units on its bus."""

    def __init__(self, banks: Mapping[int, Bank], clients: set["SerialBus"], link: Link) -> None:
        self._link = link
        self._courier: Courier | None = None
        self._banks = banks
        self._clients = clients
        self._heard = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the client; where there is no room for it, hang up."""
        self._transport = cast("asyncio.Transport", transport)
        if not self._link.has_room(len(self._clients)):
            self._transport.abort()
            return
        self._courier = Courier(self._transport)
        self._clients.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        self._transport = None
        if self._courier is not None:
            self._courier.stop()
        self._clients.discard(self)

    def data_received(self, data: bytes) -> None:
        """Let the unit that is meant answer; noise is forgotten up to where it ends."""
        self._heard += data
        while (length := request_length(self._heard)) is not None:
            if length == 0:
                self._heard = b""
            if len(self._heard) < max(length, 1):
                return
            frame, self._heard = self._heard[:length], self._heard[length:]
            if frame[-2:] != checksum(frame[:-2]):
                self._heard = b""
                return
            self._answer(frame[0], frame[1:-2])

    def _answer(self, unit: int, pdu: bytes) -> None:
        bank = self._banks.get(unit)
        if bank is None or self._courier is None:
            return
        fault, tamper, request = self._link.fault(unit), self._link.tamper(unit), framed(unit, pdu)
        heard = tamper.passes(fault, request)
        reply = framed(unit, answer(pdu, bank)) if heard else b""
        delivery = tamper.deliver(fault, request, reply)
        self._courier.send(serial(delivery, reply, lambda frame: frame + checksum(frame)))

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()


@asynccontextmanager
async def serve_serial(
    banks: Mapping[int, Bank], address: Address, what: str, link: Link | None = None
) -> AsyncIterator[None]:
    """Several serial devices by unit id behind one transparent gateway, and its link."""
    clients: set[SerialBus] = set()
    whole = Link(LooseLinks(), {}) if link is None else link

    async def listener() -> asyncio.AbstractServer:
        return await listen(lambda: SerialBus(banks, clients, whole), address, what)

    async with BrokenDoor(listener, clients, whole).open():
        yield
