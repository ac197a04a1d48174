"""What protection tells of itself: its state, what is near, what acts, what is taken out."""

from collections.abc import Mapping

import numpy as np

from controller.control.channels import apart, lost
from controller.control.protection.bypass import told_bypassed
from controller.control.protection.causes import cause_key, standing_causes, warned
from controller.control.protection.reset import obstacle_to_reset
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.image.process_image import Snapshot


def protection_values(
    snapshot: Snapshot, state: PlantState, settings: Settings
) -> Mapping[str, str]:
    """The value of each of these tags in this scan."""
    near = ", ".join(warned(snapshot, settings))
    acting = (cause_key(cause, place) for cause, place in state.protection.acting)
    return {
        "protection.state": _life(snapshot, state, settings, near),
        "protection.pre_alarm": near,
        "protection.acting": ", ".join(acting),
        "protection.bypassed": told_bypassed(state.requests, snapshot.now_s),
        "protection.doubtful": "; ".join(_doubtful(snapshot, settings)),
    }


def _life(snapshot: Snapshot, state: PlantState, settings: Settings, near: str) -> str:
    """Where the trips are in their life: armed, pre-alarm, tripped, reset permitted."""
    tripped = state.protection
    if not tripped.trips and not tripped.unit_tripped.any():
        return "pre-alarm" if near else "armed"
    nobody = np.zeros(len(settings.container_of), np.bool_)
    causes = tuple(standing_causes(snapshot, nobody, nobody, settings))
    permitted = obstacle_to_reset(snapshot, tripped, causes, settings) is None
    return "reset permitted" if permitted else "tripped"


def _doubtful(snapshot: Snapshot, settings: Settings) -> list[str]:
    told = []
    for name, voted in settings.voted.items():
        missing = lost(snapshot, voted)
        if missing:
            told.append(f"{name}: {', '.join(missing)} lost")
        if apart(snapshot, voted):
            told.append(f"{name}: channels differ by more than {voted.spread:g}")
    return told
