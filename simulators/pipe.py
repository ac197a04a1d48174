"""A pipe as plug flow: what enters leaves after the pipe's volume has passed, cooled on its way.

Equations of the Modelica IBPSA library's PlugFlowPipe: delay on volume, exponential cooling towards
the surroundings, and the steel of the wall as one mixed lump at the outlet. Every plug cools by the
same share in a step, so one pair of numbers, `_scale` and `_shift`, cools them all at once, and the
heat that is lost is exactly the heat that is missing.
"""

import math
from collections import deque
from dataclasses import dataclass

from simulators.thermal import WATER_KJ_PER_L_K, MixedVolume

STEEL_KG_PER_M3 = 7_800.0
STEEL_KJ_PER_KG_K = 0.48
# What enters is added to the newest plug until that one is so large a share of the pipe.
PLUG_SHARE = 1.0 / 400.0
# The share of the pipe that one step may move at most.
SWEPT_SHARE = 0.9
LEAST_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class PipeShape:
    """A pipe's dimensions; `loss_w_per_m_k` is what a metre loses for each kelvin."""

    length_m: float
    inner_diameter_m: float
    wall_m: float
    loss_w_per_m_k: float = 0.0

    @classmethod
    def of_volume(cls, litres: float, inner_diameter_m: float, wall_m: float) -> "PipeShape":
        """An adiabatic pipe of this bore, as long as its volume needs."""
        bore_m2 = math.pi / 4.0 * inner_diameter_m**2
        return cls(litres / 1_000.0 / bore_m2, inner_diameter_m, wall_m)

    @property
    def litres(self) -> float:
        """Water that it holds."""
        return 1_000.0 * math.pi / 4.0 * self.inner_diameter_m**2 * self.length_m

    @property
    def wall_kj_per_k(self) -> float:
        """Heat capacity of its steel."""
        steel_m2 = math.pi * (self.inner_diameter_m + self.wall_m) * self.wall_m
        return steel_m2 * self.length_m * STEEL_KG_PER_M3 * STEEL_KJ_PER_KG_K

    @property
    def loss_kw_per_k(self) -> float:
        """Heat lost for each kelvin above the surroundings."""
        return self.loss_w_per_m_k * self.length_m / 1_000.0


