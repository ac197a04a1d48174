"""In-memory TCP behaves as TCP does: data, end, reset, pauses, in order."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from controller.lab.virtual_loop import VirtualLoop
from tests.lab.notebook import Echo, Notebook

HERE = ("10.0.0.1", 4028)
Pair = tuple[Notebook, Notebook]


@pytest.fixture
async def loop() -> VirtualLoop:
    running = asyncio.get_running_loop()
    assert isinstance(running, VirtualLoop)
    return running


@pytest.fixture
async def pair(loop: VirtualLoop) -> AsyncIterator[Pair]:
    """A client and a server, connected."""
    far = Notebook()
    server = await loop.create_server(lambda: far, *HERE)
    _, near = await loop.create_connection(Notebook, *HERE)
    yield near, far
    near.transport.abort()
    server.close()


async def turn() -> None:
    """Let everything happen that is due now."""
    await asyncio.sleep(1.0)


async def test_an_echo_comes_back(loop: VirtualLoop) -> None:
    async with await loop.create_server(Echo, *HERE):
        transport, near = await loop.create_connection(Notebook, *HERE)

        transport.write(b"cold")
        transport.writelines([b"wa", b"ter"])
        await turn()
        transport.close()
        await turn()

    assert near.events == [b"cold", b"water", "closed"]


async def test_both_ends_know_the_addresses(pair: Pair) -> None:
    near, far = pair

    assert near.transport.get_extra_info("peername") == HERE
    assert far.transport.get_extra_info("sockname") == HERE
    assert far.transport.get_extra_info("peername") == near.transport.get_extra_info("sockname")


async def test_the_peer_sees_the_end_after_the_data(pair: Pair) -> None:
    near, far = pair

    near.transport.write(b"last words")
    near.transport.close()
    await turn()

    assert far.events == [b"last words", "end", "closed"]
    assert near.events == ["closed"]


async def test_an_ended_side_still_hears_the_answer(pair: Pair) -> None:
    near, far = pair
    far.eof_received = lambda: far.transport.write(b"answer") or True

    near.transport.write_eof()
    await turn()

    assert near.events == [b"answer"]
    with pytest.raises(RuntimeError, match="write_eof"):
        near.transport.write(b"more")


async def test_an_abort_resets_the_peer(pair: Pair) -> None:
    near, far = pair

    near.transport.abort()
    await turn()

    assert near.events == ["closed"]
    assert far.events == ["ConnectionResetError"]


async def test_writing_to_a_closed_peer_is_answered_by_a_reset(pair: Pair) -> None:
    near, far = pair
    far.eof_received = lambda: True

    near.transport.close()
    await turn()
    far.transport.write(b"anyone?")
    await turn()

    assert far.events == ["ConnectionResetError"]


async def test_a_paused_reader_gets_everything_later_and_in_order(pair: Pair) -> None:
    near, far = pair
    far.transport.pause_reading()

    near.transport.write(b"one")
    near.transport.write(b"two")
    near.transport.close()
    await turn()
    unread = list(far.events)
    far.transport.resume_reading()
    await turn()

    assert unread == []
    assert far.events == [b"one", b"two", "end", "closed"]


async def test_a_reader_that_pauses_in_the_middle_loses_nothing(pair: Pair) -> None:
    near, far = pair

    def take_one(data: bytes) -> None:
        far.events.append(data)
        far.transport.pause_reading()

    far.data_received = take_one
    near.transport.write(b"one")
    near.transport.write(b"two")
    await turn()
    first = list(far.events)
    far.transport.resume_reading()
    await turn()

    assert first == [b"one"]
    assert far.events == [b"one", b"two"]


async def test_a_sender_is_paused_by_a_reader_that_does_not_read(pair: Pair) -> None:
    near, far = pair
    far.transport.pause_reading()

    near.transport.write(bytes(70_000))
    paused = list(near.events)
    far.transport.resume_reading()
    await turn()

    assert paused == ["pause"]
    assert near.events == ["pause", "resume"]
    assert near.transport.get_write_buffer_size() == 0
