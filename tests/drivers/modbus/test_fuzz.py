"""A million damaged answers: none becomes a value that the standards would not believe."""

import asyncio
import gc
import sys
import tracemalloc
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random

import pytest

from drivers.errors import DeviceError
from drivers.modbus.counts import LinkCounts
from drivers.modbus.frame import BadFrame, Inbox, TcpInbox, awaited
from drivers.modbus.link import ModbusLink
from drivers.modbus.rtu import RtuInbox
from tests.drivers.modbus.mutations import Frame, heard, pieces, question
from tests.drivers.modbus.oracle import Question, believable_rtu, believable_tcp, rtu, tcp

SHORT, LONG = 10_000, 500_000
GROWTH_BYTES = 16_384
GROWTH_BLOCKS = 1_000


def rtu_frame(_transaction: int, body: bytes) -> bytes:
    return rtu(body)


Oracle = Callable[[Question, bytes], bytes | None]
FRAMINGS: dict[str, tuple[Callable[[LinkCounts], Inbox], Frame, Oracle]] = {
    "tcp": (TcpInbox, tcp, believable_tcp),
    "rtu_over_tcp": (RtuInbox, rtu_frame, believable_rtu),
}


def judged(inbox: Inbox, stream: list[bytes]) -> bytes | None:
    """What the driver believes of a stream, until it refuses or has its answer."""
    for piece in stream:
        try:
            body = inbox.hear(piece)
        except BadFrame:
            return None
        if body is not None:
            return body
    return None


def fuzz(framing: str, rounds: int, seed: int) -> Counter[str]:
    """Damage so many answers; say how many were believed and refused."""
    make, frame, oracle = FRAMINGS[framing]
    dice = Random(seed)
    seen: Counter[str] = Counter()
    counts = LinkCounts()
    for number in range(rounds):
        asked = question(dice, 1 + number % 65_000)
        stream = heard(dice, asked, dice.randbytes(asked.size), frame)
        inbox = make(counts)
        inbox.expect(frame(asked.transaction, asked.body))

        believed = judged(inbox, pieces(dice, stream))

        right = oracle(asked, stream)
        assert believed == right, f"round {number} of {framing}: {asked} heard {stream.hex(' ')}"
        seen["refused" if believed is None else "believed"] += 1
    return seen


def both_kinds(seen: Counter[str], rounds: int) -> bool:
    return min(seen["refused"], seen["believed"]) > rounds // 20


def forget() -> None:
    """Leave only what is kept for ever."""
    awaited.cache_clear()
    gc.collect()


def growth_bytes(framing: str, rounds: int, seed: int) -> int:
    """Memory that so many damaged answers leave behind, without the requests of a fixed number."""
    tracemalloc.start()
    try:
        fuzz(framing, 300, seed)
        forget()
        before, _ = tracemalloc.get_traced_memory()
        fuzz(framing, rounds, seed + 1)
        forget()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before


@pytest.mark.parametrize("framing", FRAMINGS)
def test_no_damaged_answer_is_believed(framing: str) -> None:
    assert both_kinds(fuzz(framing, SHORT, 11), SHORT)


@pytest.mark.parametrize("framing", FRAMINGS)
def test_damaged_answers_leave_no_memory_behind(framing: str) -> None:
    assert growth_bytes(framing, 500, 12) < GROWTH_BYTES


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("framing", FRAMINGS)
def test_of_half_a_million_damaged_answers_none_is_believed(framing: str) -> None:
    assert growth_bytes(framing, LONG // 20, 13) < GROWTH_BYTES
    forget()
    before = sys.getallocatedblocks()

    seen = fuzz(framing, LONG, 14)

    forget()
    assert both_kinds(seen, LONG)
    assert sys.getallocatedblocks() - before < GROWTH_BLOCKS


class Damaging:
    """A server whose answers have accidents; it remembers what it said."""

    def __init__(self, framing: str, dice: Random) -> None:
        self.said = b""
        self.data = b""
        self._framing = framing
        self._dice = dice

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(ConnectionError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tcp_framed = self._framing == "tcp"
        while request := await reader.read(300):
            body = request[6:] if tcp_framed else request[:-2]
            transaction = int.from_bytes(request[:2], "big") if tcp_framed else 0
            told = [int.from_bytes(body[at : at + 2], "big") for at in (2, 4)]
            asked = Question(transaction, body[0], body[1], *told)
            data = self._dice.randbytes(asked.size)
            self.said = heard(self._dice, asked, data, FRAMINGS[self._framing][1])
            believed = FRAMINGS[self._framing][2](asked, self.said)
            exception = believed is not None and len(believed) == 3
            self.data = b"" if believed is None or exception else believed[3:]
            for piece in pieces(self._dice, self.said):
                if writer.is_closing():
                    break
                writer.write(piece)
                await asyncio.sleep(0.01)


async def outcome_of(reading: Awaitable[list[int]]) -> bytes | DeviceError:
    try:
        words = await reading
    except DeviceError as error:
        return error
    return b"".join(word.to_bytes(2, "big") for word in words)


async def fuzz_link(framing: str, rounds: int, seed: int) -> Counter[str]:
    """The same through sockets, pymodbus and all, on virtual time."""
    troubles: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: troubles.append(told))
    dice = Random(seed)
    damaging = Damaging(framing, dice)
    server = await asyncio.start_server(damaging.serve, "127.0.0.1", 5020)
    link = ModbusLink("127.0.0.1", 5020, framing=framing, dice=dice)  # type: ignore[arg-type]
    seen: Counter[str] = Counter()
    for number in range(rounds):
        count = dice.randint(1, 125)
        outcome = await outcome_of(link.read("holding", number % 1000, count, 1 + number % 200))
        seen[type(outcome).__name__] += 1
        # What may be believed is taken, and nothing else is.
        if isinstance(outcome, bytes):
            assert outcome == damaging.data, damaging.said.hex(" ")
        else:
            assert not damaging.data, f"{outcome}: {damaging.said.hex(' ')}"
        await asyncio.sleep(11.0)
    await link.close()
    server.close()
    await server.wait_closed()
    await asyncio.sleep(1.0)
    assert not troubles
    return seen


@pytest.mark.parametrize("framing", FRAMINGS)
async def test_no_damaged_answer_becomes_a_value(framing: str) -> None:
    seen = await fuzz_link(framing, 300, 13)

    assert min(seen["bytes"], seen["BadReply"], seen["NoAnswer"]) > 10


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("framing", FRAMINGS)
async def test_of_twenty_thousand_damaged_answers_none_becomes_a_value(framing: str) -> None:
    await fuzz_link(framing, 20_000, 14)
