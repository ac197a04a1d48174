"""Which containers each effect of the matrix reaches now."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from controller.control.protection.row import Effect, Row
from controller.control.settings import FEW_PLANTS, Settings
from controller.control.state import ProtectionState
from controller.image.fleet import Flags

UNKNOWN_EFFECTS: frozenset[Effect] = frozenset({"stop_heat"})
"""What follows of a trip that no row of this plant knows any more."""


@lru_cache(FEW_PLANTS)
def rows_by_cause(settings: Settings) -> Mapping[str, Row]:
    """The rows of the matrix by the names of their causes."""
    return MappingProxyType({row.cause: row for row in settings.matrix})


def reached(state: ProtectionState, effect: Effect, settings: Settings) -> Flags:
    """The containers that this effect reaches; a row of the whole plant reaches them all."""
    flags = np.zeros(settings.containers, np.bool_)
    if not state.trips and not state.acting:
        return flags
    rows = rows_by_cause(settings)
    places = (*((trip.cause, trip.container) for trip in state.trips), *state.acting)
    for cause, container in places:
        row = rows.get(cause)
        if effect in (UNKNOWN_EFFECTS if row is None else row.effects):
            flags[slice(None) if container is None else container] = True
    return flags


def acts(state: ProtectionState, effect: Effect, settings: Settings) -> bool:
    """Whether any row with this effect acts."""
    return bool(reached(state, effect, settings).any())
