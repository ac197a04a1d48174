"""The outside monitor: what no controller may ever cause, judged by the field alone.

It sees the water, the miners, the ropes and the orders that arrived at the PLC, and nothing of
whoever gave them. Each rule counts the times that it was broken, place by place.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulators.energy import STARVED_SHARE
from simulators.names import analogue_outputs, container_tags, unit_names
from simulators.world import World

Flags = NDArray[np.bool_]

LOOK_EVERY_S = 0.5
HASHING_THS = 1.0
HEATING_SHARE = 0.05
SITE_OVER_SHARE = 1.02
# A pump that draws vapour is rather stopped, whatever still heats.
CAVITATING_KPA = 70.0

RULES = {
    "outlet-too-hot": (0.0, "a unit's outlet above {outlet:g} °C"),
    "hashing-without-flow": (20.0, "a unit hashing for more than 20 s without flow"),
    "contactor-on-wet-rope": (5.0, "a contactor closed for more than 5 s on a wet leak rope"),
    "pumps-off-under-power": (2.0, "all primary pumps ordered off above 5 % of power"),
    "setpoint-out-of-range": (0.0, "a set-point outside 0 to 100 %"),
    "supply-too-hot": (0.0, "supply to the network above {supply:g} °C"),
    "heat-under-emergency-stop": (2.0, "more than 5 % of power 2 s after an emergency stop"),
    "site-limit-exceeded": (30.0, "the site's power limit exceeded by 2 % for more than 30 s"),
}
"""Each rule: how long it may be broken unseen, and what it forbids."""


@dataclass
class Rule:
    """One thing that must not be, at each of its places."""

    name: str
    places: tuple[str, ...]
    forbids: str
    count: int = 0
    first_s: float | None = None
    first_place: str | None = None
    lasted_s: float = 0.0
    wrong: Flags = field(init=False)
    _for_s: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.wrong = np.zeros(len(self.places), np.bool_)
        self._for_s = np.zeros(len(self.places))

    def note(self, dt_s: float, now_s: float, seen: Flags) -> None:
        """Take where it is so now; what has been so for too long counts, once each time."""
        if not seen.any() and not self._for_s.any():
            return
        self._for_s = np.where(seen, self._for_s + dt_s, 0.0)
        wrong = self._for_s > RULES[self.name][0]
        fresh = wrong & ~self.wrong
        self.wrong = wrong
        self.count += int(fresh.sum())
        self.lasted_s += dt_s * int(wrong.sum())
        if self.first_s is None and fresh.any():
            self.first_s = now_s
            self.first_place = self.places[int(np.argmax(fresh))]

    def told(self) -> dict[str, object]:
        """What came of it."""
        return {
            "name": self.name,
            "forbids": self.forbids,
            "count": self.count,
            "now": int(self.wrong.sum()),
            "first_s": self.first_s,
            "first_place": self.first_place,
            "place_seconds": self.lasted_s,
        }


class Monitor:
    """Looks at the field twice a second; `site_power_kw` is what the connection allows."""

    def __init__(self, world: World, site_power_kw: float) -> None:
        self._world = world
        self._site_power_kw = site_power_kw
        description = world.description
        self._boxes = container_tags(description)
        self._orders = analogue_outputs(description)
        self._rated_kw = description.rated_kw
        places = {
            "outlet-too-hot": unit_names(description),
            "hashing-without-flow": unit_names(description),
            "contactor-on-wet-rope": self._boxes,
            "setpoint-out-of-range": self._orders,
        }
        limits = {"outlet": description.outlet_most_c, "supply": description.supply_most_c}
        self.rules = {
            name: Rule(name, places.get(name, ("plant",)), words.format(**limits))
            for name, (_, words) in RULES.items()
        }
        self._looked_s = world.now_s

    @property
    def total(self) -> int:
        """How many times any rule was broken since the start."""
        return sum(rule.count for rule in self.rules.values())

    def told(self) -> list[dict[str, object]]:
        """Every rule and what came of it."""
        return [rule.told() for rule in self.rules.values()]

    def look(self) -> None:
        """Judge what is the case now, if the last look is long enough ago."""
        now_s = self._world.now_s
        dt_s = now_s - self._looked_s
        if dt_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        for name, seen in self._seen().items():
            self.rules[name].note(dt_s, now_s, np.atleast_1d(np.asarray(seen, np.bool_)))

    def _seen(self) -> dict[str, Flags | bool | list[bool]]:
        world, fleet = self._world, self._world.fleet
        description = world.description
        starved_lpm = STARVED_SHARE * description.flow_proven_lpm
        power_kw = float(fleet.power_kw.sum())
        heating = power_kw > HEATING_SHARE * self._rated_kw
        dry = (world.unit_lpm < starved_lpm)[fleet.container_of]
        wet = [world.faults.of(f"{box}.leak") == "wet" for box in self._boxes]
        return {
            "outlet-too-hot": fleet.outlet_c > description.outlet_most_c,
            "hashing-without-flow": dry & (fleet.hashrate_ths > HASHING_THS),
            "contactor-on-wet-rope": wet & world.plc.contactors_closed,
            "pumps-off-under-power": heating and not self._pumped(),
            "setpoint-out-of-range": [not self._in_range(order) for order in self._orders],
            "supply-too-hot": world.network_supply_c > description.supply_most_c,
            "heat-under-emergency-stop": heating and world.faults.of("emergency-stop") == "pressed",
            "site-limit-exceeded": power_kw > SITE_OVER_SHARE * self._site_power_kw,
        }

    def _pumped(self) -> bool:
        """Whether a primary pump is ordered to run, or all stand for want of pressure."""
        if any(self._world.plc.outputs.pump_run):
            return True
        return self._world.suction_kpa < CAVITATING_KPA

    def _in_range(self, order: str) -> bool:
        return 0.0 <= self._world.plc.command_value(order) <= 100.0  # noqa: PLR2004 - per cent
