"""Why the plant makes so much heat: whose wish, what that needs, what holds it back."""

from collections.abc import Iterator

from controller.control.decision import Decision
from controller.control.power import PowerBand
from controller.control.request_table import (
    CONTRACT,
    GRID,
    HEAT,
    NOMINATION,
    OVERRIDE,
    POWER,
    SIGNAL,
)
from controller.control.settings import Settings
from controller.control.state import PlantState
from controller.control.trace import Trace
from controller.control.why.step import Step
from controller.control.why.words import measured, shown, wishes
from controller.image.process_image import Snapshot

TARGETS = (HEAT, NOMINATION, SIGNAL, OVERRIDE)
CEILINGS = (POWER, CONTRACT, GRID)


def explain_power(
    snapshot: Snapshot, decision: Decision, trace: Trace, settings: Settings
) -> Iterator[Step]:
    """The chain of heat and power, from the wish to the meters."""
    state = decision.state
    yield from target_steps(state, trace, snapshot.now_s)
    yield from wishes(state.requests, CEILINGS, snapshot.now_s)
    yield from ceilings(trace.band)
    for trip in state.protection.trips:
        yield Step("protection", f"tripped: {trip.cause}: {trip.text}")
    if trace.missing:
        yield Step("protection", f"waits for: {'; '.join(trace.missing)}")
    wanted = int((decision.units == 1).sum())
    yield Step("output", f"{wanted} units ordered to run: {trace.committed_kw:,.0f} kW committed")
    yield Step("read-back", f"electric power = {shown(snapshot.fleet.electric_power_kw, 'kW')}")
    for meter in dict.fromkeys((settings.heat_meter, settings.boundary_meter)):
        yield Step("read-back", measured(snapshot, f"{meter}.power_kw"))


def target_steps(state: PlantState, trace: Trace, now_s: float) -> Iterator[Step]:
    """Whose wish the heat target is, and what it takes in electric power."""
    target = trace.target
    yield Step(
        "source",
        f"heat target {target.kw:,.0f} kW from {target.source} (asked {target.asked_kw:,.0f} kW,"
        f" floor {target.floor_kw:,.0f} kW)",
    )
    yield from wishes(state.requests, TARGETS, now_s)
    recovery_pct = 100.0 * state.heat.recovery
    yield Step(
        "source",
        f"that needs {trace.power_kw:,.0f} kW of electric power: {recovery_pct:.1f} % of it is"
        " delivered; water and tank are filled or used beside",
    )


def ceilings(band: PowerBand) -> Iterator[Step]:
    """Every limit of the power that was asked, the lowest first; the first one holds."""
    for reason, kw in sorted(band.limits, key=lambda limit: limit[1]):
        mark = " <- the lowest" if reason == band.limited_by else ""
        yield Step("limit", f"{reason}: {kw:,.0f} kW{mark}")
