"""One request, one reply, one TCP connection, with an end in time and size.

The miner serves one client after another and blocks the next while a connection stands idle, so
the request is ready before connecting and leaves in one write. The write side stays open: a miner
that sees it closed drops the reply.
"""

import asyncio
from typing import Final, cast

from drivers.device import InTime
from drivers.errors import BadReply, NoAnswer, TooLate

CONNECT_S: Final = 1.0
TOTAL_S: Final = 2.0
CAP_BYTES: Final = 262_144


class _Call(asyncio.Protocol):
    """Says its request once and collects the reply to NUL or end."""

    __slots__ = ("_cap_bytes", "_heard", "_in_time", "_parts", "_request", "reply")

    def __init__(
        self,
        request: bytes,
        cap_bytes: int,
        reply: asyncio.Future[bytes],
        in_time: InTime | None,
    ) -> None:
        self.reply = reply
        self._in_time = in_time
        self._request = request
        self._cap_bytes = cap_bytes
        self._parts: list[bytes] = []
        self._heard = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send everything at once, unless it is no longer meant."""
        if self._in_time is not None and not self._in_time():
            self.reply.set_exception(TooLate("not sent: the order is no longer meant"))
            return
        # uvloop's transports do not derive from asyncio's, so the type is said and not asked.
        cast("asyncio.WriteTransport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        """Collect, up to the NUL that ends a reply or to the cap."""
        if self.reply.done():
            return
        self._heard += len(data)
        self._parts.append(data)
        if self._heard > self._cap_bytes:
            self.reply.set_exception(
                BadReply(f"expected at most {self._cap_bytes} bytes, the reply goes on")
            )
        elif 0 in data:
            self.reply.set_result(b"".join(self._parts))

    def connection_lost(self, exc: Exception | None) -> None:
        """Hand over what was said; an end without a word is no answer."""
        if self.reply.done():
            return
        if self._heard == 0:
            self.reply.set_exception(NoAnswer("hung up without a word"))
        elif exc is not None:
            self.reply.set_exception(BadReply(f"reset after {self._heard} bytes of a reply"))
        else:
            self.reply.set_result(b"".join(self._parts))


async def exchange(
    host: str,
    port: int,
    request: bytes,
    *,
    connect_s: float = CONNECT_S,
    total_s: float = TOTAL_S,
    cap_bytes: int = CAP_BYTES,
    in_time: InTime | None = None,
) -> bytes:
    """The raw reply to one request, within connect_s to connect and total_s for everything."""
    loop = asyncio.get_running_loop()
    reply: asyncio.Future[bytes] = loop.create_future()
    call = _Call(request, cap_bytes, reply, in_time)
    limits = _Limits(loop, min(connect_s, total_s), total_s)
    transport: asyncio.Transport | None = None
    try:
        transport, _ = await loop.create_connection(lambda: call, host, port)
        limits.connected = True
        return await reply
    except asyncio.CancelledError:
        # Whoever ends us from outside is not mistaken for our own limit.
        if not limits.over or (limits.task is not None and limits.task.uncancel() > 0):
            raise
        step = f"reply in {total_s:g}" if limits.connected else f"connection in {connect_s:g}"
        raise NoAnswer(f"{host}:{port}: no {step} s") from None
    except OSError as error:
        raise NoAnswer(f"{host}:{port}: {error.strerror or error}") from error
    except (NoAnswer, BadReply, TooLate) as error:
        raise type(error)(f"{host}:{port}: {error}") from None
    finally:
        limits.lift()
        if transport is not None:
            transport.abort()
        # A miner may hang up while the connection is still being given up: that word is heard too.
        if not reply.cancel() and not reply.cancelled():
            reply.exception()


class _Limits:
    """Ends the task that asks: where it is not connected in time, or everything takes too long.

    One timer for both, and none of its own for a reply that comes while the first still runs.
    """

    __slots__ = ("_handle", "_loop", "_rest_s", "connected", "over", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop, connect_s: float, total_s: float) -> None:
        self.connected = False
        self.over = False
        self.task = asyncio.current_task(loop)
        self._loop = loop
        self._rest_s = total_s - connect_s
        self._handle = loop.call_later(connect_s, self._ring)

    def lift(self) -> None:
        """It has ended in time."""
        self._handle.cancel()

    def _ring(self) -> None:
        if self.connected and self._rest_s > 0.0:
            self._handle = self._loop.call_later(self._rest_s, self._ring)
            self._rest_s = 0.0
        elif self.task is not None:
            self.over = True
            self.task.cancel()
