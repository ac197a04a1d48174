"""A session whose token cannot be guessed, that belongs to one certificate and one person."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from asyncua import ua
from asyncua.common.utils import ServiceError, create_nonce
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import SessionState
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.login import Visitor
from controller.gateway.opcua.limits import (
    BROWSES_PER_CALL,
    NODES_PER_CALL,
    TOKEN_BYTES,
    WRITES_PER_CALL,
)
from controller.gateway.opcua.subscriptions import OwnSubscriptions

Write = Callable[[Visitor, ua.WriteValue], Awaitable[ua.StatusCode]]
Call = Callable[[Visitor, ua.CallMethodRequest], Awaitable[ua.CallMethodResult]]


@dataclass(frozen=True)
class Doors:
    """Where the writes and calls of people go; nothing else of theirs changes anything."""

    write: Write
    call: Call


class Holder(Protocol):
    """The connection on which a session is served."""

    session: "GuardedSession | None"


class GuardedSession(OwnSubscriptions):
    """asyncua's session with a secret token; writes and calls go to the doors and nowhere else."""

    def __init__(self, server: InternalServer, name: str, certificate: bytes, doors: Doors) -> None:
        super().__init__(server, server.aspace, server.subscription_service, name, external=True)
        server.unregister_external_session(self)
        # asyncua counts tokens up from 1001; whoever guesses one is taken for its owner.
        token = ua.ByteString(secrets.token_bytes(TOKEN_BYTES))
        self.auth_token = ua.NodeId(token, ua.Int16(0), ua.NodeIdType.ByteString)
        server.register_external_session(self)
        self.certificate = certificate
        self.visitor: Visitor | None = None
        self.holder: Holder | None = None
        self._doors = doors

    @property
    def closed(self) -> bool:
        """Whether it has ended, by its owner or by silence."""
        return self.state is SessionState.Closed

    def admit(self, visitor: Visitor) -> ua.ActivateSessionResult:
        """Let this person in; a session never changes its person."""
        if self.closed:
            raise ServiceError(StatusCodes.BadSessionIdInvalid)
        if self.visitor is not None and self.visitor.name != visitor.name:
            raise ServiceError(StatusCodes.BadIdentityChangeNotSupported)
        self.visitor = visitor
        self.user = User(role=UserRole.User, name=visitor.name)
        self.state = SessionState.Activated
        self.nonce = create_nonce(32)
        self.touch()
        self._start_timeout_watchdog()
        result = ua.ActivateSessionResult()
        result.ServerNonce = self.nonce
        return result

    def activate_session(self, params: Any, peer_certificate: Any) -> NoReturn:  # noqa: ANN401, ARG002
        """Never: asyncua's way in asks a synchronous manager; ours is `admit`."""
        raise ServiceError(StatusCodes.BadServiceUnsupported)

    async def close_session(self, delete_subs: bool = True) -> None:  # noqa: FBT001, FBT002, ARG002
        """End it, and its subscriptions with it, whatever the client wished for them."""
        await super().close_session(delete_subs=True)

    async def read(self, params: ua.ReadParameters) -> list[ua.DataValue]:
        """Read attributes: all roles may see all of the plant."""
        _check_count(len(params.NodesToRead), NODES_PER_CALL)
        return await super().read(params)

    async def browse(self, params: ua.BrowseParameters) -> list[ua.BrowseResult]:
        """Look around."""
        _check_count(len(params.NodesToBrowse), BROWSES_PER_CALL)
        return await super().browse(params)

    async def translate_browsepaths_to_nodeids(
        self, params: list[ua.BrowsePath]
    ) -> list[ua.BrowsePathResult]:
        """Find nodes by name."""
        _check_count(len(params), NODES_PER_CALL)
        return await super().translate_browsepaths_to_nodeids(params)

    async def write(self, params: ua.WriteParameters) -> list[ua.StatusCode]:
        """Hand each write to the door; asyncua's own writing is not reached from outside."""
        _check_count(len(params.NodesToWrite), WRITES_PER_CALL)
        visitor = self._person()
        return [await self._doors.write(visitor, value) for value in params.NodesToWrite]

    async def call(self, params: list[ua.CallMethodRequest]) -> list[ua.CallMethodResult]:
        """Hand each call to the door."""
        _check_count(len(params), WRITES_PER_CALL)
        visitor = self._person()
        return [await self._doors.call(visitor, request) for request in params]

    def _person(self) -> Visitor:
        if self.visitor is None:
            raise ServiceError(StatusCodes.BadSessionNotActivated)
        return self.visitor


def _check_count(count: int, most: int) -> None:
    if count > most:
        raise ServiceError(StatusCodes.BadTooManyOperations)
