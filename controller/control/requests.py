"""Wishes from outside: who may ask what, which of them stand, and which sets the heat target."""

import math
from collections.abc import Sequence

from controller.control.decision import Event, Severity, Verdict
from controller.control.settings import HeatSettings
from controller.control.state import Request

HEAT = "heat_demand_kw"
WITHDRAW = "heat_demand_withdraw"
RESET = "trip_reset"

ROLES = {
    HEAT: frozenset({"operator", "engineer"}),
    WITHDRAW: frozenset({"operator", "engineer"}),
    RESET: frozenset({"operator", "engineer"}),
}
"""Who may ask for what."""

LONGEST_S = 24 * 3600.0
"""A wish that nobody renews for a day is forgotten."""

Standing = tuple[Request, ...]


def receive(
    standing: Standing, arrived: Sequence[Request], now_s: float, heat: HeatSettings
) -> tuple[Standing, list[Request], list[Verdict], list[Event]]:
    """The wishes that stand after this scan's arrivals, the resets among them, verdicts and events.

    The newest heat demand replaces the one before; protection decides on the resets.
    """
    kept, events = _lapse(standing, now_s)
    resets: list[Request] = []
    verdicts: list[Verdict] = []
    for request in arrived:
        refusal = refuse(request, now_s, heat)
        if refusal is not None:
            verdicts.append(Verdict(request.id, accepted=False, reason=refusal))
            events.append(Event(Severity.LOW, request.source, f"{request.name} refused: {refusal}"))
        elif request.name == RESET:
            resets.append(request)
        else:
            kept = _take(kept, request)
            verdicts.append(Verdict(request.id, accepted=True, reason="accepted"))
            events.append(Event(Severity.JOURNAL, request.source, _told(request, now_s)))
    return tuple(kept), resets, verdicts, events


def refuse(request: Request, now_s: float, heat: HeatSettings) -> str | None:
    """Why a request is not even considered; None when it is."""
    allowed = ROLES.get(request.name)
    if allowed is None:
        return f"there is no request {request.name!r}; there are {', '.join(sorted(ROLES))}"
    if request.role not in allowed:
        return f"role {request.role!r} may not ask for {request.name}"
    if not 0.0 < request.until_s - now_s <= LONGEST_S:
        return f"it must expire within {LONGEST_S / 3600:.0f} h"
    return _refuse_heat(request.value, heat) if request.name == HEAT else None


def heat_request(standing: Standing) -> Request | None:
    """The heat demand that stands."""
    return next((request for request in standing if request.name == HEAT), None)


def _refuse_heat(value_kw: float | None, heat: HeatSettings) -> str | None:
    if value_kw is None or not math.isfinite(value_kw):
        return "a heat demand needs a number of kW"
    if not 0.0 <= value_kw <= heat.max_heat_kw:
        return f"heat demand must lie between 0 and {heat.max_heat_kw:.0f} kW"
    return None


def _lapse(standing: Standing, now_s: float) -> tuple[list[Request], list[Event]]:
    kept = [request for request in standing if now_s < request.until_s]
    events = [
        Event(Severity.LOW, request.source, f"{request.name} lapsed; the next source stands")
        for request in standing
        if request not in kept
    ]
    return kept, events


def _take(standing: Sequence[Request], request: Request) -> list[Request]:
    others = [kept for kept in standing if kept.name != HEAT]
    return others if request.name == WITHDRAW else [*others, request]


def _told(request: Request, now_s: float) -> str:
    if request.value is None:
        return f"{request.name} accepted: {request.reason}"
    minutes = (request.until_s - now_s) / 60.0
    return f"{request.name} {request.value:.0f} accepted for {minutes:.0f} min: {request.reason}"
