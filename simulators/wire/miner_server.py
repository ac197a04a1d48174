"""The API door of one miner: one client at a time, one request a connection, then it closes.

As the firmware does it: clients are served in the order in which they came, an idle one is
dropped after 10 s, and one that does not take its reply is given up after a quarter of a second.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from simulators.wire.cgminer import REQUEST_CAP_BYTES, reply
from simulators.wire.unit import UnitView

IDLE_LIMIT_S = 10.0
SEND_LIMIT_S = 0.25  # five times 50 ms in the published firmware
BACKLOG = 100


class MinerServer:
    """The clients of one miner, standing in line."""

    def __init__(self, unit: UnitView, silent: Callable[[], bool]) -> None:
        self._unit = unit
        self._silent = silent
        self._line: deque[MinerConnection] = deque()

    def connection(self) -> "MinerConnection":
        """A protocol for the next client."""
        return MinerConnection(self)

    def enter(self, client: "MinerConnection") -> None:
        """A client has come; a unit that is away from the network hangs up on it."""
        if not self._unit.api_up or len(self._line) >= BACKLOG:
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
        elif client.heard and not self._silent():
            client.answer(reply(bytes(client.heard), self._unit))

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
        self._server.leave(self)

    def answer(self, data: bytes) -> None:
        """Send the one reply of this connection and close."""
        if self._transport is None:
            return
        self.answered = True
        self._transport.write(data)
        self._transport.close()
        self._restart_timer(SEND_LIMIT_S)

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
