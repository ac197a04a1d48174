"""asyncua's server behind a guard: what it lacks for a place where other people's programs are.

Without it asyncua 2.1.0 takes commands on a stolen session, trusts before it checks, and lets one
client use up all memory. Rules and limits are tested by a hostile client.
"""

import asyncio
from typing import Any
from urllib.parse import urlparse

import structlog
from asyncua import ua
from asyncua.server.binary_server_asyncio import BinaryServer, OPCUAProtocol
from asyncua.server.server import Server

from controller.gateway.opcua import limits, patches
from controller.gateway.opcua.internal import Guard, GuardedInternal
from controller.gateway.opcua.processor import GuardedProcessor

POLICIES = [
    ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
]
HEAD_BYTES = 8  # OPC UA Part 6, 7.1.2.2: type, chunk, size

log = structlog.get_logger()


class GuardedProtocol(OPCUAProtocol):
    """One TCP connection; what is endless, unread or out of order ends it."""

    processor: GuardedProcessor | None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, if this address does not hold too many idle ones already."""
        super().connection_made(transport)
        if not isinstance(self.iserver, GuardedInternal) or self.transport is None:
            return
        self.processor = GuardedProcessor(self.iserver, self.transport, self.limits)
        self.processor.set_policies(self.policies)  # type: ignore[no-untyped-call] # theirs
        address = self.processor.address
        idle = [one for one in self.clients if one.processor is not None and not _active(one)]
        if sum(_address(one) == address for one in idle) > limits.WAITING_CONNECTIONS_PER_ADDRESS:
            log.warning("opcua connection refused", address=address, why="too many idle ones")
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Collect messages, but none that announces more than a chunk may hold."""
        super().data_received(data)
        if len(self._buffer) < HEAD_BYTES:
            return
        if int.from_bytes(self._buffer[4:HEAD_BYTES], "little") > limits.CHUNK_BYTES:
            self._cut_off("a chunk over the cap")

    async def _process_one_msg(self, header: Any, buf: Any) -> bool:  # noqa: ANN401 - theirs
        healthy = False
        try:
            healthy = await super()._process_one_msg(header, buf)
        finally:
            # asyncua logs what it does not understand and listens on.
            if not healthy and self.transport is not None:
                self.transport.close()
        if (
            self.transport is not None
            and self.transport.get_write_buffer_size() > limits.UNREAD_BYTES
        ):
            self._cut_off("it does not read its answers")
        return healthy

    def _cut_off(self, why: str) -> None:
        log.warning("opcua connection cut off", address=_address(self), why=why)
        self._buffer = b""
        if self.transport is not None:
            self.transport.abort()


class GuardedBinary(BinaryServer):
    """The listening socket, whose connections are guarded ones."""

    def _make_protocol(self) -> GuardedProtocol:
        return GuardedProtocol(
            self.iserver, self._policies, self.clients, self.closing_tasks, self.limits
        )


class GuardedServer(Server):
    """Signed and encrypted only, names and passwords only, on the given address only."""

    iserver: GuardedInternal

    def __init__(self, guard: Guard, url: str) -> None:
        patches.apply()
        super().__init__(iserver=GuardedInternal(guard))
        self._guard = guard
        self.set_endpoint(url)
        self.set_security_policy(list(POLICIES))
        self.limits.max_message_size = limits.MESSAGE_BYTES
        self.limits.max_chunk_count = limits.CHUNKS
        self.limits.max_recv_buffer = self.limits.max_send_buffer = limits.CHUNK_BYTES

    @property
    def port(self) -> int:
        """Where it listens, also when the system chose the port."""
        return 0 if self.bserver is None else self.bserver.port

    async def start(self) -> None:
        """Listen; without a certificate nothing is offered at all."""
        if self.iserver.certificate is None or self.iserver.private_key is None:
            raise ValueError("an OPC UA server needs its certificate and key")
        await self._setup_server_nodes()
        await self.iserver.start()
        where = urlparse(self.endpoint.geturl())
        self.bserver = GuardedBinary(
            self.iserver, str(where.hostname), int(where.port or 0), self.limits
        )
        self.bserver.set_policies(self._policies)
        try:
            await self.bserver.start()
        except OSError:
            await self.iserver.stop()
            raise

    async def keep_house(self) -> None:
        """Send away, for ever, those who hold a connection without a session, or trust no more."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(limits.HOUSEKEEPING_S)
            for client in list(self.bserver.clients) if self.bserver is not None else ():
                why = self._outstayed(client, loop.time())
                if why is not None and client.transport is not None:
                    log.info("opcua connection closed", address=_address(client), why=why)
                    client.transport.close()

    async def send_all_away(self) -> None:
        """End every session and connection: what they know of the plant is no more."""
        for session in self.iserver.all_sessions():
            await session.close_session()
        for transport in list(self.iserver.asyncio_transports):
            transport.close()

    def _outstayed(self, client: OPCUAProtocol, now_s: float) -> str | None:
        processor = client.processor
        if not isinstance(processor, GuardedProcessor):
            return None
        certificate = processor.certificate
        if certificate is not None and not self._guard.trust.trusts(certificate):
            return "its certificate is trusted no more"
        if processor.active:
            processor.sessionless_since_s = None
        elif processor.sessionless_since_s is None:
            processor.sessionless_since_s = now_s
        elif now_s - processor.sessionless_since_s > limits.ACTIVATE_WITHIN_S:
            return "no session"
        return None


def _address(client: OPCUAProtocol) -> str:
    return str(client.peer_name[0]) if client.peer_name else "unknown"


def _active(client: OPCUAProtocol) -> bool:
    return isinstance(client.processor, GuardedProcessor) and client.processor.active
