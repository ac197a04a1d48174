"""Brings what goes back to a client: piece after piece, each at its time."""

import asyncio
import socket
import struct
from collections import deque

from simulators.wire.tamper import Delivery


class Courier:
    """One client's; a delivery begins when the one before is over."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._waiting: deque[tuple[float, Delivery | bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def send(self, delivery: Delivery) -> None:
        """Bring all of it, then end the connection if the delivery says so."""
        self._waiting += delivery.chunks
        if delivery.end is not None:
            self._waiting.append((0.0, delivery))
        if self._timer is None:
            self._go_on()

    def stop(self) -> None:
        """Bring nothing more."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go_on(self) -> None:
        self._timer = None
        while self._waiting:
            after_s, piece = self._waiting[0]
            if after_s > 0.0:
                # The time is spent once it has been waited for.
                self._waiting[0] = (0.0, piece)
                self._timer = asyncio.get_running_loop().call_later(after_s, self._go_on)
                return
            self._waiting.popleft()
            self._bring(piece)

    def _bring(self, piece: Delivery | bytes) -> None:
        if isinstance(piece, bytes):
            self._transport.write(piece)
        elif piece.end == "reset":
            reset(self._transport)
        else:
            self._transport.close()


def reset(transport: asyncio.Transport) -> None:
    """Vanish at once, so that the peer sees its connection reset."""
    wire = transport.get_extra_info("socket")
    if wire is not None:
        # Without it the system would end an idle connection politely.
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
