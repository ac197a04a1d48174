"""A Modbus server in a few lines that answers whatever bytes a test makes up."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest


@dataclass
class Hostile:
    """Every request goes to `answer`; its pieces go out one by one, an empty one hangs up.

    With `resets` it hangs up as a crashing device does, with a reset instead of an end.
    """

    answer: Callable[[bytes], list[bytes]] = lambda _request: []
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    resets: bool = False
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        try:
            while request := await reader.read(300):
                self.requests.append(request)
                for piece in self.answer(request):
                    if not piece:
                        if self.resets:
                            at_once = struct.pack("ii", 1, 0)
                            told = writer.get_extra_info("socket")
                            told.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                        return
                    writer.write(piece)
                    await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    """A server on a free port of the loopback."""
    one = Hostile()
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    yield one
    server.close()
    await server.wait_closed()