class Pipe:
    """Plugs of water, oldest first, and the wall; a step draws from one end and fills the other."""

    def __init__(self, shape: PipeShape) -> None:
        self.litres = shape.litres
        self._wall = MixedVolume(shape.wall_kj_per_k)
        held_kj_per_k = self.litres * WATER_KJ_PER_L_K + shape.wall_kj_per_k
        self._loss_per_s = shape.loss_kw_per_k / held_kj_per_k
        self._plug_l = PLUG_SHARE * self.litres
        # Plugs as [litres, scaled temperature]; a temperature is scale * scaled + shift.
        self._plugs: deque[list[float]] = deque()
        self._scale, self._shift = 1.0, 0.0
        self._content = 0.0
        self._missing_l = 0.0
        self.fill_all(0.0)

    def longest_step_s(self, most_lpm: float) -> float:
        """The longest step that still leaves water in the pipe."""
        return SWEPT_SHARE * self.litres * 60.0 / most_lpm

    @property
    def inlet_c(self) -> float:
        """Temperature of the water that came in last."""
        return self._scale * self._plugs[-1][1] + self._shift

    @property
    def outlet_c(self) -> float:
        """Temperature of the water that leaves."""
        return self._wall.temperature_c

    def fill_all(self, temperature_c: float) -> None:
        """Bring water and wall to one temperature."""
        self._scale, self._shift = 1.0, 0.0
        self._plugs = deque([[self.litres, temperature_c]])
        self._content = self.litres * temperature_c
        self._missing_l = 0.0
        self._wall.temperature_c = temperature_c

    def steady_outlet_c(self, inlet_c: float, flow_lpm: float, around_c: float) -> float:
        """What leaves when this has flowed in for long."""
        return self._steady(flow_lpm, inlet_c - around_c, self.litres)[1] + around_c

    def settle(self, inlet_c: float, flow_lpm: float, around_c: float) -> None:
        """Stand in a steady flow that comes in with this temperature."""
        count = round(1.0 / PLUG_SHARE)
        middles_l = (self.litres * (count - place - 0.5) / count for place in range(count))
        above_k = [self._steady(flow_lpm, inlet_c - around_c, litres)[0] for litres in middles_l]
        self.fill_all(self.steady_outlet_c(inlet_c, flow_lpm, around_c))
        self._plugs = deque([self.litres / count, around_c + over_k] for over_k in above_k)
        self._content = sum(litres * value for litres, value in self._plugs)

    def draw(self, dt_s: float, flow_lpm: float) -> float:
        """Let the oldest water out past the wall; its mean temperature on the way out."""
        wanted_l = flow_lpm / 60.0 * dt_s
        if wanted_l <= 0.0:
            return self._wall.temperature_c
        if wanted_l > self.litres - self._missing_l:
            raise ValueError(f"a step draws {wanted_l:.3g} L, more than the pipe holds")
        plugs, left_l, drawn = self._plugs, wanted_l, 0.0
        while left_l >= plugs[0][0] and len(plugs) > 1:
            litres, scaled = plugs.popleft()
            drawn += litres * scaled
            left_l -= litres
        # Rounding may leave the last plug a hair short.
        plugs[0][0] = max(plugs[0][0] - left_l, 0.0)
        drawn += left_l * plugs[0][1]
        self._content -= drawn
        self._missing_l += wanted_l
        water_c = self._scale * drawn / wanted_l + self._shift
        carried_kj = self._wall.step(dt_s, 0.0, water_c, flow_lpm)
        return water_c + carried_kj / (wanted_l * WATER_KJ_PER_L_K)

    def fill(self, temperature_c: float) -> None:
        """Let in as much water of this temperature as has been drawn."""
        litres, self._missing_l = self._missing_l, 0.0
        if litres <= 0.0:
            return
        scaled = (temperature_c - self._shift) / self._scale
        self._content += litres * scaled
        plugs = self._plugs
        if plugs[-1][0] + litres <= self._plug_l:
            newest = plugs[-1]
            newest[1] = (newest[0] * newest[1] + litres * scaled) / (newest[0] + litres)
            newest[0] += litres
        else:
            plugs.append([litres, scaled])

    def lose(self, dt_s: float, around_c: float) -> float:
        """Let water and wall cool towards the surroundings; the heat that they lose, in kJ."""
        if self._loss_per_s == 0.0:
            return 0.0
        lost_share = -math.expm1(-self._loss_per_s * dt_s)
        water_l_k = self._scale * self._content + (self._shift - around_c) * self.litres
        wall_k = self._wall.temperature_c - around_c
        self._scale *= 1.0 - lost_share
        self._shift += lost_share * (around_c - self._shift)
        self._wall.temperature_c -= lost_share * wall_k
        if self._scale < LEAST_SCALE:
            self._rescale()
        held_kj = water_l_k * WATER_KJ_PER_L_K + wall_k * self._wall.capacity_kj_per_k
        return lost_share * held_kj

    def stored_kj(self) -> float:
        """Heat held above 0 °C in water and wall."""
        litres = self.litres - self._missing_l
        water_l_k = self._scale * self._content + self._shift * litres
        return water_l_k * WATER_KJ_PER_L_K + self._wall.stored_kj()

    def _steady(self, flow_lpm: float, above_k: float, litres: float) -> tuple[float, float]:
        """Water so far behind the inlet, and behind the wall, as kelvins above what is around."""
        rate_lps = flow_lpm / 60.0
        water_k = above_k * math.exp(-self._loss_per_s * litres / rate_lps)
        swept_kw_per_k = rate_lps * WATER_KJ_PER_L_K
        lost_kw_per_k = self._loss_per_s * self._wall.capacity_kj_per_k
        return water_k, water_k * swept_kw_per_k / (swept_kw_per_k + lost_kw_per_k)

    def _rescale(self) -> None:
        for plug in self._plugs:
            plug[1] = self._scale * plug[1] + self._shift
        self._scale, self._shift = 1.0, 0.0
        self._content = sum(litres * value for litres, value in self._plugs)


class Header:
    """A header: the vessel or comb of branches where its water mixes, and the pipe behind it."""

    def __init__(self, litres: float, mixed_share: float, bore_m: float, wall_m: float) -> None:
        piped_l = litres * (1.0 - mixed_share)
        self._mixed = MixedVolume(litres * mixed_share * WATER_KJ_PER_L_K)
        self._pipe = Pipe(PipeShape.of_volume(piped_l, bore_m, wall_m))

    @property
    def inlet_c(self) -> float:
        """Temperature where the branches have met."""
        return self._mixed.temperature_c

    @property
    def outlet_c(self) -> float:
        """Temperature of the water that leaves."""
        return self._pipe.outlet_c

    def longest_step_s(self, most_lpm: float) -> float:
        """The longest step that still leaves water in the pipe."""
        return self._pipe.longest_step_s(most_lpm)

    def fill_all(self, temperature_c: float) -> None:
        """Bring the whole header to one temperature."""
        self._mixed.temperature_c = temperature_c
        self._pipe.fill_all(temperature_c)

    def draw(self, dt_s: float, flow_lpm: float) -> float:
        """Let the oldest water out; its mean temperature on the way out."""
        return self._pipe.draw(dt_s, flow_lpm)

    def fill(self, dt_s: float, flow_lpm: float, temperature_c: float) -> None:
        """Let in as much water of this temperature as has been drawn."""
        carried_kj = self._mixed.step(dt_s, 0.0, temperature_c, flow_lpm)
        litres = flow_lpm / 60.0 * dt_s
        self._pipe.fill(temperature_c + carried_kj / (litres * WATER_KJ_PER_L_K))

    def stored_kj(self) -> float:
        """Heat held above 0 °C."""
        return self._mixed.stored_kj() + self._pipe.stored_kj()
