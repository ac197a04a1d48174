"""What a town wants to be warm, hour by hour, from the weather that it has.

Heating follows the mean outdoor temperature of a day, because houses are slow, below the
temperature at which heating ends; hot water and circulation are the same all year. On top come the
hours of the day and a noise that lasts some hours. The reference town has 2,800 homes of 9 MWh a
year in a Nordic climate: 7 MW at -20 °C, 0.9 MW in summer.
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from simulators.hours import DAY_H, Hours, remembered

# How the hours of a day (UTC) differ from its mean in 9 months of substations in Unna (Jo-Heidrich,
# specific-heat-load-profiles, CC0), in thousandths.
HOUR_SHAPE = (
    *(-144, -178, -129, -23, 150, 114, 108, 77, 37, -12, -55, -76),
    *(-80, -55, -43, -14, 41, 83, 120, 128, 119, 83, -111, -142),
)
"""A few houses; a town of thousands swings less, see `Homes.damped`."""


@dataclass(frozen=True, slots=True)
class Homes:
    """The figures of a town; `base_kw` is what it takes without heating."""

    base_kw: float = 860.0
    kw_per_k: float = 175.0
    heating_ends_c: float = 17.0
    damped: float = 0.55
    noise_share: float = 0.035
    noise_h: float = 5.0

    def scaled(self, share: float) -> "Homes":
        """A town of the same kind and another size."""
        return Homes(
            self.base_kw * share,
            self.kw_per_k * share,
            self.heating_ends_c,
            self.damped,
            self.noise_share,
            self.noise_h,
        )

    def usual_kw(self, day_mean_c: float, hour: int) -> float:
        """What it takes at this hour of a day (UTC) after 24 hours of this mean temperature."""
        heating_kw = self.kw_per_k * max(0.0, self.heating_ends_c - day_mean_c)
        shape = 1.0 + self.damped * HOUR_SHAPE[hour % DAY_H] / 1_000.0
        return (self.base_kw + heating_kw) * shape


REFERENCE_TOWN = Homes()


def wanted_kw(
    weather: Hours, seed: int, begin_hour: float = 0.0, homes: Homes = REFERENCE_TOWN
) -> Hours:
    """The demand of these homes in this weather, which begins at this hour of a year."""
    return Hours(_wanted_kw(weather, seed, begin_hour, homes))


def _wanted_kw(weather: Hours, seed: int, begin_hour: float, homes: Homes) -> Iterator[float]:
    dice = np.random.default_rng([seed, 12])
    keep = remembered(homes.noise_h)
    fresh = homes.noise_share * math.sqrt(1.0 - keep**2)
    noise = homes.noise_share * float(dice.standard_normal())
    # The day before the beginning was as warm as the first hour.
    day_c = deque([weather.hour(0)] * DAY_H, maxlen=DAY_H)
    for hour in count():
        day_c.append(weather.hour(hour))
        usual_kw = homes.usual_kw(sum(day_c) / DAY_H, int(begin_hour) + hour)
        yield max(0.0, usual_kw * (1.0 + noise))
        noise = keep * noise + fresh * float(dice.standard_normal())
