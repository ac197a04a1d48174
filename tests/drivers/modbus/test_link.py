"""One connection against a server that lies, babbles, hangs up or says nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import pytest

from drivers.errors import BadReply, DeviceError, NoAnswer, Refused
from drivers.modbus.link import ModbusLink

pytestmark = pytest.mark.real_sockets

REGISTERS = bytes.fromhex("04 04 0102 0304")  # function 4, two registers


class Hostile(Protocol):
    """The server of the fixture."""

    answer: Callable[[bytes], list[bytes]]
    requests: list[bytes]
    connections: int
    resets: bool
    port: int


@pytest.fixture
async def link(hostile: Hostile) -> AsyncIterator[ModbusLink]:
    one = ModbusLink("127.0.0.1", hostile.port, total_s=0.3)
    yield one
    await one.close()


def frame(request: bytes, pdu: bytes, *, transaction: int = 0, unit: int = 1) -> bytes:
    """An answer to this request; transaction is counted from the right one."""
    number = int.from_bytes(request[:2], "big") + transaction
    return number.to_bytes(2, "big") + (len(pdu) + 1).to_bytes(4, "big") + bytes([unit]) + pdu


async def test_registers_are_read(hostile: Hostile, link: ModbusLink) -> None:
    hostile.answer = lambda request: [frame(request, REGISTERS)]

    assert await link.read("input", 10, 2, unit=1) == [0x0102, 0x0304]
    assert hostile.requests[0][6:] == bytes.fromhex("01 04 000a 0002")


async def test_bits_are_cut_to_as_many_as_asked(hostile: Hostile, link: ModbusLink) -> None:
    hostile.answer = lambda request: [frame(request, bytes.fromhex("02 02 05ff"))]

    assert await link.read("discrete", 32, 9, unit=1) == [1, 0, 1, 0, 0, 0, 0, 0, 1]


async def test_an_answer_in_pieces_is_joined(hostile: Hostile, link: ModbusLink) -> None:
    hostile.answer = lambda request: [
        frame(request, REGISTERS)[at : at + 1] for at in range(7 + len(REGISTERS))
    ]

    assert await link.read("input", 10, 2, unit=1) == [0x0102, 0x0304]


async def test_the_connection_is_kept_for_the_next_request(
    hostile: Hostile, link: ModbusLink
) -> None:
    hostile.answer = lambda request: [frame(request, REGISTERS)]

    for _ in range(3):
        await link.read("input", 10, 2, unit=1)

    assert (hostile.connections, link.connection) == (1, 1)


@pytest.mark.parametrize(
    ("pdu", "expected"),
    [
        ("04 02 0102", "13 bytes, got 11"),
        ("04 06 0102 0304 0506", "13 bytes, got 15"),
        ("04 00", "13 bytes, got 9"),
        ("04 05 0102 0304", "byte count 4, got 5"),
        ("03 04 0102 0304", "function 4, got 3"),
        ("63 04 0102 0304", "function 4, got 99"),
        ("83 02", "function 4, got 131"),
    ],
)
async def test_a_wrong_answer_ends_the_request_at_once(
    hostile: Hostile, link: ModbusLink, pdu: str, expected: str
) -> None:
    hostile.answer = lambda request: [frame(request, bytes.fromhex(pdu))]

    with pytest.raises(BadReply, match=f"127.0.0.1:{hostile.port}: .*{expected}"):
        await link.read("input", 10, 2, unit=1)

    assert not link.connected


async def test_another_unit_is_refused(hostile: Hostile, link: ModbusLink) -> None:
    hostile.answer = lambda request: [frame(request, REGISTERS, unit=2)]

    with pytest.raises(BadReply, match="unit 1, got 2"):
        await link.read("input", 10, 2, unit=1)


@pytest.mark.parametrize("transaction", [-1, 1, 40])
async def test_only_answers_to_other_requests_are_no_answer(
    hostile: Hostile, link: ModbusLink, transaction: int
) -> None:
    hostile.answer = lambda request: [frame(request, REGISTERS, transaction=transaction)]

    with pytest.raises(NoAnswer, match=r"no answer in 0\.3 s"):
        await link.read("input", 10, 2, unit=1)


async def test_the_late_answer_of_the_request_before_is_never_taken(
    hostile: Hostile, link: ModbusLink
) -> None:
    stale = bytes.fromhex("04 04 0909 0909")
    hostile.answer = lambda request: [
        frame(request, stale, transaction=-1) + frame(request, REGISTERS),
        frame(request, stale),
    ]

    for _ in range(3):
        assert await link.read("input", 10, 2, unit=1) == [0x0102, 0x0304]


async def test_two_longest_answers_in_one_segment_are_told_apart(
    hostile: Hostile, link: ModbusLink
) -> None:
    stale, fresh = (bytes([4, 250]) + bytes([fill]) * 250 for fill in (9, 7))
    hostile.answer = lambda request: [frame(request, stale, transaction=-1) + frame(request, fresh)]

    assert await link.read("input", 0, 125, unit=1) == [0x0707] * 125


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        (1, Refused, "illegal function"),
        (2, Refused, "illegal data address"),
        (3, Refused, "illegal data value"),
        (6, Refused, "busy"),
        (11, NoAnswer, "gateway target failed to respond"),
        (119, Refused, "unknown exception"),
    ],
)
async def test_an_exception_is_named_and_the_connection_stays(
    hostile: Hostile, link: ModbusLink, code: int, kind: type[DeviceError], name: str
) -> None:
    hostile.answer = lambda request: [frame(request, bytes([0x84, code]))]

    with pytest.raises(kind, match=f"function 4: exception {code} .*{name}"):
        await link.read("input", 10, 2, unit=1)

    assert link.connected


@pytest.mark.parametrize(
    "garbage", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 5000, b"\0" * 40]
)
async def test_garbage_is_refused_at_once(
    hostile: Hostile, link: ModbusLink, garbage: bytes
) -> None:
    hostile.answer = lambda _request: [garbage]

    with pytest.raises(BadReply, match="expected a Modbus TCP frame"):
        await link.read("input", 10, 2, unit=1)


@pytest.mark.parametrize("resets", [False, True], ids=["end", "reset"])
async def test_half_a_frame_and_the_end_is_no_answer(
    hostile: Hostile, link: ModbusLink, *, resets: bool
) -> None:
    hostile.resets = resets
    hostile.answer = lambda request: [frame(request, REGISTERS)[:9], b""]

    with pytest.raises(NoAnswer, match="hung up before the answer"):
        await link.read("input", 10, 2, unit=1)

    assert not link.connected


async def test_silence_ends_after_the_total_time_and_the_next_request_connects_anew(
    hostile: Hostile, link: ModbusLink
) -> None:
    with pytest.raises(NoAnswer, match=r"no answer in 0\.3 s"):
        await link.read("input", 10, 2, unit=1)
    hostile.answer = lambda request: [frame(request, REGISTERS)]

    assert await link.read("input", 10, 2, unit=1) == [0x0102, 0x0304]
    assert (hostile.connections, link.connection) == (2, 2)


async def test_a_closed_port_is_no_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(NoAnswer, match=f"127.0.0.1:{port}"):
        await ModbusLink("127.0.0.1", port, total_s=0.3).read("input", 0, 1, unit=1)


async def test_a_request_given_up_by_the_caller_does_not_disturb_the_next(
    hostile: Hostile, link: ModbusLink
) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await link.read("input", 10, 2, unit=1)
    hostile.answer = lambda request: [frame(request, REGISTERS)]

    assert await link.read("input", 10, 2, unit=1) == [0x0102, 0x0304]
    assert hostile.connections == 2


async def test_requests_wait_for_each_other(hostile: Hostile, link: ModbusLink) -> None:
    hostile.answer = lambda request: [frame(request, REGISTERS)]

    async with asyncio.TaskGroup() as group:
        for n in range(8):
            group.create_task(link.read("input", 10, 2, unit=1), name=f"read {n}")

    assert hostile.connections == 1
    assert all(len(request) == 12 for request in hostile.requests)


async def test_registers_are_written_with_function_16(hostile: Hostile, link: ModbusLink) -> None:
    hostile.answer = lambda request: [frame(request, request[7:12])]

    await link.write_registers(20, [4242, 1], unit=1)

    assert hostile.requests[0][6:] == bytes.fromhex("01 10 0014 0002 04 1092 0001")


async def test_one_coil_is_written_with_function_5_and_several_with_15(
    hostile: Hostile, link: ModbusLink
) -> None:
    hostile.answer = lambda request: [frame(request, request[7:12])]

    await link.write_coils(8, [True], unit=1)
    await link.write_coils(32, [True, False, True], unit=1)

    assert hostile.requests[0][6:] == bytes.fromhex("01 05 0008 ff00")
    assert hostile.requests[1][6:] == bytes.fromhex("01 0f 0020 0003 01 05")


@pytest.mark.parametrize("echo", ["10 0015 0001", "10 0014 0002", "06 0014 0001"])
async def test_another_echo_is_a_failed_write(
    hostile: Hostile, link: ModbusLink, echo: str
) -> None:
    hostile.answer = lambda request: [frame(request, bytes.fromhex(echo))]

    with pytest.raises(BadReply):
        await link.write_registers(20, [4242], unit=1)


async def test_a_coil_that_echoes_the_other_value_is_a_failed_write(
    hostile: Hostile, link: ModbusLink
) -> None:
    hostile.answer = lambda request: [frame(request, bytes.fromhex("05 0008 0000"))]

    with pytest.raises(BadReply, match="echo 00 08 ff 00, got 00 08 00 00"):
        await link.write_coils(8, [True], unit=1)


async def test_an_order_leaves_on_the_connection_it_is_meant_for_or_not_at_all(
    hostile: Hostile, link: ModbusLink
) -> None:
    hostile.answer = lambda request: [frame(request, REGISTERS)]
    await link.read("input", 10, 2, unit=1)
    known = link.connection
    await link.close()

    with pytest.raises(NoAnswer, match="before the order left"):
        await link.write_registers(20, [4242], unit=1, connection=known)

    assert len(hostile.requests) == 1


@pytest.mark.parametrize("turns", range(24))
async def test_who_is_ended_at_whatever_moment_asks_no_more(hostile: Hostile, turns: int) -> None:
    """Also when the end comes together with the connection or the answer."""
    hostile.answer = lambda request: [frame(request, REGISTERS)]
    link = ModbusLink("127.0.0.1", hostile.port, total_s=5.0)

    async def ask_for_ever() -> None:
        while True:
            await link.read("input", 10, 2, unit=1)

    async with asyncio.timeout(3.0), asyncio.TaskGroup() as group:
        user = group.create_task(ask_for_ever(), name="user")
        for _ in range(turns):
            await asyncio.sleep(0)
        user.cancel()
    await link.close()

    assert user.cancelled()
