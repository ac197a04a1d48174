"""Keeps on disk what must survive a restart and is not a trip; an unreadable file is told."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import structlog

from controller.control.memory import Memory
from controller.core.whole_file import write_whole

log = structlog.get_logger()

# Learnt figures change every second; what is lost with a kill is at most this young.
APART_S = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """A memory as it was read, when it was written, and what was wrong with the file."""

    memory: Memory
    utc_s: float
    trouble: str | None = None


def read_memory(path: Path) -> Found:
    """What the file holds; nothing without a file, and nothing with a trouble when it is broken."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        utc_s = float(told["utc_s"])
        memory = told["memory"]
    except FileNotFoundError:
        return Found({}, 0.0)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        log.warning("memory unreadable", path=str(path), error=str(error))
        return Found({}, 0.0, f"{path.name} could not be read: begun without it")
    if not isinstance(memory, dict) or not isfinite(utc_s):
        return Found({}, 0.0, f"{path.name} holds no memory: begun without it")
    return Found(memory, utc_s)


class MemoryKeeper:
    """Writes the memory when it has changed, once a second at most; a slow disk delays nobody."""

    def __init__(self, path: Path, utc_s: Callable[[], float]) -> None:
        self._path = path
        self._utc_s = utc_s
        self._written: Memory = {}
        self._wanted: Memory = {}
        self._work = asyncio.Event()
        self._troubled = False

    def keep(self, memory: Memory) -> None:
        """Take the present memory; returns at once."""
        if memory != self._wanted:
            self._wanted = memory
            self._work.set()

    async def run(self) -> None:
        """Write until cancelled; what is unwritten then is written on the way out."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                await asyncio.to_thread(self._write, self._wanted)
                await asyncio.sleep(APART_S)
        finally:
            if self._written != self._wanted:
                self._write(self._wanted)

    def _write(self, memory: Memory) -> None:
        try:
            text = json.dumps({"utc_s": self._utc_s(), "memory": memory}, indent=1)
            write_whole(self._path, text)
        except (OSError, TypeError, ValueError) as error:
            if not self._troubled:
                log.warning("memory not written", path=str(self._path), error=str(error))
            self._troubled = True
            return
        self._troubled = False
        self._written = memory
