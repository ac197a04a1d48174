"""Outdoor temperature over the year: from a measured file, or made up from a seed.

The made-up climate is fitted to two years of Aalborg (DMI Open Data 2018-2019, CC BY 4.0): a year;
a day that is larger in summer, and on some days than on others; weather that lasts for days, and
passing weather of hours, both autoregressive, the second with fronts. All hours are UTC.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulators.course_file import Measure, read_course
from simulators.hours import DAY_H, YEAR_H, Hours, remembered

LEAST_C, MOST_C = -60.0, 60.0
THROWN_H = 240


@dataclass(frozen=True, slots=True)
class Climate:
    """Figures of the made-up weather.

    Of each pair of the day the first is all year's; the second comes on top in midsummer and is
    taken away in midwinter.
    """

    mean_c: float = 8.9
    year_k: float = 8.25
    warmest_day: float = 204.0
    day_cos_k: tuple[float, float] = (-2.08, -1.65)
    day_sin_k: tuple[float, float] = (-1.07, -0.64)
    half_day_cos_k: tuple[float, float] = (0.27, -0.10)
    half_day_sin_k: tuple[float, float] = (0.10, -0.19)
    sunny: float = 0.5
    sunny_h: float = 48.0
    lasting_k: float = 2.95
    lasting_h: float = 130.0
    passing_k: float = 1.2
    passing_h: float = 9.0
    smooth_h: float = 1.0
    fronts: float = 5.0


AALBORG = Climate()


def made_up(seed: int, begin_hour: float = 0.0, climate: Climate = AALBORG) -> Hours:
    """The weather of a seed; it begins so many hours after the beginning of a year."""
    return Hours(_made_up(seed, begin_hour, climate))


def usual_c(hour: float, climate: Climate = AALBORG, sunny: float = 1.0) -> float:
    """What this hour of the year has in the long run; `sunny` is how large its day is."""
    summer = math.cos(2.0 * math.pi * (hour / DAY_H - climate.warmest_day) / (YEAR_H / DAY_H))
    day_k, angle = 0.0, 2.0 * math.pi * hour / DAY_H
    for waves, pairs in (
        (1.0, (climate.day_cos_k, climate.day_sin_k)),
        (2.0, (climate.half_day_cos_k, climate.half_day_sin_k)),
    ):
        (cos_k, cos_summer_k), (sin_k, sin_summer_k) = pairs
        day_k += (cos_k + cos_summer_k * summer) * math.cos(waves * angle)
        day_k += (sin_k + sin_summer_k * summer) * math.sin(waves * angle)
    return climate.mean_c + climate.year_k * summer + sunny * day_k


def _made_up(seed: int, begin_hour: float, climate: Climate) -> Iterator[float]:
    dice = np.random.default_rng([seed, 11])
    lasting, passing, sunny = dice.standard_normal(3).tolist()
    smoothed = passing
    keep_lasting, keep_passing = remembered(climate.lasting_h), remembered(climate.passing_h)
    keep_sunny, keep_smooth = remembered(climate.sunny_h), remembered(climate.smooth_h)
    # A mean of an autoregressive noise is smaller than the noise itself.
    grown = math.sqrt((climate.passing_h + climate.smooth_h) / climate.passing_h)
    front = math.sqrt((climate.fronts - 2.0) / climate.fronts)
    for hour, (normal, other, thrown) in enumerate(_throws(dice, climate.fronts)):
        size = max(0.0, 1.0 + climate.sunny * sunny)
        noise_k = climate.lasting_k * lasting + climate.passing_k * grown * smoothed
        value_c = usual_c(begin_hour + hour, climate, size) + noise_k
        yield min(MOST_C, max(LEAST_C, value_c))
        lasting = keep_lasting * lasting + math.sqrt(1.0 - keep_lasting**2) * normal
        sunny = keep_sunny * sunny + math.sqrt(1.0 - keep_sunny**2) * other
        passing = keep_passing * passing + math.sqrt(1.0 - keep_passing**2) * front * thrown
        smoothed = keep_smooth * smoothed + (1.0 - keep_smooth) * passing


def _throws(dice: np.random.Generator, fronts: float) -> Iterator[tuple[float, float, float]]:
    while True:
        normal, other = dice.standard_normal((2, THROWN_H)).tolist()
        yield from zip(normal, other, dice.standard_t(fronts, THROWN_H).tolist(), strict=True)


TEMPERATURE = Measure("temperature", "°C", LEAST_C, MOST_C, "-3.5")


def measured(path: Path, begin_utc_s: float = -math.inf) -> Hours:
    """The weather of a CSV file from this moment on, or from its first row."""
    return read_course(path, TEMPERATURE).hours(begin_utc_s)
