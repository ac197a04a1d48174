"""One reader of the link, as core sees it: what it is owed, and what it has asked."""

import asyncio

from controller.link.outbox import Outbox

OUTSTANDING = 32
REQUEST_CAP_BYTES = 64 * 1024
# The visitor's side gives up after 3 s; a wish that is this old holds no place any more.
FORGET_AFTER_S = 10.0


class Left(Exception):  # noqa: N818 - it says what happened
    """The reader has closed its end."""


class Reader:
    """A connected program: its outbox, and the requests of it that wait for a verdict."""

    def __init__(
        self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int
    ) -> None:
        self.stream = stream
        self.writer = writer
        self.pid = pid
        self.outbox = Outbox()
        self.wake = asyncio.Event()
        self._asked: dict[str, float] = {}

    def note(self, request_id: str) -> str | None:
        """Remember a request until its verdict; the reason why not when there are too many."""
        now_s = asyncio.get_running_loop().time()
        if len(self._asked) >= OUTSTANDING:
            self._forget(now_s)
        if len(self._asked) >= OUTSTANDING:
            return f"{OUTSTANDING} requests already wait for their verdict"
        if request_id in self._asked:
            return "a request of this id already waits"
        self._asked[request_id] = now_s
        return None

    def answered(self, request_id: str) -> bool:
        """Whether this reader asked that; it is asked no more."""
        return self._asked.pop(request_id, None) is not None

    def tell(self, frame: bytes) -> None:
        """Queue a verdict; a reader that lets them pile up is cut off."""
        if not self.outbox.put_verdict(frame):
            self.writer.transport.abort()
        self.wake.set()

    async def write(self, frame: bytes, within_s: float) -> None:
        """Send one frame; `TimeoutError` when the reader does not take it in time."""
        async with asyncio.timeout(within_s):
            self.writer.write(frame)
            await self.writer.drain()

    def _forget(self, now_s: float) -> None:
        old = [name for name, since_s in self._asked.items() if now_s - since_s > FORGET_AFTER_S]
        for name in old:
            del self._asked[name]
