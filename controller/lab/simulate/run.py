"""Runs a plant through its courses: warm-up, then what is recorded; in pieces if that is wanted."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise, repeat
from pathlib import Path
from random import Random

import numpy as np

from controller.config.load import ConfigError
from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, scan_settings
from controller.control.decision import Decision
from controller.control.request_table import SIGNAL, WEATHER
from controller.control.state import Request
from controller.field.alarm_facts import known_alarms
from controller.field.devices import build_field
from controller.lab.description import describe
from controller.lab.scenario_files import load_scenario
from controller.lab.simulate.baselines import Baseline, How, fresh
from controller.lab.simulate.courses import Courses, courses
from controller.lab.simulate.record import LOOK_S, PERIOD_S, Record, Recorder
from controller.lab.simulate.wired_plant import WiredPlant
from controller.lab.soft_plant import SoftPlant
from simulators.description import Personality
from simulators.firmware import Work
from simulators.hand import Hand
from simulators.monitor import Monitor
from simulators.scenario import Player
from simulators.world import World

DAY_S = 86_400
WARM_UP_S = 4 * 3_600
"""Before anything is recorded: tank, recovery and the filters of weather have settled by then."""
SIGNAL_EVERY_S, SIGNAL_LIFE_S = 60, 600.0
WEATHER_EVERY_S = 10
REPORT_EVERY_S, REPORT_H = 3_600.0, 24


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be simulated; `begin_utc_s` is the beginning of what is recorded."""

    plant: PlantFile
    days: float
    seed: int
    begin_utc_s: float
    weather: str
    demand: Path | None = None
    prices: Path | None = None
    scenario: str | None = None
    how: How = "hearth"
    warm_up_s: int = WARM_UP_S
    wired: bool = False
    """With the real drivers and servers between controller and world, all in memory."""
    forecast_error_k: float | None = None
    """How far off the weather's forecast is at its far end; None where nobody sends one."""


def simulate(task: Task, say: Callable[[float], object] = lambda _: None) -> Record:
    """Run it; `say` hears from time to time the share that is done."""
    return Simulation(task).run(say)


def simulate_in_pieces(task: Task, pieces: int) -> Record:
    """Run it as so many pieces at once, each with a warm-up of its own before it."""
    begins, lengths = split(round(task.days * DAY_S), pieces)
    with ProcessPoolExecutor(len(begins)) as pool:
        records = list(pool.map(_piece, repeat(task), begins, lengths))
    record = records[0]
    for other in records[1:]:
        record = record.joined(other)
    return record


