"""Pressures of the primary loop: expansion, make-up, strainer; and what the water conducts."""

import math

from simulators.faults import Faults

NOMINAL_KPA = 180.0
RELIEF_KPA = 300.0
MAKE_UP_KPA_PER_S = 1.0
LEAK_KPA_PER_S = 0.5
# Under this suction pressure the pumps begin to draw vapour; a little lower it is all they do.
CAVITATION_KPA = 70.0
FULL_CAVITATION_KPA = 65.0
CAVITATING_SHARE = 0.4

CLEAN_STRAINER_KPA = 15.0
CLOGGED_FACTOR = 5.0
CLOGGING_S = 60.0

CONDUCTIVITY_US_CM = 45.0
HIGH_CONDUCTIVITY_US_CM = 350.0
MIXING_S = 30.0


class PrimaryPressure:
    """Static pressure at the suction, dirt in the strainer, salt in the water."""

    def __init__(self, flow_max_lpm: float) -> None:
        self.suction_kpa = NOMINAL_KPA
        self.conductivity_us_cm = CONDUCTIVITY_US_CM
        self._clogging = 1.0
        self._clean_kpa_per_lpm2 = CLEAN_STRAINER_KPA / flow_max_lpm**2

    def step(self, dt_s: float, faults: Faults, *, make_up_open: bool) -> None:
        """Fill, leak, clog and dissolve; a strainer that is repaired is a new one."""
        if make_up_open:
            self.suction_kpa = min(RELIEF_KPA, self.suction_kpa + MAKE_UP_KPA_PER_S * dt_s)
        if faults.of("expansion") == "leaking":
            self.suction_kpa = max(0.0, self.suction_kpa - LEAK_KPA_PER_S * dt_s)
        if faults.of("strainer") == "clogged":
            grown = self._clogging + (CLOGGED_FACTOR - 1.0) * dt_s / CLOGGING_S
            self._clogging = min(CLOGGED_FACTOR, grown)
        else:
            self._clogging = 1.0
        high = faults.of("conductivity") == "high"
        aim_us_cm = HIGH_CONDUCTIVITY_US_CM if high else CONDUCTIVITY_US_CM
        missing_us_cm = aim_us_cm - self.conductivity_us_cm
        if missing_us_cm:
            self.conductivity_us_cm += missing_us_cm * -math.expm1(-dt_s / MIXING_S)

    @property
    def flow_share(self) -> float:
        """What cavitation leaves of the pumps' flow."""
        if self.suction_kpa >= CAVITATION_KPA:
            return 1.0
        full = max(0.0, self.suction_kpa - FULL_CAVITATION_KPA)
        sound = full / (CAVITATION_KPA - FULL_CAVITATION_KPA)
        return CAVITATING_SHARE + (1.0 - CAVITATING_SHARE) * sound

    @property
    def dirt_kpa_per_lpm2(self) -> float:
        """Resistance that the dirt adds to the loop; the clean strainer is part of the design."""
        return (self._clogging - 1.0) * self._clean_kpa_per_lpm2

    def strainer_kpa(self, flow_lpm: float) -> float:
        """Pressure drop over the strainer."""
        return self._clogging * self._clean_kpa_per_lpm2 * flow_lpm**2
