"""Starts the gateway as a process of its own and starts it again whenever it ends."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from pathlib import Path

import structlog

from controller.clock.now import real_limit_s
from controller.core.lifeline import start_bound

log = structlog.get_logger()

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 5.0
HEALTHY_AFTER_S = 60.0
END_WITHIN_S = 2.0


async def keep_gateway(config: Path) -> None:
    """Keep a gateway running until cancelled; one that ends at once is started ever more slowly."""
    loop = asyncio.get_running_loop()
    wait_s = FIRST_WAIT_S
    while True:
        begun_s = loop.time()
        process = await start_bound(
            sys.executable, "-m", "controller", "gateway", os.fspath(config)
        )
        log.info("gateway started", pid=process.pid)
        try:
            code = await process.wait()
        finally:
            await asyncio.shield(_end(process))
        healthy = loop.time() - begun_s > HEALTHY_AFTER_S
        wait_s = FIRST_WAIT_S if healthy else min(2.0 * wait_s, LONGEST_WAIT_S)
        log.warning("gateway ended", code=code, again_in_s=wait_s)
        await asyncio.sleep(wait_s)


async def _end(process: Process) -> None:
    """Ask the process to end, and make it end when it does not."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(real_limit_s(END_WITHIN_S)):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
