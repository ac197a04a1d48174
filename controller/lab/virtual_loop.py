"""An event loop whose clock jumps: an hour of waiting costs nothing, TCP stays in memory.

Everything above the loop runs unmodified on it: streams, protocols, task groups, timeouts and the
libraries built on them. There is no selector, no socket, no thread and no clock.
"""

import asyncio
import errno
from asyncio import base_events
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Final, NoReturn, ParamSpec, TypeVar, cast

from controller.lab.virtual_door import ANY_HOST, LOOPBACK, Accept, Door, canonical, server_behind
from controller.lab.virtual_wire import Address, Wire

FREE_PORTS: Final = range(49152, 65536)  # RFC 6335, section 6: the dynamic ports
# A timer counts as due this early. It must exceed the rounding of a clock that is years old, or
# the timer at this very instant would never be due.
CLOCK_RESOLUTION_S: Final = 1e-6

P = TypeVar("P", bound=asyncio.BaseProtocol)
T = TypeVar("T")
A = ParamSpec("A")


class NothingDueError(RuntimeError):
    """Every task waits and no timer is set: nothing would ever happen again."""


class _Idleness:
    """Stands where asyncio expects a selector: to wait is to move the clock."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout_s: float | None) -> tuple[()]:
        """Jump to the next timer, or say that there is none."""
        if timeout_s is None:
            self._loop.refuse_to_wait_for_ever()
        elif timeout_s > 0.0:
            self._loop.now_s += timeout_s
        return ()


class VirtualLoop(base_events.BaseEventLoop):
    """Virtual time and in-memory TCP; every wire is `latency_s` long when it is connected."""

    def __init__(self, latency_s: float = 0.0) -> None:
        super().__init__()
        self.now_s = 0.0
        self.latency_s = latency_s
        self.black_holes: set[Address] = set()  # connecting here is neither refused nor answered
        self._doors: dict[Address, Accept] = {}
        self._free_ports = cycle(FREE_PORTS)
        self._selector = _Idleness(self)
        self._clock_resolution = CLOCK_RESOLUTION_S

    # ------------------------------------------------------------------ time

    def time(self) -> float:
        """Seconds since this loop was made."""
        return self.now_s

    def refuse_to_wait_for_ever(self) -> NoReturn:
        """Fail, naming each task that waits and where."""
        waiting = sorted(_place(task) for task in asyncio.all_tasks(self))
        raise NothingDueError(f"nothing is due, ever; waiting: {', '.join(waiting)}")

    def _process_events(self, event_list: object) -> None:
        """No operating system reports events here."""

    def _write_to_self(self) -> None:
        """Nothing sleeps that would have to be woken."""

    def run_in_executor(
        self, _executor: object, func: Callable[A, T], *args: A.args, **kwargs: A.kwargs
    ) -> asyncio.Future[T]:
        """Run the work as a task of its own: threads have no place in virtual time."""

        async def work() -> T:
            return func(*args, **kwargs)

        return self.create_task(work(), name=f"executor: {func!r}")

    # ------------------------------------------------------------------ connecting

    async def create_connection(
        self,
        protocol_factory: Callable[[], P],
        host: str | None = None,
        port: int | None = None,
        *,
        local_addr: Address | None = None,
        **options: object,
    ) -> tuple[asyncio.Transport, P]:
        """Reach the server at this address after one round trip, or be refused."""
        _refuse_what_is_not_tcp(options)
        if port is None:
            raise ValueError("a virtual connection needs a port")
        remote = canonical(host), port
        if remote in self.black_holes:
            await self.create_future()
        await asyncio.sleep(2 * self.latency_s)
        accept = self._doors.get(remote) or self._doors.get((ANY_HOST, port))
        if accept is None:
            message = f"Connect call failed {remote}: nobody listens"
            raise ConnectionRefusedError(errno.ECONNREFUSED, message)
        local = local_addr if local_addr is not None else (LOOPBACK, next(self._free_ports))
        protocol = protocol_factory()
        return self._join(protocol, accept(), local, remote), protocol

    def _join(
        self,
        client: asyncio.BaseProtocol,
        server: asyncio.BaseProtocol,
        near: Address,
        far: Address,
    ) -> Wire:
        """Lay the wire between two protocols and tell both; the client's end is given."""
        here = Wire(self, cast("asyncio.Protocol", client), (near, far), self.latency_s)
        there = Wire(self, cast("asyncio.Protocol", server), (far, near), self.latency_s)
        here.peer, there.peer = there, here
        self.call_soon(server.connection_made, there)
        client.connection_made(here)
        return here

    # ------------------------------------------------------------------ listening

    async def create_server(
        self,
        protocol_factory: Accept,
        host: str | Sequence[str] | None = None,
        port: int | None = None,
        *,
        start_serving: bool = True,
        **options: object,
    ) -> asyncio.Server:
        """Listen at one host, at several, or at all; port 0 takes a free one."""
        _refuse_what_is_not_tcp(options)
        hosts = [host] if isinstance(host, str) or host is None else host
        free = port if port is not None and port != 0 else next(self._free_ports)
        doors = [Door((canonical(each), free)) for each in hosts]
        for door in doors:
            if door.address in self._doors:
                raise OSError(errno.EADDRINUSE, f"{door.address} is in use")
        server = server_behind(doors, protocol_factory, self)
        if start_serving:
            await server.start_serving()
        return server

    def _start_serving(self, accept: Accept, door: Door, *_options: object) -> None:
        """Open a door; asyncio.Server calls this by name."""
        self._doors[door.address] = accept

    def _stop_serving(self, door: Door) -> None:
        """Shut a door; asyncio.Server calls this by name."""
        self._doors.pop(door.address, None)


def _refuse_what_is_not_tcp(options: dict[str, object]) -> None:
    for name in ("ssl", "sock"):
        if options.get(name) is not None:
            raise NotImplementedError(f"a virtual connection knows no {name!r}")


def _place(task: asyncio.Task[object]) -> str:
    """Name of a task, and the line at which it waits."""
    frames = task.get_stack(limit=1)
    where = f" at {frames[0].f_code.co_filename}:{frames[0].f_lineno}" if frames else ""
    return f"{task.get_name()}{where}"
