"""The usual reply to a poll, decoded into nothing but what a reading needs.

A thousand units are asked every few seconds, and nearly all of them answer the same: JSON, two
replies that succeeded, one flat text. Whatever is anything else is None here, and goes the general
way (`codec`, `shapes`, `host`), which gives the same of these and refuses by name.
"""

from typing import Any, Final, NamedTuple, Protocol

import msgspec

from drivers.cgminer.codec import GIVEN, MAX_REPLY_BYTES
from drivers.cgminer.host import CLOCK_S, UPTIME_S, WINDOWS, Host, number_of, rate_ghs_of
from drivers.cgminer.shapes import COMMANDS, FLAT, NEXT


class _Status(msgspec.Struct, gc=False):
    STATUS: str
    Code: Any
    Msg: str = ""
    When: Any = None


class _Rates(msgspec.Struct, gc=False):
    shortest: Any = msgspec.field(name=WINDOWS[0], default=None)
    longer: Any = msgspec.field(name=WINDOWS[1], default=None)


class _Summary(msgspec.Struct, gc=False):
    STATUS: list[_Status]
    SUMMARY: list[_Rates]


class _Stats(msgspec.Struct, gc=False):
    text: str | None = msgspec.field(name=FLAT, default=None)
    Elapsed: Any = None
    next: Any = msgspec.field(name=NEXT, default=msgspec.UNSET)


class _Telemetry(msgspec.Struct, gc=False):
    STATUS: list[_Status]
    STATS: list[_Stats]


class _Joined(Protocol):
    summary: list[_Summary]
    telemetry: list[_Telemetry]


class Usual(NamedTuple):
    """The telemetry text and what stands beside it."""

    text: str
    host: Host


def _decoder(command: str) -> msgspec.json.Decoder[Any]:
    """Of the joined reply to summary and one of the commands that tell telemetry."""
    both = [("summary", list[_Summary]), ("telemetry", list[_Telemetry])]
    kind = msgspec.defstruct("Joined", both, rename={"telemetry": command}, gc=False)
    return msgspec.json.Decoder(kind)


_DECODERS: Final = {f"summary+{command}": _decoder(command) for command in COMMANDS}


def usual_in(raw: bytes, poll: str) -> Usual | None:
    """The usual reply, None where this is not one."""
    decoder = _DECODERS.get(poll)
    # What is stepped over is not checked for its letters: anything beyond ASCII is not usual.
    if decoder is None or len(raw) > MAX_REPLY_BYTES or not raw.isascii():
        return None
    try:
        joined: _Joined = decoder.decode(raw.rstrip(b"\0"))
        [summary], [stats] = joined.summary, joined.telemetry
        rates, told, entry = summary.SUMMARY[0], stats.STATUS[0], stats.STATS[0]
        given = _given(summary.STATUS[0]) and _given(told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, IndexError):
        return None
    text = entry.text
    if not given or not text or text.isspace() or entry.next is not msgspec.UNSET:
        return None
    return Usual(text, _host(rates, told, entry))


def _given(status: _Status) -> bool:
    return status.STATUS in GIVEN and type(status.Code) is int


def _host(rates: _Rates, status: _Status, entry: _Stats) -> Host:
    return Host(
        rate_ghs=rate_ghs_of((rates.shortest, rates.longer)),
        clock_s=number_of("When", status.When, CLOCK_S),
        uptime_s=number_of("Elapsed", entry.Elapsed, UPTIME_S),
    )
