"""The read commands of a miner: what each one says about the unit now."""

from collections.abc import Callable, Mapping

from simulators.wire.chain import module_texts
from simulators.wire.sections import (
    CHAIN_DEVICE,
    CHAIN_SUMMARY,
    CHAIN_VERSION,
    COIN,
    CONFIG,
    DEVICE,
    POOLS,
    SHARE_DIFFICULTY,
    SUMMARY,
    VERSION,
)
from simulators.wire.shape import INVALID_COMMAND, Answer, Row, Shape, Value
from simulators.wire.stats_sections import (
    BRACED_LITE,
    BRACED_STATS,
    CHAIN_STATS,
    MACHINE_STATS,
    POOL,
    POOL_STATS,
)
from simulators.wire.telemetry import WORKING, braced_boards, braced_summary, mm_id0
from simulators.wire.unit import Reading, UnitView

_OF_CHAIN = {VERSION: CHAIN_VERSION, SUMMARY: CHAIN_SUMMARY, DEVICE: CHAIN_DEVICE}


def _own(unit: UnitView, usual: Shape) -> Shape:
    """The section as the unit's program has it."""
    return _OF_CHAIN[usual] if unit.personality == "chain" else usual


def _windows_mhs(unit: UnitView, now: Reading) -> tuple[Value, ...]:
    """The rate over its program's four windows; over 5 s it is what it is now."""
    shortest, *longer = unit.rates.windows_mhs
    return (now.rate_ghs * 1e3 if unit.personality == "chain" else shortest, *longer)


def _version(unit: UnitView, _now: Reading) -> Answer:
    model = unit.model
    values = (model.product, model.model, unit.firmware, unit.serial, unit.mac)
    row = Row(_own(unit, VERSION), values)
    return Answer("S", 22, "CGMiner versions", "VERSION", (row,))


def _summary(unit: UnitView, now: Reading) -> Answer:
    rates = unit.rates
    shares = rates.diff1_shares
    accepted = shares // SHARE_DIFFICULTY
    minutes = max(now.elapsed_s, 1) / 60
    values = (
        now.elapsed_s,
        rates.average_ghs * 1e3,
        *_windows_mhs(unit, now),
        accepted,
        accepted / minutes,
        rates.works,
        rates.total_mh,
        shares / minutes,
        float(accepted * SHARE_DIFFICULTY),
    )
    return Answer("S", 11, "Summary", "SUMMARY", (Row(_own(unit, SUMMARY), values),))


def _devices(unit: UnitView, now: Reading) -> Answer:
    rates = unit.rates
    shares = rates.diff1_shares
    accepted = shares // SHARE_DIFFICULTY
    values = (
        rates.average_ghs * 1e3,
        *_windows_mhs(unit, now),
        accepted,
        accepted / (max(now.elapsed_s, 1) / 60),
        now.elapsed_s,
        rates.total_mh,
        shares,
        float(accepted * SHARE_DIFFICULTY),
        now.elapsed_s,
        now.elapsed_s,
    )
    return Answer("S", 9, "1 ASC(s)", "DEVS", (Row(_own(unit, DEVICE), values),))


def _pools(unit: UnitView, now: Reading) -> Answer:
    shares = unit.rates.diff1_shares
    accepted = shares // SHARE_DIFFICULTY
    working = (27, accepted, unit.rates.works, unit.name, now.elapsed_s, shares)
    spare = (1, 0, 0, unit.name, 0, 0)
    rows = tuple(
        Row(
            POOL,
            (
                number,
                now.pool,
                3333 + number,
                number,
                *(spare if number else working),
                0.0 if number else float(accepted * SHARE_DIFFICULTY),
                "false" if number else "true",
                now.pool,
            ),
        )
        for number in range(POOLS)
    )
    return Answer("S", 7, f"{POOLS} Pool(s)", "POOLS", rows)


def _stats(unit: UnitView, now: Reading) -> Answer:
    if unit.personality == "stamped":
        # While it mines it leaves its text out: that of litestats alone is whole.
        told = "" if now.work == WORKING else braced_summary(unit, now)
        machine = Row(BRACED_STATS, (now.elapsed_s, told, braced_boards(now)))
        return Answer("S", 70, "CGMiner stats", "STATS", (machine,))
    if unit.personality == "chain":
        machine = Row(CHAIN_STATS, (now.elapsed_s, *module_texts(unit, now)))
    else:
        machine = Row(MACHINE_STATS, (now.elapsed_s, mm_id0(unit, now)))
    pools = [Row(POOL_STATS, (pool + 1, pool, now.elapsed_s)) for pool in range(POOLS)]
    return Answer("S", 70, "CGMiner stats", "STATS", (machine, *pools))


def _litestats(unit: UnitView, now: Reading) -> Answer:
    if unit.personality != "stamped":
        return INVALID_COMMAND
    row = Row(BRACED_LITE, (braced_summary(unit, now),))
    return Answer("S", 70, "CGMiner stats", "STATS", (row,))


def _coin(_unit: UnitView, now: Reading) -> Answer:
    return Answer("S", 78, "CGMiner coin", "COIN", (Row(COIN, (float(now.elapsed_s),)),))


def _config(_unit: UnitView, _now: Reading) -> Answer:
    return Answer("S", 33, "CGMiner config", "CONFIG", (Row(CONFIG, ()),))


READS: Mapping[str, Callable[[UnitView, Reading], Answer]] = {
    "version": _version,
    "summary": _summary,
    "devs": _devices,
    "pools": _pools,
    "stats": _stats,
    "estats": _stats,
    "litestats": _litestats,
    "coin": _coin,
    "config": _config,
}
