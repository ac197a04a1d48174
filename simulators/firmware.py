"""How a miner's power follows its firmware: falling asleep, waking, and what the boards do then.

Times after captured A1346 replies: board power gone within 9 s of softoff; after a reboot a quarter
of the hash rate at 145 s, four fifths at 181 s, all of it at 370 s.
"""

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from simulators.description import MinerModel

Floats = NDArray[np.float64]

RAMP_SHARE = 0.8
# The last fifth comes in like a filling tank, five time constants long.
TAIL_CONSTANTS = 5.0
# After this many time constants the power supply lets go of the boards.
RELEASE_CONSTANTS = 2.5
SOFT_OFF_ASLEEP = 5


class Work(IntEnum):
    """What the unit says it does."""

    INIT = 0
    WORKING = 1
    IDLE = 2
    FAULT = 3


def wake_share(hashing_s: Floats, model: MinerModel) -> Floats:
    """Share of full power this long after the boards began; none before (negative times)."""
    ramp = np.clip(hashing_s / model.wake_ramp_s, 0.0, 1.0)
    tail_s = np.maximum(hashing_s - model.wake_ramp_s, 0.0)
    rest = -np.expm1(-TAIL_CONSTANTS * tail_s / model.wake_tail_s)
    share = RAMP_SHARE * ramp + (1.0 - RAMP_SHARE) * rest
    return np.where(tail_s >= model.wake_tail_s, 1.0, share)


def residual_kw(power_kw: Floats, since_s: Floats, dt_s: float, model: MinerModel) -> Floats:
    """Power left on the boards after the firmware has taken it away."""
    left_kw = (power_kw - model.standby_kw) * math.exp(-dt_s / model.power_decay_s)
    released = since_s >= RELEASE_CONSTANTS * model.power_decay_s
    return model.standby_kw + np.where(released, 0.0, left_kw)


def settled(since_s: Floats, hashing_s: Floats, model: MinerModel) -> NDArray[np.bool_]:
    """Whether nothing changes any more until the next command."""
    full = hashing_s >= model.wake_ramp_s + model.wake_tail_s
    quiet_s = max(RELEASE_CONSTANTS * model.power_decay_s, model.reboot_silence_s)
    return full | (np.isneginf(hashing_s) & (since_s >= quiet_s))
