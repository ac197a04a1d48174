"""The laboratory's hand on the simulated plant: its truth, faults and weather, over HTTP.

Loopback only, and not for web pages: a Host that is not loopback, a request that carries an
Origin and a body that is not declared as JSON are refused (`visitor`).
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from controller.clock.now import real_limit_s
from controller.lab.visitor import (
    WrongRequest,
    guarded,
    not_found,
    number,
    read_json,
    refuse_unknown,
    text,
)
from simulators.wire.listen import Address, check_loopback, unusable
from simulators.world import World

BACKLOG = 64
SHUTDOWN_S = 3.0
RANGES_C = {"outdoor_c": (-60.0, 60.0), "district_return_c": (0.0, 95.0)}


class ControlPort:
    """What a visitor may ask of the world and do to it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def truth(self, _request: Request) -> JSONResponse:
        """What is really the case, unseen by any sensor."""
        return JSONResponse(self._world.truth())

    async def commands(self, request: Request) -> JSONResponse:
        """Every sleep and wake that reached a miner at `since` seconds or later."""
        since_s = number(request.query_params.get("since", "0"), "since", (0.0, float("inf")))
        fleet = self._world.fleet
        found = []
        for at_s, index, verb in reversed(fleet.commands):
            if at_s < since_s:
                break
            found.append({"at_s": at_s, "unit": fleet.names[index], "verb": verb})
        return JSONResponse({"now_s": self._world.now_s, "commands": found[::-1]})

    async def units(self, _request: Request) -> JSONResponse:
        """What every miner really does, one array for each figure."""
        fleet = self._world.fleet
        return JSONResponse(
            {
                "name": fleet.names,
                "power_kw": fleet.power_kw.round(4).tolist(),
                "outlet_c": fleet.outlet_c.round(3).tolist(),
                "work": fleet.work.tolist(),
            }
        )

    async def faults(self, _request: Request) -> JSONResponse:
        """The faults that are set."""
        return JSONResponse(self._world.faults.active())

    async def set_fault(self, request: Request) -> JSONResponse:
        """Break something."""
        body = await read_json(request)
        refuse_unknown(body, ("target", "verb"))
        try:
            self._world.faults.set(text(body, "target"), text(body, "verb"))
        except ValueError as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse(self._world.faults.active())

    async def clear_fault(self, request: Request) -> JSONResponse:
        """Mend one target, or everything."""
        try:
            self._world.faults.clear(request.query_params.get("target"))
        except ValueError as error:
            raise WrongRequest(str(error)) from error
        return JSONResponse(self._world.faults.active())

    async def set(self, request: Request) -> JSONResponse:
        """Change the weather or the network's return temperature; all of it or nothing."""
        body = await read_json(request)
        refuse_unknown(body, tuple(RANGES_C))
        wanted = {name: number(value, name, RANGES_C[name]) for name, value in body.items()}
        if "outdoor_c" in wanted:
            self._world.set_outdoor_c(wanted["outdoor_c"])
        if "district_return_c" in wanted:
            self._world.set_district_return_c(wanted["district_return_c"])
        return JSONResponse(wanted)


def application(world: World) -> Starlette:
    """The control port without its socket."""
    port = ControlPort(world)
    doors = (
        ("/truth", port.truth, "GET"),
        ("/commands", port.commands, "GET"),
        ("/units", port.units, "GET"),
        ("/faults", port.faults, "GET"),
        ("/fault", port.set_fault, "POST"),
        ("/fault", port.clear_fault, "DELETE"),
        ("/set", port.set, "POST"),
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
async def serve_control(world: World, address: Address) -> AsyncIterator[None]:
    """The control port on its address."""
    config = uvicorn.Config(
        application(world),
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
