"""The CGMiner API of one simulated miner: request bytes in, reply bytes out, no socket.

A first byte `{` means JSON in and out, anything else text. Read commands join with `+`.
A reply ends with one NUL.
"""

import json
from typing import NamedTuple

from simulators.wire.orders import ascset, printable
from simulators.wire.reads import READS
from simulators.wire.shape import INVALID_COMMAND, Answer, Stamp, as_json, as_text
from simulators.wire.unit import Reading, UnitView

REQUEST_CAP_BYTES = 4095
JOINED_NAMES_CAP = 256
DENIED = Answer("E", 45, "Access denied to 'ascset' command")
INVALID_JSON = Answer("E", 23, "Invalid JSON")
MISSING_COMMAND = Answer("E", 24, "Missing JSON 'command'")


class Request(NamedTuple):
    """One command with its parameter."""

    command: str
    parameter: str


def reply(request: bytes, unit: UnitView) -> bytes:
    """Everything the miner sends back, with the NUL that ends it."""
    text = request[:REQUEST_CAP_BYTES].decode("utf-8", "replace")
    body = _reply_json(text, unit) if text.startswith("{") else _reply_text(text, unit)
    return body.encode() + b"\0"


def _reply_json(text: str, unit: UnitView) -> str:
    now = unit.read()
    stamp = Stamp(unit.when(now), unit.program)
    request = _parse_json(text)
    if isinstance(request, Answer):
        return as_json(request, stamp)
    if "+" not in request.command:
        return as_json(_single(request, unit, now), stamp)
    parts = _joined(request.command, unit, now)
    if isinstance(parts, Answer):
        return as_json(parts, stamp)
    answers = "".join(f'"{name}":[{as_json(answer, stamp)}],' for name, answer in parts)
    return f'{{{answers}"id":1}}'


def _reply_text(text: str, unit: UnitView) -> str:
    now = unit.read()
    stamp = Stamp(unit.when(now), unit.program)
    command, _, parameter = text.rstrip("\r\n\0 ").partition("|")
    if "+" not in command:
        return as_text(_single(Request(command, parameter), unit, now), stamp)
    parts = _joined(command, unit, now)
    if isinstance(parts, Answer):
        return as_text(parts, stamp)
    return "".join(f"CMD={name}|{as_text(answer, stamp)}" for name, answer in parts)


def _parse_json(text: str) -> Request | Answer:
    """The command and its parameter, or why there is none."""
    try:
        request = json.loads(text)
    except (ValueError, RecursionError):
        return INVALID_JSON
    command = request.get("command")
    if not isinstance(command, str):
        return MISSING_COMMAND
    parameter = request.get("parameter", "")
    return Request(command, str(parameter))


def _single(request: Request, unit: UnitView, now: Reading) -> Answer:
    """The answer to one command; only here may the unit be told to do something."""
    if request.command == "ascset":
        if now.denies:
            return DENIED
        return ascset(unit, request.parameter)
    read = READS.get(request.command)
    return INVALID_COMMAND if read is None else read(unit, now)


def _joined(command: str, unit: UnitView, now: Reading) -> list[tuple[str, Answer]] | Answer:
    """The answers to several read commands; a write among them is denied."""
    if len(command) > JOINED_NAMES_CAP:
        return INVALID_COMMAND
    parts = []
    for name in command.split("+"):
        read = READS.get(name)
        if read is not None:
            parts.append((name, read(unit, now)))
        elif name == "ascset":
            parts.append((name, DENIED))
        else:
            parts.append((printable(name), INVALID_COMMAND))
    return parts
