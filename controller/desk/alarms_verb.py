"""`hearth alarms`: what stands, what there can be, and how well the alarms serve."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import numpy as np

from controller.clock.now import utc_s
from controller.config.plant import PlantFile
from controller.config.settings import scan_settings
from controller.control.alarms.base import LETTERS
from controller.control.alarms.columns import Columns, columns
from controller.control.alarms.performance import Figure, Performance, performance
from controller.control.alarms.replay import replay
from controller.control.alarms.state import AlarmState, Transition
from controller.control.settings import Settings
from controller.field.alarm_facts import known_alarms
from controller.field.device_facts import known_devices
from controller.field.devices import build_field
from controller.record.alarm_journal import NAME, read_alarms

DAY_S = 86_400.0
STATES = (
    "normal",
    "unacknowledged",
    "acknowledged",
    "over, unacknowledged",
    "latched, unacknowledged",
    "latched",
)
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown."""

    report: bool
    days: float
    defined: bool
    as_json: bool


def show_alarms(plant: PlantFile, wanted: Wanted, say: Say) -> None:
    """Say what is wanted of this plant's alarms; ConfigError where its devices do not fit."""
    settings = alarm_settings(plant)
    table = columns(settings)
    if wanted.defined:
        _say_defined(table, wanted, say)
        return
    entries, damaged = read_alarms(plant.core.state_dir / NAME)
    if damaged:
        say(f"{damaged} lines of {NAME} could not be read")
    now_s = utc_s()
    if wanted.report:
        _say_report(entries, table, now_s, wanted, say)
        return
    # Times of the journal are UTC: with the same clock for both, nothing is shifted.
    state, _ = replay(entries, now_s, now_s, table)
    _say_state(state, table, wanted, say)


def alarm_settings(plant: PlantFile) -> Settings:
    """The settings with every alarm that this plant's devices make possible."""
    settings = scan_settings(plant)
    field = build_field(plant, settings)
    return known_alarms(plant, known_devices(settings, field.devices), field)


def _say_state(state: AlarmState, table: Columns, wanted: Wanted, say: Say) -> None:
    flagged = state.quiet | (state.base != 0)
    rows = np.flatnonzero(flagged).tolist()
    rows.sort(key=lambda row: (bool(state.quiet[row]), -table.alarms[row].severity))
    if wanted.as_json:
        say(json.dumps([_plain(state, row, table) for row in rows], ensure_ascii=False))
        return
    if not rows:
        say(f"no alarm stands; there are {len(table.alarms)} (`hearth alarms --defined`)")
    for row in rows:
        told = _plain(state, row, table)
        say(f"{told['priority']:<9}{told['name']:<44}{told['state']}{_beside(told)}")
        since = f"since {told['since']}: " if told["since"] else ""
        say(f"         {since}{told['cause']} {told['action']}")


def _plain(state: AlarmState, row: int, table: Columns) -> dict[str, object]:
    alarm, base = table.alarms[row], int(state.base[row])
    since_s = float(state.changed_s[row])
    return {
        "name": alarm.name,
        "priority": alarm.priority,
        "letter": LETTERS[base],
        "state": STATES[base],
        "since": _utc(since_s) if np.isfinite(since_s) else "",
        "shelved_until": _utc(float(state.shelved_until_s[row])),
        "suppressed": bool(state.suppressed[row]),
        "out_of_service": bool(state.out_of_service[row]),
        "cause": alarm.cause,
        "consequence": alarm.consequence,
        "action": alarm.action,
        "respond_s": alarm.respond_s,
    }


def _beside(told: dict[str, object]) -> str:
    words = [word for word in ("suppressed", "out_of_service") if told[word]]
    if told["shelved_until"]:
        words.append(f"shelved until {told['shelved_until']}")
    return f" [{', '.join(words)}]" if words else ""


def _say_defined(table: Columns, wanted: Wanted, say: Say) -> None:
    if wanted.as_json:
        plain = [{**asdict(one), "quiet_modes": sorted(one.quiet_modes)} for one in table.alarms]
        say(json.dumps(plain, ensure_ascii=False))
        return
    for one in table.alarms:
        say(f"{one.priority:<9}{one.name:<44}{one.cause}")


def _say_report(
    entries: list[Transition], table: Columns, now_s: float, wanted: Wanted, say: Say
) -> None:
    priorities = {one.name: one.priority for one in table.alarms}
    found = performance(entries, priorities, now_s - wanted.days * DAY_S, now_s)
    if wanted.as_json:
        say(json.dumps(asdict(found), ensure_ascii=False))
        return
    for line in report_lines(found):
        say(line)


def report_lines(found: Performance) -> Iterator[str]:
    """The report for a reader: each figure beside what is published."""
    yield f"alarms from {_utc(found.from_utc_s)} to {_utc(found.to_utc_s)}"
    yield f"{'figure':<34}{'found':>9}{'target':>9}{'limit':>9}"
    for one in found.figures:
        found_and_aim = f"{_number(one.value, one):>9}{_bound(one.target, one):>9}"
        judged = f"{_bound(one.most, one):>9}  {one.source}{'' if one.good else '  TOO MUCH'}"
        yield f"{one.name:<34}{found_and_aim}{judged}"
    yield "most frequent: " + (", ".join(f"{name} ({n})" for name, n in found.top) or "none")
    yield "chattering: " + (", ".join(found.chattering) or "none")


def _number(value: float, figure: Figure) -> str:
    return f"{value:.1f}{figure.unit}"


def _bound(value: float | None, figure: Figure) -> str:
    return "" if value is None else _number(value, figure)


def _utc(moment_s: float) -> str:
    if not np.isfinite(moment_s):
        return ""
    return (
        datetime.fromtimestamp(moment_s, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    )
