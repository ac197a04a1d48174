"""What one connection may do: discovery for all, the rest only with its own, live session."""

from typing import Any, cast

import structlog
from asyncua import ua
from asyncua.common.connection import TransportLimits
from asyncua.common.utils import ServiceError
from asyncua.server.uaprocessor import UaProcessor
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.ua_binary import struct_from_binary, uatcp_to_binary
from asyncua.ua.uaerrors import UaError
from cryptography.exceptions import InvalidSignature

from controller.gateway.login import Visitor
from controller.gateway.opcua.channel import SHORTEST_NONCE_BYTES, GuardedConnection
from controller.gateway.opcua.internal import GuardedInternal
from controller.gateway.opcua.limits import MESSAGES_BEFORE_SESSION, SESSIONS
from controller.gateway.opcua.services import (
    ACTIVATE_SESSION,
    CLOSE_CHANNEL,
    CLOSE_SESSION,
    CREATE_SESSION,
    DISCOVERY,
    SERVED,
)
from controller.gateway.opcua.session import GuardedSession
from controller.gateway.opcua.trust import application_uri
from controller.gateway.opcua.words import status

log = structlog.get_logger()


class GuardedProcessor(UaProcessor):
    """One connection's requests, each asked for its session's token before it is served."""

    session: GuardedSession | None
    _connection: GuardedConnection

    def __init__(self, server: GuardedInternal, transport: Any, limits: TransportLimits) -> None:  # noqa: ANN401
        super().__init__(server, transport, limits)
        self.address = str(self.name[0]) if self.name else "unknown"
        self.sessionless_since_s: float | None = None
        self._server = server
        self._connection = GuardedConnection(self._limits, server.guard.trust, self.address)
        self._messages_before_session = 0

    @property
    def certificate(self) -> bytes | None:
        """Whose channel this is; None for an unsecured one."""
        return self._connection.certificate

    @property
    def active(self) -> bool:
        """Whether a person's session is bound to this connection and alive."""
        return self.session is not None and self.session.is_activated()

    async def process(self, header: ua.Header, body: Any) -> bool:  # noqa: ANN401 - theirs
        """One message of the wire; whoever breaks the protocol is told so and cut off."""
        if not self.active:
            self._messages_before_session += 1
            if self._messages_before_session > MESSAGES_BEFORE_SESSION:
                return False
        try:
            return bool(await super().process(header, body))  # type: ignore[no-untyped-call] # theirs
        except UaError as refusal:
            code = getattr(refusal, "code", None)
            told = status(StatusCodes.BadSecurityChecksFailed if code is None else code)
            self._say(ua.MessageType.Error, ua.ErrorMessage(told, ua.String(told.name)))
            return False

    async def _process_message(
        self,
        typeid: ua.NodeId,
        requesthdr: ua.RequestHeader,
        seqhdr: ua.SequenceHeader,
        body: Any,  # noqa: ANN401 - theirs
    ) -> bool:
        if typeid == CREATE_SESSION:
            await self._create(requesthdr, seqhdr, body)
            return True
        if typeid == ACTIVATE_SESSION:
            await self._activate(requesthdr, seqhdr, body)
            return True
        if typeid not in DISCOVERY and typeid != CLOSE_CHANNEL:
            self._check_session(typeid, requesthdr.AuthenticationToken)
        served = await super()._process_message(typeid, requesthdr, seqhdr, body)  # type: ignore[no-untyped-call] # theirs
        return bool(served)

    def _check_session(self, typeid: ua.NodeId, token: ua.NodeId) -> None:
        session = self.session
        if session is None or session.closed or token != session.auth_token:
            log.warning(
                "opcua request refused", address=self.address, why="not its session's token"
            )
            raise ServiceError(StatusCodes.BadSessionIdInvalid)
        if typeid == CLOSE_SESSION:
            return
        if not session.is_activated():
            raise ServiceError(StatusCodes.BadSessionNotActivated)
        if typeid not in SERVED:
            raise ServiceError(StatusCodes.BadServiceUnsupported)

    async def _create(
        self,
        requesthdr: ua.RequestHeader,
        seqhdr: ua.SequenceHeader,
        body: Any,  # noqa: ANN401 - theirs
    ) -> None:
        certificate = self._secured()
        params = struct_from_binary(ua.CreateSessionParameters, body)
        if self.session is not None and not self.session.closed:
            raise ServiceError(StatusCodes.BadTooManySessions)
        if self._server.sessions >= SESSIONS:
            raise ServiceError(StatusCodes.BadTooManySessions)
        self._server.guard.trust.check(certificate, self.address)
        if params.ClientCertificate != certificate:
            raise ServiceError(StatusCodes.BadCertificateInvalid)
        if params.ClientDescription.ApplicationUri != application_uri(certificate):
            raise ServiceError(StatusCodes.BadCertificateUriInvalid)
        if len(params.ClientNonce or b"") < SHORTEST_NONCE_BYTES:
            raise ServiceError(StatusCodes.BadNonceInvalid)
        session = GuardedSession(
            self._server, str(self.name), certificate, self._server.guard.doors
        )
        session.holder = self
        self.session = session
        response = ua.CreateSessionResponse()
        response.Parameters = await session.create_session(params, sockname=self.sockname)
        policy: Any = self._connection.security_policy
        response.Parameters.ServerCertificate = policy.host_certificate
        signature = policy.asymmetric_cryptography.signature(certificate + params.ClientNonce)
        response.Parameters.ServerSignature.Signature = signature
        response.Parameters.ServerSignature.Algorithm = policy.AsymmetricSignatureURI
        self._answer(requesthdr, seqhdr, response)

    async def _activate(
        self,
        requesthdr: ua.RequestHeader,
        seqhdr: ua.SequenceHeader,
        body: Any,  # noqa: ANN401 - theirs
    ) -> None:
        certificate = self._secured()
        params = struct_from_binary(ua.ActivateSessionParameters, body)
        session = self._server.session_of(requesthdr.AuthenticationToken)
        if session is None or session.certificate != certificate:
            log.warning("opcua session refused", address=self.address, why="not its certificate's")
            raise ServiceError(StatusCodes.BadSessionIdInvalid)
        if self.session is not None and self.session is not session and not self.session.closed:
            raise ServiceError(StatusCodes.BadSessionIdInvalid)
        response = ua.ActivateSessionResponse()
        admitted = False
        try:
            self._check_signature(session, params.ClientSignature.Signature)
            response.Parameters = session.admit(await self._person(params.UserIdentityToken))
            admitted = True
        finally:
            if not admitted:
                await self._unbind(session)
        self._bind(session)
        self._answer(requesthdr, seqhdr, response)

    def _secured(self) -> bytes:
        certificate = self.certificate
        if certificate is None:
            raise ServiceError(StatusCodes.BadSecurityModeRejected)
        return certificate

    def _check_signature(self, session: GuardedSession, signature: bytes) -> None:
        policy: Any = self._connection.security_policy
        try:
            policy.asymmetric_cryptography.verify(
                policy.host_certificate + session.nonce, signature
            )
        except (InvalidSignature, TypeError) as reason:
            raise ServiceError(StatusCodes.BadApplicationSignatureInvalid) from reason

    async def _person(self, token: Any) -> Visitor:  # noqa: ANN401 - whatever the client sent
        """Who this is; the password comes as it is, because the channel is encrypted."""
        if not isinstance(token, ua.UserNameIdentityToken) or token.EncryptionAlgorithm:
            log.warning("login refused", address=self.address, why="not a name and a password")
            raise ServiceError(StatusCodes.BadIdentityTokenRejected)
        try:
            name, password = str(token.UserName), (token.Password or b"").decode()
        except UnicodeDecodeError as reason:
            raise ServiceError(StatusCodes.BadIdentityTokenInvalid) from reason
        visitor = await self._server.guard.login.enter(name, password, self.address)
        if visitor is None:
            raise ServiceError(StatusCodes.BadUserAccessDenied)
        return visitor

    async def _unbind(self, session: GuardedSession) -> None:
        """After a failure nothing stays bound here; a session that never was active is gone."""
        if self.session is session:
            self.session = None
            if not session.is_activated():
                await session.close_session()

    def _bind(self, session: GuardedSession) -> None:
        """The session is served here from now on, and on its former connection no more."""
        if session.holder is not None and session.holder is not self:
            session.holder.session = None
        session.holder = self
        self.session = session
        self._closing = False
        for subscription in session.own().values():
            subscription.pub_result_callback = self.forward_publish_response
            subscription.pub_request_callback = cast("Any", self.get_publish_request)

    def _say(self, kind: Any, message: Any) -> None:  # noqa: ANN401 - theirs
        self._transport.write(uatcp_to_binary(kind, message))

    def _answer(
        self,
        requesthdr: ua.RequestHeader,
        seqhdr: ua.SequenceHeader,
        response: Any,  # noqa: ANN401 - one of many
    ) -> None:
        self.send_response(requesthdr.RequestHandle, seqhdr, response)  # type: ignore[no-untyped-call] # theirs
