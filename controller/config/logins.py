"""The accounts by which miners take orders: a TOML file of its own that only its owner reads.

A table for each login: `account`, as the miners know it, and `password`. Containers name theirs.
"""

import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
ACCOUNTS = ("super", "user1", "user2", "user3")
"""Those that WhatsMiners have (MicroBT, API documentation 3.0)."""


class BadLogins(ValueError):  # noqa: N818 - it says what is bad
    """The file cannot be trusted or read; what is in it is not repeated."""


@dataclass(frozen=True, slots=True)
class MinerLogin:
    """One account and its password, which shows up in no text that is made of this."""

    account: str
    password: str = field(repr=False)


def read_logins(path: Path) -> dict[str, MinerLogin]:
    """Every login by its name; none without a file."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadLogins(f"{path} cannot be read: {type(error).__name__}") from None
    if mode & OTHERS:
        raise BadLogins(f"{path} may be read by others: chmod 600 {path}")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        # The parser would repeat what stands there.
        raise BadLogins(f"{path} is no TOML") from None
    return {name: _login(path, name, table) for name, table in tables.items()}


def _login(path: Path, name: str, table: object) -> MinerLogin:
    if not isinstance(table, dict) or set(table) != {"account", "password"}:
        raise BadLogins(f"{path}: [{name}] must have exactly account and password")
    account, password = table["account"], table["password"]
    if account not in ACCOUNTS:
        raise BadLogins(f"{path}: [{name}] account must be one of {', '.join(ACCOUNTS)}")
    if not isinstance(password, str) or not password.isascii() or not password:
        raise BadLogins(f"{path}: [{name}] password must be a text of ASCII letters")
    return MinerLogin(account, password)
