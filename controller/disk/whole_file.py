"""Small files that are there in whole or not at all, whenever the power goes."""

import asyncio
import os
from pathlib import Path

import structlog

log = structlog.get_logger()


def write_whole(path: Path, text: str) -> None:
    """Put the text in the place of the file's old content, on the disk before this returns."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(path.parent)


class WholeFile:
    """Writes the newest text that it was given; a slow disk delays nobody, and is told once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wanted: str | None = None
        self._written: str | None = None
        self._work = asyncio.Event()
        self._troubled = False

    def keep(self, text: str) -> None:
        """Take the present text; returns at once."""
        if text != self._wanted:
            self._wanted = text
            self._work.set()

    async def run(self) -> None:
        """Write until cancelled; what is unwritten then is written on the way out."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                await asyncio.to_thread(self._write)
        finally:
            self._write()

    def _write(self) -> None:
        text = self._wanted
        if text is None or text == self._written:
            return
        try:
            write_whole(self._path, text)
        except OSError:
            if not self._troubled:
                log.exception("file not written", path=str(self._path))
            self._troubled = True
            return
        self._troubled = False
        self._written = text


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
