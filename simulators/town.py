"""The town behind a sole source: streets as a tree, from the plant to consumers near and far.

Consumers seek with their valves the flow that brings their heat at the temperature that has reached
them; friction leaves far streets less pressure than near ones. For resistances that grow with the
flow's square a tree is solved exactly: conductances side by side add, and 1/G² adds in a row.
"""

import math
from collections.abc import Sequence

from simulators.description import Street
from simulators.street import Section, pair_resistance
from simulators.thermal import WATER_KW_PER_LPM_K

SETTLING_ROUNDS = 30

# The usual town: where its streets branch, how long they are at the flow of 2,800 homes, who lives
# there. Half of the pressure is friction on the longest way.
USUAL_LPM = 4_200.0
USUAL = (
    ("main", None, 300.0, 0.2),
    ("near", "main", 250.0, 0.3),
    ("long", "main", 400.0, 0.2),
    ("far", "long", 300.0, 0.3),
)
LONGEST_M = 1_000.0
FRICTION_SHARE = 0.5
BISECTIONS = 40
BORES_M = (0.005, 2.0)


def usual_streets(flow_max_lpm: float, dp_kpa: float) -> tuple[Street, ...]:
    """A town of the usual shape for this flow and pressure; a smaller one has shorter streets."""
    shorter = math.sqrt(flow_max_lpm / USUAL_LPM)
    gradient_kpa_m = FRICTION_SHARE * dp_kpa / (LONGEST_M * shorter)
    shares = {name: share for name, _, _, share in USUAL}
    for name, behind, _, _ in reversed(USUAL):
        if behind is not None:
            shares[behind] += shares[name]
    return tuple(
        Street(
            name,
            shorter * length_m,
            _bore_m(shares[name] * flow_max_lpm, gradient_kpa_m),
            share,
            behind,
        )
        for name, behind, length_m, share in USUAL
    )


