"""Modbus TCP frames: whole, in pieces, glued together, for somebody else, and nonsense."""

import asyncio
from struct import pack

import pytest

from simulators.wire.bank import CommandBank
from simulators.wire.listen import Address, AddressUnusable, serve_modbus
from tests.harness.loopback import FreeLoopback
from tests.simulators.wire.hands import HandPlc

ADDRESS = ("127.1.0.1", 502)
READ_HEARTBEAT = b"\x04\x00\x00\x00\x01"
HEARTBEAT = b"\x04\x02\x00\x2a"


def frame(transaction: int, pdu: bytes, *, unit: int = 1, protocol: int = 0) -> bytes:
    return pack(">HHHB", transaction, protocol, len(pdu) + 1, unit) + pdu


@pytest.fixture(autouse=True)
def heartbeat_is_42(plc: HandPlc) -> None:
    """What every request of this file asks for."""
    plc.measured = {"plc.heartbeat": 42.0}


async def exchange(*pieces: bytes, answer_bytes: int, address: Address = ADDRESS) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    try:
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0.01)
        async with asyncio.timeout(2):
            return await reader.readexactly(answer_bytes)
    finally:
        writer.close()


async def test_a_reply_carries_the_transaction_and_the_unit(bank: CommandBank) -> None:
    async with serve_modbus(bank, ADDRESS, "PLC"):
        reply = await exchange(frame(0xBEEF, READ_HEARTBEAT), answer_bytes=11)

    assert reply == frame(0xBEEF, HEARTBEAT)


async def test_glued_requests_are_answered_in_their_order(bank: CommandBank) -> None:
    glued = frame(1, READ_HEARTBEAT) + frame(2, b"\x07") + frame(3, READ_HEARTBEAT)
    async with serve_modbus(bank, ADDRESS, "PLC"):
        reply = await exchange(glued, answer_bytes=31)

    assert reply == frame(1, HEARTBEAT) + frame(2, b"\x87\x01") + frame(3, HEARTBEAT)


async def test_a_request_may_come_byte_by_byte(bank: CommandBank) -> None:
    request = frame(9, READ_HEARTBEAT)
    async with serve_modbus(bank, ADDRESS, "PLC"):
        reply = await exchange(*(bytes([byte]) for byte in request), answer_bytes=11)

    assert reply == frame(9, HEARTBEAT)


@pytest.mark.parametrize("unit", [0, 2, 247, 255])
async def test_another_unit_does_not_live_here(bank: CommandBank, unit: int) -> None:
    async with serve_modbus(bank, ADDRESS, "PLC"):
        reply = await exchange(frame(5, READ_HEARTBEAT, unit=unit), answer_bytes=9)

    assert reply == frame(5, b"\x84\x0b", unit=unit)


@pytest.mark.parametrize(
    "nonsense",
    [
        frame(1, READ_HEARTBEAT, protocol=1),
        pack(">HHHB", 1, 0, 0, 1),
        pack(">HHHB", 1, 0, 1, 1),
        pack(">HHHB", 1, 0, 255, 1),
        b"GET / HTTP/1.1\r\n",
    ],
)
async def test_what_is_not_modbus_ends_the_connection(bank: CommandBank, nonsense: bytes) -> None:
    async with serve_modbus(bank, ADDRESS, "PLC"):
        reader, writer = await asyncio.open_connection(*ADDRESS)
        writer.write(frame(1, READ_HEARTBEAT) + nonsense + frame(2, READ_HEARTBEAT))
        async with asyncio.timeout(2):
            reply = await reader.read()
        writer.close()

    assert reply == frame(1, HEARTBEAT)


async def test_a_frame_that_never_ends_is_not_answered(bank: CommandBank) -> None:
    async with serve_modbus(bank, ADDRESS, "PLC"):
        with pytest.raises(TimeoutError):
            await exchange(frame(1, READ_HEARTBEAT)[:-1], answer_bytes=1)


async def test_a_taken_address_is_named(bank: CommandBank) -> None:
    async with serve_modbus(bank, ADDRESS, "PLC"):
        with pytest.raises(AddressUnusable, match=r"PLC cannot listen on 127\.1\.0\.1:502"):
            async with serve_modbus(bank, ADDRESS, "PLC"):
                pass


@pytest.mark.real_sockets
async def test_real_sockets_carry_a_request_and_end_with_the_server(
    bank: CommandBank, free_loopback: FreeLoopback
) -> None:
    address = free_loopback()
    async with serve_modbus(bank, address, "PLC"):
        reader, writer = await asyncio.open_connection(*address)
        writer.write(frame(7, READ_HEARTBEAT))
        async with asyncio.timeout(2):
            reply = await reader.readexactly(11)

    end = await reader.read()
    writer.close()
    assert (reply, end) == (frame(7, HEARTBEAT), b"")
