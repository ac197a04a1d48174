"""Wishes: which units may wake or sleep, in which order, and how a wish is noted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from controller.control.containers import container_order
from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.fleet_view import FleetView
from controller.control.settings import Settings
from controller.image.evolve import replace
from controller.image.fleet import Flags
from controller.image.process_image import Snapshot

# Units that have slept so often today are left alone while there are others.
OFTEN = 2
# So many changes in a unit's life are worth sparing it the next one.
WEAR_STEP = 20.0

Units = NDArray[np.int64]


def may_wake(
    snapshot: Snapshot, state: DispatchState, view: FleetView, settings: Settings
) -> Flags:
    """Sleepers in containers that are ready, that have slept long enough and may sleep again."""
    return np.asarray(
        view.asleep
        & view.may_heat
        & snapshot.fleet.commandable
        & view.ready[settings.container_of]
        & (state.wanted == Wanted.SLEEP)
        & ~state.excluded
        & (view.since_s >= settings.unit.min_off_s)
        & (state.sleeps < settings.unit.sleeps_per_day)
    )


def may_sleep(
    snapshot: Snapshot,
    state: DispatchState,
    view: FleetView,
    settings: Settings,
    *,
    dwell_binds: bool,
) -> Flags:
    """Units that have been on long enough and have not slept too often today."""
    least_s = settings.unit.min_on_s if dwell_binds else 0.0
    return np.asarray(
        (state.wanted == Wanted.NORMAL)
        & (view.since_s >= least_s)
        & (state.sleeps < settings.unit.sleeps_per_day)
        & snapshot.fleet.commandable
    )


def wake_order(snapshot: Snapshot, state: DispatchState, settings: Settings) -> Units:
    """Units of the fullest container first; in it the most worn, then who has slept longest.

    What runs is not switched: so the worn are spared. Units whose power may be set freely come
    before all: they are of use as long as they run.
    """
    rank = np.argsort(container_order(state, settings))[settings.container_of]
    worn = _worn(snapshot)
    return np.lexsort((state.changed_s, -worn, state.sleeps, rank, settings.trim_from >= 1.0))


def sleep_order(snapshot: Snapshot, state: DispatchState, settings: Settings) -> Units:
    """Units of the emptiest container first; in it who has slept least today, then the least worn.

    Before a unit sleeps too often in a day, units of other containers take their turn; units whose
    power may be set freely come last.
    """
    rank = np.argsort(container_order(state, settings))[settings.container_of]
    free = settings.trim_from < 1.0
    worn, often = _worn(snapshot), state.sleeps >= OFTEN
    return np.lexsort((state.changed_s, worn, state.sleeps, -rank, often, free))


def _worn(snapshot: Snapshot) -> NDArray[np.float64]:
    """The wear of each unit in steps: a few changes more or less are no difference."""
    return np.floor(snapshot.fleet.wear / WEAR_STEP)


def want(
    state: DispatchState, units: Units | Sequence[int], wish: Wanted, snapshot: Snapshot
) -> DispatchState:
    """Note this wish for these units, and a sleep as one of today's."""
    if not len(units):
        return state
    wanted, changed_s, sleeps = state.wanted.copy(), state.changed_s.copy(), state.sleeps.copy()
    wanted[units] = wish
    changed_s[units] = snapshot.now_s
    if wish is Wanted.SLEEP:
        sleeps[units] += 1
    return replace(state, wanted=wanted, changed_s=changed_s, sleeps=sleeps)


def refill(state: DispatchState, dt_s: float, settings: Settings) -> DispatchState:
    """Count how many units may be woken now: so many come free each second.

    No more are saved up than one second's or one scan's; a slower ramp saves until it has a whole.
    """
    wakes_per_s = settings.unit.wakes_per_s
    most = max(wakes_per_s, wakes_per_s * dt_s, 1.0)
    credit = min(state.wake_credit + wakes_per_s * dt_s, most)
    return state if credit == state.wake_credit else replace(state, wake_credit=credit)
