"""A short conversation with one unit: one connection, one request at a time, an end in time.

A unit takes ten clients and drops an idle one after 300 s, so nobody stays connected: connect,
ask, hang up. One deadline holds for everything together.
"""

import asyncio
from collections import deque
from typing import Final, Self

from drivers.errors import BadReply, NoAnswer
from drivers.whatsminer.codec import LENGTH_BYTES, MAX_REPLY_BYTES, length_of

CONNECT_S: Final = 1.0
TOTAL_S: Final = 4.0


class _Frames(asyncio.Protocol):
    """Collects bytes into frames; what comes unasked is not taken for an answer."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._asked: asyncio.Future[bytes] | None = None
        self._early: deque[bytes] = deque()
        self._ended: Exception | None = None

    def ask(self, asked: asyncio.Future[bytes]) -> None:
        """Await the next frame."""
        self._asked = asked
        if self._ended is not None:
            asked.set_exception(self._ended)
        elif self._early or self._heard:
            asked.set_exception(BadReply("bytes came that nobody had asked for"))

    def data_received(self, data: bytes) -> None:
        """Collect up to the end of a frame."""
        if len(self._heard) + len(data) > MAX_REPLY_BYTES + LENGTH_BYTES:
            self._end(BadReply(f"expected at most {MAX_REPLY_BYTES} bytes, the reply goes on"))
            return
        self._heard += data
        try:
            self._cut()
        except BadReply as error:
            self._end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """An end within a frame is a bad reply, one before it is none."""
        if self._heard:
            self._end(BadReply(f"hung up after {len(self._heard)} bytes of a frame"))
        else:
            self._end(NoAnswer(f"hung up without a word{'' if exc is None else f': {exc}'}"))

    def _cut(self) -> None:
        while len(self._heard) >= LENGTH_BYTES:
            length = length_of(bytes(self._heard[:LENGTH_BYTES]))
            whole = LENGTH_BYTES + length
            if len(self._heard) < whole:
                return
            body = bytes(self._heard[LENGTH_BYTES:whole])
            del self._heard[:whole]
            # A length of zero is a heartbeat and answers nothing.
            if length:
                self._take(body)

    def _take(self, body: bytes) -> None:
        if self._asked is not None and not self._asked.done():
            self._asked.set_result(body)
        else:
            self._early.append(body)

    def _end(self, why: Exception) -> None:
        self._ended = self._ended or why
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(self._ended)


class Conversation:
    """Requests over one connection, as a context; all of it ends within `total_s`."""

    def __init__(
        self, host: str, port: int, *, connect_s: float = CONNECT_S, total_s: float = TOTAL_S
    ) -> None:
        self._place = f"{host}:{port}"
        self._host, self._port = host, port
        self._connect_s, self._total_s = min(connect_s, total_s), total_s
        self._until_s = 0.0
        self._frames = _Frames()
        self._transport: asyncio.Transport | None = None

    async def __aenter__(self) -> Self:
        """Connect; NoAnswer where nobody takes us in."""
        loop = asyncio.get_running_loop()
        self._until_s = loop.time() + self._total_s
        try:
            async with asyncio.timeout(self._connect_s):
                made = await loop.create_connection(lambda: self._frames, self._host, self._port)
        except TimeoutError:
            raise NoAnswer(f"{self._place}: no connection in {self._connect_s:g} s") from None
        except OSError as error:
            raise NoAnswer(f"{self._place}: {error.strerror or error}") from error
        self._transport = made[0]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    async def ask(self, frame: bytes) -> bytes:
        """The body of the one reply to a request; NoAnswer leaves open what became of it."""
        assert self._transport is not None, "asked within the context"  # noqa: S101
        asked: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._frames.ask(asked)
        if not asked.done():
            self._transport.write(frame)
        try:
            async with asyncio.timeout_at(self._until_s):
                return await asked
        except TimeoutError:
            raise NoAnswer(f"{self._place}: no reply in {self._total_s:g} s") from None
        except (NoAnswer, BadReply) as error:
            raise type(error)(f"{self._place}: {error}") from None
