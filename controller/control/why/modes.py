"""Why a loop does what it does: its mode, who asked for it, what it aims at, what it moves."""

from collections.abc import Iterator

from controller.control.loops.memory import loop_states
from controller.control.loops.orders import request_name
from controller.control.loops.table import Loop, loops
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.control.why.step import Step
from controller.control.why.words import shown, wishes

BEGIN = "loop."
FOLLOWS = {"dry-cooler.fan_pct": "reject"}
"""Outputs that follow another one of their loop."""

_MODES = {
    "manual": "its output is in somebody's hand, and its memory follows",
    "automatic": "it holds a person's set-point",
    "cascade": "its set-point comes from the plant",
}


def loop_of(tag: str, settings: Settings) -> Loop | None:
    """The loop that makes this output."""
    known = loops(settings)
    found = (loop for loop in known.values() if tag in loop.outputs)
    return next(found, known.get(FOLLOWS.get(tag, "")))


def explain_loop(loop: Loop, state: PlantState, now_s: float, settings: Settings) -> Iterator[Step]:
    """The loop as it stands, and the requests that made it so."""
    now = loop_states(state, settings)[loop.name]
    yield Step("source", f"loop {loop.name} is in {now.mode}: {_MODES[now.mode]}")
    yield Step(
        "source",
        f"{loop.holds}: wanted {shown(now.setpoint, loop.unit)}, is {shown(now.value, loop.unit)};"
        f" output {shown(now.output, '%')}",
    )
    if now.leading or now.easing:
        yield Step("limit", "its mode has changed: it goes over at its ramp")
    asked = (request_name(loop.name, "manual"), request_name(loop.name, "automatic"))
    yield from wishes(state.requests, asked, now_s)


def explain_loop_tag(
    name: str, state: PlantState, now_s: float, settings: Settings
) -> Iterator[Step]:
    """The chain of a tag `loop.NAME.…`."""
    loop = loops(settings)[name.split(".")[1]]
    yield from explain_loop(loop, state, now_s, settings)
    moves = ", ".join(loop.outputs) or "the set-point of the loop below it"
    gain, integral_s = loop.tuning.gain, loop.tuning.integral_s
    yield Step("source", f"gain {gain:g}, integral time {integral_s:g} s")
    yield Step("output", f"it moves {moves}")
