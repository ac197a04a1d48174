"""Everything that is remembered of single units over a restart."""

from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from controller.disk.serial_book import SerialBook, Tell
from controller.field.pool_watch import Known
from controller.field.wear_book import WearBook

POOLS_NAME = "pools.json"


class UnitBooks:
    """What the units have been through, and for whom they worked when they were asked last."""

    def __init__(self, folder: Path, units: int, tell: Tell) -> None:
        self.wear = WearBook(folder, units, tell)
        lost = "a change of pools while Hearth was away is not seen"
        self.pools = SerialBook(folder / POOLS_NAME, dict[str, Known], lost, tell)

    def writers(self) -> Iterator[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        """Who brings them to disk."""
        yield "wear", self.wear.file.run
        yield "pools", self.pools.file.run

    def keep(self, now_s: float) -> None:
        """Now and then, have them written; returns at once."""
        self.wear.keep(now_s)
        self.pools.keep(now_s)

    def close(self) -> None:
        """Have them written as they stand."""
        self.wear.close()
        self.pools.close()
