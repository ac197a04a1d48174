"""A WhatsMiner's socket that does exactly what a test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from drivers.whatsminer.dialects import dialect_for
from drivers.whatsminer.login import Login
from drivers.whatsminer.miner import WhatsMiner
from tests.drivers.whatsminer.said import LOGIN


@dataclass
class Unit:
    """The driver, and what the unit behind it was asked; each answer serves one request."""

    answers: list[bytes]
    asked: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0
    hang_up_after: int | None = None
    closes: bool = False
    miner: WhatsMiner = field(init=False)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until there is nothing left to say."""
        self.connections += 1
        while True:
            head = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(head, "little"))
            self.asked.append(json.loads(body))
            if self.hang_up_after is not None and len(self.asked) > self.hang_up_after:
                return
            if not self.answers:
                await reader.read()
                return
            writer.write(self.answers.pop(0))
            if self.closes:
                await writer.drain()
                return


Make = Callable[..., Awaitable[Unit]]


@pytest.fixture
async def make() -> AsyncIterator[Make]:
    """A unit that gives these answers, one after another."""
    servers: list[asyncio.Server] = []

    async def start(*answers: bytes, login: Login | None = LOGIN, model: str = "M65S") -> Unit:
        unit = Unit(list(answers))

        async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await unit.serve(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                writer.transport.abort()
            finally:
                writer.close()

        server = await asyncio.start_server(client, "127.0.0.1", 0)
        servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        dialect = dialect_for(model).accept()
        unit.miner = WhatsMiner("c01-001", "127.0.0.1", port, login, dialect, total_s=0.5)
        return unit

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()
