"""What a WhatsMiner says in these tests, as it frames it."""

import json
from typing import Any

from drivers.whatsminer.login import Login

LOGIN = Login("super", "correct horse")


def frame(body: bytes) -> bytes:
    """A body with its length before it."""
    return len(body).to_bytes(4, "little") + body


def reply(desc: str, msg: object = "ok", code: int = 0, when: int = 1_786_611_588) -> bytes:
    """A reply as a unit frames it."""
    return frame(json.dumps({"code": code, "when": when, "msg": msg, "desc": desc}).encode())


INFO, STATUS, SETTING = "get.device.info", "get.miner.status", "get.miner.setting"
SALT = reply(INFO, {"salt": "px5hoXa9"}, when=1_700_000_000)
SUMMARY: dict[str, Any] = {
    "hash-realtime": 390.5,
    "power-realtime": 7_290,
    "up-freq-finish": 1,
    "bootup-time": 4_000,
    "environment-temperature": 66.0,
    "chip-temp-max": 88.5,
}
DEVICE: dict[str, Any] = {
    "miner": {"working": "true", "type": "M65S_VL40", "miner-sn": "HTM65S1"},
    "system": {"api": "3.0.5", "fwversion": "20260312.16.REL3", "apiswitch": "1"},
    "power": {"pin": 7_300, "liquid-temperature": 76.5},
    "salt": "px5hoXa9",
}


def poll_answers(setting: int = 80) -> tuple[bytes, bytes, bytes]:
    """Three replies of a unit at full work."""
    return (
        reply(INFO, DEVICE),
        reply(STATUS, {"summary": SUMMARY}),
        reply(SETTING, {"power-percent": setting}),
    )
