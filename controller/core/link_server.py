"""Core's end of the link: a Unix socket on which visitors' programs read reports and leave wishes.

Core never waits here: `publish` and `verdict` only fill each reader's small outbox. A full image
carries the last 200 events, so a slow reader loses an event only when 200 others came after it.
"""

import asyncio
import math
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import structlog

from controller.core.link_reader import REQUEST_CAP_BYTES, Left, Reader
from controller.core.link_socket import clear, keep_short, peer
from controller.link.background import Background
from controller.link.frames import BadFrame, bodies, decode_to_core, encode
from controller.link.merge import EVENT_HISTORY
from controller.link.messages import (
    EventInfo,
    Explanation,
    Hello,
    Question,
    Report,
    Request,
    Verdict,
)

READERS = 8
SEND_WITHIN_S = 10.0
# Who asks too much is heard no faster than this, so that a flood costs core next to nothing.
REFUSAL_PAUSE_S = 0.01
TEXT_CAP = 500
_TOO_LONG = f"a text is longer than {TEXT_CAP} characters"
ROOT = 0

log = structlog.get_logger()


class LinkServer:
    """Readers of the same user (or root) get `hello`, a full report, then one report a cycle.

    `on_request` hears each wish and must answer it through `verdict`, now or after the next scan;
    `on_question` answers at once (without it every question is refused).
    """

    def __init__(
        self,
        path: Path,
        hello: Hello,
        *,
        on_request: Callable[[Request], None],
        on_question: Callable[[Question], Explanation] | None = None,
        users: frozenset[int] | None = None,
    ) -> None:
        self._path = path
        self._hello = encode(hello)
        self._on_request = on_request
        self._on_question = on_question or _unexplained
        self._users = frozenset({os.getuid(), ROOT}) if users is None else users
        self._readers: set[Reader] = set()
        self._background = Background()
        self._events: deque[EventInfo] = deque(maxlen=EVENT_HISTORY)
        self._full: Callable[[], Report] | None = None
        self._full_frame: bytes | None = None
        self._skipped_by_the_gone = 0

    async def __aenter__(self) -> Self:
        await clear(self._path)
        await self._background.__aenter__()
        self._server = await asyncio.start_unix_server(self._welcome, str(self._path))
        self._path.chmod(0o600)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        await self._background.__aexit__(kind, error, trace)
        self._path.unlink(missing_ok=True)

    @property
    def readers(self) -> int:
        """How many programs are reading."""
        return len(self._readers)

    @property
    def skipped(self) -> int:
        """How many reports were replaced by a full image, over all readers."""
        return self._skipped_by_the_gone + sum(reader.outbox.skipped for reader in self._readers)

    def publish(self, report: Report, full: Callable[[], Report]) -> None:
        """Hand a cycle's report to every reader, at once and without waiting.

        `full` makes the newest full image; until the next publish it may be called, once, for the
        readers that are new or behind.
        """
        self._events.extend(report.events)
        self._full, self._full_frame = full, None
        frame: bytes | None = None
        for reader in self._readers:
            if frame is None:
                frame = encode(report)
            reader.outbox.put_report(frame)
            reader.wake.set()

    def verdict(self, verdict: Verdict) -> None:
        """Tell the reader that asked what became of its request; if it has left, nobody is told."""
        for reader in self._readers:
            if reader.answered(verdict.id):
                reader.tell(encode(verdict))
                return

    def _welcome(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pid, uid = peer(writer)
        if uid not in self._users:
            log.warning("link reader refused", pid=pid, uid=uid, why="foreign user")
            writer.close()
        elif len(self._background) >= READERS:
            log.warning("link reader refused", pid=pid, uid=uid, why=f"{READERS} readers already")
            writer.close()
        else:
            keep_short(writer)
            reader = Reader(stream, writer, pid)
            self._background.start(self._serve(reader), f"link.reader.{pid}")

    async def _serve(self, reader: Reader) -> None:
        log.info("link reader came", pid=reader.pid)
        self._readers.add(reader)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._send(reader), name=f"link.send.{reader.pid}")
                both.create_task(self._listen(reader), name=f"link.hear.{reader.pid}")
        except* (OSError, BadFrame, TimeoutError, Left) as lost:
            why = "; ".join(str(one) or type(one).__name__ for one in lost.exceptions)
            log.info("link reader left", pid=reader.pid, why=why)
        finally:
            self._readers.discard(reader)
            self._skipped_by_the_gone += reader.outbox.skipped
            reader.writer.transport.abort()

    async def _send(self, reader: Reader) -> None:
        await reader.write(self._hello, SEND_WITHIN_S)
        while True:
            frame = reader.outbox.take()
            if frame is None and reader.outbox.wants_full and self._full is not None:
                frame = self._newest_full(self._full)
                reader.outbox.filled()
            if frame is None:
                reader.wake.clear()
                await reader.wake.wait()
            else:
                await reader.write(frame, SEND_WITHIN_S)

    def _newest_full(self, full: Callable[[], Report]) -> bytes:
        if self._full_frame is None:
            image = msgspec.structs.replace(full(), full=True, events=tuple(self._events))
            self._full_frame = encode(image)
        return self._full_frame

    async def _listen(self, reader: Reader) -> None:
        async for body in bodies(reader.stream, None, REQUEST_CAP_BYTES):
            wish = decode_to_core(body)
            if isinstance(wish, Question):
                await self._explain(reader, wish)
                continue
            why = _malformed(wish) or reader.note(wish.id)
            if why is None:
                self._on_request(wish)
            else:
                reader.tell(encode(Verdict(wish.id[:TEXT_CAP], accepted=False, reason=why)))
                await asyncio.sleep(REFUSAL_PAUSE_S)
        raise Left("closed by the reader")

    async def _explain(self, reader: Reader, question: Question) -> None:
        if max(len(question.id), len(question.name)) > TEXT_CAP:
            said = Explanation(question.id[:TEXT_CAP], 0.0, (), refusal=_TOO_LONG)
        else:
            said = self._on_question(question)
        reader.tell(encode(said))
        # Who asks without end is heard no faster than this.
        await asyncio.sleep(REFUSAL_PAUSE_S)


def _unexplained(question: Question) -> Explanation:
    return Explanation(question.id, 0.0, (), refusal="nothing is explained here")


def _malformed(wish: Request) -> str | None:
    if isinstance(wish.value, float) and not math.isfinite(wish.value):
        return "the value is not a number"
    if not (math.isfinite(wish.expires_in_s) and wish.expires_in_s > 0.0):
        return "it must expire"
    value = wish.value if isinstance(wish.value, str) else ""
    texts = (wish.id, wish.source, wish.role, wish.name, wish.reason, value)
    if any(len(text) > TEXT_CAP for text in texts):
        return _TOO_LONG
    return None
