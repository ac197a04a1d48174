"""Keeps latched trips on disk, so that a restart does not forget them; unreadable means tripped."""

import json
from pathlib import Path

import structlog

from controller.control.state import Trip
from controller.disk.whole_file import WholeFile

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
        self._file = WholeFile(path)
        self._kept = trips

    def keep(self, trips: tuple[Trip, ...]) -> None:
        """Take the present trips; returns at once."""
        if trips != self._kept:
            self._kept = trips
            self._file.keep(json.dumps([_plain(trip) for trip in trips], indent=1))

    async def run(self) -> None:
        """Write until cancelled; what is unwritten then is written on the way out."""
        await self._file.run()


def _plain(trip: Trip) -> dict[str, object]:
    return {name: getattr(trip, name) for name in Trip.__slots__}
