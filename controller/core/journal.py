"""What was asked and what became of it: one JSON line each, appended and synced, never changed."""

import asyncio
import json
import os
from collections import deque
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger()

MOST_WAITING = 10_000


class Journal:
    """Writes entries in the order they came; a slow disk delays nobody, a full queue is told."""

    def __init__(self, path: Path) -> None:
        self.lost = 0
        self._path = path
        self._waiting: deque[str] = deque()
        self._work = asyncio.Event()
        self._troubled = False

    def enter(self, utc_s: float, kind: str, **fields: Any) -> None:  # noqa: ANN401 - what JSON takes
        """Leave one entry to be written; returns at once."""
        if len(self._waiting) >= MOST_WAITING:
            self.lost += 1
            return
        self._waiting.append(json.dumps({"utc_s": round(utc_s, 3), "kind": kind, **fields}))
        self._work.set()

    async def run(self) -> None:
        """Write until cancelled; what is waiting then is written on the way out."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                await asyncio.to_thread(self._write)
        finally:
            self._write()

    def _write(self) -> None:
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not lines:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._waiting.extendleft(reversed(lines))
            if not self._troubled:
                log.exception("journal not written", path=str(self._path), waiting=len(lines))
            self._troubled = True
        else:
            self._troubled = False
