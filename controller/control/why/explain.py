"""The door: a name in, the chain that explains it out."""

from collections.abc import Iterator
from difflib import get_close_matches

from controller.control.decision import Decision
from controller.control.outputs import output_kinds
from controller.control.settings import Settings
from controller.control.why.modes import BEGIN, explain_loop_tag
from controller.control.why.outputs import explain_output
from controller.control.why.power import explain_power
from controller.control.why.step import Step
from controller.control.why.units import explain_unit
from controller.control.why.words import measured, shown
from controller.image.process_image import Snapshot

NEAR = 5


class UnknownNameError(LookupError):
    """No tag and no unit has this name; the text names those that are near."""


def explain(
    name: str, snapshot: Snapshot, decision: Decision, settings: Settings
) -> tuple[Step, ...]:
    """Why the tag or the unit `name` is as it is in this decision.

    UnknownNameError where the plant has nothing of the name.
    """
    return tuple(_explain(name.strip(), snapshot, decision, settings))


def _explain(
    name: str, snapshot: Snapshot, decision: Decision, settings: Settings
) -> Iterator[Step]:
    units = snapshot.fleet.layout.names
    is_output = name in output_kinds(settings)
    if not is_output and name not in decision.derived and not snapshot.has(name):
        if name in units:
            yield from _unit(units.index(name), snapshot, decision, settings)
            return
        raise UnknownNameError(_unknown(name, snapshot, decision, settings))
    if name in decision.derived:
        yield Step("value", f"{name} = {shown(decision.derived[name])}")
    elif snapshot.has(name):
        yield Step("value", measured(snapshot, name))
    trace = decision.trace
    if trace is None:
        yield Step("source", _untold(decision))
    elif is_output:
        yield from explain_output(name, snapshot, decision, trace, settings)
    elif name in decision.derived and name.startswith(BEGIN):
        yield from explain_loop_tag(name, decision.state, snapshot.now_s, settings)
    elif name in decision.derived:
        yield from explain_power(snapshot, decision, trace, settings)


def _unit(unit: int, snapshot: Snapshot, decision: Decision, settings: Settings) -> Iterator[Step]:
    if decision.trace is None:
        yield Step("source", _untold(decision))
    else:
        yield from explain_unit(unit, snapshot, decision, decision.trace, settings)


def _untold(decision: Decision) -> str:
    """Why there is no chain: nothing was decided."""
    if decision.state.mode == "tracking":
        authority = decision.derived.get("plant.authority", "")
        return f"nothing is decided yet: this controller only watches ({shown(authority)})"
    return "the last scan failed: the last good decision is held, or the plant is in its safe state"


def _unknown(name: str, snapshot: Snapshot, decision: Decision, settings: Settings) -> str:
    known = {
        *output_kinds(settings),
        *decision.derived,
        *snapshot.index,
        *snapshot.fleet.layout.names,
    }
    near = get_close_matches(name, sorted(known), NEAR, 0.6)
    hint = f"; near are: {', '.join(near)}" if near else "; `hearth tags` lists all"
    return f"there is no tag and no unit {name!r}{hint}"
