"""Protection and envelope, or whole scans, over random cycles, judged by plain rules.

Everything that can be measured wanders between well, wrong and unknown; what is wanted of units and
outputs is anything at all. The judge knows tags and limits, and nothing of how they are handled.
"""

import math
from dataclasses import replace

import numpy as np

from controller.control.outputs import output_kinds
from controller.control.protection.envelope import (
    envelope_outputs,
    envelope_power,
    envelope_units,
    footing,
)
from controller.control.protection.protect import protect
from controller.control.scan import scan
from controller.control.state import Request
from controller.image.fleet import FleetSnapshot
from controller.image.process_image import Snapshot
from controller.image.tag import Value
from tests.control.protection.judge import RATED_KW, Cycle, Judge
from tests.control.small_plant import SmallPlant, plant_file

EXTRA: dict[str, float | bool] = {
    "safety.emergency_stop_released": True,
    "safety.mains_present": True,
    "primary.suction_pressure_kpa": 180.0,
    "primary.inlet_pressure_kpa": 300.0,
    "primary.conductivity_us_cm": 50.0,
}
WRONG = {
    "primary.hot_temperature_c": (84.9, 85.0, 95.0),
    "primary.cold_temperature_c": (1.0, 66.0),
    "primary.flow_lpm": (0.0, 40.0, 79.0),
    "primary.suction_pressure_kpa": (20.0, 69.0, 71.0),
    "primary.inlet_pressure_kpa": (699.0, 700.0, 900.0),
    "primary.conductivity_us_cm": (299.0, 301.0),
}
WILD = (-1e9, -1.0, 0.0, 3.0, 50.0, 101.0, math.nan, math.inf)
POWERS_KW = np.array([0.03, 0.03, 8.4, 8.4, 8.4, np.nan])
WISHES: tuple[tuple[str, float | bool | str], ...] = (
    ("heat_demand_kw", 40.0),
    ("power_limit_kw", 30.0),
    ("plant_mode", "run"),
    ("plant_mode", "standby"),
    ("hand:pump-1.run", False),
    ("hand:pump-1.speed_pct", 0.0),
    ("hand:pump-2.run", False),
    ("hand:container-01.contactor_close", True),
    ("hand:container-01.valve_open_command", True),
)
CHANGE, MEND, RESET, STORY = 0.05, 0.1, 0.01, 2_000
REPAIR, REPAIR_CYCLES = 0.05, 20


