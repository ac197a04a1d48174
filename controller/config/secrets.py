"""Finds what must never stand in plant.toml."""

import re
from typing import Any

_SECRET = re.compile(
    r"pass(?:word|wd|phrase|code)|(?:^|_)(?:pwd|pin)(?:$|_)|secret|token|credential"
    r"|(?:api|private|access|auth)[_-]?key",
    re.IGNORECASE,
)

# A password in an address, a private key, the hash of a password.
_SECRET_VALUE = re.compile(r"://[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY|^\$argon2")

Secrets = list[tuple[str, str]]


def without_secrets(data: dict[str, Any]) -> tuple[dict[str, Any], Secrets]:
    """The tables without keys and values that look like secrets, and where those stood."""
    found: Secrets = []
    return _cleaned(data, "", found), found


def _cleaned(value: Any, place: str, found: Secrets) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, list):
        return [_cleaned(one, f"{place}.{n}", found) for n, one in enumerate(value, 1)]
    if not isinstance(value, dict):
        return value
    clean: dict[str, Any] = {}
    for key, one in value.items():
        here = f"{place}.{key}" if place else key
        if _SECRET.search(key) or (isinstance(one, str) and _SECRET_VALUE.search(one)):
            # Never the value itself: what is told may be kept in a log.
            found.append((here, "this looks like a secret"))
        else:
            clean[key] = _cleaned(one, here, found)
    return clean
