"""Primary pumps: which of them run, and how much of the full flow those can give.

As many run as are on duty; one that is ordered and does not run is replaced by one that stands by.
A pump that comes back finds its place taken and stands by from then on.
"""

import math
from dataclasses import replace

import numpy as np

from controller.control.settings import Settings
from controller.control.state import PumpState
from controller.image.process_image import Snapshot

# Pumps share one pipe: k of n give more than k/n of the flow (parallel pumps on a quadratic pipe).
SHARE_EXPONENT = 0.75
# A drive needs two seconds to answer that it runs (ABB drives profile: operation enabled).
FAILED_AFTER_S = 3.0


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
    working.sort(key=lambda pump: (not _runs(snapshot, pump), not _ordered(snapshot, pump)))
    return frozenset(working[: hydraulics.pumps_duty])


def _runs(snapshot: Snapshot, pump: str) -> bool:
    return snapshot.flag(f"{pump}.running") is True


def _ordered(snapshot: Snapshot, pump: str) -> bool:
    return snapshot.flag(f"{pump}.run") is True


def _in_reach(snapshot: Snapshot, pump: str) -> bool:
    """Whether the pump takes orders; one that has no selector always does."""
    return snapshot.flag(f"{pump}.remote") is not False


def _since(value: float, now_s: float) -> float:
    return now_s if math.isnan(value) else value
