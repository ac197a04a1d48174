"""The programs that the demonstration runs: started together, ended together, none left behind.

Even a SIGKILL of the demonstration ends them: they hang on its lifeline.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from controller.clock.now import real_limit_s
from controller.core.lifeline import start_bound

# Asked to end, then made to end: together within the three seconds that Ctrl-C may take.
END_WITHIN_S = 2.3
LAST_LINES = 12


@dataclass(frozen=True, slots=True)
class Child:
    """One running program and the file that takes what it says."""

    name: str
    process: Process
    log: Path


class ChildDied(Exception):  # noqa: N818 - it says what happened
    """A program ended that should have stayed; the message holds its last words."""

    def __init__(self, child: Child, code: int) -> None:
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        words = "\n".join(f"  {line}" for line in last_lines(child.log)) or "  (it said nothing)"
        super().__init__(f"{child.name} {how}; its last words:\n{words}")


class Children:
    """Whoever is started here has ended when the block is left."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.shield(self._end_all())

    async def start(self, name: str, *arguments: str, log: Path) -> Child:
        """`hearth ARGUMENTS` in a process group of its own, its words in a file."""
        with log.open("wb") as words:
            process = await start_bound(
                sys.executable,
                *("-m", "controller", *arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                # Ctrl-C in the terminal is for the demonstration, which then ends them in order.
                start_new_session=True,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    async def _end_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for child in self._children:
                group.create_task(end(child), name=f"end {child.name}")


async def stay(child: Child) -> None:
    """Wait for ever; ChildDied as soon as this program ends."""
    code = await child.process.wait()
    raise ChildDied(child, code)


async def end(child: Child) -> None:
    """Ask the program and what it has started to end, and make them end when they do not."""
    _tell_group(child, signal.SIGTERM)
    try:
        async with asyncio.timeout(real_limit_s(END_WITHIN_S)):
            await child.process.wait()
    except TimeoutError:
        _tell_group(child, signal.SIGKILL)
        await child.process.wait()
    # What it had started may have outlived it.
    _tell_group(child, signal.SIGKILL)


def last_lines(log: Path) -> list[str]:
    """The last lines of what a program has said."""
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            return [line.rstrip() for line in deque(lines, maxlen=LAST_LINES)]
    except OSError:
        return []


def _tell_group(child: Child, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)
