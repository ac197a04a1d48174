"""The person beside the bench, who does what no program can and confirms it with Enter."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Protocol, TextIO

from controller.clock.now import real_limit_s

ENTER = b"\n"
READ_AT_ONCE = 4096
NOBODY = "nobody is there to do it: standard input is no terminal, or has ended"


class Person(Protocol):
    """Whoever does the manual part of a step."""

    async def does(self, what: str, within_s: float) -> str:
        """Ask for it and wait, in real seconds; says why it was not done, or nothing."""


class PersonAtTerminal:
    """Somebody at standard input."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say

    async def does(self, what: str, within_s: float) -> str:
        """Ask, and wait for Enter."""
        answered = asyncio.Event()
        heard = bytearray()
        # A program that was started without any has None there, whatever its type says.
        stdin: TextIO | None = sys.stdin
        if stdin is None:
            return NOBODY
        door = stdin.fileno()
        loop = asyncio.get_running_loop()

        def read() -> None:
            typed = os.read(door, READ_AT_ONCE)
            heard.extend(typed)
            if not typed or ENTER in heard:
                answered.set()

        self._say(f"  ask: {what}  (Enter when it is done)")
        try:
            loop.add_reader(door, read)
        except OSError:
            return NOBODY
        try:
            async with asyncio.timeout(real_limit_s(within_s)):
                await answered.wait()
        except TimeoutError:
            return f"nobody confirmed it within {within_s:g} s"
        finally:
            loop.remove_reader(door)
        return "" if ENTER in heard else NOBODY
