"""The one call of the scan: alarms look at what was decided and never change it."""

from collections.abc import Sequence

from controller.control.alarms.base import LETTERS, stands
from controller.control.alarms.columns import Columns, columns
from controller.control.alarms.conditions import look
from controller.control.alarms.engine import Moment, step
from controller.control.alarms.orders import obey
from controller.control.alarms.state import Transition, first_alarms
from controller.control.alarms.tags import alarm_values
from controller.control.decision import Decision, Event
from controller.control.requests import settle
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import PlantState, Request
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

_LOUD = frozenset({"raised", "sounds again"})
_MOST_EVENTS = 50
"""Of a flood so many are told as events; the journal of alarms has them all."""


def alarmed(
    decision: Decision, snapshot: Snapshot, orders: Sequence[Request], settings: Settings
) -> Decision:
    """The decision with what became of the alarms; outputs and units stay as they are."""
    table = columns(settings)
    state = decision.state.alarms or first_alarms(len(table.alarms))
    moment = Moment(snapshot.now_s, snapshot.utc_s, decision.state.mode)
    state, steps, verdicts = obey(state, orders, moment, table)
    plant = decision.state
    seen = look(
        table,
        stands(state.base),
        snapshot,
        decision.derived,
        plant.protection,
        waiting=_waits(plant, snapshot.now_s, settings),
    )
    state, by_itself = step(state, seen, moment, table)
    steps += by_itself
    derived = {**decision.derived, **alarm_values(state, snapshot.now_s, table)}
    plant = replace(plant, alarms=state)
    if verdicts:
        plant = replace(plant, answers=settle(plant.answers, verdicts))
    return replace(
        decision,
        derived=derived,
        verdicts=(*decision.verdicts, *verdicts),
        events=(*decision.events, *_events(steps, table)) if steps else decision.events,
        transitions=tuple(steps),
        state=plant,
    )


def _waits(plant: PlantState, now_s: float, settings: Settings) -> bool:
    """Whether this is a start whose first values may still come."""
    begun_s = now_s if plant.started_s is None else plant.started_s
    return plant.mode == "tracking" and now_s - begun_s < settings.start_limit_s


def _events(steps: Sequence[Transition], table: Columns) -> list[Event]:
    """What people are told of it; what is quiet is only in the journal."""
    told = [
        Event(_severity(one, table), one.alarm, _words(one))
        for one in steps
        if not one.quiet and one.what not in ("suppressed", "unsuppressed")
    ]
    if len(told) > _MOST_EVENTS:
        more = len(told) - _MOST_EVENTS
        told = [*told[:_MOST_EVENTS], Event(Severity.HIGH, "alarms", f"{more} more at once")]
    return told


def _severity(one: Transition, table: Columns) -> Severity:
    loud = one.what in _LOUD
    return table.alarms[table.index[one.alarm]].severity if loud else Severity.JOURNAL


def _words(one: Transition) -> str:
    who = f" by {one.by}" if one.by else ""
    why = f": {one.reason}" if one.reason else ""
    return f"alarm {one.what}{who}{why} (state {LETTERS[one.base]})"
