"""Seeded incidents in closed loop: one thing breaks, and what the operator is told is judged.

The first alarm must name what broke, and there may be few: an operator has one head.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from controller.control.alarms.columns import columns
from controller.control.alarms.state import Transition
from controller.control.request_table import HEAT
from controller.control.state import Request
from simulators.monitor import Monitor
from tests.scenarios.evening import ALL_METERS, small_plant, soft_plant
from tests.scenarios.test_scenarios import CONTAINERS, PLANTS, SHARE, UNITS

SETTLE_S, AFTER_S, TIE_S = 90, 600, 1.0
KINDS = ("full", "no tank", "sole source with tank")


@dataclass(frozen=True, slots=True)
class Incident:
    """What breaks and how, and the alarms of which one must come first."""

    name: str
    faults: tuple[tuple[str, str], ...]
    true: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was told of an incident in its first ten minutes."""

    incident: Incident
    kind: str
    raised: tuple[Transition, ...]
    first: tuple[str, ...]
    unsafe: int

    @property
    def named(self) -> bool:
        """Whether the first alarm, or one that ties with it, is the true cause."""
        return bool(self.incident.true & set(self.first))


def incidents(kind: str) -> tuple[Incident, ...]:
    """Everything that is broken in a plant of this kind."""
    found = [
        _one("primary.hot_temperature_c", "wrong:+20", "trip.hot-header-over-temperature"),
        _one("primary.hot_temperature_c", "off", "trip.hot-header-over-temperature"),
        _one("primary.flow_lpm", "wrong:*0.1", "trip.primary-flow", "primary.flow-low"),
        _one("primary.flow_lpm", "off", "trip.primary-flow", "bad.primary.flow_lpm"),
        _one("primary.suction_pressure_kpa", "wrong:=20", "trip.low-suction"),
        _one("primary.inlet_pressure_kpa", "wrong:=900", "trip.high-inlet-pressure"),
        _one("primary.conductivity_us_cm", "wrong:=900", "trip.conductivity"),
        _one("conductivity", "high", "trip.conductivity", "primary.conductivity-high"),
        _one("emergency-stop", "pressed", "trip.emergency-stop"),
        _one("mains", "off", "site.mains-lost"),
        _one("expansion", "leaking", "primary.suction-low", "trip.low-suction"),
        _one("district-pump", "off", "heat.district-pump-does-not-run"),
        _one("link:heat-meter", "off", "silent.heat-meter"),
        _one("link:outdoor", "off", "silent.outdoor"),
        _one("link:cdu", "off", "silent.cdu"),
        _one("container-01.flow_proven", "wrong:=0", "trip.container-flow.container-01"),
        _one("exchanger-1.valve_open", "wrong:=0", "exchanger-1.valve-not-open"),
    ]
    found += [_one(pump, "off", "primary.pump-failed") for pump in ("pump-1", "pump-2")]
    pumps = tuple((f"pump-{n}", "off") for n in (1, 2, 3))
    found.append(
        Incident("all pumps off", pumps, frozenset({"trip.primary-flow", "primary.pump-failed"}))
    )
    for number in range(1, CONTAINERS + 1):
        place = f"container-{number:02}"
        found += [
            _one(f"{place}.leak", "wet", f"trip.leak.{place}"),
            _one(f"{place}.leak", "off", f"trip.leak.{place}"),
            _one(f"link:{place}", "off", "miners.many-silent"),
        ]
    if kind != "no tank":
        found.append(_one("network-pump", "off", "heat.network-pump-does-not-run"))
    return tuple(found)


def drawn(count: int, seed: int = 38) -> list[tuple[str, Incident, int]]:
    """So many incidents, each with its kind of plant and its seed; all before any twice."""
    dice = Random(seed)
    whole = [(kind, one) for kind in KINDS for one in incidents(kind)]
    chosen: list[tuple[str, Incident, int]] = []
    while len(chosen) < count:
        dice.shuffle(whole)
        chosen += [(kind, one, dice.randrange(1_000_000)) for kind, one in whole]
    return chosen[:count]


def play(kind: str, incident: Incident, seed: int) -> Outcome:
    """Let the plant run warm, break it, and look at what is told for ten minutes."""
    dice = Random(seed)
    tables: Mapping[str, object] = PLANTS[kind]
    file = small_plant(UNITS, CONTAINERS, devices=ALL_METERS, **tables)
    plant = soft_plant(file, seed)
    monitor = Monitor(plant.world, file.plant.site_power_kw * SHARE)
    rated_kw = float(np.sum(plant.settings.rated_kw))
    demand_kw = round(dice.uniform(0.4, 0.8) * min(rated_kw, plant.settings.heat.max_heat_kw))
    wish = Request("w", "test", "operator", HEAT, float(demand_kw), "", plant.world.now_s + 80_000)
    plant.second([wish])
    for _ in range(SETTLE_S + dice.randrange(60)):
        plant.second()
        monitor.look()
    _forget(plant)
    for target, verb in incident.faults:
        plant.world.faults.set(target, verb)
    steps: list[Transition] = []
    for _ in range(AFTER_S):
        steps += plant.second().transitions
        monitor.look()
    raised = tuple(one for one in steps if one.what == "raised" and not one.quiet)
    unsafe = monitor.total
    return Outcome(incident, kind, raised, _first(raised), unsafe)


def _forget(plant: object) -> None:
    """Alarms of the start are acknowledged and out of the way."""
    state = plant.state  # type: ignore[attr-defined]
    base = np.where(state.alarms.base == 3, 0, state.alarms.base).astype(np.int8)
    plant.state = replace(state, alarms=replace(state.alarms, base=base, firsts={}))  # type: ignore[attr-defined]


def _first(raised: tuple[Transition, ...]) -> tuple[str, ...]:
    """The alarm that began first by its source's time, and those within one poll of it."""
    if not raised:
        return ()
    begun = [one.onset_utc_s or one.utc_s for one in raised]
    earliest = min(begun)
    return tuple(
        one.alarm for one, at_s in zip(raised, begun, strict=True) if at_s - earliest <= TIE_S
    )


def _one(target: str, verb: str, *true: str) -> Incident:
    return Incident(f"{target} {verb}", ((target, verb),), frozenset(true))


def told(outcome: Outcome) -> str:
    """One outcome in a line, for a failure's text."""
    names = [one.alarm for one in outcome.raised]
    first = ", ".join(outcome.first)
    return f"{outcome.kind}: {outcome.incident.name}: first {first or 'none'}; all {names}"


def table_size(kind: str) -> int:
    """How many alarms a plant of this kind has."""
    file = small_plant(UNITS, CONTAINERS, devices=ALL_METERS, **PLANTS[kind])
    return len(columns(soft_plant(file).settings).alarms)
