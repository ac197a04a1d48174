"""A short conversation with one unit: one connection at a time, one request, an end in time.

A unit takes ten clients and drops an idle one after 300 s, so nobody stays connected: connect,
ask, hang up. One deadline holds for everything together.
"""

import asyncio
from collections import deque
from typing import Final, Self

from drivers.device import InTime
from drivers.errors import BadReply, NoAnswer, TooLate
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
    """Requests to one unit, as a context; all of it ends within `total_s`.

    Some firmware hangs up after each reply, some goes on: a request that may be repeated is asked
    again over a new connection, one that may not begins with one.
    """

    def __init__(
        self, host: str, port: int, *, connect_s: float = CONNECT_S, total_s: float = TOTAL_S
    ) -> None:
        self._place = f"{host}:{port}"
        self._host, self._port = host, port
        self._connect_s, self._total_s = min(connect_s, total_s), total_s
        self._until_s = 0.0
        self._frames = _Frames()
        self._transport: asyncio.Transport | None = None
        self._answers = 0

    async def __aenter__(self) -> Self:
        """Begin to count; NoAnswer where nobody takes us in."""
        self._until_s = asyncio.get_running_loop().time() + self._total_s
        await self._connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        self._hang_up()

    async def ask(self, frame: bytes) -> bytes:
        """The body of the reply to a request that only reads."""
        again = self._answers > 0
        try:
            return await self._ask(frame)
        except NoAnswer:
            if not again or asyncio.get_running_loop().time() >= self._until_s:
                raise
        await self._connect()
        return await self._ask(frame)

    async def order(self, frame: bytes, in_time: InTime | None) -> bytes:
        """The body of the reply to an order, sent once; NoAnswer leaves open what became of it.

        `in_time` is asked in the moment in which it would leave; no means TooLate.
        """
        await self._connect()
        if in_time is not None and not in_time():
            raise TooLate(f"{self._place}: not sent: the order is no longer meant")
        return await self._ask(frame)

    async def _ask(self, frame: bytes) -> bytes:
        assert self._transport is not None, "asked within the context"  # noqa: S101
        asked: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._frames.ask(asked)
        if not asked.done():
            self._transport.write(frame)
        try:
            async with asyncio.timeout_at(self._until_s):
                body = await asked
        except TimeoutError:
            raise NoAnswer(f"{self._place}: no reply in {self._total_s:g} s") from None
        except (NoAnswer, BadReply) as error:
            raise type(error)(f"{self._place}: {error}") from None
        self._answers += 1
        return body

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        self._hang_up()
        self._frames, self._answers = _Frames(), 0
        frames = self._frames
        try:
            async with asyncio.timeout_at(min(loop.time() + self._connect_s, self._until_s)):
                made = await loop.create_connection(lambda: frames, self._host, self._port)
        except TimeoutError:
            raise NoAnswer(f"{self._place}: no connection in {self._connect_s:g} s") from None
        except OSError as error:
            raise NoAnswer(f"{self._place}: {error.strerror or error}") from error
        self._transport = made[0]

    def _hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        self._transport = None
