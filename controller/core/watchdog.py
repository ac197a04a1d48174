"""Proof of life: systemd is told after a whole cycle only, and a thread watches from outside."""

import faulthandler
import os
import socket
import sys
import threading
from types import TracebackType
from typing import Self

import structlog

from controller.core.clock import real_monotonic_s

log = structlog.get_logger()

DUMP_AFTER_S = 3.0
ABORT_AFTER_S = 10.0
LOOK_EVERY_S = 0.5
# A look that comes so late was not made late by the loop: the whole process stood still.
STOOD_STILL_S = 2.0


class Watchdog:
    """Fed after each complete cycle. A loop that hangs is dumped, then aborted.

    The thread is independent of the event loop: what hangs the loop cannot hang its end. It counts
    real seconds, a hurried plant hangs no faster; a process that was stopped and continued as a
    whole has not hung, and begins to count anew.
    """

    def __init__(
        self, dump_after_s: float = DUMP_AFTER_S, abort_after_s: float = ABORT_AFTER_S
    ) -> None:
        self._dump_after_s = dump_after_s
        self._abort_after_s = abort_after_s
        self._fed_s = real_monotonic_s()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def feed(self) -> None:
        """A cycle is complete."""
        self._fed_s = real_monotonic_s()
        notify("WATCHDOG=1")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=2.0)

    def _watch(self) -> None:
        dumped = False
        looked_s = real_monotonic_s()
        while not self._stop.wait(LOOK_EVERY_S):
            now_s, before_s = real_monotonic_s(), looked_s
            looked_s = now_s
            if now_s - before_s > STOOD_STILL_S:
                log.warning("the process stood still", for_s=round(now_s - before_s, 1))
                self._fed_s = max(self._fed_s, now_s)
            hungry_s = real_monotonic_s() - self._fed_s
            if hungry_s > self._abort_after_s:
                log.critical("no cycle: aborting", after_s=round(hungry_s, 1))
                os.abort()
            if hungry_s > self._dump_after_s and not dumped:
                log.error("no cycle: where every thread is", after_s=round(hungry_s, 1))
                faulthandler.dump_traceback(file=sys.stderr)
            dumped = hungry_s > self._dump_after_s


def notify(state: str) -> None:
    """Tell systemd, where it asked to be told (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door:
        door.connect(address)
        door.sendall(state.encode())
