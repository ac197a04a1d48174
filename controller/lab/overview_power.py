"""Power on the screen: drawn, wanted, allowed, what limits it, and what an hour is worth."""

from collections.abc import Iterator

from rich.text import Text

from controller.lab.shown import DOUBTFUL, NOTHING, QUIET, Look, difference, told

MOST_LIMITS = 3

Row = tuple[str, str | Text]


def power_rows(look: Look) -> tuple[Row, ...]:
    """Electric power, what holds it back, the hashrate and the worth of an hour."""
    return (
        ("electric", Text(look.shown("plant.electric_power_kw", "kW"), "bold")),
        ("wanted", look.shown("plant.power_target_kw", "kW")),
        ("allowed", look.shown("plant.power_ceiling_kw", "kW")),
        ("held by", _held(look)),
        *_limits(look),
        ("hashrate", Text(look.shown("plant.hashrate_ths", "TH/s"), "bold")),
        ("an hour", _worth(look)),
        ("", Text("at example prices", QUIET)),
    )


def _held(look: Look) -> Text:
    limit = look.text("plant.limited_by")
    return Text(limit or NOTHING, "" if limit in {"", "none"} else f"bold {DOUBTFUL}")


def _limits(look: Look) -> Iterator[Row]:
    """The lowest limits; they come as `reason 123 kW`, joined by semicolons."""
    limits = [limit for limit in look.text("plant.limits").split("; ") if limit]
    for place, limit in enumerate(limits[:MOST_LIMITS]):
        words = Text(_turned(limit), QUIET, no_wrap=True, overflow="ellipsis")
        yield ("limits" if place == 0 else "", words)
    if len(limits) > MOST_LIMITS:
        yield "", Text(f"and {len(limits) - MOST_LIMITS} higher", QUIET)


def _turned(limit: str) -> str:
    """The kilowatts first: what is cut off at the right is the reason's end."""
    reason, _, kw = limit.removesuffix(" kW").rpartition(" ")
    return f"{told(float(kw), 'kW')} {reason}" if kw.isdecimal() else limit


def _worth(look: Look) -> Text:
    """What hash and heat bring in an hour, less the power; unknown when one of them is."""
    worth = [look.number(f"value.{what}_eur_h") for what in ("hash", "heat")]
    earned = None if None in worth else sum(part for part in worth if part is not None)
    left = difference(earned, look.number("value.power_eur_h"))
    if left is None:
        return Text(NOTHING)
    return Text(told(left, "EUR"), "bold")
