"""The inside of asyncua's server, with its limits drawn and its open doors shut."""

from dataclasses import dataclass

import structlog
from asyncua import ua
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import InternalSession
from asyncua.server.user_managers import UserManager

from controller.gateway.login import Login
from controller.gateway.opcua import limits
from controller.gateway.opcua.session import Doors, GuardedSession
from controller.gateway.opcua.trust import TrustStore

log = structlog.get_logger()


@dataclass(frozen=True)
class Guard:
    """Whom the server asks: is this program trusted, who is this person, may this be done."""

    trust: TrustStore
    login: Login
    doors: Doors


class GuardedInternal(InternalServer):
    """Limits on everything a client can make grow, and nobody let in by asyncua's own way."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(user_manager=_Nobody())
        self.guard = guard
        self.supported_tokens = (ua.UserNameIdentityToken,)  # type: ignore[assignment] # narrower
        self.allow_remote_admin = False
        self.max_connections = limits.CONNECTIONS
        self.max_pending_activation_seconds = limits.ACTIVATE_WITHIN_S
        self.max_pending_messages_per_connection = limits.MESSAGES_WAITING
        self.max_session_timeout_ms = limits.LONGEST_SESSION_SILENCE_MS
        self.min_session_timeout_ms = limits.SHORTEST_SESSION_SILENCE_MS
        self.max_subscriptions = limits.SUBSCRIPTIONS
        self.max_monitored_item_queue_size = limits.QUEUE
        self.max_unacked_messages_per_subscription = limits.UNACKNOWLEDGED

    @property
    def sessions(self) -> int:
        """How many sessions of clients there are."""
        return len(self._external_sessions)

    def session_of(self, token: ua.NodeId) -> GuardedSession | None:
        """The session with this token."""
        session = self.lookup_external_session(token)
        return session if isinstance(session, GuardedSession) else None

    def all_sessions(self) -> list[InternalSession]:
        """Every session of a client."""
        return list(self._external_sessions.values())

    async def stop(self) -> None:
        """End without waiting for the clock's next second."""
        if self.time_task is not None:
            self.time_task.cancel()
            self.time_task = None
        for session in self.all_sessions():
            await session.close_session()
        await super().stop()


class _Nobody(UserManager):
    """Lets nobody in."""

    def get_user(self, *_: object, **__: object) -> None:
        """Nobody."""
        return
