"""The ladder of a unit: asleep, and each work mode with its power and its hash rate.

Rung 0 is asleep, the others are the modes by rising power. What dispatch values is the next rung:
terahashes for a kilowatt. Rungs below the straight line between two others are worth less than a
mixture of those; they only help to meet a target exactly.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from controller.control.settings import FEW_PLANTS, Settings, WorkMode
from controller.image.fleet import Flags, Floats


@dataclass(frozen=True, slots=True)
class Ladder:
    """One row a unit, one column a rung; NaN in `kw` where a unit has fewer rungs.

    `hull` marks the rungs that are worth their power, `least_kw` is the smallest step of any unit.
    """

    kw: Floats
    ths: Floats
    hull: Flags
    least_kw: float

    @property
    def rungs(self) -> int:
        """How many columns there are."""
        return int(self.kw.shape[1])


@lru_cache(FEW_PLANTS)
def is_mixed(settings: Settings) -> bool:
    """Whether units differ, or have more than one mode: then their steps are weighed one by one."""
    return any(settings.modes) or bool(np.ptp(settings.rated_kw) > 0.0)


@lru_cache(FEW_PLANTS)
def ladder(settings: Settings) -> Ladder:
    """The rungs of every unit."""
    modes = _modes_of_containers(settings)
    rungs = 1 + max(len(listed) for listed in modes)
    kw = np.full((settings.containers, rungs), np.nan)
    ths = np.zeros((settings.containers, rungs))
    hull = np.zeros((settings.containers, rungs), np.bool_)
    for row, listed in enumerate(modes):
        kw[row, : len(listed) + 1] = [0.0, *(mode.power_kw for mode in listed)]
        ths[row, : len(listed) + 1] = [0.0, *(mode.hashrate_ths for mode in listed)]
        hull[row] = _on_hull(kw[row], ths[row])
    kw[:, 0] = settings.unit.standby_kw
    of = settings.container_of
    steps = np.diff(kw, axis=1)
    return Ladder(kw[of], ths[of], hull[of], float(np.nanmin(steps)))


@lru_cache(FEW_PLANTS)
def usual_rung(settings: Settings) -> NDArray[np.int8]:
    """The rung at which each unit draws what it is rated at."""
    off_kw = np.abs(ladder(settings).kw[:, 1:] - settings.rated_kw[:, None])
    return np.asarray(1 + np.nanargmin(off_kw, axis=1), np.int8)


def _modes_of_containers(settings: Settings) -> list[tuple[WorkMode, ...]]:
    """What is listed; without a list a unit has one mode, as efficient as the others on average."""
    listed = [mode for modes in settings.modes for mode in modes]
    kw = sum(mode.power_kw for mode in listed)
    ths_per_kw = sum(mode.hashrate_ths for mode in listed) / kw if kw > 0.0 else 1.0
    plain = [
        (WorkMode("normal", rated_kw, ths_per_kw * rated_kw),)
        for rated_kw in _rated_kw(settings).tolist()
    ]
    modes = settings.modes or ((),) * settings.containers
    return [modes[row] or plain[row] for row in range(settings.containers)]


def _rated_kw(settings: Settings) -> Floats:
    """The rated power of a unit of each container, which all are of one model."""
    rated_kw = np.full(settings.containers, float(settings.rated_kw.mean()))
    rated_kw[settings.container_of] = settings.rated_kw
    return rated_kw


def _on_hull(kw: Floats, ths: Floats) -> NDArray[np.bool_]:
    """The rungs on the upper edge of all mixtures: each step is worth less than the one before."""
    on = np.zeros(len(kw), np.bool_)
    on[0], at = True, 0
    last = int(np.count_nonzero(~np.isnan(kw))) - 1
    while at < last:
        ahead = np.arange(at + 1, last + 1)
        slopes = (ths[ahead] - ths[at]) / (kw[ahead] - kw[at])
        # Of equal ones the farthest, so that what lies on the line is no rung of its own.
        at = int(ahead[np.flatnonzero(slopes >= slopes.max() - 1e-9)[-1]])
        on[at] = True
    return on
