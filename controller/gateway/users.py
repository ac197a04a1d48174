"""The people who may come in: a TOML file of names, roles and argon2id hashes, mode 0600."""

import os
import re
import stat
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import argon2

Role = Literal["viewer", "operator", "engineer", "buyer", "grid"]

ROLES: tuple[Role, ...] = get_args(Role)
NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
FEWEST_LETTERS = 5
TOO_COMMON = (
    "password",
    "passwort",
    "12345678",
    "qwerty",
    "hearth",
    "operator",
    "engineer",
    "viewer",
)
# 26 ms on the reference machine: dear for a guesser, cheap for two log-ins at once.
HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class BadUsersFile(ValueError):  # noqa: N818 - it says what is bad
    """The users file cannot be trusted or read: nobody comes in by it."""


class BadUser(ValueError):  # noqa: N818 - it says what is bad
    """This name, role or password cannot be taken."""


@dataclass(frozen=True)
class User:
    """One person: the hash is of the password, never the password."""

    name: str
    role: Role
    hash: str


def load_users(path: Path) -> dict[str, User]:
    """The users by name; a missing file is a plant that nobody may enter yet."""
    if not path.exists():
        return {}
    _check_private(path)
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("user", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        raise BadUsersFile(f"{path}: {reason}") from reason
    if not isinstance(rows, list):
        raise BadUsersFile(f"{path}: users are written as [[user]]")
    users = [_user(path, row) for row in rows]
    if len({user.name for user in users}) != len(users):
        raise BadUsersFile(f"{path}: a name appears twice")
    return {user.name: user for user in users}


def add_user(path: Path, name: str, *, role: str, password: str) -> None:
    """Add a person; a name that is there already is refused."""
    users = load_users(path)
    if name in users:
        raise BadUser(f"user {name!r} is there already")
    if NAME.fullmatch(name) is None:
        raise BadUser(f"{name!r} is not a user name: 2 to 32 of a-z 0-9 . _ -, a letter first")
    if (known := _role(role)) is None:
        raise BadUser(f"role {role!r} is none of {', '.join(ROLES)}")
    check_password(name, password)
    _save(path, [*users.values(), User(name, known, HASHER.hash(password))])


def change_password(path: Path, name: str, *, password: str) -> None:
    """Give a person another password; an unknown name is refused."""
    users = load_users(path)
    if name not in users:
        raise BadUser(f"there is no user {name!r}")
    check_password(name, password)
    users[name] = replace(users[name], hash=HASHER.hash(password))
    _save(path, list(users.values()))


def remove_user(path: Path, name: str) -> None:
    """Remove a person; an unknown name is refused."""
    users = load_users(path)
    if name not in users:
        raise BadUser(f"there is no user {name!r}")
    _save(path, [user for user in users.values() if user.name != name])


def check_password(name: str, password: str) -> None:
    """Refuse a password that is short, common, or made of the user's own name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadUser(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    lower = password.lower()
    if name in lower or any(word in lower for word in TOO_COMMON):
        raise BadUser("this password contains the user's name or a word that everybody tries first")
    if len(set(lower)) < FEWEST_LETTERS:
        raise BadUser(f"a password has at least {FEWEST_LETTERS} different characters")


def _check_private(path: Path) -> None:
    status = path.stat()
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise BadUsersFile(f"{path} can be read by others: its mode must be 0600")
    if status.st_uid not in {os.getuid(), 0}:
        raise BadUsersFile(f"{path} belongs to another user")


def _user(path: Path, row: Any) -> User:  # noqa: ANN401 - whatever the file holds
    try:
        name, role, hashed = row["name"], _role(row["role"]), row["hash"]
    except (TypeError, KeyError) as reason:
        raise BadUsersFile(f"{path}: a user needs name, role and hash") from reason
    texts = isinstance(name, str) and isinstance(hashed, str)
    if not texts or role is None or not hashed.startswith("$argon2id$"):
        raise BadUsersFile(f"{path}: user {name!r} has no known role or no argon2id hash")
    return User(name, role, hashed)


def _role(name: object) -> Role | None:
    return next((role for role in ROLES if role == name), None)


def _save(path: Path, users: list[User]) -> None:
    text = "# Users of Hearth. Written by `hearth users`; passwords are argon2id hashes.\n"
    for user in users:
        text += f'\n[[user]]\nname = "{user.name}"\nrole = "{user.role}"\nhash = "{user.hash}"\n'
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
