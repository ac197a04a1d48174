"""Listening on loopback addresses; an address that cannot be had is named, with a remedy."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulators.description import DATED, PERSONALITIES, MinerModel
from simulators.fault_verbs import Fault
from simulators.wire.bank import Bank
from simulators.wire.broken_door import BrokenDoor
from simulators.wire.broken_telemetry import BrokenTelemetry
from simulators.wire.link import Link
from simulators.wire.miner_link import MinerLink
from simulators.wire.miner_server import MinerServer
from simulators.wire.modbus import UNIT_ID, ModbusConnection
from simulators.wire.unit import FleetColumns, Reading, UnitView
from simulators.wire.whatsminer import Access
from simulators.wire.whatsminer_server import WhatsMinerServer
from simulators.wire.whatsminer_unit import TrimColumns, WhatsMinerView

Address = tuple[str, int]


class AddressUnusable(OSError):  # noqa: N818 - names the state of the address, not an error class
    """A simulated device cannot have the address it was given."""


class BrokenUnits(Protocol):
    """How units and the links to them are broken."""

    seed: int
    silent: NDArray[np.bool_]  # these accept a connection and then say nothing

    def unit(self, index: int) -> Fault | None:
        """How the telemetry of a unit is broken."""

    def unit_link(self, index: int) -> Fault | None:
        """How the link to a unit is broken."""


@asynccontextmanager
async def serve_miners(
    fleet: FleetColumns,
    models: MinerModel | Sequence[MinerModel],
    addresses: Sequence[Address | None],
    faults: BrokenUnits,
    clock_s: Callable[[], float] | None = None,
) -> AsyncIterator[None]:
    """Every unit of the fleet, each on its own address; one without an address is not served.

    `models` is the model of all, or one for each unit. `clock_s` is the clock, in Unix seconds, of
    units that have one; without it, it was never set.
    """
    if len(addresses) != len(fleet.names):
        message = f"{len(fleet.names)} miners need as many addresses, not {len(addresses)}"
        raise AddressUnusable(message)
    servers: list[MinerServer] = []
    listeners: list[asyncio.AbstractServer] = []
    try:
        for index, address in enumerate(addresses):
            if address is None:
                continue
            model = models if isinstance(models, MinerModel) else models[index]
            server = _miner(fleet, index, model, faults, clock_s)
            servers.append(server)
            listeners.append(await listen(server.connection, address, fleet.names[index]))
        yield
    finally:
        for listener in listeners:
            listener.close()
        for server in servers:
            server.close()


@asynccontextmanager
async def serve_whatsminers(
    fleet: TrimColumns,
    models: Sequence[MinerModel],
    addresses: Sequence[Address | None],
    faults: BrokenUnits,
    access: Sequence[Access],
    clock_s: Callable[[], float],
) -> AsyncIterator[None]:
    """Every WhatsMiner of the fleet on its own address; `models` and `access` are one a unit.

    All of them have the same clock, in Unix seconds.
    """
    servers: list[WhatsMinerServer] = []
    listeners: list[asyncio.AbstractServer] = []
    try:
        for index, address in enumerate(addresses):
            if address is None:
                continue
            show, link = _broken(fleet.names[index], index, faults)
            unit = WhatsMinerView(fleet, index, models[index], show)
            server = WhatsMinerServer(
                unit, access[index], clock_s, partial(_silent, faults, index), link
            )
            servers.append(server)
            listeners.append(await listen(server.connection, address, fleet.names[index]))
        yield
    finally:
        for listener in listeners:
            listener.close()
        for server in servers:
            server.close()


@asynccontextmanager
async def serve_modbus(bank: Bank, address: Address, what: str) -> AsyncIterator[None]:
    """One Modbus device on its address, with the usual unit id."""
    async with serve_units({UNIT_ID: bank}, address, what):
        yield


@asynccontextmanager
async def serve_units(
    banks: Mapping[int, Bank], address: Address, what: str, link: Link | None = None
) -> AsyncIterator[None]:
    """Several Modbus devices by unit id on one address, as behind a gateway.

    A link that is given can be broken by name.
    """
    clients: set[ModbusConnection] = set()

    async def listener() -> asyncio.AbstractServer:
        return await listen(lambda: ModbusConnection(banks, clients, link), address, what)

    if link is not None:
        async with BrokenDoor(listener, clients, link).open():
            yield
        return
    whole = await listener()
    try:
        yield
    finally:
        whole.close()
        for client in tuple(clients):
            client.abort()


def _miner(
    fleet: FleetColumns,
    index: int,
    model: MinerModel,
    faults: BrokenUnits,
    clock_s: Callable[[], float] | None,
) -> MinerServer:
    show, link = _broken(fleet.names[index], index, faults)
    dated = PERSONALITIES[int(fleet.personality[index])] in DATED
    unit = UnitView(fleet, index, model, show, clock_s if dated else None)
    return MinerServer(unit, partial(_silent, faults, index), link)


def _broken(
    name: str, index: int, faults: BrokenUnits
) -> tuple[Callable[[Reading], Reading], MinerLink]:
    """What becomes of a unit's figures, and of those who ask for them."""
    clock = asyncio.get_running_loop().time
    seed = f"{faults.seed} {name}"
    telemetry = BrokenTelemetry(partial(faults.unit, index), clock, seed)
    return telemetry.show, MinerLink(partial(_way_to, faults, index), seed)


def _way_to(faults: BrokenUnits, index: int) -> Fault | None:
    """The fault of the link, or the unit's own where it is slow to answer or away at times."""
    fault = faults.unit_link(index)
    if fault is not None:
        return fault
    own = faults.unit(index)
    if own is None or own.verb not in ("slow", "intermittent"):
        return None
    return replace(own, verb="delayed") if own.verb == "slow" else own


def _silent(faults: BrokenUnits, index: int) -> bool:
    return bool(faults.silent[index])


async def listen(
    factory: Callable[[], asyncio.Protocol], address: Address, what: str
) -> asyncio.AbstractServer:
    """A listener for `what`, never beyond this machine."""
    host, port = address
    check_loopback(host, what)
    try:
        return await asyncio.get_running_loop().create_server(factory, host, port)
    except OSError as error:
        raise unusable(address, what, error) from error


def check_loopback(host: str, what: str) -> None:
    """Refuse an address that others on the network could reach."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        message = (
            f"{what}: {host} is not a loopback address; the rig serves only 127.0.0.0/8 and ::1"
        )
        raise AddressUnusable(message)


def unusable(address: Address, what: str, error: OSError) -> AddressUnusable:
    """Which address cannot be had, for whom, why, and what helps."""
    host, port = address
    return AddressUnusable(
        error.errno,
        f"{what} cannot listen on {host}:{port} ({error.strerror}); stop the program that holds it"
        " or give the plant other addresses",
    )
