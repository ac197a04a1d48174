"""The plate exchangers in parallel, each behind a motor valve that isolates both of its sides."""

from simulators.description import PlantDescription
from simulators.faults import Faults
from simulators.names import exchanger_tags
from simulators.thermal import WATER_KG_PER_L, PlateExchanger
from simulators.valve import END_SWITCH

# One exchanger is rated at 161 kg/s of the 188 kg/s that the primary pumps can make, and at 61 kg/s
# of the 69 kg/s that the district pump can; each of two at three fifths of that.
PRIMARY_RATED_SHARE = 161.0 / (11_500.0 * WATER_KG_PER_L / 60.0)
DISTRICT_RATED_SHARE = 61.0 / (4_200.0 * WATER_KG_PER_L / 60.0)
SIZE_OF_EACH = {1: 1.0, 2: 0.6}
STROKE_S = 60.0
FOULED_SHARE = 0.35
FOULING_S = 60.0


class ExchangerGroup:
    """All exchangers as one; `passing` is the part of their plates that water can pass."""

    def __init__(self, description: PlantDescription) -> None:
        self._tags = exchanger_tags(description)
        size = SIZE_OF_EACH[description.exchangers]
        self.plates = tuple(
            PlateExchanger(
                size * description.exchanger_ua_kw_per_k,
                size * description.primary_flow_max_lpm * PRIMARY_RATED_SHARE,
                size * description.district_flow_max_lpm * DISTRICT_RATED_SHARE,
            )
            for _ in self._tags
        )
        count = len(self.plates)
        self.opening = [0.0] * count
        self.clean_share = [1.0] * count
        self.supply_c = 0.0
        self.passing = 0.0
        self._shares = [0.0] * count
        self._resting_at: tuple[tuple[bool, ...], int] | None = None

    def move(self, dt_s: float, ordered_open: tuple[bool, ...], faults: Faults) -> None:
        """Let the valves travel and the dirt settle; what is blocked passes nothing."""
        orders = (ordered_open, faults.revision)
        if orders == self._resting_at:
            return
        before = (*self.opening, *self.clean_share)
        reach, dirt = dt_s / STROKE_S, (1.0 - FOULED_SHARE) * dt_s / FOULING_S
        free = []
        for index, tag in enumerate(self._tags):
            travelled = self.opening[index] + (reach if ordered_open[index] else -reach)
            self.opening[index] = min(1.0, max(0.0, travelled))
            fault = faults.of(tag)
            settled = self.clean_share[index] + (-dirt if fault == "fouled" else dirt)
            self.clean_share[index] = min(1.0, max(FOULED_SHARE, settled))
            free.append(0.0 if fault == "off" else self.opening[index])
        self._divide(free)
        resting = before == (*self.opening, *self.clean_share)
        self._resting_at = orders if resting else None

    def settle(self) -> None:
        """Find how water divides at the present openings."""
        self._divide(self.opening)

    def fill(self, temperature_c: float) -> None:
        """Bring the district side of every exchanger to one temperature."""
        self.supply_c = temperature_c
        for plate in self.plates:
            plate.water.temperature_c = temperature_c

    def conductance_kw(self, primary_lpm: float, district_lpm: float) -> float:
        """Heat that all of them pass for each kelvin between the two inlets, in kW/K."""
        return sum(
            plate.conductance_kw(share * primary_lpm, share * district_lpm, clean)
            for plate, share, clean in zip(self.plates, self._shares, self.clean_share, strict=True)
        )

    def step(
        self, dt_s: float, hot_c: float, return_c: float, primary_lpm: float, district_lpm: float
    ) -> tuple[float, float]:
        """Heat taken from the primary water, in kW, and what the district carried off, in kJ."""
        passed_kw = carried_kj = supply_c = 0.0
        for plate, share, clean in zip(self.plates, self._shares, self.clean_share, strict=True):
            own_lpm = share * district_lpm
            conductance_kw = plate.conductance_kw(share * primary_lpm, own_lpm, clean)
            heat_kw = conductance_kw * (hot_c - return_c)
            carried_kj += plate.water.step(dt_s, heat_kw, return_c, own_lpm)
            passed_kw += heat_kw
            supply_c += share * plate.water.temperature_c
        # Behind shut valves the sensor sees the water that was there last.
        if self.passing > 0.0:
            self.supply_c = supply_c
        return passed_kw, carried_kj

    def at_open_end(self) -> list[bool]:
        """The end switches of the open position."""
        return [opening >= 1.0 - END_SWITCH for opening in self.opening]

    def at_closed_end(self) -> list[bool]:
        """The end switches of the closed position."""
        return [opening <= END_SWITCH for opening in self.opening]

    def stored_kj(self) -> float:
        """Heat held above 0 °C."""
        return sum(plate.water.stored_kj() for plate in self.plates)

    def _divide(self, free: list[float]) -> None:
        total = sum(free)
        self.passing = total / len(free)
        if total > 0.0:
            self._shares = [opening / total for opening in free]
        else:
            self._shares = [0.0] * len(free)
