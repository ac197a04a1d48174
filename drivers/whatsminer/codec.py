"""WhatsMiner API v3 bytes: a request to one frame, the body of a reply to what it holds.

A frame is a length of four bytes, the lowest first, and that many bytes of JSON, in both
directions. A length of zero is a heartbeat. A reply has `code`, `when` (the unit's Unix time),
`msg` and `desc`, the command that it answers. Source: MicroBT, "WhatsMiner API documentation" 3.0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from drivers.errors import BadReply, Busy, Denied, Misasked, Refused

Section = Mapping[str, Any]

LENGTH_BYTES: Final = 4
MAX_REQUEST_BYTES: Final = 4_096
MAX_REPLY_BYTES: Final = 262_144
EXCERPT_CHARS: Final = 120
UNIX_S: Final = (0.0, 4.0e9)


class NoPermission(Denied):
    """The unit takes no orders from this account: wrong password, default one, or switch off."""


FAILURES: Final[Mapping[int, tuple[type[Refused], str]]] = {
    -1: (Refused, "fail"),
    -2: (Misasked, "invalid command"),
    -3: (Misasked, "invalid json item"),
    -4: (NoPermission, "no permission"),
    -5: (Busy, "out of memory"),
}
"""The codes of the documentation, each with its name."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a unit said: its clock, and the content of `msg`."""

    when_s: float | None
    content: object

    @property
    def sections(self) -> Section:
        """The content where it is an object; BadReply where it is a text."""
        if not isinstance(self.content, dict):
            raise BadReply(f"expected an object in msg, got {type(self.content).__name__}")
        return self.content


def encode(command: str, param: object = None, **signed: str | int) -> bytes:
    """One request as a frame; `signed` is what an order carries besides."""
    request: dict[str, object] = {"cmd": command}
    if param is not None:
        request["param"] = param
    body = msgspec.json.encode(request | signed)
    if len(body) > MAX_REQUEST_BYTES:
        raise ValueError(f"a request of {len(body)} bytes, expected at most {MAX_REQUEST_BYTES}")
    return len(body).to_bytes(LENGTH_BYTES, "little") + body


def length_of(head: bytes) -> int:
    """How long the body behind these four bytes is; BadReply where no reply is so long."""
    length = int.from_bytes(head, "little")
    if length > MAX_REPLY_BYTES:
        raise BadReply(f"expected a reply of at most {MAX_REPLY_BYTES} bytes, announced {length}")
    return length


def decode(body: bytes, command: str) -> Reply:
    """The reply in a frame's body; Refused, by its name, where the unit said no."""
    try:
        whole = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadReply(f"{command}: expected one JSON object: {error}") from error
    if not isinstance(whole, dict):
        raise BadReply(f"{command}: expected one JSON object, got {type(whole).__name__}")
    code, answered = whole.get("code"), whole.get("desc")
    if not isinstance(code, int) or isinstance(code, bool):
        raise BadReply(f"{command}: expected a code number in the reply")
    if answered != command:
        raise BadReply(f"{command}: expected its own reply, got one to {_excerpt(answered)!r}")
    if code != 0:
        kind, name = FAILURES.get(code, (Refused, "a code that is not documented"))
        raise kind(f"{command}: code {code} ({name}): {_excerpt(whole.get('msg'))}")
    return Reply(_when_s(whole.get("when")), whole.get("msg"))


def _when_s(told: object) -> float | None:
    if not isinstance(told, int | float) or isinstance(told, bool):
        return None
    return float(told) if UNIX_S[0] <= told <= UNIX_S[1] else None


def _excerpt(told: object) -> str:
    """What may be repeated in a message: short, printable, and never an echo of a whole request."""
    text = told if isinstance(told, str) else type(told).__name__
    return "".join(letter for letter in text[:EXCERPT_CHARS] if letter.isprintable())
