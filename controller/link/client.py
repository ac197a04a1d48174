"""The visitors' end of the link: the reports of core, and its verdict on a wish."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from controller.clock.now import real_limit_s
from controller.link.background import Background
from controller.link.frames import BadFrame, bodies, decode_from_core, encode
from controller.link.merge import merge
from controller.link.messages import (
    PROTOCOL,
    Explanation,
    FromCore,
    Hello,
    Question,
    Report,
    Request,
    ToCore,
    Verdict,
)

CONNECT_WITHIN_S = 2.0
VERDICT_WITHIN_S = 3.0
# Core reports every cycle, at most 5 s long: two cycles of silence and a core that has just died.
SILENT_AFTER_S = 10.0


class LinkError(Exception):
    """Something is wrong between this program and core."""


class LinkLost(LinkError):  # noqa: N818 - it says what happened
    """Core is not there, has gone, or has fallen silent."""


class WrongProtocol(LinkError):  # noqa: N818 - it says what happened
    """Core speaks another version of the link."""


class NoVerdict(LinkError):  # noqa: N818 - it says what happened
    """Core did not decide in time; whether it took the request is not known."""


class LinkClient:
    """One connection to core: `hello` at once, then reports as they come.

    A consumer slower than core is given one report that holds all it has missed.
    """

    def __init__(self, path: Path, *, silent_after_s: float = SILENT_AFTER_S) -> None:
        self.hello: Hello
        self._path = path
        self._silent_after_s = silent_after_s
        self._background = Background()
        self._news = asyncio.Event()
        self._report: Report | None = None
        self._lost: str | None = None
        self._answers: dict[str, asyncio.Future[Verdict | Explanation]] = {}

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(real_limit_s(CONNECT_WITHIN_S)):
                stream, self._writer = await asyncio.open_unix_connection(str(self._path))
        except (OSError, TimeoutError) as reason:
            raise LinkLost(f"no core answers on {self._path}: {reason!r}") from reason
        with ExitStack() as undo:
            undo.callback(self._writer.close)
            incoming = bodies(stream, self._silent_after_s)
            self.hello = await self._greet(incoming)
            await self._background.__aenter__()
            undo.pop_all()
        self._background.start(self._listen(incoming), "link.listen")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()
        await self._background.__aexit__(kind, error, trace)

    async def reports(self) -> AsyncIterator[Report]:
        """The reports from now on, the first one full; raises `LinkLost` at their end."""
        while True:
            await self._news.wait()
            report, self._report = self._report, None
            if report is None and self._lost is not None:
                raise LinkLost(self._lost)
            if self._lost is None:
                self._news.clear()
            if report is not None:
                yield report

    async def ask(
        self,
        name: str,
        value: float | bool | str | None,  # noqa: FBT001 - a value, not a switch
        *,
        source: str,
        role: str,
        reason: str,
        expires_in_s: float,
    ) -> Verdict:
        """Core's verdict on a wish, within 3 s."""
        wish = Request(uuid.uuid4().hex, source, role, name, value, reason, expires_in_s)
        verdict = await self._answer(wish)
        if not isinstance(verdict, Verdict):
            raise NoVerdict(f"core answered {name} with something else")
        return verdict

    async def explain(self, name: str) -> Explanation:
        """Why a tag or a unit is as it is, within 3 s."""
        told = await self._answer(Question(uuid.uuid4().hex, name))
        if not isinstance(told, Explanation):
            raise NoVerdict(f"core answered the question for {name} with something else")
        return told

    async def _answer(self, asked: ToCore) -> Verdict | Explanation:
        if self._lost is not None:
            raise LinkLost(self._lost)
        answer: asyncio.Future[Verdict | Explanation] = asyncio.get_running_loop().create_future()
        self._answers[asked.id] = answer
        try:
            async with asyncio.timeout(real_limit_s(VERDICT_WITHIN_S)):
                self._writer.write(encode(asked))
                await self._writer.drain()
                return await answer
        except TimeoutError as late:
            raise NoVerdict(f"no verdict on {asked.name} within {VERDICT_WITHIN_S} s") from late
        except OSError as broken:
            raise LinkLost(f"core left before it answered: {broken!r}") from broken
        finally:
            del self._answers[asked.id]

    async def _greet(self, incoming: AsyncIterator[bytes]) -> Hello:
        try:
            async with asyncio.timeout(real_limit_s(CONNECT_WITHIN_S)):
                hello = decode_from_core(await anext(incoming))
        except (OSError, TimeoutError, StopAsyncIteration) as reason:
            raise LinkLost(f"core on {self._path} did not greet: {reason!r}") from reason
        except BadFrame as reason:
            raise WrongProtocol(
                f"core on {self._path} greets in unknown words: {reason}"
            ) from reason
        if not isinstance(hello, Hello):
            raise WrongProtocol(f"core on {self._path} did not begin with its hello")
        if hello.protocol != PROTOCOL:
            raise WrongProtocol(
                f"core on {self._path} speaks link protocol {hello.protocol},"
                f" this program {PROTOCOL}"
            )
        return hello

    async def _listen(self, incoming: AsyncIterator[bytes]) -> None:
        why = "core closed the link"
        try:
            async for body in incoming:
                self._take(decode_from_core(body))
        except TimeoutError:
            why = f"core was silent for {self._silent_after_s} s"
        except (OSError, BadFrame) as reason:
            why = f"the link broke: {reason!r}"
        self._lost = why
        self._news.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(LinkLost(why))

    def _take(self, message: FromCore) -> None:
        match message:
            case Report():
                self._report = merge(self._report, message)
                self._news.set()
            case Verdict() | Explanation():
                answer = self._answers.get(message.id)
                if answer is not None and not answer.done():
                    answer.set_result(message)
            case Hello():
                raise BadFrame("core greeted twice")
