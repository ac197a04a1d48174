"""The reply of an Avalon to a MinerReading, whatever its generation.

Fields and units: Canaan "Avalon A10 API manual" v0.4 section 3.3, Canaan Nano3S firmware source,
captured replies in tests/wire/transcripts; the water fields ITemp and HBOTemp as asic-rs maps them.
"""

from collections.abc import Mapping
from typing import Final

from drivers.cgminer.chain import chained
from drivers.cgminer.codec import Section, decode
from drivers.cgminer.details import details_in
from drivers.cgminer.fields import (
    Fields,
    fields_in,
    hint,
    hinted_whole,
    integers,
    number,
    temperature_c,
    whole,
)
from drivers.cgminer.host import Host, host_in
from drivers.cgminer.names import Ver, serial, ver
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.shapes import stats_in, texts_in
from drivers.cgminer.state import WORKS, state_of
from drivers.cgminer.supply import supply_in
from drivers.cgminer.usual import usual_in
from drivers.errors import BadReply

RATE_GHS: Final = (0.0, 5_000_000.0)
COOLANT_C: Final = (-50.0, 150.0)
CHIP_C: Final = (-50.0, 200.0)
UPTIME_S: Final = (0.0, 4.0e9)
REASON: Final = (0.0, 255.0)
LEVEL: Final = (-255.0, 255.0)
SHARE_PCT: Final = (0.0, 100.0)

BOARD_FIELDS: Final = ("HBTemp", "HBITemp", "HBOTemp")

ALONE: Final = Host()


def reading_in(raw: bytes, poll: str) -> MinerReading:
    """The reading in the raw reply to a poll."""
    usual = usual_in(raw, poll)
    return telemetry(decode(raw, poll)) if usual is None else reading_of(*usual)


def telemetry(replies: Mapping[str, Section]) -> MinerReading:
    """The reading in a reply to estats, stats or litestats, alone or joined with other commands."""
    reply, entries = stats_in(replies)
    texts = texts_in(entries)
    host = host_in(replies, reply, entries[0])
    if len(texts) == 1:
        return reading_of(texts[0], host)
    return chained([reading_of(text) for text in texts], host)


def reading_of(text: str, host: Host = ALONE) -> MinerReading:
    """The reading in one text of `Name[value]` fields, with what its host says beside it."""
    fields = fields_in(text)
    who = ver(fields)
    supply = supply_in(fields, nano3=who.nano3)
    details = details_in(fields)
    soft_off = whole(fields, "SoftOFF", REASON)
    rate_ghs = number(fields, "GHSspd", RATE_GHS)
    # An average goes on for minutes after boards have lost their power: then it is not the rate.
    if "GHSspd" not in fields and supply.board_a != 0.0:
        rate_ghs = host.rate_ghs
    average_ghs = hint(fields, "GHSavg", RATE_GHS)
    state = state_of(
        _work(fields),
        soft_off,
        rate_ghs,
        supply.board_a,
        hashed=bool(average_ghs),
        calibrated=details.calibrated,
    )
    mode, level = _mode(fields, who)
    return MinerReading(
        state=state,
        power_kw=_thousandth(supply.power_w),
        power_estimated=supply.estimated,
        hashrate_ths=_thousandth(rate_ghs),
        inlet_c=temperature_c(fields, ("ITemp", "Temp"), COOLANT_C),
        outlet_c=temperature_c(fields, ("HBOTemp", "OTemp"), COOLANT_C),
        chip_c=_chip_c(fields, state),
        elapsed_s=_elapsed_s(fields, host),
        soft_off=soft_off,
        errors=supply.errors,
        work_mode=mode,
        serial=serial(fields),
        model=who.model,
        firmware=who.firmware,
        work_level=level,
        board_c=_board_c(fields),
        average_ths=_thousandth(average_ghs),
        theoretical_ths=_thousandth(hint(fields, "GHSmm", RATE_GHS)),
        hash_errors_pct=hint(fields, "DH", SHARE_PCT),
        details=details,
        pools=host.pools,
        clock_s=host.clock_s,
    )


def _thousandth(value: float | None) -> float | None:
    return None if value is None else value / 1000.0


def _work(fields: Fields) -> str | None:
    """The work state of `SYSTEMSTATU[Work: In Work, …]`; K230 firmware numbers it in STATE."""
    told = fields.get("SYSTEMSTATU")
    if told is not None:
        return told.partition(",")[0].removeprefix("Work:").strip()
    numbered = hinted_whole(fields, "STATE", (0.0, len(WORKS) - 1.0))
    return None if numbered is None else WORKS[numbered]


def _elapsed_s(fields: Fields, host: Host) -> float:
    elapsed_s = number(fields, "Elapsed", UPTIME_S)
    if elapsed_s is None:
        elapsed_s = host.uptime_s
    if elapsed_s is None:
        raise BadReply("expected field Elapsed")
    return elapsed_s


def _chip_c(fields: Fields, state: MinerState) -> float | None:
    hottest_c = temperature_c(fields, ("TMax",), CHIP_C)
    if hottest_c is None and (boards_c := integers(fields, "MTmax")) is not None:
        hottest_c = next((float(t) for t in sorted(boards_c, reverse=True) if t <= CHIP_C[1]), None)
    # Chips without power are not measured: a sleeping unit says 0 (captured Avalon Q).
    return None if hottest_c == 0.0 and state is MinerState.ASLEEP else hottest_c


def _board_c(fields: Fields) -> float | None:
    """The hottest place that a sensor on the boards measures."""
    hottest_c = None
    for name in BOARD_FIELDS:
        if name in fields:
            board_c = temperature_c(fields, (name,), COOLANT_C)
            if board_c is not None and (hottest_c is None or board_c > hottest_c):
                hottest_c = board_c
    return hottest_c


def _mode(fields: Fields, who: Ver) -> tuple[int | None, int | None]:
    """Work mode and the level within it; the Nano3 calls its mode a level."""
    level = hinted_whole(fields, "WORKLEVEL", LEVEL) if "WORKLEVEL" in fields else None
    mode = whole(fields, "WORKMODE", REASON)
    if mode is None and who.nano3 and level is not None and level >= 0:
        mode = level
    return mode, level
