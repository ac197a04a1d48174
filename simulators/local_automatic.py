"""What the PLC does with the water when nobody tells it: a few slow loops, begun where it stands.

Every order begins at its present value and moves at most half a per cent a second, so that neither
the change to local automatic nor the way back is a bump. Container valves, contactors and exchanger
valves stay. The figures are those of the manual.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from simulators.description import PlantDescription
from simulators.names import has_cooler, motors, pump_tags

Order = float | bool
Points = Mapping[str, float | bool | None]

HOT_HEADER_C = 76.0
HOT_HEADER_REJECT_C = 80.0
COLD_HEADER_REJECT_C = 72.0
SUPPLY_C = 70.0
SUPPLY_KEPT_C = (65.0, 77.0)
DIFFERENTIAL_KEPT_KPA = (20.0, 300.0)
FLOW_KEPT_SHARE = 0.97
PUMP_LOST_AFTER_S = 3.0
RATE_PCT_PER_S = 0.5
# A lost flow is made good before the flow switches open the feeders.
FLOW_RATE_PCT_PER_S = 5.0


@dataclass(frozen=True, slots=True)
class Tuning:
    """Gain in per cent of the order for one unit of error, integral time, least order, speed."""

    gain: float
    integral_s: float
    low: float = 0.0
    rate_pct_per_s: float = RATE_PCT_PER_S


HOT = Tuning(gain=1.0, integral_s=60.0)
FLOW = Tuning(gain=1.0, integral_s=10.0, rate_pct_per_s=FLOW_RATE_PCT_PER_S)
# Per cent of the present speed: the flow that carries a heat goes with the rise it has to make.
SUPPLY = Tuning(gain=0.02, integral_s=120.0, low=5.0)
DIFFERENTIAL = Tuning(gain=0.1, integral_s=10.0, low=10.0)
MIXING = Tuning(gain=1.0, integral_s=30.0)
REJECT = Tuning(gain=3.0, integral_s=120.0)


class Trim:
    """A PI loop that moves an order instead of setting it: no wind-up, no bump."""

    def __init__(self) -> None:
        self._last: float | None = None

    def move_pct(self, error: float, tuning: Tuning, dt_s: float) -> float:
        """How far the order moves in this step for this error."""
        change = 0.0 if self._last is None else error - self._last
        self._last = error
        free = tuning.gain * (change + error * dt_s / tuning.integral_s)
        reach = tuning.rate_pct_per_s * dt_s
        return min(max(free, -reach), reach)


class LocalAutomatic:
    """The loops, from the moment in which the controller was given up until another takes over."""

    def __init__(
        self, description: PlantDescription, points: Points, orders: Mapping[str, Order]
    ) -> None:
        self._sole = description.network_role == "sole_source"
        self._pumps = pump_tags(description)
        self._cooler = has_cooler(description)
        # Exact where the registers are rounded, or slow loops would never move.
        self._exact = {name: float(v) for name, v in orders.items() if not isinstance(v, bool)}
        self._run = {f"{motor}.run": bool(orders[f"{motor}.run"]) for motor in motors(description)}
        self._floor = {pump: self._exact[f"{pump}.speed_pct"] for pump in self._pumps}
        self._lost_s = dict.fromkeys(self._pumps, 0.0)
        self._given_up: set[str] = set()
        self._flow_lpm = _number(points, "primary.flow_lpm") or 0.0
        supply_c = _number(points, "district.supply_temperature_c")
        network_c = _number(points, "network.supply_temperature_c")
        dp_kpa = _number(points, "network.differential_pressure_kpa")
        self._supply_c = _kept(supply_c, SUPPLY_KEPT_C, SUPPLY_C)
        self._network_c = _kept(network_c, SUPPLY_KEPT_C, SUPPLY_C)
        self._dp_kpa = _kept(dp_kpa, DIFFERENTIAL_KEPT_KPA, description.network_dp_kpa)
        names = ("hot", "flow", "supply", "differential", "mixing", "reject")
        self._trims = {name: Trim() for name in names}

    def step(self, dt_s: float, points: Points) -> dict[str, Order]:
        """Every order as it shall be now."""
        self._replace_lost_pumps(dt_s, points)
        self._turn_primary(dt_s, points)
        self._turn_district(dt_s, points)
        self._reject(dt_s, points)
        if "mixing-valve.position_pct" in self._exact:
            self._mix(dt_s, points)
        if self._sole and "network-pump.speed_pct" in self._exact:
            self._hold_differential(dt_s, points)
        if not self._sole and "booster.power_pct" in self._exact:
            self._fade_booster(dt_s)
        return {**self._exact, **self._run, "make-up.valve_open_command": False}

    def _replace_lost_pumps(self, dt_s: float, points: Points) -> None:
        """A pump that does not run although it should gives its place to one that stands by."""
        for pump in self._pumps:
            lost = self._run[f"{pump}.run"] and points.get(f"{pump}.running") is False
            self._lost_s[pump] = self._lost_s[pump] + dt_s if lost else 0.0
            if self._lost_s[pump] < PUMP_LOST_AFTER_S:
                continue
            self._given_up.add(pump)
            spare = next((one for one in self._pumps if self._stands_by(one, points)), None)
            if spare is not None:
                self._exact[f"{spare}.speed_pct"] = self._exact[f"{pump}.speed_pct"]
                self._floor[spare] = self._floor[pump]
                self._run[f"{spare}.run"] = True
                self._run[f"{pump}.run"] = False

    def _stands_by(self, pump: str, points: Points) -> bool:
        idle = not self._run[f"{pump}.run"]
        return idle and pump not in self._given_up and _remote(points, pump)

    def _turn_primary(self, dt_s: float, points: Points) -> None:
        """More flow for a hot header that is too hot or a flow that was lost, never less."""
        hot_c, flow_lpm = _number(points, "primary.hot_temperature_c"), None
        if self._flow_lpm > 0.0:
            flow_lpm = _number(points, "primary.flow_lpm")
        moves = []
        if hot_c is not None:
            moves.append(self._trims["hot"].move_pct(hot_c - HOT_HEADER_C, HOT, dt_s))
        if flow_lpm is not None:
            missing_pct = 100.0 * (FLOW_KEPT_SHARE - flow_lpm / self._flow_lpm)
            moves.append(self._trims["flow"].move_pct(missing_pct, FLOW, dt_s))
        for pump in self._pumps if moves else ():
            if self._run[f"{pump}.run"] and _remote(points, pump):
                self._move(f"{pump}.speed_pct", max(moves), self._floor[pump])

    def _turn_district(self, dt_s: float, points: Points) -> None:
        """The flow that leaves the exchangers at the kept temperature."""
        supply_c = _number(points, "district.supply_temperature_c")
        if supply_c is None or not self._turns("district-pump", points):
            return
        speed_pct = self._exact["district-pump.speed_pct"]
        move_pct = self._trims["supply"].move_pct(
            speed_pct * (supply_c - self._supply_c), SUPPLY, dt_s
        )
        self._move("district-pump.speed_pct", move_pct, min(SUPPLY.low, speed_pct))

    def _hold_differential(self, dt_s: float, points: Points) -> None:
        """The pressure that the consumers had."""
        dp_kpa = _number(points, "network.differential_pressure_kpa")
        if dp_kpa is None or not self._turns("network-pump", points):
            return
        move_pct = self._trims["differential"].move_pct(self._dp_kpa - dp_kpa, DIFFERENTIAL, dt_s)
        low = min(DIFFERENTIAL.low, self._exact["network-pump.speed_pct"])
        self._move("network-pump.speed_pct", move_pct, low)

    def _mix(self, dt_s: float, points: Points) -> None:
        """The supply temperature that the network had."""
        network_c = _number(points, "network.supply_temperature_c")
        if network_c is None or not _remote(points, "mixing-valve"):
            return
        move_pct = self._trims["mixing"].move_pct(network_c - self._network_c, MIXING, dt_s)
        self._move("mixing-valve.position_pct", move_pct)

    def _reject(self, dt_s: float, points: Points) -> None:
        """What is too hot after the exchangers goes to the dry cooler: valve and fans together."""
        cold_c = _number(points, "primary.cold_temperature_c")
        hot_c = _number(points, "primary.hot_temperature_c")
        errors_k = [
            *(() if cold_c is None else (cold_c - COLD_HEADER_REJECT_C,)),
            *(() if hot_c is None else (hot_c - HOT_HEADER_REJECT_C,)),
        ]
        if not self._cooler or not errors_k:
            return
        move_pct = self._trims["reject"].move_pct(max(errors_k), REJECT, dt_s)
        for equipment, order in (("three-way-valve", "position_pct"), ("dry-cooler", "fan_pct")):
            if _remote(points, equipment):
                self._move(f"{equipment}.{order}", move_pct)

    def _fade_booster(self, dt_s: float) -> None:
        """The network has another source: ours goes out, and is switched off when it is out."""
        self._move("booster.power_pct", -RATE_PCT_PER_S * dt_s)
        if self._exact["booster.power_pct"] == 0.0:
            self._run["booster.run"] = False

    def _turns(self, pump: str, points: Points) -> bool:
        return self._run[f"{pump}.run"] and _remote(points, pump)

    def _move(self, order: str, by_pct: float, low: float = 0.0) -> None:
        self._exact[order] = min(max(self._exact[order] + by_pct, low), 100.0)


def _number(points: Points, name: str) -> float | None:
    value = points.get(name)
    return None if value is None else float(value)


def _remote(points: Points, equipment: str) -> bool:
    return points.get(f"{equipment}.remote") is not False


def _kept(value: float | None, kept: tuple[float, float], usual: float) -> float:
    """The value that was there, where it was a sensible one."""
    return value if value is not None and kept[0] <= value <= kept[1] else usual
