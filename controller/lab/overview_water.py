"""The water on the screen: pumps, valves, cooler, flow and pressure."""

from collections.abc import Iterator

from rich.console import Group
from rich.table import Table
from rich.text import Text

from controller.lab.shown import (
    DOUBTFUL,
    FINE,
    HELD,
    NOTHING,
    QUIET,
    WRONG,
    Look,
    pairs,
    told,
)

OPEN, SHUT, MOVING, UNKNOWN = (
    "\N{BLACK CIRCLE}",
    "\N{WHITE CIRCLE}",
    "\N{CIRCLE WITH LEFT HALF BLACK}",
    "?",
)
BAR, BAR_CELLS = "\N{BLACK VERTICAL RECTANGLE}", 8
SINGLE_PUMPS = frozenset({"district-pump", "network-pump"})
"""Pumps without a stand-by: one that is not wanted rests."""


def water_part(look: Look, *, wide: bool) -> Group:
    """Every pump with what it does, then the primary water."""
    pumps = Table.grid(padding=(0, 1, 0, 0), expand=True)
    pumps.add_column(no_wrap=True)
    pumps.add_column(no_wrap=True, ratio=1)
    pumps.add_column(justify="right", no_wrap=True)
    if wide:
        pumps.add_column(no_wrap=True)
    for name in pump_names(look):
        bar = (_bar(look, name),) if wide else ()
        pumps.add_row(name, _doing(look, name), _speed(look, name), *bar)
    return Group(pumps, pairs(tuple(_water(look))))


def pump_names(look: Look) -> tuple[str, ...]:
    """Every pump of this plant: what takes a speed."""
    return look.equipment("speed_pct")


def exchangers(look: Look) -> tuple[str, ...]:
    """Every exchanger of this plant."""
    return tuple(name for name in look.equipment("control") if name.startswith("exchanger-"))


def opened(look: Look, name: str) -> Text:
    """A valve as a sign: open, shut, on its way, unknown; one without limit switches is open."""
    if not look.has(f"{name}.valve_open"):
        return Text(OPEN, FINE) if look.fresh else Text(UNKNOWN, WRONG)
    is_open, is_shut = look.truth(f"{name}.valve_open"), look.truth(f"{name}.valve_closed")
    if is_open is None:
        return Text(UNKNOWN, WRONG)
    if is_open:
        return Text(OPEN, FINE)
    shut = is_shut is True or not look.has(f"{name}.valve_closed")
    return Text(SHUT, QUIET) if shut else Text(MOVING, DOUBTFUL)


def _doing(look: Look, name: str) -> Text:
    """What a pump does, and who holds it when that is not the program."""
    runs, wanted = look.truth(f"{name}.running"), look.truth(f"{name}.run")
    if runs is None:
        word, style = NOTHING, WRONG
    elif runs:
        word, style = ("runs", FINE) if wanted is not False else ("stops", DOUBTFUL)
    elif wanted:
        failed = name in look.text("plant.pumps_failed").split(", ")
        word, style = ("FAILED", WRONG) if failed else ("starts", DOUBTFUL)
    else:
        word, style = ("rests" if name in SINGLE_PUMPS else "stand-by"), QUIET
    doing = Text(f"{look.mark(f'{name}.running')}{word}", style)
    control = look.text(f"{name}.control")
    return doing.append(f" {control}", HELD) if control in {"local", "hand"} else doing


def _speed(look: Look, name: str) -> str:
    return look.shown(_speed_tag(look, name), "%")


def _bar(look: Look, name: str) -> Text:
    speed_pct = look.number(_speed_tag(look, name))
    if speed_pct is None:
        return Text(" " * BAR_CELLS)
    cells = round(BAR_CELLS * min(max(speed_pct, 0.0), 100.0) / 100.0)
    return Text(BAR * cells, FINE).append(BAR * (BAR_CELLS - cells), "grey30")


def _speed_tag(look: Look, name: str) -> str:
    """The speed that is measured, or the ordered one of a pump that tells nothing."""
    feedback = f"{name}.speed_feedback_pct"
    return feedback if look.has(feedback) else f"{name}.speed_pct"


def _water(look: Look) -> Iterator[tuple[str, str | Text]]:
    setpoint = look.shown("primary.flow_setpoint_lpm", "L/min")
    yield "primary flow", f"{look.shown('primary.flow_lpm')} of {setpoint}"
    pressures = [
        (words, look.shown(tag))
        for words, tag in (
            ("suction", "primary.suction_pressure_kpa"),
            ("inlet", "primary.inlet_pressure_kpa"),
        )
        if look.has(tag)
    ]
    if pressures:
        names, values = zip(*pressures, strict=True)
        yield " / ".join(names), f"{' / '.join(values)} kPa"
    if look.has("dry-cooler.control"):
        yield "dry cooler", _cooler(look)
    if look.has("make-up.valve_open_command") and look.truth("make-up.valve_open_command"):
        yield "make-up", Text("open", DOUBTFUL)


def _cooler(look: Look) -> Text:
    share, fan = look.number("three-way-valve.position_pct"), look.number("dry-cooler.fan_pct")
    if share is None or fan is None:
        return Text(NOTHING, WRONG)
    if not told(share).strip("0") and not told(fan).strip("0"):
        return Text("rests", QUIET)
    return Text(f"{told(share, '%')} of the flow, fan {told(fan, '%')}", DOUBTFUL)
