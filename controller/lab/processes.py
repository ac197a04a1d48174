"""CPU time and peak memory of a process, and who its children are, as Linux tells in /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# Fields of /proc/PID/stat after the closing bracket of the name (proc(5) counts them from 3).
STATE_FIELD = 3
USER_TICKS_FIELD, SYSTEM_TICKS_FIELD = 14, 15
PEAK_MEMORY = "VmHWM:"
BYTES_PER_KIB = 1_024  # what the kernel calls kB


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used since its start."""

    cpu_s: float
    peak_mb: float


def parse_usage(stat: str, status: str, ticks_per_s: int) -> Usage:
    """CPU seconds from `stat`, peak resident memory from `status`; ValueError when they lack it."""
    # The name may hold blanks and brackets; what follows its last bracket does not.
    fields = stat.rpartition(")")[2].split()
    if len(fields) <= SYSTEM_TICKS_FIELD - STATE_FIELD:
        raise ValueError(f"not the stat of a process: {stat!r}")
    user, system = (
        int(fields[place - STATE_FIELD]) for place in (USER_TICKS_FIELD, SYSTEM_TICKS_FIELD)
    )
    return Usage((user + system) / ticks_per_s, _peak_kib(status) * BYTES_PER_KIB / 1e6)


def read_usage(pid: int) -> Usage | None:
    """What this process has used; None when it is no more."""
    folder = PROC / str(pid)
    try:
        stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        status = (folder / "status").read_text(encoding="utf-8", errors="replace")
        return parse_usage(stat, status, os.sysconf("SC_CLK_TCK"))
    except (OSError, ValueError):
        return None


def child_named(parent: int, verb: str) -> int | None:
    """The child of this process whose command line has this word; None when there is none."""
    try:
        children = (PROC / str(parent) / "task" / str(parent) / "children").read_text()
    except OSError:
        return None
    return next((pid for pid in map(int, children.split()) if verb in _command_line(pid)), None)


def _peak_kib(status: str) -> int:
    for line in status.splitlines():
        if line.startswith(PEAK_MEMORY):
            return int(line.removeprefix(PEAK_MEMORY).split()[0])
    raise ValueError("a process without memory: it has ended already")


def _command_line(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return []
