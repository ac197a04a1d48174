"""What is kept of a simulated run: five-minute means of the world's truth, and every day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from controller.control.decision import Decision, Wanted
from controller.lab.simulate.held_back import held_back

PERIOD_S = 300
LOOK_S = 10
KWH_TO_KW = 3_600.0 / PERIOD_S

Truth = Mapping[str, float | int | bool]
COLUMNS = (
    "utc_s",
    "outdoor_c",
    "demand_kw",
    "delivered_kw",
    "electric_kw",
    "supply_c",
    "setpoint_c",
    "return_c",
    "tank_pct",
    "booster_kw",
    "pumps_kw",
    "hash_ths",
    "running_units",
    "power_eur_mwh",
    "missed_kw",
)
"""One row each five minutes: means, but for the time, which is the beginning."""


@dataclass(slots=True)
class Record:
    """Everything that was written down; `supply_off_k` is one look each ten seconds."""

    rows: list[tuple[float, ...]] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    held_back: list[str] = field(default_factory=list)
    modes: list[str] = field(default_factory=list)
    running: list[NDArray[np.float64]] = field(default_factory=list)
    supply_off_k: list[float] = field(default_factory=list)
    supply_max_c: float = -np.inf
    sleeps: list[NDArray[np.int64]] = field(default_factory=list)
    wakes: int = 0
    trips: list[str] = field(default_factory=list)
    alarms: int = 0
    unsafe_unit_s: float = 0.0

    def column(self, name: str) -> NDArray[np.float64]:
        """One column over the whole run."""
        place = COLUMNS.index(name)
        return np.array([row[place] for row in self.rows])

    def joined(self, other: "Record") -> "Record":
        """This run and the one that follows it."""
        return Record(
            [*self.rows, *other.rows],
            [*self.limits, *other.limits],
            [*self.held_back, *other.held_back],
            [*self.modes, *other.modes],
            [*self.running, *other.running],
            [*self.supply_off_k, *other.supply_off_k],
            max(self.supply_max_c, other.supply_max_c),
            [*self.sleeps, *other.sleeps],
            self.wakes + other.wakes,
            [*self.trips, *other.trips],
            self.alarms + other.alarms,
            self.unsafe_unit_s + other.unsafe_unit_s,
        )


class Recorder:
    """Looks on while a plant is simulated; `sold_kwh` is what it had sold before that."""

    def __init__(self, containers: NDArray[np.int64], count: int, sold_kwh: float) -> None:
        self.record = Record()
        self._containers, self._count = containers, count
        self._looks: list[tuple[float, ...]] = []
        self._running = np.zeros(count)
        self._limits: Counter[str] = Counter()
        self._held_back: Counter[str] = Counter()
        self._sold_kwh = sold_kwh
        self._wanted: NDArray[np.int8] | None = None
        self._day_sleeps = np.zeros(len(containers), np.int64)
        self._day: int | None = None
        self._trips: set[str] = set()

    def see(self, decision: Decision, utc_s: float) -> None:
        """Each second: who was sent to sleep and woken, what tripped, what was alarmed."""
        wanted = decision.units
        if self._wanted is not None:
            slept = (self._wanted == Wanted.NORMAL) & (wanted == Wanted.SLEEP)
            self._day_sleeps += slept
            woken = (self._wanted == Wanted.SLEEP) & (wanted == Wanted.NORMAL)
            self.record.wakes += int(np.count_nonzero(woken))
        self._wanted = wanted
        day = int(utc_s // 86_400.0)
        if self._day is not None and day != self._day:
            self._end_day()
        self._day = day
        now = {f"{one.cause}" for one in decision.state.protection.trips}
        self.record.trips += sorted(now - self._trips)
        self._trips = now
        raised = (one for one in decision.transitions if one.what == "raised" and not one.quiet)
        self.record.alarms += sum(1 for _ in raised)

    def look(
        self,
        truth: Truth,
        decision: Decision,
        utc_s: float,
        demand_kw: float,
        price: float,
        working: NDArray[np.bool_],
    ) -> None:
        """Each ten seconds: the truth beside what was wanted."""
        setpoint_c = float(decision.derived.get("district.supply_setpoint_c") or np.nan)
        supply_c = float(truth["network_supply_c"])
        # Where nobody wants heat nobody asks how warm the water is: it stands.
        self.record.supply_off_k.append(supply_c - setpoint_c if demand_kw > 0.0 else np.nan)
        self.record.supply_max_c = max(self.record.supply_max_c, supply_c)
        pumps_kw = float(truth["primary_pumps_kw"]) + float(truth["district_pumps_kw"])
        self._looks.append(
            (
                utc_s,
                float(truth["outdoor_c"]),
                demand_kw,
                0.0,
                float(truth["electric_kw"]),
                supply_c,
                setpoint_c,
                float(truth["network_return_c"]),
                float(truth["tank_charge_pct"]),
                float(truth["booster_kw"]),
                pumps_kw + float(truth["fans_kw"]),
                float(truth["hash_ths"]),
                float(truth["running_units"]),
                price,
                float(truth["heat_shortfall_kw"]),
            )
        )
        self._running += np.bincount(self._containers, working, self._count)
        self._limits[str(decision.derived.get("plant.limited_by", ""))] += 1
        if reason := held_back(truth, decision, demand_kw):
            self._held_back[reason] += 1
        if len(self._looks) == PERIOD_S // LOOK_S:
            self._end_period(truth, decision)

    def finish(self) -> Record:
        """The record of whole periods and days."""
        if self._day_sleeps.any() or not self.record.sleeps:
            self._end_day()
        return self.record

    def _end_period(self, truth: Truth, decision: Decision) -> None:
        means = np.mean(np.array(self._looks), axis=0)
        before_kwh, self._sold_kwh = self._sold_kwh, float(truth["energy_sold_kwh"])
        means[COLUMNS.index("utc_s")] = self._looks[0][0] - LOOK_S
        # The account is exact: a mean of looks would not be.
        means[COLUMNS.index("delivered_kw")] = (self._sold_kwh - before_kwh) * KWH_TO_KW
        self.record.rows.append(tuple(means.tolist()))
        self.record.limits.append(self._limits.most_common(1)[0][0])
        self.record.held_back.append(next(iter(self._held_back.most_common(1)), ("",))[0])
        self.record.modes.append(decision.state.mode)
        units = np.bincount(self._containers, minlength=self._count)
        self.record.running.append(self._running / (len(self._looks) * units))
        self.record.unsafe_unit_s = float(truth["unsafe_unit_seconds"])
        self._looks = []
        self._running = np.zeros(self._count)
        self._limits.clear()
        self._held_back.clear()

    def _end_day(self) -> None:
        self.record.sleeps.append(self._day_sleeps.copy())
        self._day_sleeps[:] = 0
