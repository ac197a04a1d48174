"""One request and one reply over a real socket, with an end in time and size."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

import pytest

from drivers.cgminer.link import exchange
from drivers.errors import BadReply, NoAnswer

pytestmark = pytest.mark.real_sockets

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Listen = Callable[[Callable[[Reader, Writer], Awaitable[None]]], Awaitable[int]]

REQUEST = b'{"command":"summary"}'


async def hung_up(reader: Reader, *, within_s: float) -> bool:
    """Whether the driver ends its side within this time."""
    try:
        async with asyncio.timeout(within_s):
            return await reader.read(4095) == b""
    except TimeoutError:
        return False


async def test_the_request_leaves_whole_and_the_reply_ends_with_nul(listen: Listen) -> None:
    heard = []

    async def answer(reader: Reader, writer: Writer) -> None:
        heard.append(await reader.read(4095))
        writer.write(b'{"a":1}\0')
        await reader.read()

    raw = await exchange("127.0.0.1", await listen(answer), REQUEST)

    assert heard == [REQUEST]
    assert raw == b'{"a":1}\0'


async def test_a_reply_in_pieces_is_joined_up_to_the_end(listen: Listen) -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await reader.read(4095)
        for piece in (b'{"a"', b":1", b"}"):
            writer.write(piece)
            await writer.drain()

    assert await exchange("127.0.0.1", await listen(answer), REQUEST) == b'{"a":1}'


async def test_the_write_side_stays_open_until_the_reply_is_read(listen: Listen) -> None:
    closed_early = []

    async def answer(reader: Reader, writer: Writer) -> None:
        await reader.read(4095)
        closed_early.append(await hung_up(reader, within_s=0.05))
        writer.write(b"{}\0")

    await exchange("127.0.0.1", await listen(answer), REQUEST)

    assert closed_early == [False]


async def test_a_closed_port_is_no_answer() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(NoAnswer, match=f"127.0.0.1:{port}"):
        await exchange("127.0.0.1", port, REQUEST)


async def test_a_name_that_does_not_resolve_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        await exchange("256.0.0.1", 4028, REQUEST, connect_s=0.2, total_s=0.2)


async def test_a_full_backlog_is_no_answer_within_the_connect_time() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(0)
        port = mute.getsockname()[1]
        with socket.socket() as first, socket.socket() as second:
            for waiting in (first, second):
                waiting.settimeout(0.0)
                waiting.connect_ex(("127.0.0.1", port))

            with pytest.raises(NoAnswer, match=r"no connection in 0.1 s"):
                await exchange("127.0.0.1", port, REQUEST, connect_s=0.1)


async def test_silence_is_no_answer_within_the_total_time(listen: Listen) -> None:
    async def answer(reader: Reader, _writer: Writer) -> None:
        await reader.read()

    with pytest.raises(NoAnswer, match=r"no reply in 0.1 s"):
        await exchange("127.0.0.1", await listen(answer), REQUEST, total_s=0.1)


async def test_a_reply_may_take_longer_than_the_connection(listen: Listen) -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await reader.read(4095)
        await hung_up(reader, within_s=0.2)
        writer.write(b"{}\0")

    raw = await exchange("127.0.0.1", await listen(answer), REQUEST, connect_s=0.1)

    assert raw == b"{}\0"


async def test_a_byte_now_and_then_does_not_stretch_the_total_time(listen: Listen) -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        while not reader.at_eof():
            writer.write(b" ")
            await hung_up(reader, within_s=0.02)

    loop = asyncio.get_running_loop()
    started_s = loop.time()
    with pytest.raises(NoAnswer, match=r"no reply in 0.2 s"):
        await exchange("127.0.0.1", await listen(answer), REQUEST, total_s=0.2)

    assert loop.time() - started_s < 1.0


async def test_hanging_up_without_a_word_is_no_answer(listen: Listen) -> None:
    async def answer(reader: Reader, _writer: Writer) -> None:
        await reader.read(4095)

    with pytest.raises(NoAnswer, match="without a word"):
        await exchange("127.0.0.1", await listen(answer), REQUEST)


async def test_a_reset_in_the_middle_is_a_bad_reply(listen: Listen) -> None:
    async def answer(reader: Reader, writer: Writer) -> None:
        await reader.read(4095)
        writer.write(b'{"half')
        await writer.drain()
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        await hung_up(reader, within_s=0.05)
        writer.transport.abort()

    with pytest.raises(BadReply, match="reset after 6 bytes"):
        await exchange("127.0.0.1", await listen(answer), REQUEST)


async def test_an_endless_reply_is_cut_at_the_cap(listen: Listen) -> None:
    async def answer(_reader: Reader, writer: Writer) -> None:
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()

    with pytest.raises(BadReply, match="at most 100000 bytes"):
        await exchange("127.0.0.1", await listen(answer), REQUEST, cap_bytes=100_000)
