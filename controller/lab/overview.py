"""The plant on one screen: heat, power, what an hour is worth, the fleet, limits, trips, events.

It is made from what the link tells alone, as any visitor could make it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from controller.lab.fleet_table import fleet_table
from controller.lab.shown import NOTHING, Look, difference, told
from controller.link.messages import EventInfo
from controller.link.mirror import Mirror

LAST_EVENTS = 8
MODE_STYLES = {"running": "bold green", "tripped": "bold white on red", "tracking": "bold yellow"}
LOUD, URGENT = 500, 700
"""Severities from which an event is yellow, and red."""

Rows = Sequence[tuple[str, str | Text]]


def overview(
    mirror: Mirror,
    events: Sequence[EventInfo],
    now_utc_s: float,
    *,
    since_utc_s: float,
    story: str = "",
    pace: str = "",
) -> RenderableType:
    """Everything that matters now; `story` is the line that the demonstration tells."""
    look = Look(mirror, now_utc_s)
    figures = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for ratio in (8, 6, 5):
        figures.add_column(ratio=ratio)
    figures.add_row(
        _pairs("Heat", _heat(look)), _pairs("Power", _power(look)), _pairs("An hour", _value(look))
    )
    fleet = Table.grid(expand=True, padding=(0, 2, 0, 0))
    fleet.add_column(no_wrap=True)
    fleet.add_column(ratio=1)
    fleet.add_row(fleet_table(look), _state(look))
    return Group(
        _header(look, now_utc_s - since_utc_s, pace),
        Text(story, style="italic cyan"),
        figures,
        Rule(style="dim"),
        fleet,
        Rule("events", style="dim", align="left"),
        *_last(events),
    )


def _header(look: Look, since_s: float, pace: str) -> Table:
    header = Table.grid(expand=True, padding=(0, 2, 0, 0))
    header.add_column(ratio=1, no_wrap=True)
    header.add_column(justify="right", no_wrap=True)
    mode = look.text("plant.mode") or "unknown"
    name = Text(look.mirror.hello.plant, style="bold").append("  ")
    name.append(f" {mode.upper()} ", style=MODE_STYLES.get(mode, "bold white on red"))
    if not look.fresh:
        silent_s = look.silent_s
        waited = "" if silent_s is None else f" for {silent_s:.0f} s"
        name.append(f"  no news from core{waited}", style="bold red")
    minutes, seconds = divmod(int(max(0.0, since_s)), 60)
    heard = look.shown("plant.units_good")
    units = f"{heard} of {len(look.mirror.hello.units)} units heard"
    header.add_row(name, "   ".join(filter(None, (pace, units, f"{minutes}:{seconds:02} min"))))
    return header


def _heat(look: Look) -> Rows:
    delivered = look.number("plant.heat_delivered_kw")
    wanted = look.number("plant.heat_target_kw")
    missing = difference(delivered, wanted)
    off = "" if missing is None else f" ({missing:+,.0f} kW)"
    left_s = look.number("plant.heat_request_expires_s")
    source = look.text("plant.heat_target_source") or NOTHING
    setpoint = look.shown("district.supply_setpoint_c", "°C", 1)
    return (
        ("wanted", Text(look.shown("plant.heat_target_kw", "kW"), "bold")),
        ("asked by", source if left_s is None else f"{source} for {left_s / 60.0:.0f} min"),
        ("delivered", Text(look.shown("plant.heat_delivered_kw", "kW"), "bold").append(off)),
        ("supply", f"{look.shown('district.supply_temperature_c', '°C', 1)} (to be {setpoint})"),
        ("return", look.shown("district.return_temperature_c", "°C", 1)),
    )


def _power(look: Look) -> Rows:
    return (
        ("electric", Text(look.shown("plant.electric_power_kw", "kW"), "bold")),
        ("wanted", look.shown("plant.power_target_kw", "kW")),
        ("allowed", look.shown("plant.power_ceiling_kw", "kW")),
        ("hashrate", Text(look.shown("plant.hashrate_ths", "TH/s"), "bold")),
        ("hottest outlet", look.shown("plant.hottest_outlet_c", "°C", 1)),
    )


def _value(look: Look) -> Rows:
    worth = [look.number(f"value.{what}_eur_h") for what in ("hash", "heat")]
    cost = look.number("value.power_eur_h")
    earned = None if None in worth else sum(part for part in worth if part is not None)
    left = difference(earned, cost)
    return (
        ("hash", look.shown("value.hash_eur_h", "EUR/h")),
        ("heat", look.shown("value.heat_eur_h", "EUR/h")),
        ("power", NOTHING if cost is None else told(-cost, "EUR/h")),
        ("left over", Text(NOTHING if left is None else told(left, "EUR/h"), "bold")),
        ("", Text("example prices", "dim")),
    )


def _state(look: Look) -> RenderableType:
    """What holds the plant back, what has tripped, and how the loop is."""
    limit = look.text("plant.limited_by")
    held = limit not in {"", "none"}
    first, trips = look.text("plant.first_out"), look.text("plant.trips")
    lines: list[RenderableType] = [
        Text("limit  ", "dim").append(limit or NOTHING, "bold yellow" if held else ""),
        Text("trips  ", "dim").append(trips or "none", "bold red" if trips else ""),
        Text("first  ", "dim").append(first or "none", "bold red" if first else ""),
        Text("flow   ", "dim").append(look.shown("primary.flow_lpm", "L/min"), ""),
        _pairs("Loop", _loop(look)),
    ]
    return Group(*lines)


def _loop(look: Look) -> Rows:
    sent, verified, failed = (look.shown(f"commands.{what}") for what in _COMMANDS)
    late, worse, worst = (look.shown(f"loop.lateness_{p}_ms", "ms", 1) for p in _LATENESS)
    return (
        ("scans", f"{look.shown('loop.scans')}, skipped {look.shown('loop.skipped')}"),
        ("late", f"{late} (median)"),
        ("", f"{worse} (p99), {worst} (max)"),
        ("polls", f"{look.shown('poll.polls')}, failed {look.shown('poll.failures')}"),
        ("orders", f"{sent}, proven {verified}, failed {failed}"),
    )


_COMMANDS = ("sent", "verified", "failed")
_LATENESS = ("p50", "p99", "max")


def _pairs(title: str, rows: Rows) -> Table:
    pairs = Table.grid(padding=(0, 1, 0, 0))
    pairs.add_column(style="dim", no_wrap=True)
    pairs.add_column(overflow="fold")
    pairs.add_row(Text(title, "bold underline"), "")
    for name, value in rows:
        # Text from outside may hold what rich would take for markup.
        pairs.add_row(name, Text(value) if isinstance(value, str) else value)
    return pairs


def _last(events: Sequence[EventInfo]) -> list[Text]:
    """The newest events, newest last, each on one line."""
    return [event_line(event) for event in list(events)[-LAST_EVENTS:]]


def event_line(event: EventInfo) -> Text:
    """One event: time in UTC, where, what."""
    style = "bold red" if event.severity >= URGENT else "yellow" if event.severity >= LOUD else ""
    clock = datetime.fromtimestamp(event.utc_s, UTC).strftime("%H:%M:%S")
    line = Text(f"{clock} ", "dim", no_wrap=True, overflow="ellipsis")
    return line.append(f"{event.source}: ", "dim").append(event.text, style)
