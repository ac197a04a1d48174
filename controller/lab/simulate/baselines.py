"""What a user would pick instead of Hearth's control, on the same world and the same protection.

Each baseline decides how much heat is asked for; units, water and protection stay as they are, so
that what differs is the thinking and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from controller.control.forecast import Forecast
from controller.control.request_table import HEAT
from controller.lab.soft_plant import SoftPlant

HYSTERESIS_K = 2.0
PI_GAIN, PI_PER_MINUTE = 0.5, 0.1
How = Literal["hearth", "on-off", "pi-on-power", "no-look-ahead"]
Wish = tuple[str, str, float]
"""Name, role and kW of what is asked."""


@dataclass(slots=True)
class Baseline:
    """One way to control, with its memory."""

    words: str
    ask: Callable[["Baseline", SoftPlant, float], float]
    blind: bool = False
    on: bool = True
    integral_kw: float = 0.0

    def before(self, plant: SoftPlant) -> None:
        """Take away what this way of control does not have: the look ahead."""
        if self.blind:
            plant.state = replace(plant.state, forecast=Forecast())

    def wish(self, plant: SoftPlant, demand_kw: float) -> Wish:
        """What is asked for this minute."""
        most_kw = plant.settings.heat.max_heat_kw
        kw = min(max(self.ask(self, plant, demand_kw), 0.0), most_kw)
        return HEAT, "operator", kw


def _thermostat(self: Baseline, plant: SoftPlant, demand_kw: float) -> float:
    """Everything or nothing, by what the network was sold in excess or short."""
    sold_kw = _sold_kw(plant)
    if sold_kw < 0.9 * demand_kw:
        self.on = True
    elif sold_kw > 1.1 * demand_kw:
        self.on = False
    return plant.settings.heat.max_heat_kw if self.on else 0.0


def _pi_on_power(self: Baseline, plant: SoftPlant, demand_kw: float) -> float:
    """Proportional and integral on the metered heat, without feed-forward."""
    error_kw = demand_kw - _sold_kw(plant)
    most_kw = plant.settings.heat.max_heat_kw
    self.integral_kw = min(max(self.integral_kw + PI_PER_MINUTE * error_kw, 0.0), most_kw)
    return self.integral_kw + PI_GAIN * error_kw


def _as_wanted(_self: Baseline, _plant: SoftPlant, demand_kw: float) -> float:
    return demand_kw


def _sold_kw(plant: SoftPlant) -> float:
    snapshot = plant.snapshot
    tag = f"{plant.settings.boundary_meter}.power_kw"
    return 0.0 if snapshot is None else snapshot.number(tag) or 0.0


def fresh(how: How) -> Baseline | None:
    """A baseline without memory; None where Hearth itself controls."""
    found = BASELINES.get(how)
    return None if found is None else replace(found)


BASELINES: Mapping[How, Baseline] = {
    "on-off": Baseline("on and off by what is short", _thermostat, blind=True),
    "pi-on-power": Baseline("PI on the metered heat alone", _pi_on_power, blind=True),
    "no-look-ahead": Baseline("Hearth without looking ahead", _as_wanted, blind=True),
}
"""By the name on the command line."""
