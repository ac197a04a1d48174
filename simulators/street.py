"""A street of the town: supply and return pipe, their friction, and the consumers at its end."""

import math

from simulators.description import Street
from simulators.pipe import Pipe, PipeShape
from simulators.thermal import WATER_KG_PER_L, WATER_KW_PER_LPM_K

WALL_SHARE = 0.02
ROUGHNESS_M = 1e-4
# Water at 60 °C (IAPWS); below this Reynolds number friction is taken to be as at it.
VISCOSITY_M2_S = 0.475e-6
LEAST_REYNOLDS = 4_000.0
# Friction is found anew when the flow has changed by so much of itself.
CHANGED_SHARE = 0.03
CONSUMERS_LAG_S = 20.0
LEAST_SPREAD_K = 0.5
LEAST_OPENING = 0.01
LEAST_KPA = 1e-3
GROUND_C = 8.0


def friction_factor(reynolds: float, relative_roughness: float) -> float:
    """Darcy's factor of a turbulent flow after Swamee and Jain."""
    turbulent = max(reynolds, LEAST_REYNOLDS)
    return 0.25 / math.log10(relative_roughness / 3.7 + 5.74 / turbulent**0.9) ** 2


def pair_resistance(length_m: float, bore_m: float, flow_lpm: float) -> float:
    """Of a supply and a return pipe at this flow, in kPa for each (L/min)²."""
    bore_m2 = math.pi / 4.0 * bore_m**2
    velocity_per_lpm = 1.0 / 60_000.0 / bore_m2
    reynolds = flow_lpm * velocity_per_lpm * bore_m / VISCOSITY_M2_S
    factor = friction_factor(reynolds, ROUGHNESS_M / bore_m)
    return factor * length_m / bore_m * WATER_KG_PER_L * velocity_per_lpm**2


