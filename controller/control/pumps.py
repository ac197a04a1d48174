"""Primary pumps: which of them run, and how much of the full flow those can give.

As many run as are on duty; one that is ordered and does not run is replaced by one that stands by.
A pump that comes back finds its place taken and stands by from then on. One that has run for its
turn makes room for one that stands by, and stops when that one runs.
"""

import math

import numpy as np

from controller.control.settings import Settings
from controller.control.state import PumpState
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

# Pumps share one pipe: k of n give more than k/n of the flow (parallel pumps on a quadratic pipe).
SHARE_EXPONENT = 0.75
# A drive needs two seconds to answer that it runs (ABB drives profile: operation enabled).
FAILED_AFTER_S = 3.0
# A pump that takes over is believed after this; two pumps do not change in the same hour.
SETTLED_S, BETWEEN_TURNS_S = 20.0, 3_600.0


def flow_share(snapshot: Snapshot, settings: Settings) -> float:
    """The share of the full primary flow that the running pumps can give, from 0 to 1."""
    hydraulics = settings.hydraulics
    running = sum(snapshot.flag(f"{pump}.running") is True for pump in hydraulics.pumps)
    return math.pow(min(running / hydraulics.pumps_duty, 1.0), SHARE_EXPONENT)


def watch_pumps(snapshot: Snapshot, state: PumpState, settings: Settings) -> PumpState:
    """Note since when each pump runs, or is ordered to and does not."""
    silent_s, running_s = state.silent_s.copy(), state.running_s.copy()
    for row, pump in enumerate(settings.hydraulics.pumps):
        running = snapshot.flag(f"{pump}.running") is True
        silent = not running and snapshot.flag(f"{pump}.run") is True
        # One that ran and stops against its order has failed; one that begins has some time.
        fell = silent and not math.isnan(running_s[row])
        begun_s = snapshot.now_s - FAILED_AFTER_S if fell else snapshot.now_s
        silent_s[row] = _since(silent_s[row], begun_s) if silent else np.nan
        running_s[row] = _since(running_s[row], snapshot.now_s) if running else np.nan
    return replace(state, silent_s=silent_s, running_s=running_s)


def failed_pumps(snapshot: Snapshot, state: PumpState, settings: Settings) -> tuple[str, ...]:
    """The pumps that were ordered to run and have not, for longer than a drive may take."""
    return tuple(
        pump
        for row, pump in enumerate(settings.hydraulics.pumps)
        if snapshot.now_s - state.silent_s[row] >= FAILED_AFTER_S
    )


def pumps_to_run(snapshot: Snapshot, state: PumpState, settings: Settings) -> frozenset[str]:
    """The pumps that shall run: those on duty, or every one while too few of them work."""
    hydraulics = settings.hydraulics
    failed = failed_pumps(snapshot, state, settings)
    working = [
        pump
        for pump in hydraulics.pumps
        if pump not in failed and (_in_reach(snapshot, pump) or _runs(snapshot, pump))
    ]
    if len(working) < hydraulics.pumps_duty:
        return frozenset(hydraulics.pumps)
    working.sort(
        key=lambda pump: (
            not _runs(snapshot, pump),
            not _ordered(snapshot, pump),
            -_ran_s(snapshot, state, pump, settings),
        )
    )
    return _taking_turns(snapshot, state, working, settings)


def _taking_turns(
    snapshot: Snapshot, state: PumpState, working: list[str], settings: Settings
) -> frozenset[str]:
    """Those on duty; where one has had its turn, one more until it has settled, then without it."""
    duty = settings.hydraulics.pumps_duty
    turned = _oldest(snapshot, state, working[:duty], settings)
    if turned is None:
        return frozenset(working[:duty])
    ran_s = {pump: _ran_s(snapshot, state, pump, settings) for pump in working}
    settled = sum(seconds >= SETTLED_S for seconds in ran_s.values())
    if settled > duty:
        return frozenset(pump for pump in working[: duty + 1] if pump != turned)
    return frozenset(working[: duty + 1])


def _oldest(
    snapshot: Snapshot, state: PumpState, on_duty: list[str], settings: Settings
) -> str | None:
    """The pump that has run longest, once that is longer than its turn, and none has just begun."""
    ran_s = {pump: _ran_s(snapshot, state, pump, settings) for pump in on_duty}
    turn_s = settings.hydraulics.pump_turn_h * 3_600.0
    pump = max(ran_s, key=lambda pump: ran_s[pump])
    ready = ran_s[pump] >= turn_s and _in_reach(snapshot, pump)
    return pump if ready and min(ran_s.values()) >= BETWEEN_TURNS_S else None


def _ran_s(snapshot: Snapshot, state: PumpState, pump: str, settings: Settings) -> float:
    """For how long the pump has been seen to run without a break."""
    since_s = state.running_s[settings.hydraulics.pumps.index(pump)]
    return 0.0 if math.isnan(since_s) else snapshot.now_s - float(since_s)


def _runs(snapshot: Snapshot, pump: str) -> bool:
    return snapshot.flag(f"{pump}.running") is True


def _ordered(snapshot: Snapshot, pump: str) -> bool:
    return snapshot.flag(f"{pump}.run") is True


def _in_reach(snapshot: Snapshot, pump: str) -> bool:
    """Whether the pump takes orders; one that has no selector always does."""
    return snapshot.flag(f"{pump}.remote") is not False


def _since(value: float, now_s: float) -> float:
    return now_s if math.isnan(value) else value