def split(whole_s: int, pieces: int) -> tuple[list[int], list[int]]:
    """Where pieces begin and how long they are; each begins with a period and has one at least."""
    pieces = max(1, min(pieces, whole_s // PERIOD_S))
    begins = [whole_s * number // pieces // PERIOD_S * PERIOD_S for number in range(pieces)]
    return begins, [after - before for before, after in pairwise((*begins, whole_s))]


def _piece(task: Task, offset_s: int, length_s: int) -> Record:
    piece = replace(task, days=length_s / DAY_S)
    return Simulation(piece, offset_s=offset_s).run(lambda _: None)


def _soft_plant(file: PlantFile, world: World, utc_s: float) -> SoftPlant:
    settings = scan_settings(file)
    field = build_field(file, settings)
    return SoftPlant(
        world,
        known_alarms(file, settings, field),
        fleet_layout(file),
        field.tags,
        utc_s=utc_s,
        step_s=1.0,
    )


def _personality(file: PlantFile) -> Personality:
    """Units whose modes plant.toml lists take them without a restart: else it may not list them."""
    listed = file.miners.modes or any(box.modes for box in file.container)
    return "modes_live" if listed else "sleep_only"


class Simulation:
    """One plant and its world; each second is one scan of the daemon."""

    def __init__(self, task: Task, offset_s: int = 0) -> None:
        if task.wired and task.how != "hearth":
            raise ConfigError("--baselines think without wires: leave out --with-wire")
        self.task = task
        file = task.plant
        description = describe(file, _personality(file))
        settings = scan_settings(file)
        self.courses: Courses = courses(
            description,
            task.begin_utc_s,
            task.weather,
            task.demand,
            task.prices,
            settings.heat.max_heat_kw,
        )
        self._sole = file.plant.network_role == "sole_source"
        self._offset_s = float(offset_s)
        world = World(description, task.seed)
        self._begin_utc_s = task.begin_utc_s + offset_s - task.warm_up_s
        self.plant: SoftPlant | WiredPlant = (
            WiredPlant(file, world, task.seed, self._begin_utc_s)
            if task.wired
            else _soft_plant(file, world, self._begin_utc_s)
        )
        self._hand = Hand(world)
        self._monitor = Monitor(world, file.plant.site_power_kw)
        self._player: Player | None = None
        self._asked = 0
        self._dice = Random(task.seed)  # noqa: S311 - no secret, and the same in every run
        self._baseline: Baseline | None = fresh(task.how)

    def run(self, say: Callable[[float], object]) -> Record:
        """Warm up, then record."""
        try:
            return self._run(say)
        finally:
            self.close()

    def close(self) -> None:
        """End what still runs."""
        if isinstance(self.plant, WiredPlant):
            self.plant.close()

    def _run(self, say: Callable[[float], object]) -> Record:
        for _ in range(self.task.warm_up_s):
            self.second()
        self._begin_scenario()
        layout, whole_s = self.plant.settings, round(self.task.days * DAY_S)
        sold_kwh = float(self.plant.world.truth()["energy_sold_kwh"])
        recorder = Recorder(layout.container_of, layout.containers, sold_kwh)
        for second in range(whole_s):
            decision = self.second()
            utc_s = self._begin_utc_s + self.plant.world.now_s
            recorder.see(decision, utc_s)
            if second % LOOK_S == LOOK_S - 1:
                self._look(recorder, decision, utc_s)
                say(second / whole_s)
        return recorder.finish()

    def second(self) -> Decision:
        """Let a second pass, and nothing of it be recorded."""
        now_s = self.plant.world.now_s
        at_s = self._course_s(now_s)
        if now_s % WEATHER_EVERY_S < 1.0:
            self._surround(at_s)
        if self._player is not None:
            self._player.advance()
        requests = self._wishes(now_s, at_s)
        if self._baseline is not None and isinstance(self.plant, SoftPlant):
            self._baseline.before(self.plant)
        decision = self.plant.second(requests)
        self._monitor.look()
        return decision

    def _course_s(self, now_s: float) -> float:
        """Time along the courses; the warm-up lives through their first hours before they begin."""
        return max(now_s - self.task.warm_up_s + self._offset_s, 0.0)

    def _surround(self, at_s: float) -> None:
        if self._player is not None and not self._player.over:
            return
        values = {"outdoor_c": self.courses.outdoor_c.at(at_s)}
        if self._sole:
            values["network_demand_kw"] = self.courses.demand_kw.at(at_s)
        self._hand.set(values)

    def _wishes(self, now_s: float, at_s: float) -> list[Request]:
        """What the heating company calls; consumers of a sole source call by their valves.

        It calls no more than it was promised: beyond the most heat a plant refuses a contract.
        """
        requests = self._weather_report(now_s, at_s)
        if self._sole or now_s % SIGNAL_EVERY_S >= 1.0:
            return requests
        self._asked += 1
        wanted_kw = self.courses.demand_kw.at(at_s)
        if self._baseline is not None and isinstance(self.plant, SoftPlant):
            name, role, kw = self._baseline.wish(self.plant, wanted_kw)
        else:
            most_kw = self.plant.settings.heat.max_heat_kw
            name, role, kw = SIGNAL, "buyer", min(wanted_kw, most_kw)
        until_s = now_s + 1.0 + SIGNAL_LIFE_S
        asked = Request(f"s{self._asked}", "heating company", role, name, kw, "", until_s)
        return [*requests, asked]

    def _weather_report(self, now_s: float, at_s: float) -> list[Request]:
        """What a weather service sends each hour, more and more off towards its end."""
        error_k = self.task.forecast_error_k
        if error_k is None or (self._begin_utc_s + now_s) % REPORT_EVERY_S >= 1.0:
            return []
        drift_k = self._dice.normalvariate(0.0, error_k / REPORT_H)
        means_c = (
            self.courses.outdoor_c.at(at_s + (hour + 0.5) * REPORT_EVERY_S) + drift_k * hour
            for hour in range(REPORT_H)
        )
        text = " ".join(f"{mean_c:.1f}" for mean_c in means_c)
        until_s = now_s + 1.0 + SIGNAL_LIFE_S
        number = round(now_s)
        return [Request(f"w{number}", "weather service", "gateway", WEATHER, text, "", until_s)]

    def _look(self, recorder: Recorder, decision: Decision, utc_s: float) -> None:
        at_s = self._course_s(self.plant.world.now_s)
        price = self.courses.power_eur_mwh
        usual = self.plant.settings.prices.power_eur_mwh
        recorder.look(
            self.plant.world.truth(),
            decision,
            utc_s,
            self._demand_kw(at_s),
            usual if price is None else price.at(at_s),
            np.asarray(self.plant.world.fleet.work == Work.WORKING),
        )

    def _demand_kw(self, at_s: float) -> float:
        wanted_kw = self.courses.demand_kw.at(at_s)
        return wanted_kw if not self._sole else self._hand.values["network_demand_kw"]

    def _begin_scenario(self) -> None:
        if self.task.scenario is None:
            return
        rated_kw = float(self.plant.settings.rated_kw.sum())
        scenario = load_scenario(self.task.scenario, rated_kw)
        self._player = Player(self.plant.world, self._hand, self._monitor, scenario)
