"""Why a request is not even considered: who asks, for what, with which value, for how long."""

import difflib
import math
import re
from collections.abc import Mapping

from controller.control.request_table import BYPASS, HAND, MAINTENANCE_MODES, MODE, RequestKind
from controller.control.state import Asked, Request

LONGEST_REASON = 200
LONGEST_NAME = 100
LONGEST_SOURCE = 200
LONGEST_VALUE = 400
MOST_HOURS = 48

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
YES = frozenset({"true", "on", "open", "1"})
NO = frozenset({"false", "off", "closed", "0"})

KINDS: Mapping[str, str] = {
    "number": "a number",
    "flag": "true or false",
    "text": "a word",
    "hours": f"2 to {MOST_HOURS} numbers, one an hour, with blanks between,",
}


def read_value(value: Asked, kind: RequestKind) -> Asked:
    """The value in the request's own kind, also where it came as text; None when it is none."""
    match kind.value:
        case "number":
            return _number(value)
        case "flag":
            return _flag(value)
        case "text":
            return value.strip() if isinstance(value, str) and value.strip() else None
        case "hours":
            return value.strip() if isinstance(value, str) and hours_of(value) else None
        case "none":
            return None


def hours_of(text: str) -> tuple[float, ...]:
    """The numbers of a text, one an hour; none at all where it is anything else."""
    numbers = [_number(word) for word in text.split()]
    found = tuple(number for number in numbers if number is not None)
    return found if len(found) == len(numbers) and 1 < len(found) <= MOST_HOURS else ()


def refuse(request: Request, kinds: Mapping[str, RequestKind], now_s: float) -> str | None:
    """Why a request is refused by itself, whatever else stands; None when it is not."""
    bad = _bad_texts(request)
    if bad is not None:
        return bad
    kind = kinds.get(request.name)
    if kind is None:
        return _unknown(request.name, kinds)
    if kind.refusal or request.role not in kind.roles:
        return kind.refusal or f"role {request.role!r} may not ask for {request.name}"
    if not 0.0 < request.until_s - now_s <= kind.longest_s:
        return f"it must expire within {kind.longest_s / 3600:.0f} h"
    bad = _bad_value(request, kind)
    if bad is not None:
        return bad
    return _without_reason(request, kind)


def near(name: str, names: Mapping[str, RequestKind]) -> str:
    """The name that was perhaps meant, as the end of a sentence."""
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _bad_texts(request: Request) -> str | None:
    limits = (
        ("id", request.id, LONGEST_SOURCE),
        ("source", request.source, LONGEST_SOURCE),
        ("name", request.name, LONGEST_NAME),
        ("reason", request.reason, LONGEST_REASON),
        ("value", request.value if isinstance(request.value, str) else "", LONGEST_VALUE),
    )
    for what, text, longest in limits:
        if len(text) > longest:
            return f"its {what} has more than {longest} characters"
        if not text.isprintable():
            return f"its {what} holds a control character"
    return None


def _unknown(name: str, kinds: Mapping[str, RequestKind]) -> str:
    if name.startswith(HAND):
        output = name.removeprefix(HAND)
        return f"there is no output {output!r} that a device here takes{near(name, kinds)}"
    many = (HAND, BYPASS)
    known = ", ".join(sorted(known for known in kinds if not known.startswith(many)))
    more = f"{BYPASS}<cause> and {HAND}<output>"
    return f"there is no request {name!r}{near(name, kinds)} There are {known}, {more}"


def _bad_value(request: Request, kind: RequestKind) -> str | None:
    if kind.value == "none" or (kind.optional and _nothing(request.value)):
        # Old clients send a number with an order that needs none; it says nothing.
        return None
    value = read_value(request.value, kind)
    if value is None:
        return f"{request.name} needs {KINDS[kind.value]}{f' of {kind.unit}' if kind.unit else ''}"
    told = hours_of(str(value)) if kind.value == "hours" else ()
    told = (float(value),) if kind.value == "number" else told
    if not all(kind.low <= number <= kind.high for number in told):
        return f"{request.name} must lie between {kind.low:.0f} and {kind.high:.0f} {kind.unit}"
    if kind.choices and value not in kind.choices:
        return f"{request.name} is one of {', '.join(kind.choices)}"
    if request.name == MODE and value in MAINTENANCE_MODES and request.role != "engineer":
        return f"role {request.role!r} may not order {value}; an engineer may"
    return None


def _nothing(value: Asked) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _without_reason(request: Request, kind: RequestKind) -> str | None:
    if request.reason.strip():
        return None
    needs = kind.needs_reason
    needed = needs if isinstance(needs, bool) else read_value(request.value, kind) in needs
    return f"{request.name} needs a reason" if needed else None


def _number(value: Asked) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if NUMBER.fullmatch(text) else None
    return float(value) if value is not None and math.isfinite(value) else None


def _flag(value: Asked) -> bool | None:
    text = str(value).strip().lower() if isinstance(value, (str, bool)) else ""
    if text in YES or value == 1.0:
        return True
    return False if text in NO or value == 0.0 else None
