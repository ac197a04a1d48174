"""The laboratory's hand on the simulated plant: its truth, faults, weather, scenarios.

HTTP on loopback only, and not for web pages: a Host that is not loopback, a request that carries an
Origin and a body that is not declared as JSON are refused (`visitor`).
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from controller.clock.now import real_limit_s
from controller.lab.doors import Doors
from controller.lab.laboratory import Laboratory
from controller.lab.visitor import guarded, not_found
from simulators.wire.listen import Address, check_loopback, unusable

BACKLOG = 64
SHUTDOWN_S = 3.0


def application(laboratory: Laboratory) -> Starlette:
    """The control port without its socket."""
    port = Doors(laboratory)
    doors = (
        ("/truth", port.truth, "GET"),
        ("/commands", port.commands, "GET"),
        ("/units", port.units, "GET"),
        ("/faults", port.faults, "GET"),
        ("/targets", port.targets, "GET"),
        ("/fault", port.set_fault, "POST"),
        ("/fault", port.clear_fault, "DELETE"),
        ("/breakable", port.breakable, "GET"),
        ("/set", port.settings, "GET"),
        ("/set", port.set, "POST"),
        ("/clock", port.clock, "GET"),
        ("/speed", port.speed, "POST"),
        ("/describe", port.describe, "GET"),
        ("/monitor", port.monitor, "GET"),
        ("/scenarios", port.scenarios, "GET"),
        ("/scenario", port.play, "POST"),
    )
    allowed = ", ".join(f"{method} {path}" for path, _, method in doors)
    return Starlette(
        routes=[Route(path, guarded(handler), methods=[method]) for path, handler, method in doors],
        exception_handlers={404: not_found(allowed), 405: not_found(allowed)},
    )


class _Server(uvicorn.Server):
    """A server that leaves the signals of its process alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


@asynccontextmanager
async def serve_control(laboratory: Laboratory, address: Address) -> AsyncIterator[None]:
    """The control port on its address."""
    config = uvicorn.Config(
        application(laboratory),
        log_config=None,
        access_log=False,
        lifespan="off",
        http="h11",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    with _bound(address) as door:
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve([door]), name="control port")
            try:
                yield
            finally:
                server.should_exit = True
                await asyncio.wait({serving}, timeout=real_limit_s(SHUTDOWN_S))


@contextmanager
def _bound(address: Address) -> Iterator[socket.socket]:
    """A socket that already listens, so that a visitor waits instead of being refused."""
    check_loopback(address[0], "control port")
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(address)
        except OSError as error:
            raise unusable(address, "control port", error) from error
        door.listen(BACKLOG)
        yield door
