"""A miner's socket that does exactly what a test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from drivers.cgminer.dialects import Dialect
from drivers.cgminer.miner import Miner

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Listen = Callable[[Handler], Awaitable[int]]

Serve = Callable[..., Awaitable[tuple[Miner, list[dict[str, str]]]]]


@pytest.fixture
async def listen() -> AsyncIterator[Listen]:
    """Serve one handler on a free port of the loopback; the handler's end closes the connection."""
    servers: list[asyncio.Server] = []

    async def start(handler: Handler) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await handler(reader, writer)
            except (ConnectionError, asyncio.CancelledError):
                writer.transport.abort()
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
def serve(listen: Listen) -> Serve:
    """A miner that gives each of these answers to each next request, and what it was asked."""

    async def start(
        *answers: bytes, dialect: Dialect | None = None
    ) -> tuple[Miner, list[dict[str, str]]]:
        asked: list[dict[str, str]] = []
        waiting = list(answers)

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append(json.loads(await reader.read(4095)))
            writer.write(waiting.pop(0))

        return Miner("c01-001", "127.0.0.1", await listen(handler), dialect), asked

    return start
