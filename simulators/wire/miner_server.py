"""The API door of one miner: one client at a time, one request a connection, then it closes.

As the firmware does it: clients are served in the order in which they came, an idle one is
dropped after 10 s, and one that does not take its reply is given up after a quarter of a second.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from simulators.wire.cgminer import REQUEST_CAP_BYTES, reply
from simulators.wire.courier import Courier
from simulators.wire.miner_link import MinerLink
from simulators.wire.tamper import Delivery
from simulators.wire.unit import UnitView

IDLE_LIMIT_S = 10.0
SEND_LIMIT_S = 0.25  # five times 50 ms in the published firmware
BACKLOG = 100


class MinerServer:
    """The clients of one miner, standing in line behind a link that may be broken."""

    def __init__(self, unit: UnitView, silent: Callable[[], bool], link: MinerLink) -> None:
        self._unit = unit
        self._silent = silent
        self._link = link
        self._line: deque[MinerConnection] = deque()

    def connection(self) -> "MinerConnection":
        """A protocol for the next client."""
        return MinerConnection(self)

    def enter(self, client: "MinerConnection") -> None:
        """A client has come; a unit that is away from the network hangs up on it."""
        if not self._unit.api_up or len(self._line) >= BACKLOG or not self._link.takes_in():
            client.abort()
            return
        self._line.append(client)
        self.serve()

    def leave(self, client: "MinerConnection") -> None:
        """A client is gone; the next one is served."""
        if client in self._line:
            self._line.remove(client)
            self.serve()

    def serve(self) -> None:
        """Answer the first in line, if it has asked and the miner is willing."""
        if not self._line or self._line[0].answered:
            return
        client = self._line[0]
        client.limit(IDLE_LIMIT_S)
        if not self._unit.api_up:
            client.abort()
        elif client.heard and self._link.answers and not self._silent():
            told = reply(self._link.heard(bytes(client.heard)), self._unit)
            client.answer(self._link.deliver(told))

    def close(self) -> None:
        """Hang up on everybody."""
        for client in tuple(self._line):
            client.abort()


class MinerConnection(asyncio.Protocol):
    """One client: what it has asked, and whether it was answered."""

    def __init__(self, server: MinerServer) -> None:
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._courier: Courier | None = None
        self.heard = bytearray()
        self.answered = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the line."""
        self._transport = cast("asyncio.Transport", transport)
        self._server.enter(self)

    def data_received(self, data: bytes) -> None:
        """Keep what one receive call of the firmware would have taken."""
        self.heard += data[: REQUEST_CAP_BYTES - len(self.heard)]
        self._server.serve()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the line."""
        del exc
        if self._timer is not None:
            self._timer.cancel()
        if self._courier is not None:
            self._courier.stop()
        self._server.leave(self)

    def answer(self, delivery: Delivery) -> None:
        """Send the one reply of this connection and close."""
        if self._transport is None:
            return
        self.answered = True
        self._courier = Courier(self._transport)
        self._courier.send(delivery)
        on_the_way_s = sum(after_s for after_s, _ in delivery.chunks)
        self._restart_timer(on_the_way_s + SEND_LIMIT_S)

    def limit(self, limit_s: float) -> None:
        """Hang up after `limit_s` unless something has ended the connection before; counts once."""
        if self._timer is None:
            self._restart_timer(limit_s)

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    def _restart_timer(self, limit_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(limit_s, self.abort)
