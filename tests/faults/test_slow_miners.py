"""Hundreds of miners that are too slow to be heard: polls spread, and the loop stays punctual."""

import asyncio
from random import Random

import numpy as np
import pytest

from controller.field.acceptance import Acceptance
from controller.field.fleet_poller import MOST_IN_FLIGHT, FleetPoller
from controller.image.fleet import Fleet, FleetLayout
from drivers.cgminer.miner import Miner

pytestmark = pytest.mark.real_sockets

UNITS = 500
ANSWER_AFTER_S = 5.0
LASTS_S = 8.0
TICK_S = 0.1


@pytest.mark.fault(37)
async def test_five_hundred_slow_miners_do_not_make_a_tick_late() -> None:
    together, most = 0, 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await reader.read(4095)
        # Whoever gives up earlier is heard at once.
        await asyncio.wait_for(reader.read(), ANSWER_AFTER_S)
        together -= 1
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=UNITS)
    port = server.sockets[0].getsockname()[1]
    names = tuple(f"u{unit:03}" for unit in range(UNITS))
    fleet = Fleet(FleetLayout(names, np.arange(UNITS) // 50, 10))
    miners = tuple(Miner(name, "127.0.0.1", port) for name in names)
    poller = FleetPoller(miners, fleet, 5.0, Acceptance("1566HA"), Random(7))
    loop = asyncio.get_running_loop()
    async with server, asyncio.TaskGroup() as group:
        life = group.create_task(poller.run())
        late_s, due_s = [], loop.time() + TICK_S
        while len(late_s) * TICK_S < LASTS_S:
            await asyncio.sleep(due_s - loop.time())
            late_s.append(loop.time() - due_s)
            due_s += TICK_S
        life.cancel()

    assert np.percentile(late_s, 99) < 0.1
    # The server learns a moment later that somebody has given up.
    assert most <= 1.1 * MOST_IN_FLIGHT
    assert poller.counts.failures > UNITS
