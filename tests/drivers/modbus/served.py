"""Two input registers behind a socket on virtual time, and a link to them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from random import Random

from drivers.modbus.connection import Framing
from drivers.modbus.link import ModbusLink
from tests.drivers.modbus.oracle import rtu, tcp

PLACE = ("127.0.0.1", 5020)
WORDS = b"\4\4\1\2\3\4"
Answer = Callable[[asyncio.StreamWriter, int, bytes], Awaitable[None]]
"""Answers a request of this number; the frame is the right answer."""


class Server:
    """Two input registers behind a socket."""

    def __init__(self, answer: Answer, framing: Framing) -> None:
        self.answer = answer
        self.requests = 0
        self.connections_s: list[float] = []
        self._rtu = framing == "rtu_over_tcp"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections_s.append(asyncio.get_running_loop().time())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                request = await reader.readexactly(8 if self._rtu else 12)
                self.requests += 1
                body = (request[:1] if self._rtu else request[6:7]) + WORDS
                frame = rtu(body) if self._rtu else tcp(int.from_bytes(request[:2], "big"), body)
                await self.answer(writer, self.requests, frame)
        writer.close()


@asynccontextmanager
async def served(
    answer: Answer, framing: Framing = "tcp", total_s: float = 1.0
) -> AsyncIterator[tuple[Server, ModbusLink]]:
    one = Server(answer, framing)
    door = await asyncio.start_server(one.serve, *PLACE)
    link = ModbusLink(*PLACE, framing=framing, total_s=total_s, dice=Random(5))
    yield one, link
    await link.close()
    door.close()
    await door.wait_closed()
    await asyncio.sleep(20.0)


async def at_once(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
    writer.write(frame)


async def byte_by_byte(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
    for at in range(len(frame)):
        if writer.is_closing():
            return
        writer.write(frame[at : at + 1])
        await asyncio.sleep(0.1)


async def never(_writer: asyncio.StreamWriter, _number: int, _frame: bytes) -> None:
    """Say nothing."""


def in_s(seconds: float) -> Answer:
    async def answer(writer: asyncio.StreamWriter, _number: int, frame: bytes) -> None:
        await asyncio.sleep(seconds)
        if not writer.is_closing():
            writer.write(frame)

    return answer


def now_s() -> float:
    return asyncio.get_running_loop().time()
