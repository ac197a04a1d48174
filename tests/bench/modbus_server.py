"""A Modbus TCP server in a process of its own that costs its clients nothing but the wire."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import uvloop

REQUEST_BYTES = 12


class Answering(asyncio.Protocol):
    """Answers whole read requests, whatever they ask, with a counting pattern."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the client."""
        self._transport = cast("asyncio.Transport", transport)
        self._heard = b""

    def data_received(self, data: bytes) -> None:
        """Answer as many requests as are there."""
        self._heard += data
        while len(self._heard) >= REQUEST_BYTES:
            request, self._heard = self._heard[:REQUEST_BYTES], self._heard[REQUEST_BYTES:]
            size = 2 * int.from_bytes(request[10:12], "big")
            head = request[:4] + (3 + size).to_bytes(2, "big") + request[6:8] + bytes([size])
            self._transport.write(head + bytes(range(size)))


@contextmanager
def served() -> Iterator[int]:
    """The port of such a server, for as long as the block lasts."""
    command = [sys.executable, "-m", "tests.bench.modbus_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None, "it was asked for"
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
