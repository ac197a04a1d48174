"""What a WhatsMiner's replies say, as the same reading that every other miner gives.

`get.device.info` says who it is, whether it works, what its supply draws and what is wrong;
`summary` of `get.miner.status` what it does now, and `get.miner.setting` how its power is set.
Hash rates come in TH/s and powers in W. Captured replies: tests/wire/transcripts/whatsminer.
"""

from collections.abc import Mapping
from typing import Any, Final

from drivers.cgminer.fields import ABSENT, Limits, checked, digits
from drivers.cgminer.reading import Details, MinerReading, MinerState, Pool, fingerprint
from drivers.errors import BadReply
from drivers.whatsminer.codec import Section
from drivers.whatsminer.dialects import Dialect, plain

POWER_W: Final = (0.0, 30_000.0)
RATE_THS: Final = (0.0, 10_000.0)
WATER_C: Final = (-50.0, 150.0)
CHIP_C: Final = (-50.0, 200.0)
TIME_S: Final = (0.0, 4.0e9)
SHARE_PCT: Final = (0.0, 200.0)
TEXT_CHARS: Final = 64
MOST_ERRORS: Final = 64


def reading_of(
    info: Section, summary: Section, setting: Section, when_s: float | None, dialect: Dialect
) -> MinerReading:
    """All of it; BadReply names the field that cannot be."""
    miner, system, power = (part(info, name) for name in ("miner", "system", "power"))
    rate_ths = number(summary, "hash-realtime", RATE_THS)
    draws_w = _first(number(summary, "power-realtime", POWER_W), number(power, "pin", POWER_W))
    errors = error_codes(info)
    tuned = _truth(summary.get("up-freq-finish"))
    liquid_c = degrees(power, "liquid-temperature", WATER_C)
    around_c = degrees(summary, "environment-temperature", WATER_C)
    return MinerReading(
        state=state_of(
            rate_ths,
            None if draws_w is None else draws_w / 1_000.0,
            dialect.asleep_below_kw,
            working=_truth(miner.get("working")),
            tuned=tuned,
            faulty=bool(errors),
        ),
        power_kw=None if draws_w is None else draws_w / 1_000.0,
        power_estimated=False,
        hashrate_ths=rate_ths,
        inlet_c=_first(liquid_c if dialect.liquid == "inlet" else None, around_c),
        outlet_c=liquid_c if dialect.liquid == "outlet" else None,
        chip_c=degrees(summary, "chip-temp-max", CHIP_C),
        elapsed_s=uptime_s(summary, when_s),
        soft_off=None,
        errors=None,
        work_mode=None,
        serial=text(miner, "miner-sn"),
        model=model_in(miner),
        firmware=text(system, "fwversion"),
        board_c=_hottest(summary.get("board-temperature")),
        average_ths=number(summary, "hash-average", RATE_THS),
        theoretical_ths=number(summary, "factory-hash", RATE_THS),
        details=Details(
            calibrated=tuned,
            mode_goal_kw=_kw(number(summary, "power-limit", POWER_W)),
            power_pct=set_pct(setting),
            error_codes=errors,
        ),
        clock_s=when_s,
    )


def state_of(
    rate_ths: float | None,
    power_kw: float | None,
    asleep_below_kw: float,
    *,
    working: bool | None,
    tuned: bool | None,
    faulty: bool,
) -> MinerState:
    """By evidence: its word, its power and its rate have to agree."""
    if working is None:
        return MinerState.UNKNOWN
    if not working:
        if power_kw is None:
            return MinerState.UNKNOWN
        return MinerState.ASLEEP if power_kw < asleep_below_kw else MinerState.STOPPING
    if rate_ths is None:
        return MinerState.UNKNOWN
    if rate_ths > 0.0:
        return MinerState.CALIBRATING if tuned is False else MinerState.RUNNING
    return MinerState.FAULT if faulty else MinerState.STARTING


def uptime_s(summary: Section, when_s: float | None) -> float:
    """Since the control board started, or the service, or a clock that counts as well."""
    for name in ("bootup-time", "elapsed"):
        if told := number(summary, name, TIME_S):
            return told
    return 0.0 if when_s is None else when_s


def set_pct(setting: Section) -> float | None:
    """The share of its power that it is set to, in percent; 0 says that nothing is set."""
    told = number(setting, "power-percent", SHARE_PCT)
    return 100.0 if told == 0.0 else told


def error_codes(info: Section) -> tuple[int, ...]:
    """The numbers of what the unit says is wrong; each is the key of its time."""
    listed = info.get("error-code")
    if not isinstance(listed, list):
        return ()
    found = (digits(key) for one in listed[:MOST_ERRORS] if isinstance(one, dict) for key in one)
    return tuple(sorted({code for code in found if code is not None}))


def pools_in(status: Section) -> tuple[Pool, ...]:
    """Every pool, without accounts and passwords."""
    entries = status.get("pools")
    if not isinstance(entries, list):
        raise BadReply("expected pools in the reply to get.miner.status")
    return tuple(_pool(entry) for entry in entries if isinstance(entry, dict))


def part(info: Section, name: str) -> Mapping[str, Any]:
    """One section of the information; an empty one where it is not told."""
    told = info.get(name)
    return told if isinstance(told, dict) else {}


def model_in(miner: Section) -> str | None:
    """The model without the variant of its boards."""
    told = text(miner, "type")
    return None if told is None else plain(told)


def text(section: Section, name: str) -> str | None:
    """A printable text that is not too long."""
    told = section.get(name)
    if not isinstance(told, str) or not told or len(told) > TEXT_CHARS:
        return None
    return told if told.isprintable() else None


def number(section: Section, name: str, limits: Limits) -> float | None:
    """A number, also one that came as text; BadReply names one that cannot be."""
    told = section.get(name)
    if told is None or told == "":
        return None
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        raise BadReply(f"{name}: expected a number, got {type(told).__name__}")
    return checked(name, told, limits)


def degrees(section: Section, name: str, limits: Limits) -> float | None:
    """A temperature behind which a sensor stands."""
    told = number(section, name, (-1.0e6, 1.0e6))
    if told is None or told in ABSENT:
        return None
    return checked(name, told, limits)


def _hottest(told: object) -> float | None:
    if not isinstance(told, list):
        return None
    known = (degrees({"board-temperature": one}, "board-temperature", CHIP_C) for one in told)
    return max((one for one in known if one is not None), default=None)


def _pool(entry: Section) -> Pool:
    url = text(entry, "url") or ""
    scheme, mark, rest = url.rpartition("://")
    _, dot, worker = (text(entry, "account") or "").rpartition(".")
    return Pool(
        url=f"{scheme}{mark}{rest.rpartition('@')[2]}",
        status=text(entry, "status"),
        active=_truth(entry.get("stratum-active")),
        worker=worker if dot and worker else None,
        account=fingerprint(text(entry, "account")),
    )


def _truth(told: object) -> bool | None:
    if isinstance(told, bool):
        return told
    if isinstance(told, int):
        return {0: False, 1: True}.get(told)
    words = {"true": True, "1": True, "false": False, "0": False}
    return words.get(told) if isinstance(told, str) else None


def _first(*told: float | None) -> float | None:
    return next((one for one in told if one is not None), None)


def _kw(power_w: float | None) -> float | None:
    return None if power_w is None else power_w / 1_000.0
