"""Keeps on disk what the scan learnt and was ordered; an unreadable file is told, and forgotten."""

import json
from collections.abc import Callable
from math import isfinite
from pathlib import Path

from controller.control.memory import Memory, recall, remember
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.disk.whole_file import WholeFile
from controller.image.fleet import FleetLayout

MEMORY_NAME = "memory.json"

Tell = Callable[[str], None]
"""Tells what could not be remembered."""


class Keeper:
    """One file in the state folder, written whenever what it holds has changed."""

    def __init__(self, folder: Path, layout: FleetLayout) -> None:
        self.file = WholeFile(folder / MEMORY_NAME)
        self._path = folder / MEMORY_NAME
        self._layout = layout
        self._newest: Memory | None = None

    def restore(
        self, state: PlantState, settings: Settings, utc_s: float, tell: Tell
    ) -> PlantState:
        """The state with what was kept and may be believed; `tell` hears of what may not."""
        found = _read(self._path, tell)
        if found is None:
            return state
        written_utc_s, memory = found
        state, complaints = recall(memory, written_utc_s, utc_s, state, self._layout, settings)
        for complaint in complaints:
            tell(complaint)
        return state

    def keep(self, state: PlantState, utc_s: float) -> None:
        """Take what is to be kept; returns at once."""
        memory = remember(state, self._layout)
        if memory != self._newest:
            self._newest = memory
            self.file.keep(json.dumps({"utc_s": utc_s, "memory": memory}, indent=1))


def _read(path: Path, tell: Tell) -> tuple[float, Memory] | None:
    """When the file was written and what it holds; None without a file or with a broken one."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        written_utc_s, memory = float(told["utc_s"]), told["memory"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        tell(f"{path.name} could not be read: {error}")
        return None
    if not isinstance(memory, dict) or not isfinite(written_utc_s):
        tell(f"{path.name} holds no memory")
        return None
    return written_utc_s, memory
