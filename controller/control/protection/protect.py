"""Protection: causes that stand too long become trips; a trip stops and stays until it is reset.

Stopping has two levers. The first puts the miners to sleep; where a container still draws power
some seconds later, or cannot be heard, the second opens its feeder contactor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from controller.control.decision import Event, Verdict, Wanted
from controller.control.protection.bypass import bypassed
from controller.control.protection.causes import heating_units, hot_units, standing_causes
from controller.control.protection.effects import acts, reached
from controller.control.protection.feeders import (
    flow_times,
    has_valves,
    levers,
    pumps_must_stop,
    reclose,
    watch_feeders,
)
from controller.control.protection.latch import latch
from controller.control.protection.reset import reset
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import PlantState, ProtectionState, Request
from controller.image.evolve import replace
from controller.image.fleet import Flags, FleetSnapshot
from controller.image.process_image import Snapshot


@dataclass(frozen=True, slots=True)
class Protection:
    """What protection demands now, and what it remembers.

    `stop_units` may not heat, `open_contactors` and `close_valves` are one flag a container;
    `pumps_off` overrules the rule that flow stays on: the pumps have no water, or no way for it;
    `no_way` is set as soon as every container is being shut, and lets them turn slowly until then.
    `keep_flow` forbids what would let flow stop.
    """

    state: ProtectionState
    plant_tripped: bool
    pumps_off: bool
    no_way: bool
    keep_flow: bool
    stop_units: Flags
    open_contactors: Flags
    close_valves: Flags
    events: tuple[Event, ...]
    verdicts: tuple[Verdict, ...]


def protect(
    snapshot: Snapshot, state: PlantState, resets: Sequence[Request], settings: Settings
) -> Protection:
    """Latch what has stood too long, reset what may be reset, and say what must stop."""
    before = state.protection
    heating = heating_units(snapshot.fleet, state.dispatch.wanted == Wanted.NORMAL)
    # Where protection has cut feeder and water, nothing is gained by stopping for want of flow.
    heating &= ~reached(before, "shut_valve", settings)[settings.container_of]
    found = standing_causes(snapshot, heating, before.unit_tripped, settings)
    out = bypassed(state.requests)
    causes = tuple(cause for cause in found if cause.key not in out)
    after, verdicts, reset_events = reset(snapshot, before, causes, resets, settings)
    after, trip_events = latch(snapshot, after, causes)
    after, unit_events = _latch_units(snapshot, after, settings)
    after = flow_times(snapshot, after, settings)
    after, stop, lever_events = levers(snapshot, after, settings)
    after, feeder_events = watch_feeders(snapshot, after, settings)
    after = reclose(snapshot, after, stop, state.dispatch.open_wanted, settings)
    shut = reached(after, "shut_valve", settings)
    no_way = bool(shut.all()) and has_valves(snapshot, settings)
    return Protection(
        state=after,
        plant_tripped=any(trip.container is None for trip in after.trips),
        pumps_off=pumps_must_stop(snapshot, after, settings, no_way=no_way),
        no_way=no_way,
        keep_flow=acts(after, "keep_flow", settings),
        stop_units=stop[settings.container_of] | after.unit_tripped,
        open_contactors=after.opened,
        close_valves=shut,
        events=(*reset_events, *trip_events, *unit_events, *lever_events, *feeder_events),
        verdicts=verdicts,
    )


def known_cause_stands(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether a cause stands that is not just missing knowledge: a start may not wait then."""
    heating = heating_units(snapshot.fleet, np.zeros(len(settings.container_of), np.bool_))
    nobody = np.zeros_like(heating)
    return any(not c.unknown for c in standing_causes(snapshot, heating, nobody, settings))


def _latch_units(
    snapshot: Snapshot, state: ProtectionState, settings: Settings
) -> tuple[ProtectionState, list[Event]]:
    new = hot_units(snapshot.fleet, settings) & ~state.unit_tripped
    events = [
        Event(
            Severity.HIGH,
            snapshot.fleet.layout.names[unit],
            _too_hot(snapshot.fleet, unit, settings),
        )
        for unit in np.flatnonzero(new)[:10]
    ]
    if np.count_nonzero(new) > len(events):
        events.append(
            Event(
                Severity.HIGH, "plant", f"{np.count_nonzero(new)} units stopped by outlet or chips"
            )
        )
    unit_tripped_s = np.where(new, snapshot.now_s, state.unit_tripped_s)
    return replace(
        state, unit_tripped=state.unit_tripped | new, unit_tripped_s=unit_tripped_s
    ), events


def _too_hot(fleet: FleetSnapshot, unit: int, settings: Settings) -> str:
    """What is too hot of a unit."""
    limits = settings.unit
    if fleet.outlet_c[unit] >= limits.outlet_trip_c:
        told, limit_c = f"outlet is {fleet.outlet_c[unit]:.1f} °C", limits.outlet_trip_c
    else:
        told, limit_c = f"hottest chip is {fleet.chip_c[unit]:.1f} °C", limits.chip_trip_c
    return f"stopped: {told}, the limit is {limit_c:.0f} °C"
