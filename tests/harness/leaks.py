"""A test that leaves a task, a thread or a listening socket behind has failed."""

import asyncio
import inspect
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.harness.marks import is_outdoor

# What is ending already may take this long to end.
GRACE_S: Final = 0.2
TCP_LISTEN: Final = "0A"  # include/net/tcp_states.h
UNIX_LISTENS: Final = "00010000"  # __SO_ACCEPTCON, include/uapi/linux/net.h


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> None:
    """Check for leaks when everything else of the test has been taken down.

    What is set up first is checked last: threads after the loop has closed, tasks and listening
    sockets just before, since a closing loop hides them.
    """
    request.getfixturevalue("no_thread_is_left")
    if inspect.iscoroutinefunction(inspect.unwrap(request.function)):
        request.getfixturevalue("no_task_is_left")
    if is_outdoor(request.node):
        request.getfixturevalue("no_listener_is_left")


@pytest.fixture
async def no_task_is_left() -> AsyncIterator[None]:
    """Fail when a task still runs."""
    # Fixtures of a wider scope may keep a server running.
    before = asyncio.all_tasks()
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=GRACE_S)
    if left:
        names = ", ".join(sorted(f"{task.get_name()} ({task.get_coro()})" for task in left))
        pytest.fail(f"tasks left running: {names}", pytrace=False)


@pytest.fixture
def no_thread_is_left() -> Iterator[None]:
    """Fail when a thread still runs."""
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(GRACE_S)
    names = sorted(thread.name for thread in left if thread.is_alive())
    if names:
        pytest.fail(f"threads left running: {', '.join(names)}", pytrace=False)


@pytest.fixture
def no_listener_is_left() -> Iterator[None]:
    """Fail when this process still listens somewhere new."""
    before = _listening()
    yield
    left = sorted(address for inode, address in _listening().items() if inode not in before)
    if left:
        pytest.fail(f"sockets left listening: {', '.join(left)}", pytrace=False)


def _listening() -> dict[str, str]:
    """Inode and address of each socket on which this process listens, as Linux tells it."""
    listeners: dict[str, str] = {}
    for table in ("tcp", "tcp6"):
        for row in _rows(Path("/proc/net") / table):
            if row[3] == TCP_LISTEN:
                listeners[row[9]] = f"{table} {row[1]}"
    for row in _rows(Path("/proc/net/unix")):
        if row[3] == UNIX_LISTENS:
            listeners[row[6]] = f"unix {' '.join(row[7:])}"
    ours = _our_sockets()
    return {inode: address for inode, address in listeners.items() if inode in ours}


def _rows(table: Path) -> list[list[str]]:
    return [line.split() for line in table.read_text().splitlines()[1:]] if table.exists() else []


def _our_sockets() -> set[str]:
    inodes = set()
    for descriptor in Path("/proc/self/fd").glob("*"):
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:  # the descriptor by which the folder itself is read
            continue
        if target.startswith("socket:["):
            inodes.add(target.removeprefix("socket:[").removesuffix("]"))
    return inodes
