"""The work modes of the miners as columns: which one each is in, stores, and settles towards."""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.description import NORMAL, WORK_MODES, MinerModel

# Closer to its mode's power than this, a unit has arrived.
ARRIVED_SHARE = 0.002
_KW_SHARES = np.array([mode.kw_share for mode in WORK_MODES])
_THS_SHARES = np.array([mode.ths_share for mode in WORK_MODES])


class Modes:
    """What the firmware remembers about modes; it survives sleep, restart and loss of mains."""

    def __init__(self, units: int, model: MinerModel) -> None:
        self.mode: NDArray[np.int8] = np.full(units, NORMAL, np.int8)
        self.stored: NDArray[np.int8] = np.full(units, NORMAL, np.int8)
        self.kw_level = np.ones(units)
        self.ths_level = np.ones(units)
        self.calibrating_s = np.zeros(units)
        self._model = model

    def full_kw_share(self) -> NDArray[np.float64]:
        """Full power of each unit's mode as a share of the nameplate."""
        return _KW_SHARES[self.mode]

    def change(self, unit: int, mode: int, *, at_once: bool) -> None:
        """Go over to another mode; a unit that does not hash has no power to settle."""
        self.stored[unit] = mode
        if mode == self.mode[unit]:
            return
        self.mode[unit] = mode
        self.calibrating_s[unit] = self._model.calibration_s
        if at_once:
            self._arrive(np.array([unit]))

    def keep(self, unit: int, mode: int) -> None:
        """Keep a mode for the next start."""
        self.stored[unit] = mode

    def start(self, units: NDArray[np.int64]) -> None:
        """Start in the stored mode; a new one has to be calibrated."""
        changed = units[self.mode[units] != self.stored[units]]
        self.mode[changed] = self.stored[changed]
        self.calibrating_s[changed] = self._model.calibration_s
        self._arrive(units)

    def step(
        self, units: NDArray[np.int64], dt_s: float, hashing: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Move these units towards their modes; which of them are still on their way."""
        part = -math.expm1(-dt_s / self._model.mode_constant_s)
        mode = self.mode[units]
        for level, shares in ((self.kw_level, _KW_SHARES), (self.ths_level, _THS_SHARES)):
            goal = shares[mode]
            moved = level[units] + (goal - level[units]) * part
            level[units] = np.where(np.abs(goal - moved) < ARRIVED_SHARE, goal, moved)
        left_s = np.maximum(self.calibrating_s[units] - dt_s * hashing, 0.0)
        self.calibrating_s[units] = left_s
        moving = self.kw_level[units] != _KW_SHARES[mode]
        moving |= self.ths_level[units] != _THS_SHARES[mode]
        return np.asarray(moving | ((left_s > 0.0) & hashing))

    def _arrive(self, units: NDArray[np.int64]) -> None:
        self.kw_level[units] = _KW_SHARES[self.mode[units]]
        self.ths_level[units] = _THS_SHARES[self.mode[units]]
