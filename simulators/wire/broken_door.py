"""A listener that can be shut and opened again, as the link in front of it breaks and is mended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Protocol

from simulators.wire.link import Link
from simulators.wire.lives import lives


class Client(Protocol):
    """Somebody who is connected."""

    def abort(self) -> None:
        """Hang up at once."""


class BrokenDoor:
    """Listens while the link is whole; who is inside when it breaks is put out."""

    def __init__(
        self,
        listen: Callable[[], Awaitable[asyncio.AbstractServer]],
        clients: Collection[Client],
        link: Link,
    ) -> None:
        self._listen = listen
        self._clients = clients
        self._link = link
        self._listener: asyncio.AbstractServer | None = None
        self._changed = asyncio.Event()
        self._foreign = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep the door for as long as the block lasts."""
        self._foreign = self._link.changed_hands
        await self._follow()
        unwatch = self._link.watch(self._noticed)
        async with lives() as group:
            keeper = group.create_task(self._keep(), name="door")
            try:
                yield
            finally:
                unwatch()
                keeper.cancel()
                self._shut()

    def _noticed(self) -> None:
        foreign, self._foreign = self._foreign, self._link.changed_hands
        if self._link.closed or self._link.full or foreign != self._foreign:
            self._put_out()
        if self._link.closed and self._listener is not None:
            self._listener.close()
            self._listener = None
        self._changed.set()

    async def _keep(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._follow()

    async def _follow(self) -> None:
        if self._listener is None and not self._link.closed:
            self._listener = await self._listen()

    def _shut(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._put_out()

    def _put_out(self) -> None:
        for client in tuple(self._clients):
            client.abort()
