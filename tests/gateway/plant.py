"""A gateway over a fake core that answers every wish, for tests from a client's side."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from asyncua.ua.uaerrors import UaError

from controller.core.link_server import LinkServer
from controller.gateway.app import serve_gateway
from controller.gateway.settings import GatewaySettings, OpcUaSettings
from controller.link.messages import (
    PROTOCOL,
    ColumnInfo,
    Hello,
    Report,
    Request,
    TagInfo,
    TagValue,
    UnitInfo,
    Verdict,
)
from tests.gateway.visitors import Pki, visitor

SOURCE_UTC_S = 1_760_000_000.0
UTC_S = 1_760_000_010.0

HELLO = Hello(
    protocol=PROTOCOL,
    tags_hash="first",
    plant="Testby",
    tags=(
        TagInfo("district.supply_temperature_c", "number", "°C", "District supply", 0.0, 120.0),
        TagInfo("pump-1.speed_pct", "number", "%", "Speed", 0.0, 100.0),
        TagInfo("pump-1.running", "flag", "", "Runs"),
        TagInfo("plant.mode", "text", "", "What the plant is doing"),
        TagInfo("dry-cooler.power_kw", "number", "kW", "Heat rejected", 0.0, 4000.0),
        TagInfo("container-01.power_kw", "number", "kW", "Container power", 0.0, 900.0),
    ),
    units=(UnitInfo("c01-001", 1), UnitInfo("c01-002", 1), UnitInfo("c02-001", 2)),
    columns=(
        ColumnInfo("state", "i1", "", "0 unknown, 1 running"),
        ColumnInfo("power_kw", "f8", "kW", "Electric power"),
    ),
)


def full_report(cycle: int = 1, supply_c: float = 71.5) -> Report:
    samples = ((0, supply_c, 2), (1, 55.0, 1), (2, True, 2), (3, "running", 2), (4, None, 0))
    return Report(
        cycle=cycle,
        full=True,
        utc_s=UTC_S,
        values=tuple(TagValue(*sample, SOURCE_UTC_S) for sample in (*samples, (5, 770.0, 2))),
        fleet={
            "state": np.array([1, 1, 0], np.int8).tobytes(),
            "power_kw": np.array([8.4, 8.3, np.nan]).tobytes(),
        },
        fleet_seen_utc_s=np.array([UTC_S - 1.0, UTC_S - 20.0, -np.inf]).tobytes(),
        events=(),
    )


@dataclass
class Plant:
    """A running gateway and the fake core behind it."""

    settings: OpcUaSettings
    pki: Pki
    core: LinkServer = field(init=False)
    asked: list[Request] = field(default_factory=list)
    refusal: str | None = None

    def decide(self, wish: Request) -> None:
        """Accept, unless the test has given a reason not to."""
        self.asked.append(wish)
        accepted = self.refusal is None
        self.core.verdict(Verdict(wish.id, accepted, self.refusal or "accepted"))


@asynccontextmanager
async def gateway(pki: Pki, tmp_path: Path, host: str, port: int) -> AsyncIterator[Plant]:
    settings = opcua_settings(pki, tmp_path, host, port)
    stop = asyncio.Event()
    await warm_threads()
    plant = Plant(settings, pki)
    link = tmp_path / "run" / "core.sock"
    async with LinkServer(link, HELLO, on_request=plant.decide) as core:
        plant.core = core
        core.publish(full_report(), full_report)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(serve_gateway(GatewaySettings(link, settings), stop))
            await shown(plant)
            yield plant
            stop.set()


def opcua_settings(pki: Pki, tmp_path: Path, host: str, port: int) -> OpcUaSettings:
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    for keys in (pki.client, pki.colleague):
        (trusted / keys.certificate.name).write_bytes(keys.certificate.read_bytes())
    return OpcUaSettings(
        certificate=pki.folder / "server.pem",
        private_key=pki.folder / "server_key.pem",
        application_uri="urn:test:server",
        trusted_dir=trusted,
        rejected_dir=tmp_path / "rejected",
        users_file=pki.folder / "users.toml",
        max_heat_kw=7340.0,
        host=host,
        port=port,
    )


async def shown(plant: Plant) -> None:
    """Wait until the gateway listens and shows what core reports."""
    for _ in range(400):
        with suppress(OSError, UaError):
            async with visitor(plant, "vera") as client:
                await client.get_node("ns=2;s=plant.mode").read_value()
                return
        await asyncio.sleep(0.02)


async def warm_threads() -> None:
    """Start the worker threads now: later ones would look like leaks of a test."""
    barrier = threading.Barrier(4)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(asyncio.to_thread(barrier.wait, 5))
