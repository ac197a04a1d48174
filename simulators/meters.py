"""What the plant's instruments make of the truth: they lag, they are a little off, they round.

First order (temperature 5 s, flow 1.5 s) with small seeded noise that changes once a second, so
that it does not depend on the step.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulators.thermal import WATER_KW_PER_LPM_K

Floats = NDArray[np.float64]

TEMPERATURE_LAG_S = 5.0
FLOW_LAG_S = 1.5
TEMPERATURE_NOISE_K = 0.015
TEMPERATURE_NOISE_MOST_K = 0.05
FLOW_NOISE = 0.001
FLOW_NOISE_MOST = 0.003
METER_PERIOD_S = 2.0
HOUR_S = 3_600.0
# Steps add up to a whole second only nearly.
CLOCK_SLACK_S = 1e-6


class Instruments:
    """A row of temperature sensors followed by a row of flow sensors."""

    def __init__(self, temperatures: int, flows: int, dice: np.random.Generator) -> None:
        self._lag_s = np.array([TEMPERATURE_LAG_S] * temperatures + [FLOW_LAG_S] * flows)
        self._is_flow = np.array([False] * temperatures + [True] * flows)
        self._dice = dice
        self._followed = np.zeros(temperatures + flows)
        self._noise = np.zeros(temperatures + flows)
        self._second = 0

    def start(self, truth: Floats) -> None:
        """Begin in rest at these values."""
        self._followed = truth.copy()

    def step(self, dt_s: float, now_s: float, truth: Floats) -> None:
        """Follow the truth; cast the dice when a new second begins."""
        self._followed += (truth - self._followed) * -np.expm1(-dt_s / self._lag_s)
        second = math.floor(now_s + CLOCK_SLACK_S)
        if second != self._second:
            self._second = second
            self._noise = self._dice.standard_normal(len(self._noise))

    def read(self) -> Floats:
        """What the instruments show now."""
        off_k = np.clip(
            self._noise * TEMPERATURE_NOISE_K, -TEMPERATURE_NOISE_MOST_K, TEMPERATURE_NOISE_MOST_K
        )
        off_share = np.clip(self._noise * FLOW_NOISE, -FLOW_NOISE_MOST, FLOW_NOISE_MOST)
        return self._followed + np.where(self._is_flow, self._followed * off_share, off_k)


class HeatMeter:
    """The meter at the exchanger: it integrates every 2 s and shows held values in between."""

    def __init__(self) -> None:
        self._supply_c = 0.0
        self._return_c = 0.0
        self._flow_lpm = 0.0
        self._energy_kwh = 0.0
        self._due_s = METER_PERIOD_S

    @property
    def power_kw(self) -> float:
        """Heat flow as the calculator finds it."""
        return self._flow_lpm * WATER_KW_PER_LPM_K * (self._supply_c - self._return_c)

    def start(self, supply_c: float, return_c: float, flow_lpm: float) -> None:
        """Take over values without counting energy."""
        self._supply_c, self._return_c, self._flow_lpm = supply_c, return_c, flow_lpm

    def due(self, now_s: float) -> bool:
        """Whether the period is over."""
        return now_s + CLOCK_SLACK_S >= self._due_s

    def integrate(self, supply_c: float, return_c: float, flow_lpm: float) -> None:
        """Take new values and count the energy of one period."""
        self._due_s += METER_PERIOD_S
        self.start(supply_c, return_c, flow_lpm)
        # The register of a heat meter counts heat only forwards.
        self._energy_kwh += max(0.0, self.power_kw) * METER_PERIOD_S / HOUR_S

    def points(self) -> dict[str, float | None]:
        """Every point of the meter's manual, in single precision."""
        return {
            "flow_lpm": float(np.float32(self._flow_lpm)),
            "supply_temperature_c": float(np.float32(self._supply_c)),
            "return_temperature_c": float(np.float32(self._return_c)),
            "power_kw": float(np.float32(self.power_kw)),
            "energy_kwh": math.floor(self._energy_kwh * 10.0) / 10.0,
        }


class OutdoorSensor:
    """The outdoor temperature."""

    def __init__(self, read_c: Callable[[], float]) -> None:
        self._read_c = read_c

    def points(self) -> dict[str, float | None]:
        """Every point of the sensor's manual."""
        return {"temperature_c": round(self._read_c(), 2)}
