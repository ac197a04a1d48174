"""A small plant to which anything happens: sensors, units, people and time wander at random."""

import numpy as np

from controller.control.decision import Decision, Wanted
from controller.control.loops.table import loops
from controller.control.state import Request
from controller.image.fleet import UnitRow
from tests.control.small_plant import ASLEEP, FAULT, RUNNING, STARTING, STOPPING, SmallPlant

WILD = (RUNNING, ASLEEP, STARTING, STOPPING, FAULT, None)
ASKED = (
    ("heat_demand_kw", "operator"),
    ("heat_nomination_kw", "buyer"),
    ("power_limit_kw", "operator"),
    ("grid_limit_kw", "grid"),
    ("trip_reset", "operator"),
    ("plant_mode", "engineer"),
    ("loop", "operator"),
)
TROUBLE, MENDED, ODD_UNIT, ASKING, JUMP = 0.02, 0.20, 0.003, 0.03, 0.003
REPAIR_CYCLES, DAY_S = 40, 86_400.0
ODDS = (0.2, 0.1, 0.7)
"""How often a number falls silent, tells nonsense, and is somewhat off."""


class Wanderer:
    """One seed, one story; `cycle` lets something happen and decides once."""

    def __init__(self, plant: SmallPlant, seed: int) -> None:
        self.plant = plant
        self.dice = np.random.default_rng([seed, 77])
        self.healthy = dict(plant.values)
        self.before: Decision | None = None
        self.decision = plant.scan()
        self.odd: set[int] = set()
        self.repairing = 0

    def cycle(self) -> Decision:
        """Time, the plant's answer to the last decision, trouble, wishes; then a scan."""
        self.obey()
        if self._left_repairing():
            self.plant.values |= self.healthy
            self.odd.clear()
        else:
            self._trouble()
        dt_s = float(self.dice.choice([0.2, 1.0, 1.0, 1.0, 4.0]))
        if self.dice.random() < JUMP:
            # The program stood still, sometimes until another day.
            dt_s = float(self.dice.choice([30.0, DAY_S]))
        self.before = self.decision
        self.decision = self.plant.scan(*self._wishes(), dt_s=dt_s)
        return self.decision

    def _left_repairing(self) -> bool:
        """A plant that has tripped is repaired for some cycles, and reset at the end of them."""
        if self.repairing == 0 and self.decision.state.protection.trips:
            self.repairing = REPAIR_CYCLES
        self.repairing = max(self.repairing - 1, 0)
        return self.repairing > 0

    def obey(self) -> None:
        """Most units do what they are told, in their mode and at their power."""
        shares = self.decision.power_share
        for unit, wanted in enumerate(self.decision.units.tolist()):
            if self.dice.random() < ODD_UNIT:
                self.odd ^= {unit}
            if unit in self.odd:
                row = WILD[int(self.dice.integers(len(WILD)))]
                self.plant.unit(unit, self._wild(row))
            elif wanted == Wanted.NORMAL:
                share = 1.0 if shares is None or np.isnan(shares[unit]) else float(shares[unit])
                self.plant.unit(unit, RUNNING, power_kw=8.4 * share)
            elif wanted == Wanted.SLEEP:
                self.plant.unit(unit, ASLEEP)

    def _wild(self, row: UnitRow | None) -> UnitRow | None:
        if row is None:
            return None
        outlet_c = None if self.dice.random() < MENDED else float(self.dice.uniform(20.0, 90.0))
        power_kw = None if self.dice.random() < MENDED else row.power_kw
        return row._replace(outlet_c=outlet_c, power_kw=power_kw)

    def _trouble(self) -> None:
        """A tag falls silent, tells nonsense, or is mended."""
        names = list(self.healthy)
        if self.dice.random() < TROUBLE:
            name = names[int(self.dice.integers(len(names)))]
            if isinstance(self.healthy[name], bool):
                self.plant.values[name] = (
                    None if self.dice.random() < 0.5 else not self.healthy[name]
                )
            else:
                usual = float(self.healthy[name])
                wild = float(self.dice.uniform(-50.0, 200.0))
                near = usual * float(self.dice.uniform(0.8, 1.2))
                self.plant.values[name] = (None, wild, near)[int(self.dice.choice(3, p=ODDS))]
        if self.dice.random() < MENDED:
            name = names[int(self.dice.integers(len(names)))]
            self.plant.values[name] = self.healthy[name]

    def _wishes(self) -> list[Request]:
        if self.repairing == 1:
            return [self.plant.request("trip_reset")]
        if self.dice.random() >= ASKING:
            return []
        name, role = ASKED[int(self.dice.integers(len(ASKED)))]
        value: float | str | None = float(self.dice.choice([np.nan, np.inf, -5.0, 0.0, 1e9]))
        if self.dice.random() < 0.9:
            value = float(self.dice.uniform(0.0, 80.0))
        if name == "plant_mode":
            value = "run"
        if name == "trip_reset":
            value = None
        if name == "loop":
            name, value = self._of_a_loop(value)
        lasts_s = float(self.dice.uniform(1.0, 600.0))
        until_s = self.plant.now_s + lasts_s
        return [self.plant.request(name, value, role=role, until_s=until_s)]

    def _of_a_loop(self, value: float | str | None) -> tuple[str, float | str | None]:
        """A mode of some loop, with a value inside its range, outside of it, or none."""
        known = list(loops(self.plant.settings).values())
        loop = known[int(self.dice.integers(len(known)))]
        mode = str(self.dice.choice(["manual", "automatic", "cascade"]))
        if self.dice.random() < 0.3:
            return f"loop:{loop.name}.{mode}", None
        if self.dice.random() < 0.7:
            value = float(self.dice.uniform(loop.low, loop.high))
        return f"loop:{loop.name}.{mode}", value
