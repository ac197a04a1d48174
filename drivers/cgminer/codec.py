"""CGMiner API bytes: a request to JSON bytes, reply bytes to one checked section per command.

A reply is JSON that ends with one NUL (Canaan firmware, `send_result`), or the older notation with
bars where a unit answers so. Several read commands joined by '+' come back as one object that holds
a list with one reply under each command's name.
"""

import re
from typing import Final, NamedTuple

import msgspec

from drivers.cgminer.pipe_text import replies_in
from drivers.errors import BadReply, Denied, Refused

Section = dict[str, object]

MAX_REQUEST_BYTES: Final = 4095  # the firmware reads a request with one recv of this size
MAX_REPLY_BYTES: Final = 262_144
GIVEN: Final = frozenset("SIW")  # success, information, warning
DENIED: Final = frozenset("EF")  # error, fatal
# Code 45 of the CGMiner API: access denied, by the unit's list of who may order.
ACCESS_DENIED: Final = 45
EXCERPT_CHARS: Final = 200
MAX_CODE_DIGITS: Final = 9

# A whole string, closed or not, or a number that JSON does not know. Strings are matched so that
# they are stepped over, and never give a character back: the scan stays linear for any bytes.
_ODD_NUMBER = re.compile(
    rb'"(?:[^"\\]|\\.)*+(?:"|\Z)?|[-+]?\b(?:nan|inf|infinity)\b', re.DOTALL | re.IGNORECASE
)


class Status(NamedTuple):
    """What the miner says about a command: its letter, code and message."""

    letter: str
    code: int
    message: str

    @property
    def short(self) -> str:
        """Letter and code as dialects list them, like S119."""
        return f"{self.letter}{self.code}"


def encode(command: str, parameter: str | None = None) -> bytes:
    """The request as one segment of JSON."""
    request = {"command": command}
    if parameter is not None:
        request["parameter"] = parameter
    raw = msgspec.json.encode(request)
    if len(raw) > MAX_REQUEST_BYTES:
        raise ValueError(f"request of {len(raw)} bytes, a miner reads at most {MAX_REQUEST_BYTES}")
    return raw


def decode(raw: bytes, command: str) -> dict[str, Section]:
    """The reply of each command that was asked (joined by '+'), none of them an error."""
    body = _body(raw)
    names = command.split("+")
    if body.lstrip()[:7].startswith((b"STATUS=", b"CMD=")):
        replies = _from_text(body, names)
    else:
        replies = _from_json(body, names)
    for name, reply in replies.items():
        _accepted(reply, name)
    return replies


def status(reply: Section) -> Status:
    """The STATUS section of one reply."""
    first = _first_of(reply, "STATUS")
    letter, code, message = first.get("STATUS"), _whole(first.get("Code")), first.get("Msg", "")
    if not isinstance(letter, str) or code is None or not isinstance(message, str):
        raise BadReply("expected STATUS with a letter, a Code number and a Msg")
    return Status(letter, code, message)


def section(reply: Section, name: str) -> Section:
    """The first entry of a named section, like VERSION or STATS."""
    return _first_of(reply, name)


def _first_of(reply: Section, name: str) -> Section:
    entries = reply.get(name)
    if not isinstance(entries, list) or not entries or not isinstance(entries[0], dict):
        raise BadReply(f"expected section {name} with at least one entry")
    return entries[0]


def _accepted(reply: Section, command: str) -> None:
    said = status(reply)
    if said.letter in DENIED:
        kind = Denied if said.code == ACCESS_DENIED else Refused
        raise kind(f"{command}: {said.short} {said.message[:EXCERPT_CHARS]}")
    if said.letter not in GIVEN:
        raise BadReply(f"{command}: expected STATUS S, I, W, E or F, got {said.letter[:8]!r}")


def _whole(told: object) -> int | None:
    """A whole number, also where it came as text."""
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) <= MAX_CODE_DIGITS:
        return int(told)
    return told if isinstance(told, int) and not isinstance(told, bool) else None


def _body(raw: bytes) -> bytes:
    """What stands before the NUL that ends a reply, which some replies lack."""
    if len(raw) > MAX_REPLY_BYTES:
        raise BadReply(f"expected at most {MAX_REPLY_BYTES} bytes, got {len(raw)}")
    body = raw.rstrip(b"\0")
    if not body:
        raise BadReply("expected one JSON object, got nothing")
    return body


def _from_json(body: bytes, names: list[str]) -> dict[str, Section]:
    whole = _json_object(body)
    if len(names) == 1:
        return {names[0]: whole}
    # A joined request that is refused as a whole comes back as a single reply.
    if "STATUS" in whole:
        _accepted(whole, "+".join(names))
    return {name: _joined(whole, name) for name in names}


def _joined(whole: Section, name: str) -> Section:
    reply = whole.get(name)
    if not isinstance(reply, list) or len(reply) != 1 or not isinstance(reply[0], dict):
        raise BadReply(f"expected one reply to {name} in the joined reply")
    return reply[0]


def _from_text(body: bytes, names: list[str]) -> dict[str, Section]:
    try:
        single, joined = replies_in(body.decode())
    except UnicodeDecodeError as error:
        raise BadReply(f"expected text: {error}") from error
    if single is not None and not joined and len(names) == 1:
        return {names[0]: single}
    if single is not None:
        _accepted(single, "+".join(names))
    if lacking := [name for name in names if name not in joined]:
        raise BadReply(f"expected one reply to {lacking[0]} in the joined reply")
    return {name: joined[name] for name in names}


def _json_object(body: bytes) -> Section:
    try:
        whole = _parse(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadReply(f"expected one whole JSON object: {error}") from error
    if not isinstance(whole, dict):
        raise BadReply(f"expected one JSON object, got {type(whole).__name__}")
    return whole


def _parse(text: bytes) -> object:
    """JSON, with bare nan and inf read as null when plain JSON fails."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        mended = _ODD_NUMBER.sub(_null_unless_string, text)
        if mended == text:
            raise
        return msgspec.json.decode(mended)


def _null_unless_string(found: re.Match[bytes]) -> bytes:
    return found[0] if found[0].startswith(b'"') else b"null"
