"""The door of one WhatsMiner: ten clients at once, frames with a length, and an end after idling.

As the maker's documentation says: a client may ask again over its connection, a frame of no length
is a heartbeat, and who says nothing for 300 s is dropped. What a frame may hold at most is assumed.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from simulators.wire.courier import Courier
from simulators.wire.miner_link import MinerLink
from simulators.wire.tamper import Delivery
from simulators.wire.whatsminer import Access, reply
from simulators.wire.whatsminer_unit import WhatsMinerView

MOST_CLIENTS = 10
IDLE_LIMIT_S = 300.0
LENGTH_BYTES = 4
REQUEST_CAP_BYTES = 8_192
OTHER = b'{"cmd":"get.miner.setting"}'
"""What a miner understands whose link brings it another command."""


class WhatsMinerServer:
    """The clients of one unit behind a link that may be broken; `clock_s` is the unit's own."""

    def __init__(
        self,
        unit: WhatsMinerView,
        access: Access,
        clock_s: Callable[[], float],
        silent: Callable[[], bool],
        link: MinerLink,
    ) -> None:
        self._unit = unit
        self._access = access
        self._clock_s = clock_s
        self._silent = silent
        self._link = link
        self._clients: set[WhatsMinerConnection] = set()

    def connection(self) -> "WhatsMinerConnection":
        """A protocol for the next client."""
        return WhatsMinerConnection(self)

    def enter(self, client: "WhatsMinerConnection") -> None:
        """A client has come; the eleventh is sent away, and all by a unit without network."""
        full = len(self._clients) >= MOST_CLIENTS
        if full or not self._unit.api_up or not self._link.takes_in():
            client.abort()
            return
        self._clients.add(client)

    def leave(self, client: "WhatsMinerConnection") -> None:
        """A client is gone."""
        self._clients.discard(client)

    def answer(self, client: "WhatsMinerConnection", body: bytes) -> None:
        """Answer one request, if the unit is there and willing."""
        if not self._unit.api_up:
            client.abort()
            return
        if self._silent() or not self._link.answers:
            return
        understood = self._link.heard(body)
        asked = body if understood is body else OTHER
        told = reply(asked, self._unit, self._access, self._clock_s())
        framed = len(told).to_bytes(LENGTH_BYTES, "little") + told
        client.bring(Delivery(self._link.deliver(framed).chunks))

    def close(self) -> None:
        """Hang up on everybody."""
        for client in tuple(self._clients):
            client.abort()


class WhatsMinerConnection(asyncio.Protocol):
    """One client: its unfinished frame, and how long it has been idle."""

    def __init__(self, server: WhatsMinerServer) -> None:
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._courier: Courier | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._heard = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Come in."""
        self._transport = cast("asyncio.Transport", transport)
        self._courier = Courier(self._transport)
        self._begin_idling()
        self._server.enter(self)

    def data_received(self, data: bytes) -> None:
        """Answer every whole frame."""
        self._begin_idling()
        self._heard += data
        while len(self._heard) >= LENGTH_BYTES:
            length = int.from_bytes(self._heard[:LENGTH_BYTES], "little")
            if length > REQUEST_CAP_BYTES:
                self.abort()
                return
            if len(self._heard) < LENGTH_BYTES + length:
                return
            body = bytes(self._heard[LENGTH_BYTES : LENGTH_BYTES + length])
            del self._heard[: LENGTH_BYTES + length]
            if body:
                self._server.answer(self, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave."""
        del exc
        if self._idle is not None:
            self._idle.cancel()
        if self._courier is not None:
            self._courier.stop()
        self._server.leave(self)

    def bring(self, delivery: Delivery) -> None:
        """Send a reply and stay connected."""
        if self._courier is not None:
            self._courier.send(delivery)

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    def _begin_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_LIMIT_S, self.abort)
