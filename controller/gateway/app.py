"""The gateway: follows core over the link and serves its doors, whatever becomes of core."""

import asyncio
from pathlib import Path

import structlog

from controller.gateway.desk import Desk
from controller.gateway.opcua.server import OpcUaServer
from controller.gateway.settings import GatewaySettings
from controller.link.client import LinkClient, LinkError
from controller.link.frames import BadFrame

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0

log = structlog.get_logger()


async def serve_gateway(settings: GatewaySettings, stop: asyncio.Event) -> None:
    """Serve until told to stop."""
    desk = Desk()
    async with OpcUaServer(settings.opcua, desk.ask) as opcua, asyncio.TaskGroup() as tasks:
        follow = tasks.create_task(_follow(settings.link_path, opcua, desk), name="gateway.follow")
        await stop.wait()
        follow.cancel()


async def _follow(path: Path, opcua: OpcUaServer, desk: Desk) -> None:
    """Show core's reports; when it goes, show that, and look for it for ever."""
    wait_s = FIRST_WAIT_S
    told: str | None = None
    while True:
        try:
            async with LinkClient(path) as core:
                log.info("core found", plant=core.hello.plant)
                told, wait_s = None, FIRST_WAIT_S
                await _show(core, opcua, desk)
        except (LinkError, BadFrame) as reason:
            if str(reason) != told:
                log.warning("core away", why=str(reason))
            told = str(reason)
        finally:
            desk.core = None
        await opcua.core_away()
        await asyncio.sleep(wait_s)
        wait_s = min(2.0 * wait_s, LONGEST_WAIT_S)


async def _show(core: LinkClient, opcua: OpcUaServer, desk: Desk) -> None:
    await opcua.build(core.hello)
    desk.core = core
    async for report in core.reports():
        await opcua.publish(report)
