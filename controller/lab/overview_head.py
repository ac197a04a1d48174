"""The head of the screen: which plant, its mode, who may order it, and what needs a person."""

from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from controller.lab.shown import DOUBTFUL, FINE, HELD, NOTHING, WRONG, Look

MODE_STYLES = {
    "running": "bold black on green",
    "starting": "bold black on yellow",
    "stopping": "bold black on yellow",
    "tracking": "bold black on yellow",
    "standby": "bold black on cyan",
    "off": "bold black on bright_black",
    "maintenance": "bold black on magenta",
}
UNSURE = "bold white on red"
"""Tripped, or not known."""

CONTROL = "control"


def header(look: Look, since_s: float, pace: str) -> Table:
    """Name, mode, authority; heard units, time of day, time since the beginning."""
    line = Table.grid(expand=True, padding=(0, 2, 0, 0))
    line.add_column(ratio=1, no_wrap=True)
    line.add_column(justify="right", no_wrap=True)
    mode = look.text("plant.mode") or "unknown"
    name = Text(f" {look.mirror.hello.plant} ", style="bold")
    name.append(f" {mode.upper()} ", style=MODE_STYLES.get(mode, UNSURE))
    name.append("  ").append_text(_authority(look))
    if not look.fresh:
        silent_s = look.silent_s
        waited = "" if silent_s is None else f" for {silent_s:.0f} s"
        name.append(f"  no news from core{waited}", style=WRONG)
    minutes, seconds = divmod(int(max(0.0, since_s)), 60)
    heard = look.shown("plant.units_good")
    units = f"{heard} of {len(look.mirror.hello.units)} heard"
    clock = datetime.fromtimestamp(look.now_utc_s, UTC).strftime("%H:%M:%S UTC")
    line.add_row(name, "  ".join(filter(None, (pace, units, clock, f"{minutes}:{seconds:02} min"))))
    return line


def attention(look: Look) -> list[Text]:
    """What a person has to know or to do; nothing while all is well."""
    trips, first = look.text("plant.trips"), look.text("plant.first_out")
    found = [
        _line("first out", first, WRONG),
        _line("tripped", trips if "," in trips else "", WRONG),
        _line("waits for", look.text("plant.missing"), DOUBTFUL),
        _line("pumps failed", look.text("plant.pumps_failed"), WRONG),
        _line("contract", _shortfall(look), WRONG),
        _line("by hand", look.text("plant.by_hand"), HELD),
        _line("local", _local(look), HELD),
        _line("do not follow", look.text("commands.left"), WRONG),
    ]
    return [line for line in found if line is not None]


def _authority(look: Look) -> Text:
    """How far the program reaches, and who has the pen when it is not ours."""
    reach, holder = look.text("plant.reach"), look.text("plant.authority")
    told = Text(reach or NOTHING, FINE if reach == "automatic" else DOUBTFUL if reach else WRONG)
    if holder and holder not in {"ours", reach, look.text("plant.mode")}:
        told.append(f", {holder}", WRONG)
    return told


def _line(name: str, words: str, style: str) -> Text | None:
    """On a line of its own, and on a second one where it is long."""
    return Text(f" {name}: {words}", style) if words else None


def _shortfall(look: Look) -> str:
    if look.truth("contract.short") is not True:
        return ""
    missing = look.shown("contract.shortfall_kw", "kW")
    why = look.text("contract.shortfall_reason") or NOTHING
    return f"short by {missing} of {look.shown('contract.heat_kw', 'kW')} contracted heat: {why}"


def _local(look: Look) -> str:
    """Everything that its own selector keeps from us."""
    held = (name for name in look.equipment(CONTROL) if look.text(f"{name}.control") == "local")
    return ", ".join(held)
