"""What is known of each unit by its serial number, in a file that outlives a restart."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from controller.disk.whole_file import WholeFile

KEEP_APART_S = 60.0
"""A crash loses no more than what was entered in this time."""

Tell = Callable[[str], None]
Entry = TypeVar("Entry")


class SerialBook(Generic[Entry]):
    """One entry a serial number, all of them a `kind`.

    `lost` tells people what begins anew where the file is broken.
    """

    def __init__(self, path: Path, kind: type[dict[str, Entry]], lost: str, tell: Tell) -> None:
        self.file = WholeFile(path)
        self.by_serial: dict[str, Entry] = _read(path, kind, lost, tell)
        self._due_s = 0.0

    def keep(self, now_s: float) -> None:
        """Now and then, have it written; returns at once."""
        if now_s >= self._due_s and self.by_serial:
            self._due_s = now_s + KEEP_APART_S
            self.close()

    def close(self) -> None:
        """Have it written as it stands."""
        self.file.keep(msgspec.json.encode(self.by_serial).decode())


def _read(path: Path, kind: type[dict[str, Entry]], lost: str, tell: Tell) -> dict[str, Entry]:
    """The book of an earlier run; a broken one is set aside under another name, and told."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as reason:
        tell(f"{path.name} could not be read, {lost}: {reason}")
    try:
        path.rename(path.with_suffix(".broken"))
    except OSError as reason:
        tell(f"{path.name} could not be set aside: {reason}")
    return {}
