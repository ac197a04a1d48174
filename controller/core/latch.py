"""Keeps latched trips on disk, so that a restart does not forget them; unreadable means tripped."""

import asyncio
import json
from pathlib import Path

import structlog

from controller.control.state import Trip
from controller.core.whole_file import write_whole

log = structlog.get_logger()


def read_latch(path: Path, utc_s: float) -> tuple[Trip, ...]:
    """The trips of the file; none without a file, one of its own when it cannot be read."""
    try:
        return tuple(Trip(**trip) for trip in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError):
        log.exception("latch file unreadable: counted as tripped", path=str(path))
        text = f"{path.name} could not be read"
        return (Trip("latch-unreadable", None, utc_s, text, first_out=True),)


class LatchKeeper:
    """Writes the trips whenever they change; a slow disk delays nobody."""

    def __init__(self, path: Path, trips: tuple[Trip, ...]) -> None:
        self._path = path
        self._written = trips
        self._wanted = trips
        self._work = asyncio.Event()

    def keep(self, trips: tuple[Trip, ...]) -> None:
        """Take the present trips; returns at once."""
        if trips != self._wanted:
            self._wanted = trips
            self._work.set()

    async def run(self) -> None:
        """Write until cancelled; what is unwritten then is written on the way out."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                await asyncio.to_thread(self._write, self._wanted)
        finally:
            if self._written != self._wanted:
                self._write(self._wanted)

    def _write(self, trips: tuple[Trip, ...]) -> None:
        text = json.dumps([_plain(trip) for trip in trips], indent=1)
        try:
            write_whole(self._path, text)
        except OSError:
            log.exception("latch file not written", path=str(self._path))
            return
        self._written = trips


def _plain(trip: Trip) -> dict[str, object]:
    return {name: getattr(trip, name) for name in Trip.__slots__}
