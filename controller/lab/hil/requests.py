"""What both doors of Hearth's controller have in common: wishes, and how they are put back."""

from collections.abc import Awaitable, Callable
from functools import partial

from controller.lab.hil.door import Undo
from controller.lab.hil.steps import Value

MODE = "plant_mode"
ORDERS = frozenset({MODE, "trip_reset", "withdraw", "heat_demand_withdraw"})
"""What is done at once and does not stand."""
LONGEST_S = 12 * 3600.0
"""The shortest of core's longest lives, that of an output set by hand."""
SHORTEST_S = 60.0
REASON = "acceptance steps (hil)"
SOURCE = "hil"
_ORDERED = {
    "running": "run",
    "starting": "run",
    "standby": "standby",
    "off": "off",
}
"""What to order for the plant to be again in the mode that it was in."""

Ask = Callable[[str, Value, float], Awaitable[None]]
"""Asks for a name, a value and a life in the plant's seconds."""


def life(seconds: float) -> float:
    """How long a wish of ours may stand: as long as it is needed, also if we are killed."""
    return min(max(seconds, SHORTEST_S), LONGEST_S)


def tags_before(name: str) -> tuple[str, ...]:
    """The tags that tell what stands before a wish of this name is asked."""
    if name == MODE:
        return ("plant.mode",)
    if name in ORDERS or name.startswith("hand:"):
        return ()
    return (f"request.{name}.accepted", f"request.{name}.expires_s")


def put_back(door: str, name: str, before: dict[str, Value | None], ask: Ask) -> Undo | None:
    """Asks again for what stood before, or withdraws; orders but the mode are not put back."""
    point = f"{door}:{name}"
    if name == MODE:
        ordered = _ORDERED.get(str(before.get("plant.mode")))
        if ordered is None:
            return None
        return Undo(point, ordered, partial(ask, MODE, ordered, 0.0))
    if name in ORDERS:
        return None
    stood = before.get(f"request.{name}.accepted")
    left_s = before.get(f"request.{name}.expires_s")
    if stood is not None and isinstance(left_s, float) and left_s > SHORTEST_S:
        return Undo(point, f"{stood} for {left_s:.0f} s", partial(ask, name, stood, left_s))
    return Undo(point, "withdrawn", partial(ask, "withdraw", name, 0.0))
