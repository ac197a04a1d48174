"""What the plant's instruments make of the truth: they lag, they are a little off, they round.

First order (temperature 5 s, flow 1.5 s) with small seeded noise that changes once a second, so
that it does not depend on the step.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.disturbance import Disturb, undisturbed
from simulators.thermal import WATER_KW_PER_LPM_K

Floats = NDArray[np.float64]

METER_PERIOD_S = 2.0
HOUR_S = 3_600.0
# Steps add up to a whole second only nearly.
CLOCK_SLACK_S = 1e-6


@dataclass(frozen=True, slots=True)
class Kind:
    """How an instrument lags, and how far it is off: absolutely, or as a share of its value."""

    lag_s: float
    noise: float
    noise_share: float
    most_sigmas: float = 3.0


TEMPERATURE = Kind(lag_s=5.0, noise=0.015, noise_share=0.0, most_sigmas=0.05 / 0.015)
FLOW = Kind(lag_s=1.5, noise=0.0, noise_share=0.001)
PRESSURE = Kind(lag_s=0.5, noise=0.0, noise_share=0.001)
CONDUCTIVITY = Kind(lag_s=10.0, noise=0.0, noise_share=0.005)


class Instruments:
    """A row of instruments; each part of it has dice of its own, so that none disturbs another."""

    def __init__(self, parts: Sequence[tuple[Sequence[Kind], np.random.Generator]]) -> None:
        kinds = [kind for part, _ in parts for kind in part]
        self._lag_s = np.array([kind.lag_s for kind in kinds])
        self._noise_size = np.array([kind.noise for kind in kinds])
        self._noise_share = np.array([kind.noise_share for kind in kinds])
        self._most = np.array([kind.most_sigmas for kind in kinds])
        self._followed = np.zeros(len(kinds))
        self._noise = np.zeros(len(kinds))
        self._cast = np.zeros(len(kinds))
        ends = np.cumsum([len(part) for part, _ in parts]).tolist()
        self._dice = tuple(
            (dice, self._cast[end - len(part) : end])
            for (part, dice), end in zip(parts, ends, strict=True)
        )
        self._second = 0
        self._shares = (0.0, self._lag_s)

    def start(self, truth: Floats) -> None:
        """Begin in rest at these values."""
        self._followed = truth.copy()

    def step(self, dt_s: float, now_s: float, truth: Floats) -> None:
        """Follow the truth; cast the dice when a new second begins."""
        if dt_s != self._shares[0]:
            self._shares = (dt_s, -np.expm1(-dt_s / self._lag_s))
        self._followed += (truth - self._followed) * self._shares[1]
        second = math.floor(now_s + CLOCK_SLACK_S)
        if second != self._second:
            self._second = second
            for dice, part in self._dice:
                dice.standard_normal(out=part)
            np.minimum(np.maximum(self._cast, -self._most), self._most, out=self._noise)

    def read(self) -> Floats:
        """What the instruments show now."""
        return self._followed + self._noise * (
            self._noise_size + self._noise_share * self._followed
        )


class HeatMeter:
    """A heat meter: it integrates every 2 s and shows held values in between."""

    def __init__(self, disturb: Disturb = undisturbed) -> None:
        self._disturb = disturb
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
        points: dict[str, float | None] = {
            "flow_lpm": float(np.float32(self._flow_lpm)),
            "supply_temperature_c": float(np.float32(self._supply_c)),
            "return_temperature_c": float(np.float32(self._return_c)),
            "power_kw": float(np.float32(self.power_kw)),
            "energy_kwh": math.floor(self._energy_kwh * 10.0) / 10.0,
        }
        return self._disturb(points)


class OutdoorSensor:
    """The outdoor temperature."""

    def __init__(self, read_c: Callable[[], float], disturb: Disturb = undisturbed) -> None:
        self._read_c = read_c
        self._disturb = disturb

    def points(self) -> dict[str, float | None]:
        """Every point of the sensor's manual."""
        return self._disturb({"temperature_c": round(self._read_c(), 2)})