class Town:
    """All streets; at `flow_max_lpm` with all valves open it needs `dp_kpa` at the plant."""

    def __init__(self, streets: Sequence[Street], flow_max_lpm: float, dp_kpa: float) -> None:
        self.sections = _sections(streets, flow_max_lpm)
        self.lost_kw = 0.0
        self._design_conductance = flow_max_lpm / math.sqrt(dp_kpa)
        left_kpa: dict[Section | None, float] = {None: dp_kpa}
        for section in self.sections:
            left_kpa[section] = section.design(left_kpa[section.parent])
        self._first = [section for section in self.sections if section.parent is None]
        self.conductance = self._gather()

    @property
    def open_share(self) -> float:
        """How easily water passes, 1 with all valves open at the greatest flow."""
        return self.conductance / self._design_conductance

    def longest_step_s(self, flow_max_lpm: float) -> float:
        """The longest step that leaves water in every pipe."""
        return min(section.supply.longest_step_s(flow_max_lpm) for section in self.sections)

    def fill(self, temperature_c: float) -> None:
        """Bring the water of all streets to one temperature."""
        for section in self.sections:
            section.supply.fill_all(temperature_c)
            section.back.fill_all(temperature_c)

    def draw_return(self, dt_s: float, flow_lpm: float) -> float | None:
        """Let this flow pass; the return's mean temperature at the plant, None without flow."""
        self._divide(flow_lpm)
        for section in self.sections:
            section.draw_return(dt_s)
        if flow_lpm <= 0.0:
            return None
        carried = sum(section.flow_lpm * section.leaving_c for section in self._first)
        return carried / flow_lpm

    def take(self, dt_s: float, supply_c: float | None, coming_c: float, demand_kw: float) -> None:
        """Let the drawn flow in at the plant's end, consumers use it, and pipes lose heat.

        Without flow there is no supply.
        """
        for section in self.sections:
            section.send(dt_s, 0.0 if supply_c is None else self._entering_c(section, supply_c))
        for section in reversed(self.sections):
            section.consume(dt_s, self.wanted_kw(section, demand_kw), coming_c)
        lost_kj = sum(section.lose(dt_s) for section in self.sections)
        self.lost_kw = lost_kj / dt_s

    def wanted_kw(self, section: Section, demand_kw: float) -> float:
        """What the consumers of a street want: their part of what the pipes do not lose."""
        return section.street.demand_share * max(0.0, demand_kw - self.lost_kw)

    def shortfall_kw(self, demand_kw: float) -> float:
        """Heat that consumers want and do not get."""
        return sum(
            max(0.0, self.wanted_kw(section, demand_kw) - section.got_kw)
            for section in self.sections
        )

    def settle(self, supply_c: float, coming_c: float, demand_kw: float, dp_kpa: float) -> float:
        """Bring all to rest at this supply and pressure; the return's temperature at the plant."""
        return_c, self.lost_kw = coming_c, 0.0
        for _ in range(SETTLING_ROUNDS):
            for section in self.sections:
                entering_c = self._entering_c(section, supply_c)
                section.rest_supply(entering_c, coming_c, self.wanted_kw(section, demand_kw))
            for section in reversed(self.sections):
                section.rest_flow()
            flow_lpm = sum(section.flow_lpm for section in self._first)
            carried = sum(section.flow_lpm * section.leaving_c for section in self._first)
            return_c = carried / flow_lpm
            sold_kw = flow_lpm * WATER_KW_PER_LPM_K * (supply_c - return_c)
            self.lost_kw = sold_kw - sum(section.got_kw for section in self.sections)
        left_kpa: dict[Section | None, float] = {None: dp_kpa}
        for section in self.sections:
            left_kpa[section] = section.rest_valve(left_kpa[section.parent])
            section.rest_pipes(self._entering_c(section, supply_c))
        self.conductance = self._gather()
        return return_c

    def stored_kj(self) -> float:
        """Heat held above 0 °C in all pipes."""
        return sum(section.stored_kj() for section in self.sections)

    def _divide(self, flow_lpm: float) -> None:
        self.conductance = self._gather()
        root_kpa = flow_lpm / self.conductance
        for section in self.sections:
            above = section.parent
            section.divide(root_kpa if above is None else above.root_kpa)

    def _gather(self) -> float:
        for section in self.sections:
            section.inner_conductance = 0.0
        for section in reversed(self.sections):
            section.gather()
        return sum(section.conductance for section in self._first)

    @staticmethod
    def _entering_c(section: Section, supply_c: float) -> float:
        return supply_c if section.parent is None else section.parent.arriving_c


def _sections(streets: Sequence[Street], flow_max_lpm: float) -> tuple[Section, ...]:
    """The streets in their order, each behind its own; ValueError where they are no town."""
    total = sum(street.demand_share for street in streets)
    if not math.isclose(total, 1.0, abs_tol=1e-6):
        raise ValueError(f"the demand shares of all streets are 1 together, not {total:g}")
    shares = {street.name: street.demand_share for street in streets}
    for street in reversed(streets):
        if street.behind is not None:
            if street.behind not in shares:
                raise ValueError(f"street {street.name!r} is behind {street.behind!r}, unknown")
            shares[street.behind] += shares[street.name]
    found: dict[str, Section] = {}
    for street in streets:
        if shares[street.name] <= 0.0:
            raise ValueError(f"street {street.name!r} leads to nobody")
        if street.behind is not None and street.behind not in found:
            raise ValueError(f"street {street.name!r} is listed before {street.behind!r}")
        parent = None if street.behind is None else found[street.behind]
        share = shares[street.name]
        found[street.name] = Section(street, parent, share, share * flow_max_lpm)
    return tuple(found.values())


def _bore_m(flow_lpm: float, gradient_kpa_m: float) -> float:
    """The bore in which a pair of pipes loses this much pressure a metre, found by halving."""
    low_m, high_m = BORES_M
    for _ in range(BISECTIONS):
        bore_m = math.sqrt(low_m * high_m)
        if pair_resistance(1.0, bore_m, flow_lpm) * flow_lpm**2 > gradient_kpa_m:
            low_m = bore_m
        else:
            high_m = bore_m
    return high_m
