"""What people do with alarms: acknowledge, reset, shelve, take out of service, and back.

An order names one alarm, `group:NAME`, or `all`. It is done in whole or refused with the reason.
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches

import numpy as np

from controller.control.alarms.base import Base, acknowledged, may_reset
from controller.control.alarms.columns import Columns
from controller.control.alarms.engine import Moment
from controller.control.alarms.first_out import still_marked
from controller.control.alarms.state import AlarmState, Transition, What
from controller.control.decision import Verdict
from controller.control.request_table import (
    ALARM_ACK,
    ALARM_IN_SERVICE,
    ALARM_OUT_OF_SERVICE,
    ALARM_RESET,
    ALARM_SHELVE,
    ALARM_UNSHELVE,
)
from controller.control.state import Request
from controller.image.evolve import replace
from controller.image.fleet import Flags

GROUP, ALL = "group:", "all"
Done = tuple[AlarmState, Flags, str]
"""The state afterwards, the alarms that it was done to, and why it was done to none."""
Deed = Callable[[AlarmState, Flags, Request, Moment, Columns], Done]


def obey(
    state: AlarmState, orders: Sequence[Request], moment: Moment, columns: Columns
) -> tuple[AlarmState, list[Transition], list[Verdict]]:
    """Do what was ordered, one order after the other; each gets its verdict."""
    steps: list[Transition] = []
    verdicts: list[Verdict] = []
    for order in orders:
        what, deed = _DEEDS[order.name]
        named, refusal = _named(str(order.value).strip(), columns)
        after, done, why = (
            (state, named, refusal) if refusal else deed(state, named, order, moment, columns)
        )
        if refusal or not done.any():
            verdicts.append(Verdict(order.id, accepted=False, reason=why))
            continue
        state = after
        steps += _told(state, done, what, order, moment, columns)
        count = int(done.sum())
        reason = f"{what}: {count} alarm{'s' if count != 1 else ''}"
        verdicts.append(Verdict(order.id, accepted=True, reason=reason))
    if steps:
        state = replace(state, firsts=still_marked(state.firsts, state.base, columns))
    return state, steps, verdicts


def _named(name: str, columns: Columns) -> tuple[Flags, str]:
    """The alarms that a name means, or why it means none."""
    found = np.zeros(len(columns.alarms), np.bool_)
    if name == ALL:
        return ~found, ""
    if name.startswith(GROUP):
        rows = columns.groups.get(name.removeprefix(GROUP))
        if rows is None:
            return found, f"there is no group {name!r}; there are {', '.join(columns.groups)}"[:400]
        found[rows] = True
        return found, ""
    row = columns.index.get(name)
    if row is None:
        near = get_close_matches(name, columns.index, 3, 0.6)
        hint = f"; near are {', '.join(near)}" if near else "; `hearth alarms` lists all"
        return found, f"there is no alarm {name!r}{hint}"
    found[row] = True
    return found, ""


def _ack(state: AlarmState, named: Flags, _o: Request, moment: Moment, _c: Columns) -> Done:
    base = np.where(named, acknowledged(state.base), state.base).astype(np.int8)
    done = base != state.base
    changed_s = np.where(done, moment.now_s, state.changed_s)
    return replace(state, base=base, changed_s=changed_s), done, "nothing waits to be acknowledged"


def _reset(state: AlarmState, named: Flags, _o: Request, moment: Moment, _c: Columns) -> Done:
    done = np.asarray(named & may_reset_all(state))
    base = np.where(done, np.int8(Base.NORMAL), state.base).astype(np.int8)
    changed_s = np.where(done, moment.now_s, state.changed_s)
    why = "nothing is latched and acknowledged; what still stands cannot be reset"
    return replace(state, base=base, changed_s=changed_s), done, why


def may_reset_all(state: AlarmState) -> Flags:
    """Which alarms a reset would put back to normal."""
    return np.array([may_reset(base) for base in state.base.tolist()], np.bool_)


def _shelve(
    state: AlarmState, named: Flags, order: Request, moment: Moment, columns: Columns
) -> Done:
    """For as long as the order says; an alarm that may not be shelved so long refuses it all."""
    length_s = order.until_s - moment.now_s
    for row in np.flatnonzero(named).tolist():
        longest_s = columns.alarms[row].longest_shelf_s
        if length_s > longest_s:
            name = columns.alarms[row].name
            return (
                state,
                np.zeros_like(named),
                f"{name} may be shelved for {longest_s / 60.0:.0f} min at most",
            )
    until_s = np.where(named, order.until_s, state.shelved_until_s)
    return replace(state, shelved_until_s=until_s), named, ""


def _unshelve(state: AlarmState, named: Flags, _o: Request, _m: Moment, _c: Columns) -> Done:
    done = np.asarray(named & ~np.isnan(state.shelved_until_s))
    until_s = np.where(done, np.nan, state.shelved_until_s)
    return replace(state, shelved_until_s=until_s), done, "nothing of it is shelved"


def _out(state: AlarmState, named: Flags, _o: Request, _m: Moment, _c: Columns) -> Done:
    done = np.asarray(named & ~state.out_of_service)
    return replace(state, out_of_service=state.out_of_service | named), done, "it is so already"


def _in(state: AlarmState, named: Flags, _o: Request, _m: Moment, _c: Columns) -> Done:
    done = np.asarray(named & state.out_of_service)
    return replace(state, out_of_service=state.out_of_service & ~named), done, "it is so already"


def _told(
    state: AlarmState,
    done: Flags,
    what: What,
    order: Request,
    moment: Moment,
    columns: Columns,
) -> list[Transition]:
    until = what == "shelved"
    offset_s = moment.utc_s - moment.now_s
    return [
        Transition(
            moment.utc_s,
            columns.alarms[row].name,
            what,
            int(state.base[row]),
            by=f"{order.source} ({order.role})",
            reason=order.reason,
            until_utc_s=order.until_s + offset_s if until else None,
        )
        for row in np.flatnonzero(done).tolist()
    ]


_DEEDS: dict[str, tuple[What, Deed]] = {
    ALARM_ACK: ("acknowledged", _ack),
    ALARM_RESET: ("reset", _reset),
    ALARM_SHELVE: ("shelved", _shelve),
    ALARM_UNSHELVE: ("unshelved", _unshelve),
    ALARM_OUT_OF_SERVICE: ("out of service", _out),
    ALARM_IN_SERVICE: ("in service", _in),
}
