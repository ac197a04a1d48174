"""The hand-written plant, and a client of its miners."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from simulators.description import MinerModel
from simulators.wire.bank import CommandBank
from simulators.wire.layouts.cdu_plc import CDU_PLC
from simulators.wire.listen import Address, serve_miners
from simulators.wire.unit import UnitView
from tests.simulators.wire.hands import ADDRESSES, Ask, HandFaults, HandFleet, HandPlc, Miners


@pytest.fixture
def fleet() -> HandFleet:
    return HandFleet()


@pytest.fixture
def faults() -> HandFaults:
    return HandFaults()


@pytest.fixture
def plc() -> HandPlc:
    return HandPlc()


@pytest.fixture
def unit(fleet: HandFleet) -> UnitView:
    return UnitView(fleet, 0, MinerModel())


@pytest.fixture
def ask() -> Ask:
    """Send one segment and read until the other side closes."""

    async def exchange(address: Address, request: bytes) -> bytes:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(*address)
            writer.write(request)
            try:
                return await reader.read()
            finally:
                writer.close()

    return exchange


@pytest.fixture
def bank(plc: HandPlc) -> CommandBank:
    """The PLC's registers."""
    return CommandBank(CDU_PLC, plc, lambda: 0.0)


@pytest.fixture
def miners(fleet: HandFleet, faults: HandFaults) -> Miners:
    """Serve the three units."""

    @asynccontextmanager
    async def opened(addresses: Sequence[Address] = ADDRESSES) -> AsyncIterator[None]:
        async with serve_miners(fleet, MinerModel(), addresses, faults):
            yield

    return opened
