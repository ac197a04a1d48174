"""The log-in: name and password in, a person with a role out, or nobody."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import argon2
import structlog

from controller.clock.now import real_limit_s
from controller.gateway.lockout import Lockout
from controller.gateway.users import (
    HASHER,
    LONGEST_PASSWORD,
    BadUsersFile,
    Role,
    User,
    load_users,
)

# Each check costs 19 MiB and a core for 26 ms: two at once, a few in the queue, the rest refused.
CHECKS_AT_ONCE = 2
CHECKS_WAITING = 8
CHECK_WITHIN_S = 5.0
# An unknown name costs a guesser as much time as a known one.
NOBODY = User("", "viewer", HASHER.hash("nobody has this password"))

log = structlog.get_logger()


@dataclass(frozen=True)
class Visitor:
    """A person who has come in: name, role and where from."""

    name: str
    role: Role
    address: str


class Login:
    """Checks passwords in worker threads; refuses all when the users file is not in order."""

    def __init__(self, users_file: Path) -> None:
        self._file = users_file
        self._lockout = Lockout()
        self._slots = asyncio.Semaphore(CHECKS_AT_ONCE)
        self._waiting = 0
        self._file_is_bad = False

    async def enter(self, name: str, password: str, address: str) -> Visitor | None:
        """The person with this name and password; None for anybody else, whatever the reason."""
        now_s = asyncio.get_running_loop().time()
        if self._lockout.locked(name, address, now_s):
            log.warning("login refused", user=name, address=address, why="locked out")
            return None
        if self._waiting >= CHECKS_WAITING:
            log.warning("login refused", user=name, address=address, why="too many at once")
            return None
        user = await self._checked(name, password)
        if user is None:
            self._lockout.failed(name, address, now_s)
            log.warning("login refused", user=name, address=address, why="wrong name or password")
            return None
        self._lockout.succeeded(name, address)
        log.info("login", user=user.name, role=user.role, address=address)
        return Visitor(user.name, user.role, address)

    async def _checked(self, name: str, password: str) -> User | None:
        self._waiting += 1
        try:
            async with asyncio.timeout(real_limit_s(CHECK_WITHIN_S)), self._slots:
                return await asyncio.to_thread(self._check, name, password)
        except TimeoutError:
            return None
        finally:
            self._waiting -= 1

    def _check(self, name: str, password: str) -> User | None:
        user = self._users().get(name, NOBODY)
        try:
            HASHER.verify(user.hash, password[:LONGEST_PASSWORD])
        except argon2.exceptions.VerifyMismatchError:
            return None
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            log.warning("users file holds a broken hash", user=name)
            return None
        fits = len(password) <= LONGEST_PASSWORD
        return user if fits and user is not NOBODY else None

    def _users(self) -> dict[str, User]:
        try:
            users = load_users(self._file)
        except (OSError, BadUsersFile) as reason:
            if not self._file_is_bad:
                log.error("nobody can log in", why=str(reason))  # noqa: TRY400 - no trace needed
            self._file_is_bad = True
            return {}
        self._file_is_bad = False
        return users