class Dice:
    """One seed, one endless story; `cycle` lets something happen, and decides."""

    def __init__(self, seed: int, containers: int = 2, units: int = 10) -> None:
        self.dice = np.random.default_rng([seed, 10_000_000])
        self.count = containers * units
        self.site_kw = 6.0 * self.count
        table = [{"units": units, "first_address": f"127.9.{n + 1}.1"} for n in range(containers)]
        hydraulics = {
            "primary_flow_max_lpm": 15.0 * self.count,
            "district_flow_max_lpm": 5.0 * self.count,
        }
        file = plant_file(
            container=table,
            hydraulics=hydraulics,
            plant={"site_power_kw": self.site_kw},
            heat={"demand_curve": [[-20.0, 8.0 * self.count], [17.0, self.count]]},
        )
        names = ("flow_proven", "contactor_closed", "valve_open", "contactor_close")
        more = {f"container-{n + 1:02}.{one}": True for n in range(containers) for one in names}
        more |= {f"container-{n + 1:02}.valve_open_command": True for n in range(containers)}
        dry = {f"container-{n + 1:02}.leak": False for n in range(containers)}
        shut = {f"container-{n + 1:02}.valve_closed": False for n in range(containers)}
        self.plant = SmallPlant(file, extra={**EXTRA, **more, **dry, **shut})
        self.plant.set(primary__flow_lpm=12.5 * self.count)
        self.settings = self.plant.settings
        self.base = self.plant.snapshot()
        self.state = self.plant.state
        self.names = tuple(tag.name for tag in self.base.tags)
        self.flags = np.array([tag.kind == "flag" for tag in self.base.tags])
        self.good = self.base.values.copy()
        self.outputs = tuple(output_kinds(self.settings).items())
        self.now_s = self.base.now_s
        self._begin()

    def cycle(self) -> Cycle:
        """Something happens, protection looks, somebody wants something, the envelope decides."""
        if self.dice.random() < 1.0 / STORY:
            self._begin()
        self.now_s += float(self.dice.choice((0.2, 1.0, 1.0, 1.0, 3.0)))
        self._wander()
        snapshot = self._snapshot()
        resets = self._resets()
        before = self._tripped()
        protection = protect(snapshot, self.state, resets, self.settings)
        wanted = self.dice.integers(0, 3, self.count).astype(np.int8)
        may_stop = bool(self.dice.random() < 0.3)
        ceiling_kw = float(self.dice.choice((0.0, 50.0, self.site_kw, math.nan)))
        ground = footing(snapshot, self.settings, pumps_may_stop=may_stop)
        units = envelope_units(wanted, protection, snapshot.fleet)
        units = envelope_power(units, self.settings.rated_kw, ceiling_kw)
        outputs = envelope_outputs(self._any_outputs(), protection, ground, self.settings)
        dispatch = replace(self.state.dispatch, wanted=np.minimum(units, 1).astype(np.int8))
        self.state = replace(self.state, protection=protection.state, dispatch=dispatch)
        was_reset = any(verdict.accepted for verdict in protection.verdicts)
        return Cycle(
            snapshot,
            before,
            protection.state.trips,
            outputs,
            units,
            may_stop,
            ceiling_kw,
            was_reset,
        )

    def _tripped(self) -> tuple[str, ...]:
        return tuple(f"{one.cause}@{one.container}" for one in self.state.protection.trips)

    def _begin(self) -> None:
        """A healthy plant again, with nothing latched."""
        self.values = self.good.copy()
        self.repairing = 0
        units = self.count
        self.power_kw = np.full(units, RATED_KW)
        self.outlet_c, self.chip_c = np.full(units, 77.0), np.full(units, 85.0)
        all_open = np.ones(self.settings.containers, np.bool_)
        self.state = replace(
            self.plant.state,
            dispatch=replace(self.plant.state.dispatch, open_wanted=all_open),
        )

    def _wander(self) -> None:
        if self.repairing > 0 or (self.state.protection.trips and self.dice.random() < REPAIR):
            self._repair()
            return
        if self.dice.random() < MEND:
            self.values = self.good.copy()
        if self.dice.random() < CHANGE:
            row = int(self.dice.integers(len(self.values)))
            self.values[row] = self._other(row)
        unit = int(self.dice.integers(len(self.power_kw)))
        self.power_kw[unit] = self.dice.choice(POWERS_KW)
        self.outlet_c[unit] = 95.0 if self.dice.random() < 0.002 else 77.0
        self.chip_c[unit] = 120.0 if self.dice.random() < 0.002 else 85.0
        if self.dice.random() < 0.02:
            self.power_kw[:] = self.dice.choice(POWERS_KW)

    def _repair(self) -> None:
        """People mend the tripped plant, and reset it at the end."""
        self.repairing = self.repairing - 1 if self.repairing > 0 else REPAIR_CYCLES
        self.values = self.good.copy()
        self.power_kw[:], self.outlet_c[:], self.chip_c[:] = 0.03, 60.0, 65.0

    def _other(self, row: int) -> float:
        """Another value of this tag: unknown, wrong, or well."""
        draw = self.dice.random()
        if draw < 0.2:
            return math.nan
        if draw < 0.4:
            return float(self.good[row])
        if self.flags[row]:
            return 1.0 - self.good[row]
        return float(self.dice.choice(WRONG.get(self.names[row], (self.good[row],))))

    def _snapshot(self) -> Snapshot:
        fleet: FleetSnapshot = replace(
            self.base.fleet,
            power_kw=self.power_kw.copy(),
            outlet_c=self.outlet_c.copy(),
            chip_c=self.chip_c.copy(),
            seen_s=np.full(len(self.power_kw), self.now_s),
        )
        return replace(
            self.base,
            now_s=self.now_s,
            utc_s=self.base.utc_s + self.now_s,
            values=self.values.copy(),
            source_s=np.full(len(self.values), self.now_s),
            fleet=fleet,
        )

    def _resets(self) -> list[Request]:
        if self.repairing != 1 and self.dice.random() >= RESET:
            return []
        return [
            Request(
                f"r{self.now_s}", "dice", "operator", "trip_reset", None, "why", self.now_s + 1.0
            )
        ]

    def _any_outputs(self) -> dict[str, Value]:
        numbers = self.dice.choice(WILD, 40)
        wanted: dict[str, Value] = {}
        for at, (name, kind) in enumerate(self.outputs):
            number = float(numbers[at % 40])
            wanted[name] = number > 0.0 if kind == "flag" else number
        return wanted


class ScanDice(Dice):
    """The same, with whole scans: demands, modes and orders by hand are asked for at random."""

    def cycle(self) -> Cycle:
        """Something happens; the plant decides."""
        if self.dice.random() < 1.0 / STORY:
            self._begin()
        self.now_s += float(self.dice.choice((0.2, 1.0, 1.0, 1.0, 3.0)))
        self._wander()
        snapshot = self._snapshot()
        before = self._tripped()
        decision = scan(snapshot, [*self._resets(), *self._wishes()], self.state, self.settings)
        self.state = decision.state
        writing = decision.writing
        ceiling_kw = decision.derived.get("plant.power_ceiling_kw", math.inf)
        return Cycle(
            snapshot,
            before if writing else (),
            decision.state.protection.trips if writing else (),
            decision.outputs,
            decision.units if writing else np.zeros_like(decision.units),
            not writing or bool(decision.trace and decision.trace.pumps_may_stop),
            float(ceiling_kw) if isinstance(ceiling_kw, float) else math.inf,
            any(one.accepted and one.request.startswith("r") for one in decision.verdicts),
            writing=writing,
        )

    def _wishes(self) -> list[Request]:
        if self.dice.random() >= RESET:
            return []
        self.asked = getattr(self, "asked", 0) + 1
        name, value = WISHES[int(self.dice.integers(len(WISHES)))]
        until_s = self.now_s + float(self.dice.uniform(1.0, 600.0))
        return [Request(f"w{self.asked}", "dice", "engineer", name, value, "why", until_s)]


def judged(seed: int, cycles: int, dice: Dice | None = None) -> Judge:
    """So many cycles of one seed."""
    dice = Dice(seed) if dice is None else dice
    judge = Judge(dice.settings)
    for _ in range(cycles):
        judge.look(dice.cycle())
    return judge
