"""The real programs on loopback: a rig, a controller with its gateway, and hands on all of them."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import IPv4Address
from pathlib import Path

from asyncua import Client, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from controller.lab.children import Child, Children
from controller.lab.demo_site import CLIENT_URI, Site, write_site
from controller.lab.places import free_places
from controller.lab.rig_client import RigClient, RigError
from controller.link.client import LinkClient, LinkError
from controller.link.mirror import Mirror

LOOK_EVERY_S = 0.1


class RealPlant:
    """One site with its programs; `mirror` follows what core reports."""

    def __init__(self, site: Site, children: Children) -> None:
        self.site = site
        self.rig = RigClient("127.0.0.1", site.control_port)
        self.mirror: Mirror | None = None
        self.reports: list[float] = []
        self.core_pid = 0
        self._children = children

    async def start_rig(self) -> None:
        """Start the simulated plant and wait until it answers."""
        await self.start_program(
            "rig", "rig", str(self.site.config), "--control", str(self.site.control_port)
        )
        await until(self._rig_answers, 30.0, "the rig answers")

    async def start_core(self, verb: str = "run") -> Child:
        """Start the controller."""
        child = await self.start_program(verb, verb, str(self.site.config))
        self.core_pid = child.process.pid
        return child

    async def start_program(self, name: str, *arguments: str) -> Child:
        """Start any verb; its words go to a file of this name."""
        return await self._children.start(name, *arguments, log=self.site.folder / f"{name}.log")

    async def _rig_answers(self) -> bool:
        try:
            await asyncio.to_thread(self.rig.truth)
        except (RigError, OSError):
            return False
        return True

    async def truth(self) -> dict[str, float]:
        """The rig's true state."""
        return await asyncio.to_thread(self.rig.truth)

    async def orders(self, since_s: float) -> list[tuple[float, str, str]]:
        """What the simulated miners logged since: when, who, what."""
        logged = await asyncio.to_thread(self.rig.commands, since_s)
        return [(one["at_s"], one["unit"], one["verb"]) for one in logged]

    async def follow(self) -> None:
        """Mirror core's reports until cancelled, through its restarts too."""
        loop = asyncio.get_running_loop()
        while True:
            with suppress(LinkError):
                async with LinkClient(self.site.link) as link:
                    self.mirror = Mirror(link.hello)
                    async for report in link.reports():
                        self.mirror.apply(report)
                        self.reports.append(loop.time())
            await asyncio.sleep(LOOK_EVERY_S)

    def value(self, name: str) -> float | bool | str | None:
        """What core says of a tag now."""
        return None if self.mirror is None else self.mirror.value(name)

    def number(self, name: str) -> float:
        """A number that core says; nothing is as good as less than nothing."""
        value = self.value(name)
        return float(value) if isinstance(value, int | float) else -1.0

    async def ask(self, name: str, value: float | str | None = None) -> tuple[bool, str]:
        """Ask core by the link, as an operator."""
        async with LinkClient(self.site.link) as link:
            verdict = await link.ask(
                name, value, source="test", role="operator", reason="test", expires_in_s=1_800.0
            )
        return verdict.accepted, verdict.reason

    async def opcua_answers(self) -> bool:
        """Whether an operator can come in and read the plant's mode."""
        try:
            async with self.opcua() as client:
                await client.get_node(ua.NodeId("plant.mode", 2)).read_value()
        except (OSError, ua.UaError, TimeoutError):
            return False
        return True

    @asynccontextmanager
    async def opcua(self) -> AsyncIterator[Client]:
        """An operator's OPC UA client."""
        client = Client(self.site.opcua_url, timeout=5)
        client.application_uri = CLIENT_URI
        client.set_user(self.site.user)
        client.set_password(self.site.password)
        await client.set_security(
            SecurityPolicyBasic256Sha256,
            str(self.site.client_certificate),
            str(self.site.client_key),
            mode=ua.MessageSecurityMode.SignAndEncrypt,
        )
        async with client:
            yield client


@asynccontextmanager
async def real_plant(*, containers: int, units: int, core: bool = True) -> AsyncIterator[RealPlant]:
    """A running plant, warm and taken over; everything ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-"))
    # Each plant of the tests has a network of its own: several may run at once.
    network = IPv4Address(f"127.{secrets.randbelow(200) + 40}.0.0")
    places = free_places(containers, units, miners=network, opcua_port=None)
    site = write_site(folder / "site", containers=containers, units=units, places=places)
    try:
        async with Children() as children, asyncio.TaskGroup() as group:
            plant = RealPlant(site, children)
            await plant.start_rig()
            follow = group.create_task(plant.follow(), name="follow")
            if core:
                await plant.start_core()
                await until(
                    lambda: (
                        plant.value("plant.mode") == "running"
                        and plant.number("plant.units_good") == containers * units
                    ),
                    60.0,
                    "every miner is good and the loop is closed",
                )
            yield plant
            follow.cancel()
    finally:
        shutil.rmtree(folder)


async def until(condition: Callable[[], object], limit_s: float, what: str) -> float:
    """Wait until the condition holds; gives the time it took."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    while True:
        met = condition()
        if asyncio.iscoroutine(met):
            met = await met
        if met:
            return loop.time() - begun_s
        if loop.time() - begun_s > limit_s:
            raise AssertionError(f"not within {limit_s:.0f} s: {what}")
        await asyncio.sleep(LOOK_EVERY_S)
