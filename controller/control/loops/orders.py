"""What people have asked of the loops: the requests that stand, by the loop's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from controller.control.loops.memory import loop_states
from controller.control.loops.table import loops
from controller.control.request_table import LOOP
from controller.control.settings import Settings
from controller.control.standing import Standing
from controller.control.state import PlantState


@dataclass(frozen=True, slots=True)
class LoopOrder:
    """The mode that a person wants, and the output in % or the set-point that goes with it."""

    mode: Literal["manual", "automatic"]
    value: float


def loop_orders(standing: Standing) -> Mapping[str, LoopOrder]:
    """The order that stands for each loop; a loop without one is in cascade."""
    orders: dict[str, LoopOrder] = {}
    for request in standing:
        if request.name.startswith(LOOP) and isinstance(request.value, float):
            name, mode = split(request.name)
            orders[name] = LoopOrder("manual" if mode == "manual" else "automatic", request.value)
    return orders


def split(request: str) -> tuple[str, str]:
    """The loop and the mode of a loop's request."""
    name, _, mode = request.removeprefix(LOOP).partition(".")
    return name, mode


def request_name(loop: str, mode: str) -> str:
    """The request that brings the loop into this mode."""
    return f"{LOOP}{loop}.{mode}"


def as_it_is(request: str, state: PlantState, settings: Settings) -> float | None:
    """The output or set-point that the loop has now, for a request that names no other."""
    name, mode = split(request)
    loop, now = loops(settings)[name], loop_states(state, settings)[name]
    if mode == "manual":
        return now.output
    return None if now.setpoint is None else min(max(now.setpoint, loop.low), loop.high)
