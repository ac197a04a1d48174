"""The requests that stand, and the contract that some of them make."""

from dataclasses import dataclass

from controller.control.request_table import (
    CONTRACT,
    HEAT,
    NOMINATION,
    OVERRIDE,
    POWER,
    SIGNAL,
)
from controller.control.state import Request

Standing = tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """Heat that is owed, to whom, and the floor that is left of it while an override stands."""

    kw: float
    source: str
    floor_kw: float


def standing_request(standing: Standing, name: str) -> Request | None:
    """The request of this name that stands."""
    for request in standing:
        if request.name == name:
            return request
    return None


def standing_kw(standing: Standing, name: str) -> float | None:
    """The number that the standing request of this name asks for."""
    request = standing_request(standing, name)
    if request is None or request.value is None or isinstance(request.value, str):
        return None
    return float(request.value)


def heat_request(standing: Standing) -> Request | None:
    """The operator's heat demand that stands."""
    return standing_request(standing, HEAT)


def contract(standing: Standing) -> Contract | None:
    """Contracted heat: the nomination, else the district's signal; None while there is neither."""
    override_kw = standing_kw(standing, OVERRIDE)
    for name, words in ((NOMINATION, "nomination"), (SIGNAL, "district signal")):
        request, kw = standing_request(standing, name), standing_kw(standing, name)
        if request is not None and kw is not None:
            floor_kw = kw if override_kw is None else min(kw, override_kw)
            return Contract(kw, f"{words} by {request.source}", floor_kw)
    return None


def held_words(request: Request, owed: Contract | None) -> str:
    """What an accepted request is told: also that contracted heat holds it up."""
    if owed is None or not isinstance(request.value, float):
        return "accepted"
    # A limit of power is compared with the heat that it could give at best.
    if request.name in {HEAT, POWER, CONTRACT} and request.value < owed.floor_kw:
        return f"accepted, but not below contracted heat of {owed.floor_kw:.0f} kW"
    return "accepted"
