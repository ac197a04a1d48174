"""Containers: which are open, which may wake units, and in which order they fill and empty."""

import numpy as np
from numpy.typing import NDArray

from controller.control.decision import Wanted
from controller.control.fleet_state import DispatchState
from controller.control.fleet_view import FleetView
from controller.control.protection.causes import HEATING_KW
from controller.control.protection.protect import Protection
from controller.control.settings import Settings
from controller.image.evolve import replace
from controller.image.fleet import Floats
from controller.image.process_image import Snapshot


def open_and_shut(
    state: DispatchState,
    view: FleetView,
    protection: Protection,
    open_kw: float,
    snapshot: Snapshot,
    settings: Settings,
) -> DispatchState:
    """Open as many containers as the goal needs; shut the empty and cooled, never the last."""
    of = settings.container_of
    usable = ~protection.close_valves
    available = snapshot.fleet.commandable & ~state.excluded & ~protection.state.unit_tripped
    capacity_kw = np.bincount(of[available], view.step_kw[available], settings.containers)
    busy = (
        np.bincount(
            of[view.running | (state.wanted == Wanted.NORMAL)], minlength=settings.containers
        )
        > 0
    )
    order = container_order(state, settings)
    order = order[usable[order]]
    before_kw = np.cumsum(capacity_kw[order]) - capacity_kw[order]
    needed = np.zeros(settings.containers, np.bool_)
    needed[order[before_kw < open_kw - 1e-9]] = True
    needed[order[:1]] = True
    dark = (
        np.bincount(of[~(snapshot.fleet.power_kw <= HEATING_KW)], minlength=settings.containers)
        == 0
    )
    idle_since = np.where(busy | ~dark, np.nan, _first(state.idle_since_s, snapshot.now_s))
    cooled = snapshot.now_s - idle_since >= settings.hydraulics.post_run_s
    open_wanted = (needed | busy | (state.open_wanted & ~cooled)) & usable
    return replace(state, open_wanted=open_wanted, idle_since_s=idle_since)


def container_order(state: DispatchState, settings: Settings) -> NDArray[np.int64]:
    """Containers from the fullest to the emptiest, open ones before shut ones, then by number.

    Those with units whose power may be set freely come before all.
    """
    on = np.bincount(
        settings.container_of[state.wanted == Wanted.NORMAL], minlength=settings.containers
    )
    full = on / np.maximum(settings.units_in, 1)
    free = np.bincount(
        settings.container_of[settings.trim_from < 1.0], minlength=settings.containers
    )
    return np.lexsort((np.arange(settings.containers), ~state.open_wanted, -full, free == 0))


def _first(since_s: Floats, now_s: float) -> Floats:
    return np.where(np.isnan(since_s), now_s, since_s)
