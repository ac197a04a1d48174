"""The journal of alarms: one line a transition, the single truth of what stands after a restart.

A line is in the kernel's hands before anybody is told, so that a killed program has lost nothing;
it is on the disk a moment later. A last line that was torn off is no line.
"""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import structlog

from controller.control.alarms.base import Base
from controller.control.alarms.columns import columns
from controller.control.alarms.replay import replay, standing_entries
from controller.control.alarms.state import AlarmState, Transition
from controller.control.settings import Settings
from controller.disk.whole_file import write_whole

log = structlog.get_logger()

NAME = "alarms.jsonl"
KEPT_S = 30 * 86_400.0
"""The figures of performance look back so far."""
_PLAIN = {one.name: one.default for one in fields(Transition) if one.default is not MISSING}


class AlarmJournal:
    """Reads what stood, then appends what happens."""

    def __init__(self, path: Path) -> None:
        self.lost = 0
        self._path = path
        self._file: int | None = None
        self._work = asyncio.Event()

    def restore(
        self, settings: Settings, now_s: float, utc_s: float, tell: Callable[[str], object]
    ) -> AlarmState:
        """The alarms as the journal left them; `tell` hears of what could not be believed."""
        entries, damaged = read_alarms(self._path)
        table = columns(settings)
        state, gone = replay(entries, now_s, utc_s, table)
        if damaged:
            kept = self._path.with_name(f"{self._path.name}.damaged")
            kept.write_bytes(self._path.read_bytes())
            tell(f"{self._path.name}: {damaged} lines could not be read; a copy is in {kept.name}")
        if gone:
            tell(f"alarms that this plant has no more: {', '.join(gone)[:300]}")
        old = [one for one in entries if one.utc_s < utc_s - KEPT_S]
        if damaged or old:
            old_state, _ = replay(old, now_s, utc_s, table)
            recent = entries[len(old) :]
            self._rewrite([*standing_entries(old_state, old, table), *recent])
        return state

    def keep(self, transitions: Sequence[Transition]) -> None:
        """Append; returns when the kernel has it, which takes no disk's time."""
        if not transitions:
            return
        text = "".join(f"{_line(one)}\n" for one in transitions).encode()
        try:
            if self._file is None:
                self._file = _opened(self._path)
            os.write(self._file, text)
        except OSError:
            if not self.lost:
                log.exception("alarms not journalled", path=str(self._path))
            self.lost += len(transitions)
            self._file = None
        self._work.set()

    async def run(self) -> None:
        """Bring what was appended to the disk, until cancelled."""
        try:
            while True:
                await self._work.wait()
                self._work.clear()
                await asyncio.to_thread(self._sync)
        finally:
            self._sync()
            if self._file is not None:
                os.close(self._file)

    def _sync(self) -> None:
        if self._file is not None:
            os.fsync(self._file)

    def _rewrite(self, entries: Sequence[Transition]) -> None:
        write_whole(self._path, "".join(f"{_line(one)}\n" for one in entries))


def read_alarms(path: Path) -> tuple[list[Transition], int]:
    """The entries of a journal in their order, and how many lines are none; none without a file."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], 0
    # What stands behind the last end of a line was torn off.
    entries, damaged = [], 0
    for line in lines[:-1]:
        if not line:
            continue
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError):
            damaged += 1
    return entries, damaged


def _entry(data: dict[str, Any]) -> Transition:
    one = Transition(**data)
    if not 0 <= one.base < len(Base) or not isinstance(one.alarm, str):
        raise ValueError("no state of an alarm")
    return one


def _line(one: Transition) -> str:
    given = {name: getattr(one, name) for name in Transition.__slots__}
    told = {name: v for name, v in given.items() if name not in _PLAIN or v != _PLAIN[name]}
    return json.dumps(told, ensure_ascii=False)


def _opened(path: Path) -> int:
    """The file, ready to append to; a torn last line is cut off first."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    size = os.fstat(handle).st_size
    end = _whole_lines(handle, size)
    if end < size:
        os.ftruncate(handle, end)
    os.lseek(handle, end, os.SEEK_SET)
    return handle


def _whole_lines(handle: int, size: int) -> int:
    """Where the last whole line ends."""
    at = size
    while at > 0:
        begin = max(0, at - 4_096)
        found = os.pread(handle, at - begin, begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return 0
