"""The account of contracted heat: what was owed, what came, what was short of it, and why."""

from dataclasses import dataclass
from typing import Literal, get_args

from controller.control.decision import Event
from controller.control.settings import Settings
from controller.control.severity import Severity
from controller.control.standing import Contract, contract
from controller.control.state import Account, ContractState, PlantState
from controller.control.targets import HeatTarget
from controller.image.evolve import replace
from controller.image.process_image import Snapshot

ShortBy = Literal["protection", "equipment", "grid", "override", "mode", "delivery"]

REASONS: tuple[ShortBy, ...] = get_args(ShortBy)
"""Who is to blame for heat that was not delivered; `delivery` is on its way, or late."""

LONGEST_GAP_S = 30.0
"""After a longer pause nobody knows what flowed meanwhile."""
SHORT_SHARE = 0.05
"""Heat that is short by less than this is a matter of regulation."""
LATE_S = 900.0
"""A fleet that sleeps may take this long to wake and warm the water (manual: 2 to 6 minutes)."""
DAY_S = 86_400.0
HOUR_S = 3600.0
IDLE_MODES = frozenset({"off", "standby", "starting", "stopping", "maintenance", "tracking"})


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Heat that is owed and missing now, and why; unknown while the meter is."""

    kw: float | None
    by: ShortBy | None
    limited: bool


def shortfall(
    snapshot: Snapshot, state: PlantState, target: HeatTarget, limited_by: str, settings: Settings
) -> Shortfall:
    """What is missing of the contracted heat; `limited_by` is none while nothing holds it back."""
    owed = contract(state.requests)
    if owed is None:
        return Shortfall(0.0, None, limited=False)
    by = _blame(owed, state, target, limited_by)
    delivered_kw = delivered(snapshot, settings)
    missing_kw = None if delivered_kw is None else max(0.0, owed.kw - delivered_kw)
    return Shortfall(missing_kw, by, limited=by != "delivery")


def delivered(snapshot: Snapshot, settings: Settings) -> float | None:
    """Heat at the boundary, from good data only."""
    return snapshot.good(f"{settings.boundary_meter}.power_kw")


def book(
    snapshot: Snapshot, state: PlantState, short: Shortfall, settings: Settings
) -> tuple[ContractState, list[Event]]:
    """The account with the time since the last booking, and what has to be told."""
    account, events = _day(state.contract, snapshot)
    owed = contract(state.requests)
    if owed is None:
        account = replace(account, last_s=snapshot.now_s, short_since_s=None)
        return _told(account, short, owed=None, now_s=snapshot.now_s, events=events)
    gap_s = 0.0 if account.last_s is None else max(0.0, snapshot.now_s - account.last_s)
    delivered_kw = delivered(snapshot, settings)
    if delivered_kw is None or gap_s > LONGEST_GAP_S:
        step = Account(uncertain_s=gap_s)
    else:
        hours = gap_s / HOUR_S
        missing_kw = max(0.0, owed.kw - delivered_kw)
        short_kwh = ((short.by, missing_kw * hours),) if short.by and missing_kw > 0.0 else ()
        step = Account(owed.kw * hours, delivered_kw * hours, 0.0, short_kwh)
    account = replace(
        account,
        today=added(account.today, step),
        total=added(account.total, step),
        last_s=snapshot.now_s,
    )
    return _told(account, short, owed=owed, now_s=snapshot.now_s, events=events)


def added(one: Account, other: Account) -> Account:
    """Both together."""
    short: dict[str, float] = dict(one.short_kwh)
    for reason, kwh in other.short_kwh:
        short[reason] = short.get(reason, 0.0) + kwh
    return Account(
        one.contracted_kwh + other.contracted_kwh,
        one.delivered_kwh + other.delivered_kwh,
        one.uncertain_s + other.uncertain_s,
        tuple(sorted(short.items())),
    )


def _blame(owed: Contract, state: PlantState, target: HeatTarget, limited_by: str) -> ShortBy:
    """Why contracted heat is missing: the strongest reason that is in force."""
    if state.mode == "tripped" or limited_by.startswith("trip"):
        return "protection"
    if limited_by == "grid order":
        return "grid"
    if limited_by.startswith(("operator limit", "contract limit")):
        return "override"
    if limited_by != "none":
        return "equipment"
    if state.mode in IDLE_MODES:
        return "mode"
    # The ramp goes on under a target that was meant to be lower, which needs an override.
    return "override" if target.asked_kw < owed.kw and target.kw < owed.kw else "delivery"


def _day(account: ContractState, snapshot: Snapshot) -> tuple[ContractState, list[Event]]:
    """Close the day's account at midnight (UTC)."""
    day = int(snapshot.utc_s // DAY_S)
    if account.day is None:
        return replace(account, day=day), []
    # A clock that is set back opens no day anew.
    if day <= account.day:
        return account, []
    events = []
    if account.today != Account():
        today = account.today
        why = ", ".join(f"{reason} {kwh:.1f}" for reason, kwh in today.short_kwh)
        text = (
            f"day closed: contracted {today.contracted_kwh:.1f} kWh,"
            f" delivered {today.delivered_kwh:.1f} kWh,"
            f" short {today.all_short_kwh:.1f} kWh ({why or 'none'}),"
            f" uncertain for {today.uncertain_s:.0f} s"
        )
        events.append(Event(Severity.JOURNAL, "contract", text))
    return replace(account, day=day, today=Account(), yesterday=account.today), events


def _told(
    account: ContractState,
    short: Shortfall,
    *,
    owed: Contract | None,
    now_s: float,
    events: list[Event],
) -> tuple[ContractState, list[Event]]:
    """Say once when contracted heat is not delivered, and once when it is again."""
    if owed is None:
        missing = False
    elif short.kw is None:
        # Without a reading nobody knows: what was told stands.
        return account, events
    else:
        missing = short.kw > SHORT_SHARE * owed.kw
    since_s = (
        (now_s if account.short_since_s is None else account.short_since_s) if missing else None
    )
    account = replace(account, short_since_s=since_s)
    alarmed = since_s is not None and (
        short.limited or now_s - since_s >= LATE_S or account.alarmed
    )
    if alarmed == account.alarmed:
        return account, events
    if alarmed and owed is not None:
        text = (
            f"contracted heat is short by {short.kw or 0.0:.0f} kW of {owed.kw:.0f} kW: {short.by}"
        )
        told = Event(Severity.HIGH, "contract", text)
    else:
        told = Event(Severity.LOW, "contract", "contracted heat is delivered, or owed no more")
    return replace(account, alarmed=alarmed), [*events, told]
