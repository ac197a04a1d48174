"""The API 3 of one simulated WhatsMiner: a request's JSON in, the reply's JSON out, no socket.

Written from the maker's documentation 3.0.3 and from replies captured of an M63S++ and an M64.
What the documentation leaves open is assumed, and unpleasant: a token is good for a minute of the
unit's own clock, a share of power is a text, and a stopped unit does not tell its pools alone.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from simulators.wire.unit import Reading
from simulators.wire.whatsminer_parts import (
    DEVICE_PARTS,
    STATUS_PARTS,
    Parts,
    device_info,
    setting,
)
from simulators.wire.whatsminer_unit import WhatsMinerView

ACCOUNTS = ("super", "user1", "user2", "user3")
DEFAULT_PASSWORDS = ("", "super", "admin")
TOKEN_LIFE_S = 60.0
MOST_WATTS = 99_999
FAIL, UNKNOWN, BAD_JSON, DENIED = -1, -2, -3, -4


class Said(NamedTuple):
    """What a unit answers."""

    code: int
    msg: object


OK = Said(0, "ok")
NO_PERMISSION = Said(DENIED, "no permission")
INVALID_PARAM = Said(FAIL, "invalid param")
NULL_PARAM = Said(BAD_JSON, "param item is null")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may order it: the password of its accounts, and whether its switch for that is on."""

    password: str = field(default="", repr=False)
    switched_on: bool = True

    @property
    def open(self) -> bool:
        """Nobody orders a unit that has the password it was delivered with."""
        return self.switched_on and self.password not in DEFAULT_PASSWORDS

    def token(self, command: str, salt: str, unix_s: int) -> str:
        """What whoever knows the password sends."""
        text = command + self.password + salt + str(unix_s)
        return b64encode(hashlib.sha256(text.encode()).digest()).decode()[:8]


def salt_of(unit: WhatsMinerView) -> str:
    """A unit's own, made from its serial number."""
    return b64encode(hashlib.sha256(unit.serial.encode()).digest()).decode()[:8]


def reply(request: bytes, unit: WhatsMinerView, access: Access, clock_s: float) -> bytes:
    """The body of the frame that goes back."""
    try:
        asked = json.loads(request)
    except (ValueError, RecursionError):
        return _body(Said(BAD_JSON, "invalid json"), "", clock_s)
    command = asked.get("cmd") if isinstance(asked, dict) else None
    if not isinstance(command, str):
        return _body(Said(BAD_JSON, "cmd item is null"), "", clock_s)
    return _body(_answer(command, asked, unit, access, clock_s), command, clock_s)


def _body(said: Said, command: str, clock_s: float) -> bytes:
    whole = {"code": said.code, "when": int(clock_s), "msg": said.msg, "desc": command}
    return json.dumps(whole, separators=(",", ":")).encode()


def _answer(
    command: str, asked: Mapping[str, Any], unit: WhatsMinerView, access: Access, clock_s: float
) -> Said:
    param = asked.get("param")
    if command in _READS:
        return _READS[command](unit, param)
    order = _ORDERS.get(command)
    if order is None:
        return Said(UNKNOWN, "invalid command")
    if not access.open or not _signed(command, asked, unit, access, clock_s):
        return NO_PERMISSION
    return order(unit, param)


def _signed(
    command: str, asked: Mapping[str, Any], unit: WhatsMinerView, access: Access, clock_s: float
) -> bool:
    unix_s, token = asked.get("ts"), asked.get("token")
    if asked.get("account") not in ACCOUNTS or not isinstance(unix_s, int):
        return False
    fresh = abs(clock_s - unix_s) <= TOKEN_LIFE_S
    return fresh and token == access.token(command, salt_of(unit), unix_s)


def _info(unit: WhatsMinerView, param: object) -> Said:
    whole = {**device_info(unit, unit.read()), "salt": salt_of(unit)}
    if param is None:
        return Said(0, whole)
    if param not in (*DEVICE_PARTS, "salt"):
        return INVALID_PARAM
    return Said(0, {str(param): whole[str(param)]})


def _status(unit: WhatsMinerView, param: object) -> Said:
    names = param.split("+") if isinstance(param, str) else []
    if any(name not in STATUS_PARTS for name in names):
        return INVALID_PARAM
    if names == ["pools"] and not unit.mining:
        return Said(FAIL, "fail")
    now: Reading = unit.read()
    parts: Parts = STATUS_PARTS
    return Said(0, {name: parts[name](unit, now) for name in names})


def _setting(unit: WhatsMinerView, _param: object) -> Said:
    return Said(0, setting(unit))


def _service(unit: WhatsMinerView, param: object) -> Said:
    match param:
        case "stop":
            unit.sleep()
        case "start":
            unit.start()
        case "restart":
            unit.sleep()
            unit.start()
        case "enable" | "disable":
            pass
        case _:
            return INVALID_PARAM if isinstance(param, str) else NULL_PARAM
    return OK


def _percent(unit: WhatsMinerView, param: object) -> Said:
    """The documentation says number, the firmware reads a text."""
    if not isinstance(param, dict) or not isinstance(param.get("percent"), str):
        return NULL_PARAM
    told, speed = param["percent"], param.get("mode")
    if not (told.isascii() and told.isdigit() and int(told) <= 100):  # noqa: PLR2004 - percent
        return INVALID_PARAM
    if speed not in ("fast", "normal"):
        return INVALID_PARAM
    if not unit.tuned:
        return Said(FAIL, "up freq not finish")
    unit.set_power(int(told), fast=speed == "fast")
    return OK


def _power(unit: WhatsMinerView, param: object) -> Said:
    if not isinstance(param, int) or isinstance(param, bool):
        return NULL_PARAM
    if not 0 < param <= MOST_WATTS:
        return INVALID_PARAM
    unit.keep_power(param / 1e3)
    return OK


def _reboot(unit: WhatsMinerView, _param: object) -> Said:
    unit.reboot()
    return OK


_READS: Mapping[str, Callable[[WhatsMinerView, object], Said]] = {
    "get.device.info": _info,
    "get.miner.status": _status,
    "get.miner.setting": _setting,
}
_ORDERS: Mapping[str, Callable[[WhatsMinerView, object], Said]] = {
    "set.miner.service": _service,
    "set.miner.power_percent": _percent,
    "set.miner.power": _power,
    "set.system.reboot": _reboot,
}
