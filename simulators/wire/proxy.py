"""A link that can be broken, before any Modbus TCP device, simulated or real.

It understands frames, carries one request of each client at a time to a connection of that
client's own, and makes of the answer whatever the fault of the link says.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, cast

from simulators.wire.broken_door import BrokenDoor
from simulators.wire.courier import Courier
from simulators.wire.link import Link
from simulators.wire.listen import Address, listen
from simulators.wire.lives import lives
from simulators.wire.modbus import HEADER, LENGTH_FIELD_END, BadFrame, take_frame
from simulators.wire.tamper import Delivery

# Far beyond what any client waits: what the device has not said by then, it will not say.
PATIENCE_S: Final = 30.0
MOST_REQUESTS: Final = 64


class Far:
    """The way on to the device; it is laid with the first request."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> bytes:
        """The device's whole frame; OSError or EOFError where it hangs up or says nothing."""
        async with asyncio.timeout(PATIENCE_S):
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._address)
            reader, writer = self._streams
            writer.write(request)
            await writer.drain()
            while True:
                head = await reader.readexactly(LENGTH_FIELD_END)
                reply = head + await reader.readexactly(int.from_bytes(head[4:6], "big"))
                if reply[:2] == request[:2]:
                    return reply

    def close(self) -> None:
        """Let go of the device."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


class ProxyConnection(asyncio.Protocol):
    """One client and its way to the device."""

    def __init__(
        self,
        upstream: Address,
        clients: set["ProxyConnection"],
        link: Link,
        group: asyncio.TaskGroup,
    ) -> None:
        self._far = Far(upstream)
        self._clients = clients
        self._link = link
        self._group = group
        self._buffer = bytearray()
        self._requests: asyncio.Queue[bytes] = asyncio.Queue(MOST_REQUESTS)
        self._transport: asyncio.Transport | None = None
        self._courier: Courier | None = None
        self._life: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the client in, unless there is no room for it."""
        self._transport = cast("asyncio.Transport", transport)
        if not self._link.has_room(len(self._clients)):
            self._transport.abort()
            return
        self._clients.add(self)
        self._courier = Courier(self._transport)
        self._life = self._group.create_task(self._carry(self._courier), name="proxy client")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        del exc
        self._transport = None
        self._clients.discard(self)
        if self._courier is not None:
            self._courier.stop()
        if self._life is not None:
            self._life.cancel()

    def data_received(self, data: bytes) -> None:
        """Put every whole frame in line; hang up on what is not Modbus, or far too much of it."""
        self._buffer += data
        try:
            while (frame := take_frame(self._buffer)) is not None:
                transaction, unit, pdu = frame
                request = HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu
                self._requests.put_nowait(request)
        except (BadFrame, asyncio.QueueFull):
            self.abort()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    async def _carry(self, courier: Courier) -> None:
        try:
            while True:
                request = await self._requests.get()
                courier.send(await self._carried(request))
        except (OSError, EOFError):
            self.abort()
        finally:
            self._far.close()

    async def _carried(self, request: bytes) -> Delivery:
        unit = request[6]
        fault, tamper = self._link.fault(unit), self._link.tamper(unit)
        reply = await self._far.ask(request) if tamper.passes(fault, request) else b""
        return tamper.deliver(fault, request, reply)


@asynccontextmanager
async def serve_proxy(
    address: Address, upstream: Address, link: Link, what: str
) -> AsyncIterator[None]:
    """Listen at `address` for the device that is at `upstream`."""
    clients: set[ProxyConnection] = set()
    async with lives() as group:

        async def listener() -> asyncio.AbstractServer:
            return await listen(
                lambda: ProxyConnection(upstream, clients, link, group), address, what
            )

        async with BrokenDoor(listener, clients, link).open():
            yield
