"""What all verbs share: mistakes in plain words, a life that signals end, the log."""

import asyncio
import contextlib
import errno
import io
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, TextIO, TypeVar, cast

import structlog
import uvloop
from structlog.typing import EventDict

from controller.clock.loop import new_loop
from controller.clock.now import choose_clock, utc_s
from controller.clock.shared import ClockError
from controller.config.load import ConfigError, load_plant
from controller.config.plant import PlantFile
from controller.core.lifeline import LifelineError

Result = TypeVar("Result")


def load(config: Path) -> PlantFile:
    """The plant of a file, or the end of the program with what is wrong in it."""
    return explained(lambda: load_plant(config))


def explained(make: Callable[[], Result]) -> Result:
    """What is made, or the end of the program with the mistake in plain words."""
    try:
        return make()
    except (ClockError, ConfigError, LifelineError) as error:
        stop(str(error))


def live(
    life: Callable[[asyncio.Event], Coroutine[Any, Any, None]], speed: str | None = None
) -> None:
    """Run until it ends by itself or a signal asks it to, on the clock of this speed if given."""
    if speed is not None:
        explained(lambda: choose_clock(speed))

    async def until_asked() -> None:
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, asked.set)
        await life(asked)

    try:
        uvloop.run(until_asked(), loop_factory=new_loop)
    except* (ConfigError, OSError) as errors:
        stop(_explanation(errors))


def _explanation(errors: BaseExceptionGroup[Exception]) -> str:
    """The words of a mistake that its user can mend; any other one is raised as it is."""
    first: BaseException = errors
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    mendable = {errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, errno.ENOSPC}
    if isinstance(first, OSError) and first.errno not in mendable:
        raise errors
    return str(first)


def stop(message: str) -> NoReturn:
    """End the program and say why."""
    sys.stderr.write(f"hearth: {message}\n")
    raise SystemExit(2)


class Unbreakable(io.TextIOBase):
    """A stream whose reader may be gone: a plant is not stopped for want of a log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str, /) -> int:
        """Write what can be written and take the rest as written."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush where there is still somebody to read."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def log_to_stderr(level: int = logging.INFO) -> None:
    """Coloured in a terminal, JSON lines elsewhere; nothing below the level."""
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _stamp,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", Unbreakable(sys.stderr))),
    )


def _stamp(_logger: object, _name: str, entry: EventDict) -> EventDict:
    """When it was, on the plant's clock."""
    entry["timestamp"] = datetime.fromtimestamp(utc_s(), UTC).isoformat().replace("+00:00", "Z")
    return entry
