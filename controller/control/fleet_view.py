"""What dispatch makes of the fleet: who runs, sleeps, counts, and what each unit is worth."""

from dataclasses import dataclass

import numpy as np

from controller.control.container_flags import where_on
from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.ladder import is_mixed, ladder
from controller.control.protection.protect import Protection
from controller.control.settings import Settings
from controller.image.evolve import replace
from controller.image.fleet import Flags, Floats, UnitState
from controller.image.process_image import Snapshot
from controller.image.tag import Quality

RATIO_FILTER_S = 60.0
DAY_S = 86_400.0
# Units take some minutes to a power that they are set to (the makers say several).
TRIM_SETTLES_S = 240.0
# A unit that draws so many times what it should, so long after it was set, is in another mode.
CLEARLY_MORE, MODE_ARRIVES_S = 1.15, 60.0
# When more than this share of a container is silent, it is not the miners.
SWITCH_LOST_SHARE = 0.5

_NORMAL, _SLEEP = np.int8(Wanted.NORMAL), np.int8(Wanted.SLEEP)
_RUNNING, _STARTING = np.int8(UnitState.RUNNING), np.int8(UnitState.STARTING)
_ASLEEP, _UNKNOWN = np.int8(UnitState.ASLEEP), np.int8(UnitState.UNKNOWN)
_GOOD = np.int8(Quality.GOOD)


@dataclass(frozen=True)
class FleetView:
    """What dispatch makes of the fleet in this scan, one flag or figure a unit or a container.

    `since_s` is how long each wish has stood, `step_kw` what a unit draws at its rating beyond
    what it draws asleep, `idle_kw` what all units draw asleep. `middle` is the share of its power
    at which a unit is counted (1 where that cannot be set), `reach_kw` how far it can be set from
    there.
    """

    running: Flags
    asleep: Flags
    counted: Flags
    ready: Flags
    may_heat: Flags
    step_kw: Floats
    since_s: Floats
    idle_kw: float
    middle: Floats
    reach_kw: Floats


def look(
    snapshot: Snapshot,
    state: DispatchState,
    protection: Protection,
    dt_s: float,
    settings: Settings,
) -> tuple[DispatchState, FleetView]:
    """See the fleet once for the whole scan, and note what is learnt of it."""
    fleet = snapshot.fleet
    hashing = fleet.state == _RUNNING
    running = hashing | (fleet.state == _STARTING)
    asleep = fleet.state == _ASLEEP
    wanted_on = state.wanted == _NORMAL
    since_s = snapshot.now_s - state.changed_s
    arrived = wanted_on & (since_s > settings.unit.wake_limit_s)
    rung_kw = rated_kw_at(state, settings)
    settled = hashing & arrived
    if is_mixed(settings):
        settled = settled & (snapshot.now_s - state.rung_s > settings.unit.mode_hold_s)
    if snapshot.now_s - state.trim_s < TRIM_SETTLES_S:
        settled = settled & (settings.trim_from >= 1.0)
    state = _measure(snapshot, state, settled, rung_kw * _set_to(state, settings), dt_s)
    state = _exclude(snapshot, _new_day(state, snapshot), hashing, arrived & ~hashing, settings)
    middle = 0.5 * (1.0 + settings.trim_from)
    stubborn = running & ~wanted_on & (since_s > settings.unit.follow_limit_s)
    view = FleetView(
        running=running,
        asleep=asleep & (fleet.quality == _GOOD),
        counted=(wanted_on & ~(state.excluded | protection.stop_units)) | stubborn,
        ready=_ready_containers(snapshot, state, protection, settings),
        may_heat=~protection.stop_units,
        step_kw=_as_drawn_kw(snapshot, state, hashing, middle * rung_kw, settings),
        since_s=since_s,
        idle_kw=settings.unit.standby_kw * int(np.count_nonzero(asleep | running)),
        middle=middle,
        reach_kw=(1.0 - middle) * rung_kw * state.power_ratio,
    )
    return state, view


def _as_drawn_kw(
    snapshot: Snapshot, state: DispatchState, hashing: Flags, meant_kw: Floats, settings: Settings
) -> Floats:
    """What each unit draws beyond what it draws asleep: what it should, or clearly more than that.

    A unit may not take its work mode, or have been set to another one by somebody: no ceiling is
    kept by what units were told.
    """
    step_kw = meant_kw * state.power_ratio - settings.unit.standby_kw
    drawn_kw = snapshot.fleet.power_kw - settings.unit.standby_kw
    had_time = hashing & (snapshot.now_s - state.rung_s > MODE_ARRIVES_S)
    more = had_time & (settings.trim_from >= 1.0) & (drawn_kw > CLEARLY_MORE * step_kw)
    return np.where(more, drawn_kw, step_kw)


def committed_kw(state: DispatchState, view: FleetView) -> float:
    """The power of all units that run or are on their way, once they have arrived, and of the rest.

    Sleeping units draw a little too, and their heat arrives.
    """
    counted = view.counted & ((state.wanted == _NORMAL) | view.running)
    return view.idle_kw + float(view.step_kw[counted].sum())


def rated_kw_at(state: DispatchState, settings: Settings) -> Floats:
    """What each unit is rated at in the work mode that it is wanted in when it is on."""
    if not is_mixed(settings):
        return settings.rated_kw
    return ladder(settings).kw[np.arange(len(state.rung)), state.rung]


def _set_to(state: DispatchState, settings: Settings) -> Floats:
    """The share of its rating that each unit is set to."""
    return settings.trim_from + state.trim * (1.0 - settings.trim_from)


def _measure(
    snapshot: Snapshot, state: DispatchState, settled: Flags, meant_kw: Floats, dt_s: float
) -> DispatchState:
    """Follow what a running unit really draws, as a share of what it should."""
    power_kw = snapshot.fleet.power_kw
    settled = settled & ~np.isnan(power_kw)
    if not settled.any():
        return state
    seen = float(power_kw[settled].sum() / meant_kw[settled].sum())
    step = 1.0 - float(np.exp(-dt_s / RATIO_FILTER_S))
    ratio = min(max(state.power_ratio + step * (seen - state.power_ratio), 0.5), 1.2)
    return replace(state, power_ratio=ratio)


def _new_day(state: DispatchState, snapshot: Snapshot) -> DispatchState:
    day = int(snapshot.utc_s // DAY_S)
    if day == state.day:
        return state
    return replace(state, day=day, sleeps=np.zeros_like(state.sleeps))


def _exclude(
    snapshot: Snapshot, state: DispatchState, hashing: Flags, overdue: Flags, settings: Settings
) -> DispatchState:
    """Stop counting on units that should be running and do not; count on them again when they do.

    Where most of a container falls silent at once, its switch is lost and not its miners: they are
    taken to run on, and nobody else is woken in their place.
    """
    if overdue.any():
        of = settings.container_of
        silent = snapshot.fleet.state == _UNKNOWN
        silent_in = np.bincount(of[silent], minlength=settings.containers)
        switch_lost = silent & (silent_in > SWITCH_LOST_SHARE * settings.units_in)[of]
        overdue = overdue & ~switch_lost
    elif not state.excluded.any():
        return state
    return replace(state, excluded=(state.excluded | overdue) & ~hashing)


def _ready_containers(
    snapshot: Snapshot, state: DispatchState, protection: Protection, settings: Settings
) -> Flags:
    """The containers in which units may wake: fed, flowing, open and not stopped."""
    ready = state.open_wanted & ~protection.open_contactors
    for point in ("contactor_closed", "flow_proven", "valve_open"):
        ready &= where_on(snapshot, point, settings)
    return ready
