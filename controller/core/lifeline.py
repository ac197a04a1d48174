"""The lifeline: a pipe by which a program notices that the one that started it has gone.

Whoever starts programs holds the writing end and never writes. The kernel closes it when that
process ends, however it ends, and every program that reads there comes to the end of the pipe.
Nothing can slip through: a pipe whose writer died before anybody looked has ended just as well.
"""

import os
import signal
import stat
import threading
from asyncio import create_subprocess_exec
from asyncio.subprocess import Process
from functools import cache
from typing import IO

VARIABLE = "HEARTH_LIFELINE"
END_WITHIN_S = 4.0
"""Real seconds that an orphan is given to end in order, longer than any of our programs takes."""


class LifelineError(Exception):
    """The environment names a lifeline that there is not; the message says the remedy."""


async def start_bound(
    *command: str,
    stdin: int | None = None,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
    start_new_session: bool = False,
) -> Process:
    """Start a program that ends when this process has ended, even by SIGKILL."""
    reading, _ = _pipe()
    return await create_subprocess_exec(
        *command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=start_new_session,
        pass_fds=(reading,),
        env={**os.environ, VARIABLE: str(reading)},
    )


def watch(end_within_s: float = END_WITHIN_S) -> None:
    """End this program, in order if it can, when the one that started it and holds it has gone.

    A thread of its own sees it, also while the program still loads or its loop stands still: call
    this before any room is loaded, for that takes a second in which whoever started us may go.
    """
    told = os.environ.pop(VARIABLE, None)
    if told is None:
        return
    reading = _given(told)
    os.set_inheritable(reading, False)  # noqa: FBT003 - the way it is called
    threading.Thread(
        target=_end_with, args=(reading, end_within_s), name="lifeline", daemon=True
    ).start()


@cache
def _pipe() -> tuple[int, int]:
    """One for the life of this process; the children get the reading end alone."""
    return os.pipe()


def _given(told: str) -> int:
    """The pipe that this program was given."""
    try:
        reading = int(told)
        if stat.S_ISFIFO(os.fstat(reading).st_mode):
            return reading
    except (ValueError, OSError):
        pass
    raise LifelineError(
        f"{VARIABLE}={told} is not a pipe that this program was given: unset it, Hearth sets it for"
        " the programs that it starts"
    )


def _end_with(reading: int, end_within_s: float) -> None:
    while os.read(reading, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(end_within_s)
    os.kill(os.getpid(), signal.SIGKILL)
