"""The plant's modes: one small machine that says what the plant does and what it waits for.

tracking -> running | starting | standby | off            (taken over as it stands)
off, standby -> starting -> standby | running             (staged: pumps, flow, feeders, units)
running, starting, standby -> stopping -> standby | off   (units, then post-run, pumps last)
off, standby -> maintenance -> off                        (fill, vent, strainer)
any -> tripped -> starting | stopping                     (after the reset)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never, get_args

from controller.control.decision import Event, Verdict
from controller.control.heat import own_supply_c
from controller.control.protection.causes import mains_lost
from controller.control.protection.permissives import (
    is_dark,
    is_low,
    missing_for_heat,
    missing_for_maintenance,
    missing_for_pumps,
)
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.state import Mode, Order, PlantState, Request
from controller.image.evolve import replace
from controller.image.fleet import UnitState
from controller.image.process_image import Snapshot

ORDERS: Final[tuple[Order, ...]] = get_args(Order)
ALL_MODES: Final[tuple[Mode, ...]] = get_args(Mode)
MAINTENANCE: Final[frozenset[Order]] = frozenset({"fill", "vent", "strainer"})
QUIET: Final[frozenset[Mode]] = frozenset({"off", "standby"})

WARM_ABOVE_K = 1.0
LONGEST_START_S = 1_800.0
# A few units that do not obey a stop are not waited for any longer: the feeders open next.
LONGEST_STOP_S = 900.0
COLD_BELOW_C = 5.0
OUTDOOR_FREEZE_C = 3.0


@dataclass(frozen=True, slots=True)
class Stance:
    """How the plant stands in this scan, and what that allows.

    `hash_allowed` lets units run, `pumps_wanted` primary water move, `serving` district water;
    `feeders_off` opens all feeders; `missing` says what a start or a maintenance waits for.
    """

    mode: Mode
    hash_allowed: bool
    pumps_wanted: bool
    pumps_may_stop: bool
    serving: bool
    feeders_off: bool
    missing: tuple[str, ...]


def take_orders(
    arrived: Sequence[Request], snapshot: Snapshot, state: PlantState, settings: Settings
) -> tuple[PlantState, list[Verdict], list[Event]]:
    """Take the newest mode order that may be taken; each is answered."""
    verdicts, events = [], []
    for request in arrived:
        order = next((known for known in ORDERS if known == request.value), None)
        obstacle = _refusal(order, snapshot, state, settings)
        verdicts.append(Verdict(request.id, obstacle is None, obstacle or "ordered"))
        said = f"plant mode {request.value}"
        if obstacle is None and order is not None:
            state = replace(state, order=order)
            text = f"{said} ordered: {request.reason}"
            events.append(Event(Severity.MEDIUM, request.source, text))
        else:
            events.append(Event(Severity.LOW, request.source, f"{said} refused: {obstacle}"))
    return state, verdicts, events


def stand(
    snapshot: Snapshot, state: PlantState, settings: Settings, *, tripped: bool
) -> tuple[PlantState, Stance, list[Event]]:
    """One step of the machine, and what it allows now."""
    dark = is_dark(snapshot, settings)
    dark_since_s = (state.dark_since_s or snapshot.now_s) if dark else None
    state = replace(state, dark_since_s=dark_since_s)
    missing = _missing(snapshot, state, settings, dark=dark)
    mode = _next(snapshot, state, settings, missing, tripped=tripped)
    events = []
    if mode != state.mode:
        events.append(Event(Severity.MEDIUM, "plant", f"mode {state.mode} -> {mode}"))
        state = replace(state, mode=mode, mode_since_s=snapshot.now_s)
        missing = _missing(snapshot, state, settings, dark=dark)
    return state, _allows(snapshot, state, settings, missing, dark=dark), events


def first_mode(snapshot: Snapshot, state: PlantState, settings: Settings) -> tuple[Mode, Order]:
    """What the plant is found doing, and the order that stands: the last one, else what it does."""
    states = snapshot.fleet.state
    hashing = bool(((states == UnitState.RUNNING) | (states == UnitState.STARTING)).any())
    pumping = any(
        snapshot.flag(f"{pump}.running") is not False for pump in settings.hydraulics.pumps
    )
    order: Order = state.order or (
        "run" if hashing or settings.autostart else ("standby" if pumping else "off")
    )
    if order in MAINTENANCE and hashing:
        order = "off"
    if hashing:
        return "running", order
    if order in MAINTENANCE:
        return "maintenance", order
    if not pumping:
        return "off", order
    return ("running" if order == "run" and _warm(snapshot, state, settings) else "standby"), order


def pumps_may_stop(mode: Mode, *, dark: bool) -> bool:
    """Whether primary water may stand still: in a plant that rests or begins, without any power."""
    return dark and mode in ("off", "maintenance", "starting")


def _refusal(
    order: Order | None, snapshot: Snapshot, state: PlantState, settings: Settings
) -> str | None:
    if order is None:
        return f"there is no such mode; there are {', '.join(ORDERS)}"
    if order not in MAINTENANCE or state.order == order:
        return None
    if state.mode not in QUIET:
        return f"{order} begins from off or standby, the plant is {state.mode}: order off first"
    if not is_dark(snapshot, settings):
        return f"{order}: the miners' power is not proven to be gone"
    return None


def _next(
    snapshot: Snapshot,
    state: PlantState,
    settings: Settings,
    missing: tuple[str, ...],
    *,
    tripped: bool,
) -> Mode:
    if tripped:
        return "tripped"
    order = state.order or "run"
    mode = state.mode
    match mode:
        case "tripped":
            mode = "starting" if order == "run" else "stopping"
        case "off" | "standby":
            mode = _from_rest(mode, order)
        case "starting":
            mode = _from_start(snapshot, state, settings, missing)
        case "running":
            mode = _from_running(snapshot, order)
        case "stopping":
            mode = _from_stop(snapshot, state, settings, order)
        case "maintenance":
            mode = "maintenance" if order in MAINTENANCE else "off"
        case "tracking":
            pass
        case _:
            assert_never(mode)
    return mode


def _from_running(snapshot: Snapshot, order: Order) -> Mode:
    if order != "run":
        return "stopping"
    return "starting" if mains_lost(snapshot) else "running"


def _from_rest(mode: Mode, order: Order) -> Mode:
    if order in MAINTENANCE:
        return "maintenance"
    if order == "run" or (order == "standby" and mode == "off"):
        return "starting"
    return "stopping" if order == "off" and mode == "standby" else mode


def _from_start(
    snapshot: Snapshot, state: PlantState, settings: Settings, missing: tuple[str, ...]
) -> Mode:
    if state.order not in ("run", "standby", None):
        return "stopping"
    if state.order == "standby":
        return "starting" if missing_for_pumps(snapshot, settings) else "standby"
    late = snapshot.now_s - state.mode_since_s >= LONGEST_START_S
    if missing or not (_warm(snapshot, state, settings) or late):
        return "starting"
    return "running"


def _from_stop(snapshot: Snapshot, state: PlantState, settings: Settings, order: Order) -> Mode:
    if order == "run":
        return "starting"
    dark_s = -math.inf if state.dark_since_s is None else snapshot.now_s - state.dark_since_s
    stops_s = snapshot.now_s - state.mode_since_s
    late = stops_s >= LONGEST_STOP_S and is_low(snapshot, settings)
    if dark_s < settings.hydraulics.post_run_s and not late:
        return "stopping"
    return "standby" if order == "standby" else "off"


def _allows(
    snapshot: Snapshot,
    state: PlantState,
    settings: Settings,
    missing: tuple[str, ...],
    *,
    dark: bool,
) -> Stance:
    mode = state.mode
    starting = mode == "starting"
    still = mode == "maintenance" and state.order in ("fill", "strainer")
    resting = mode == "off" and not _freezing(snapshot, settings)
    dry = starting and bool(missing_for_pumps(snapshot, settings))
    may_start = starting and not missing and state.order in ("run", None)
    return Stance(
        mode=mode,
        hash_allowed=mode == "running" or may_start,
        pumps_wanted=not (still or resting or dry),
        pumps_may_stop=pumps_may_stop(mode, dark=dark),
        serving=mode not in ("off", "maintenance"),
        feeders_off=mode in ("off", "maintenance") and is_low(snapshot, settings),
        missing=missing,
    )


def _missing(
    snapshot: Snapshot, state: PlantState, settings: Settings, *, dark: bool
) -> tuple[str, ...]:
    """What the present mode waits for."""
    if state.mode == "starting":
        return missing_for_heat(snapshot, settings)
    if state.mode == "maintenance" and state.order in MAINTENANCE:
        return missing_for_maintenance(state.order, snapshot, settings, dark=dark)
    return ()


def _warm(snapshot: Snapshot, state: PlantState, settings: Settings) -> bool:
    """Whether the primary water can give the supply temperature, or all that it ever can."""
    hot_c = snapshot.number("primary.hot_temperature_c")
    return hot_c is not None and hot_c >= own_supply_c(state.heat, settings) + WARM_ABOVE_K


def _freezing(snapshot: Snapshot, settings: Settings) -> bool:
    """Whether still water could freeze; an unknown temperature could."""
    outdoor_c = snapshot.number(f"{settings.outdoor}.temperature_c")
    cold_c = snapshot.number("primary.cold_temperature_c")
    if cold_c is None or cold_c < COLD_BELOW_C:
        return True
    return settings.hydraulics.dry_cooler_kw > 0.0 and (
        outdoor_c is None or outdoor_c < OUTDOOR_FREEZE_C
    )
