"""Who we are to a unit, and the token that proves it with each order.

The token is the beginning of a SHA-256 over command, password, the unit's salt and the time, in
Base64. The password itself never travels. Source: MicroBT, "WhatsMiner API documentation" 3.0,
Token Generation.
"""

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

ACCOUNTS: Final = ("super", "user1", "user2", "user3")
TOKEN_CHARS: Final = 8


@dataclass(frozen=True, slots=True)
class Login:
    """An account and its password, which shows up in no text that is made of this."""

    account: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        """ValueError for an account that the API does not have."""
        if self.account not in ACCOUNTS:
            raise ValueError(f"account {self.account!r}: expected one of {', '.join(ACCOUNTS)}")

    def token(self, command: str, salt: str, unix_s: int) -> str:
        """What the unit computes too, if it knows the same password."""
        digest = hashlib.sha256(f"{command}{self.password}{salt}{unix_s}".encode()).digest()
        return b64encode(digest).decode()[:TOKEN_CHARS]
