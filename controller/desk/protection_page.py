"""The reference of protection: cause and effect as a table, with the example plant's limits."""

from pathlib import Path

from controller.config.load import load_plant
from controller.config.matrix import plant_matrix
from controller.control.protection.row import EFFECTS, Row

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.example.toml"
_HEAD = """# Protection

Made by `hearth reference`; do not edit.

Cause and effect. A cause that stands for its delay trips: it latches, survives a restart, and is
reset by a person of its role, with a reason, when it is clear; nothing resets by itself, and trips
of the whole plant are reset no more than `protection.restarts_per_h` times within an hour. An input
that is not known stands like one that is wrong, where the table says so. Limits are those of the
example plant. `[[interlock]]` in plant.toml adds rows, `[[voted]]` gives a tag several channels.
"""
_MEANING = """
stop_heat: miners sleep; where they do not within `protection.contactor_after_s`, their feeder
opens. open_feeder: the feeder opens at once. shut_valve: the container's water is shut off.
stop_pumps: pumps stop once the miners are dark. keep_flow: pumps may not stop, but for maintenance.

This is a second layer. Relays on site act without it; it acts earlier, never defeats them, and is
no safety instrumented system (IEC 61511).
"""


def protection_page() -> str:
    """The page."""
    rows = plant_matrix(load_plant(EXAMPLE))
    titles = ("cause", "looks at", "delay", "unknown", *EFFECTS, "latches, reset by", "bypass")
    table = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    table += [_line(row) for row in rows]
    why = [f"- `{row.cause}`: {row.why}" for row in rows]
    return "\n".join((_HEAD, *table, _MEANING, "## Why", "", *why)) + "\n"


def _line(row: Row) -> str:
    cells = (
        f"`{row.cause}`",
        _condition(row),
        f"{row.delay_s:g} s",
        "trips" if row.trips_unknown else "waits",
        *("x" if effect in row.effects else "" for effect in EFFECTS),
        row.reset_role if row.latch else "acts while it stands",
        f"one of {row.bypass_group}" if row.bypass_group else "never",
    )
    return "| " + " | ".join(cells) + " |"


def _condition(row: Row) -> str:
    match row.detector:
        case "high" | "low":
            sign = "at or above" if row.detector == "high" else "below"
            warn = "" if row.warn is None else f", pre-alarm {row.warn:g}"
            return f"`{row.tag}` {sign} {row.limit:g} {row.unit}{warn}, deadband {row.deadband:g}"
        case "not_on" | "not_off":
            return f"`{row.tag}` is not {row.detector.removeprefix('not_')}"
        case "primary_flow":
            return f"heat without a running pump (at once), or `{row.tag}` below what it needs"
        case "container_flow":
            return f"heat in a container without `{row.tag}`"
        case "disobedience":
            return "a miner beyond its outlet or chip limit that goes on"
