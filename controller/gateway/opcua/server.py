"""The OPC UA door of the gateway: serves what core reports, carries what people ask."""

import asyncio
import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import structlog
from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds

from controller.gateway.clock import utc_now
from controller.gateway.login import Login
from controller.gateway.opcua.certificates import load_pair
from controller.gateway.opcua.guard import GuardedServer
from controller.gateway.opcua.internal import Guard
from controller.gateway.opcua.library_log import FewWords
from controller.gateway.opcua.nodes import Garden
from controller.gateway.opcua.publisher import Publisher
from controller.gateway.opcua.request_nodes import plant_requests
from controller.gateway.opcua.requests import HEAT_DEMAND, Ask, RequestDoor
from controller.gateway.opcua.session import Doors
from controller.gateway.opcua.space import ROOT, plant_root, plant_space
from controller.gateway.opcua.trust import TrustStore
from controller.gateway.opcua.values import GOOD, NO_CORE, NO_DATA, nothing, of_number, when
from controller.gateway.opcua.words import NAMESPACE, NAMESPACE_URI, text
from controller.gateway.settings import OpcUaSettings
from controller.link.background import Background
from controller.link.messages import Hello, Report

NAME = "Hearth"

log = structlog.get_logger()


class OpcUaServer:
    """Listens from the start; the plant appears in it when core has said what there is."""

    def __init__(self, settings: OpcUaSettings, ask: Ask) -> None:
        self._settings = settings
        door = RequestDoor(settings, ask, self._show)
        trust = TrustStore(settings.trusted_dir, settings.rejected_dir)
        guard = Guard(trust, Login(settings.users_file), Doors(door.write, door.call))
        self.server = GuardedServer(guard, settings.url)
        self._background = Background()
        self._garden: Garden | None = None
        self._tags_hash: str | None = None
        self._publisher: Publisher | None = None
        self._shown_until_s: float | None = None
        self._core_is_away = False

    async def __aenter__(self) -> Self:
        quiet(logging.getLogger("asyncua"))
        with no_collection():
            await self._prepare()
        await self.server.start()
        await self._background.__aenter__()
        self._background.start(self.server.keep_house(), "opcua.house")
        log.info("opcua listens", host=self._settings.host, port=self.server.port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._background.__aexit__(kind, error, trace)
        finally:
            await self.server.stop()

    async def build(self, hello: Hello) -> None:
        """Make the address space of this plant, unless it stands already."""
        if hello.tags_hash == self._tags_hash:
            return
        if self._garden is not None:
            await self.server.send_all_away()
            self._garden.clear()
        with no_collection():
            self._garden = Garden(self.server.iserver.aspace)
            space = plant_space(self._garden, hello, {HEAT_DEMAND: self._heat})
        shown = ua.DataValue(ua.Variant(text(hello.plant), ua.VariantType.LocalizedText))
        await self.server.write_attribute_value(ROOT, shown, AttributeIds.DisplayName)
        self._publisher = Publisher(self.server, hello, space)
        self._tags_hash = hello.tags_hash
        log.info("opcua space built", tags=len(hello.tags), units=len(hello.units))

    async def publish(self, report: Report) -> None:
        """Show a report of core."""
        if self._core_is_away:
            self._core_is_away = False
            await self._show(None, 0.0)
        now_s = asyncio.get_running_loop().time()
        if self._shown_until_s is not None and now_s >= self._shown_until_s:
            await self._show(None, 0.0)
        if self._publisher is not None:
            await self._publisher.publish(report)

    async def core_away(self) -> None:
        """Show, once, that nothing is known."""
        if self._core_is_away:
            return
        self._core_is_away = True
        self._shown_until_s = None
        await self.server.write_attribute_value(self._heat, nothing(NO_CORE))
        if self._publisher is not None:
            await self._publisher.core_away()

    async def _prepare(self) -> None:
        settings = self._settings
        certificate, key = await asyncio.to_thread(
            load_pair,
            settings.certificate,
            settings.private_key,
            settings.application_uri,
            settings.host,
        )
        await self.server.init()
        self.server.set_server_name(NAME)
        await self.server.set_application_uri(settings.application_uri)
        self.server.iserver.certificate = certificate
        self.server.iserver.private_key = key
        index = await self.server.register_namespace(NAMESPACE_URI)
        if index != NAMESPACE:
            raise ValueError(f"application_uri must not be {NAMESPACE_URI}")
        root = plant_root(self.server.iserver.aspace, NAME)
        self._heat = await plant_requests(self.server, root, settings.max_heat_kw)

    async def _show(self, kw: float | None, for_s: float) -> None:
        """Show the heat demand that stands, until it lapses."""
        value = nothing(NO_DATA)
        self._shown_until_s = None
        if kw is not None:
            value = of_number(kw, GOOD, when(utc_now().timestamp()))
            self._shown_until_s = asyncio.get_running_loop().time() + for_s
        await self.server.write_attribute_value(self._heat, value)


@contextmanager
def no_collection() -> Iterator[None]:
    """Build without the garbage collector, which would look at each new node again and again.

    What has been built stays for good: it is frozen, so that no later collection looks at it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def quiet(library: logging.Logger) -> None:
    """Let a library's log through our few words only."""
    library.handlers = [FewWords()]
    library.propagate = False
    library.setLevel(logging.ERROR)
