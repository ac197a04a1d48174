"""A secure channel that checks trust before any secret is used, and does not live for ever."""

from typing import Any

from asyncua import ua
from asyncua.common.connection import SecureConnection, TransportLimits
from asyncua.common.utils import ServiceError
from asyncua.crypto.security_policies import SecurityPolicyNone
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.opcua.trust import TrustStore

LONGEST_LIFE_MS = 3_600_000
SHORTEST_LIFE_MS = 10_000
SHORTEST_NONCE_BYTES = 32
SMALLEST_BUFFER_BYTES = 8192  # OPC UA Part 6, 7.1.2.3

GREETINGS = (ua.MessageType.Hello, ua.MessageType.SecureOpen)


class GuardedConnection(SecureConnection):
    """Channels of trusted certificates, and unsecured ones on which only discovery is served."""

    def __init__(self, limits: TransportLimits, trust: TrustStore, address: str) -> None:
        super().__init__(SecurityPolicyNone(), limits)  # type: ignore[no-untyped-call] # theirs
        self._trust = trust
        self._address = address

    @property
    def certificate(self) -> bytes | None:
        """The client's certificate on an open, secured channel; None on any other."""
        certificate: bytes | None = self.security_policy.peer_certificate
        return certificate if certificate and self.is_open() else None

    def select_policy(
        self, uri: str, peer_certificate: bytes | None, mode: ua.MessageSecurityMode | None = None
    ) -> None:
        """Ask for trust before a policy is made: asyncua asks only when a session is created."""
        if uri != SecurityPolicyNone.URI:
            self._trust.check(peer_certificate, self._address)
        super().select_policy(uri, peer_certificate, mode)

    def open(self, params: Any, server: Any) -> ua.OpenSecureChannelResult:  # noqa: ANN401 - theirs
        """Open or renew: trust is asked again, nonces are long, the life is bounded."""
        certificate = self.security_policy.peer_certificate
        if certificate:
            self._trust.check(certificate, self._address)
            if len(params.ClientNonce or b"") < SHORTEST_NONCE_BYTES:
                raise ServiceError(StatusCodes.BadNonceInvalid)
        life_ms = min(max(params.RequestedLifetime, SHORTEST_LIFE_MS), LONGEST_LIFE_MS)
        params.RequestedLifetime = life_ms
        return super().open(params, server)

    def receive_from_header_and_body(self, header: ua.Header, body: Any) -> Any:  # noqa: ANN401
        """One message of the wire, if it may come now."""
        kind: object = header.MessageType
        if kind not in GREETINGS and not self.is_open():
            raise ServiceError(StatusCodes.BadTcpSecureChannelUnknown)
        message = super().receive_from_header_and_body(header, body)
        if isinstance(message, ua.Hello):
            smallest = min(message.ReceiveBufferSize, message.SendBufferSize)
            if self.is_open() or smallest < SMALLEST_BUFFER_BYTES:
                raise ServiceError(StatusCodes.BadTcpMessageTypeInvalid)
        return message