class Section:
    """One street at work. Its flow is `flow_lpm`; `consumed_lpm` of it its consumers take."""

    def __init__(
        self, street: Street, parent: "Section | None", served_share: float, design_lpm: float
    ) -> None:
        bore_m = street.inner_diameter_m
        shape = PipeShape(street.length_m, bore_m, WALL_SHARE * bore_m, street.loss_w_per_m_k)
        self.street, self.parent = street, parent
        self.supply, self.back = Pipe(shape), Pipe(shape)
        self.open = LEAST_OPENING
        self.flow_lpm = self.consumed_lpm = self.got_kw = 0.0
        # All conductances are flows at 1 kPa; `root_kpa` is the root of the pressure at its end.
        self.consumers_conductance = self.conductance = self.root_kpa = 0.0
        self.inner_conductance = 0.0
        self.own_lpm = street.demand_share / served_share * design_lpm
        self.arriving_c = self.leaving_c = 0.0
        self._cooled_c = self._mixed_lpm_c = 0.0
        self._friction_lpm = design_lpm
        self._resistance = pair_resistance(street.length_m, bore_m, design_lpm)

    def design(self, entering_kpa: float) -> float:
        """Size the consumers' valves for their flow; the pressure left for what lies behind."""
        left_kpa = entering_kpa - self._resistance * self._friction_lpm**2
        if left_kpa <= 0.0:
            raise ValueError(
                f"street {self.street.name!r}: {entering_kpa:.1f} kPa do not carry"
                f" {self._friction_lpm:.0f} L/min through it; a wider bore or more pressure does"
            )
        self.consumers_conductance = self.own_lpm / math.sqrt(left_kpa)
        return left_kpa

    def gather(self) -> None:
        """Find the conductance of its pipes with all that is open behind them."""
        behind = self.inner_conductance + self.open * self.consumers_conductance
        self.conductance = behind / math.sqrt(1.0 + self._resistance * behind**2)
        if self.parent is not None:
            self.parent.inner_conductance += self.conductance

    def divide(self, entering_root_kpa: float) -> None:
        """Find the flow at this pressure, and what the consumers get of it."""
        flow_lpm = self.conductance * entering_root_kpa
        behind = self.inner_conductance + self.open * self.consumers_conductance
        self.flow_lpm, self.root_kpa = flow_lpm, flow_lpm / behind
        self.consumed_lpm = self.open * self.consumers_conductance * self.root_kpa
        self._rub()

    def draw_return(self, dt_s: float) -> None:
        """Let out at the plant's end what has come back."""
        self.leaving_c = self.back.draw(dt_s, self.flow_lpm)

    def send(self, dt_s: float, entering_c: float) -> None:
        """Let supply water in, and out at the end."""
        self.arriving_c = self.supply.draw(dt_s, self.flow_lpm)
        self.supply.fill(entering_c)

    def consume(self, dt_s: float, wanted_kw: float, coming_c: float) -> None:
        """Let consumers cool their water and move their valves; what is behind has returned."""
        # Consumers give nothing back that they did not get.
        cooled_c = min(coming_c, self.arriving_c)
        spread_k = self.arriving_c - cooled_c
        self.got_kw = self.consumed_lpm * WATER_KW_PER_LPM_K * spread_k
        if self.flow_lpm > 0.0:
            mixed_lpm_c = self._mixed_lpm_c + self.consumed_lpm * cooled_c
            self.back.fill(mixed_lpm_c / self.flow_lpm)
            if self.parent is not None:
                self.parent.mix(self.flow_lpm, self.leaving_c)
        self._mixed_lpm_c = 0.0
        self._seek(dt_s, wanted_kw / (max(LEAST_SPREAD_K, spread_k) * WATER_KW_PER_LPM_K))

    def mix(self, lpm: float, temperature_c: float) -> None:
        """Take the return of a street behind."""
        self._mixed_lpm_c += lpm * temperature_c

    def lose(self, dt_s: float) -> float:
        """Heat that both pipes give to the ground, in kJ."""
        return self.supply.lose(dt_s, GROUND_C) + self.back.lose(dt_s, GROUND_C)

    def stored_kj(self) -> float:
        """Heat held above 0 °C in both pipes."""
        return self.supply.stored_kj() + self.back.stored_kj()

    def rest_supply(self, entering_c: float, coming_c: float, wanted_kw: float) -> None:
        """Find what reaches the consumers in a steady flow, and the flow that they then take."""
        if self.flow_lpm > 0.0:
            entering_c = self.supply.steady_outlet_c(entering_c, self.flow_lpm, GROUND_C)
        self.arriving_c = entering_c
        cooled_c = min(coming_c, entering_c)
        spread_k = max(LEAST_SPREAD_K, entering_c - cooled_c)
        needed_lpm = wanted_kw / (spread_k * WATER_KW_PER_LPM_K)
        self.consumed_lpm = min(max(needed_lpm, LEAST_OPENING * self.own_lpm), self.own_lpm)
        self.got_kw = self.consumed_lpm * WATER_KW_PER_LPM_K * (entering_c - cooled_c)
        self.flow_lpm, self._mixed_lpm_c = 0.0, self.consumed_lpm * cooled_c

    def rest_flow(self) -> None:
        """Gather the return of consumers and streets behind; those have returned already."""
        self.flow_lpm += self.consumed_lpm
        self._cooled_c = self._mixed_lpm_c / self.flow_lpm
        self.leaving_c = self.back.steady_outlet_c(self._cooled_c, self.flow_lpm, GROUND_C)
        self._mixed_lpm_c = 0.0
        if self.parent is not None:
            self.parent.flow_lpm += self.flow_lpm
            self.parent.mix(self.flow_lpm, self.leaving_c)

    def rest_valve(self, entering_kpa: float) -> float:
        """Open the consumers' valves for their flow at this pressure; the pressure behind."""
        self._rub()
        left_kpa = max(LEAST_KPA, entering_kpa - self._resistance * self.flow_lpm**2)
        if self.own_lpm > 0.0:
            aim = self.consumed_lpm / (self.consumers_conductance * math.sqrt(left_kpa))
            self.open = min(1.0, max(LEAST_OPENING, aim))
        return left_kpa

    def rest_pipes(self, entering_c: float) -> None:
        """Fill both pipes as a steady flow does."""
        self.supply.settle(entering_c, self.flow_lpm, GROUND_C)
        self.back.settle(self._cooled_c, self.flow_lpm, GROUND_C)

    def _rub(self) -> None:
        """Find the friction of the present flow, if the known one is of quite another flow."""
        if abs(self.flow_lpm - self._friction_lpm) > CHANGED_SHARE * self._friction_lpm:
            self._friction_lpm = self.flow_lpm
            street = self.street
            self._resistance = pair_resistance(
                street.length_m, street.inner_diameter_m, self.flow_lpm
            )

    def _seek(self, dt_s: float, needed_lpm: float) -> None:
        at_full_lpm = self.consumed_lpm / self.open
        aim = needed_lpm / at_full_lpm if at_full_lpm > needed_lpm else 1.0
        missing = max(LEAST_OPENING, aim) - self.open
        self.open += missing * -math.expm1(-dt_s / CONSUMERS_LAG_S)
