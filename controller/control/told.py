"""What the plant tells about wishes: what was asked, what stands, who holds what, what is owed."""

from controller.control.accounts import REASONS, Shortfall
from controller.control.derived import DerivedTag, Made
from controller.control.hand import control_of, told_by_hand
from controller.control.outputs import equipment_outputs
from controller.control.power import PowerBand
from controller.control.request_table import (
    CONTRACT,
    DAY_S,
    GRID,
    HEAT,
    MODE,
    POWER,
    RESET,
    request_kinds,
    told_names,
)
from controller.control.settings import Settings
from controller.control.standing import (
    Standing,
    contract,
    held_words,
    standing_kw,
    standing_request,
)
from controller.control.state import Answer, PlantState
from controller.control.targets import HeatTarget
from controller.image.process_image import Snapshot

UNASKED = Answer("", "", None, "", "")
LIMITS = {POWER: "operator limit", CONTRACT: "contract limit", GRID: "grid order"}
MOST_KWH = 1e9


def told_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    """All of these tags, in a fixed order."""
    controls = tuple(
        DerivedTag(f"{equipment}.control", "text", "", "automatic, hand or local")
        for equipment in equipment_outputs(settings)
    )
    return (*_heat_tags(settings), *_request_tags(settings), *_contract_tags(settings), *controls)


def tell(
    snapshot: Snapshot,
    state: PlantState,
    target: HeatTarget,
    band: PowerBand,
    short: Shortfall,
    settings: Settings,
) -> dict[str, Made]:
    """The value of each of them in this scan."""
    return {
        "plant.heat_accepted_kw": min(target.kw, band.upper_kw * state.heat.recovery),
        "plant.heat_floor_kw": target.floor_kw,
        "plant.by_hand": told_by_hand(state.requests, snapshot.now_s),
        **_requests(state, target, band, snapshot.now_s),
        **_contract(state, short),
        **control_of(snapshot, state.requests, settings),
    }


def _heat_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    most_kw = settings.heat.max_heat_kw
    return (
        _number("plant.heat_accepted_kw", "kW", "wanted heat after all ceilings", most_kw),
        _number("plant.heat_floor_kw", "kW", "heat that wishes may not go below", most_kw),
        DerivedTag("plant.by_hand", "text", "", "every output and loop in a hand, and whose"),
    )


def _request_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    kinds = request_kinds(settings)
    tags: list[DerivedTag] = []
    for name in told_names():
        kind, point = kinds[name], f"request.{name}"
        tags.append(
            DerivedTag(f"{point}.verdict", "text", "", f"{kind.meaning}: what became of it")
        )
        tags.append(DerivedTag(f"{point}.source", "text", "", f"{kind.meaning}: who asked last"))
        if name == MODE:
            tags.append(DerivedTag(f"{point}.asked", "text", "", f"{kind.meaning}: asked"))
        elif name != RESET:
            asked = _number(f"{point}.asked", kind.unit, f"{kind.meaning}: asked", kind.high)
            stands = _number(f"{point}.accepted", kind.unit, f"{kind.meaning}: stands", kind.high)
            life = _number(f"{point}.expires_s", "s", f"{kind.meaning}: time left", DAY_S)
            tags += [asked, stands, life]
    return tuple(tags)


def _requests(
    state: PlantState, target: HeatTarget, band: PowerBand, now_s: float
) -> dict[str, Made]:
    answers = {answer.name: answer for answer in state.answers}
    values: dict[str, Made] = {}
    for name in told_names():
        answer, point = answers.get(name, UNASKED), f"request.{name}"
        values[f"{point}.verdict"] = _verdict(answer, state.requests)
        values[f"{point}.source"] = answer.source
        if name == MODE:
            values[f"{point}.asked"] = "" if answer.asked is None else str(answer.asked)
        elif name != RESET:
            stands = standing_request(state.requests, name)
            values[f"{point}.asked"] = answer.asked if isinstance(answer.asked, float) else None
            values[f"{point}.accepted"] = _accepted_kw(state.requests, name, target, band)
            values[f"{point}.expires_s"] = None if stands is None else stands.until_s - now_s
    return values


def _verdict(answer: Answer, standing: Standing) -> str:
    """The verdict as it reads now: contracted heat may have come or gone since it was given."""
    stands = standing_request(standing, answer.name)
    if stands is None or stands.id != answer.id:
        return answer.verdict
    return held_words(stands, contract(standing))


def _accepted_kw(
    standing: Standing, name: str, target: HeatTarget, band: PowerBand
) -> float | None:
    """What a standing request really sets: contracted heat holds up a lower target or limit."""
    kw = standing_kw(standing, name)
    if kw is None:
        return None
    if name == HEAT:
        return max(kw, target.floor_kw)
    if name in LIMITS:
        said = (allowed for reason, allowed in band.limits if reason.startswith(LIMITS[name]))
        return next(said, kw)
    return kw


def _contract_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    most_kw = settings.heat.max_heat_kw
    powers = {
        "heat_kw": "contracted heat",
        "floor_kw": "heat that the contract leaves as floor",
        "shortfall_kw": "contracted heat that is missing now",
    }
    energies = {
        "contracted_today_kwh": "contracted today (UTC)",
        "delivered_today_kwh": "delivered under contract today (UTC)",
        "shortfall_today_kwh": "missing today (UTC)",
        "shortfall_yesterday_kwh": "missing on the day before (UTC)",
        "contracted_total_kwh": "contracted since the account was opened",
        "delivered_total_kwh": "delivered under contract since the account was opened",
        "shortfall_total_kwh": "missing since the account was opened",
        **{f"shortfall_{by}_today_kwh": f"missing today (UTC) by {by}" for by in REASONS},
    }
    times = {
        "uncertain_today_s": "time of today (UTC) that could not be booked",
        "uncertain_total_s": "time that could not be booked",
    }
    return (
        *(_number(f"contract.{name}", "kW", told, most_kw) for name, told in powers.items()),
        *(_number(f"contract.{name}", "kWh", told, MOST_KWH) for name, told in energies.items()),
        *(_number(f"contract.{name}", "s", told, MOST_KWH) for name, told in times.items()),
        DerivedTag("contract.source", "text", "", "who has nominated the contracted heat"),
        DerivedTag("contract.shortfall_reason", "text", "", "why heat is missing, or none"),
        DerivedTag("contract.short", "flag", "", "contracted heat is not being delivered"),
        DerivedTag("contract.uncertain", "flag", "", "a part of today could not be booked"),
    )


def _contract(state: PlantState, short: Shortfall) -> dict[str, Made]:
    owed, books = contract(state.requests), state.contract
    today, yesterday, total = books.today, books.yesterday, books.total
    by_reason = dict(today.short_kwh)
    return {
        "contract.heat_kw": None if owed is None else owed.kw,
        "contract.source": "none" if owed is None else owed.source,
        "contract.floor_kw": None if owed is None else owed.floor_kw,
        "contract.shortfall_kw": short.kw,
        "contract.shortfall_reason": short.by if short.by and short.kw else "none",
        "contract.short": books.alarmed,
        "contract.uncertain": today.uncertain_s > 0.0,
        "contract.contracted_today_kwh": today.contracted_kwh,
        "contract.delivered_today_kwh": today.delivered_kwh,
        "contract.shortfall_today_kwh": today.all_short_kwh,
        "contract.uncertain_today_s": today.uncertain_s,
        **{f"contract.shortfall_{by}_today_kwh": by_reason.get(by, 0.0) for by in REASONS},
        "contract.shortfall_yesterday_kwh": yesterday.all_short_kwh,
        "contract.contracted_total_kwh": total.contracted_kwh,
        "contract.delivered_total_kwh": total.delivered_kwh,
        "contract.shortfall_total_kwh": total.all_short_kwh,
        "contract.uncertain_total_s": total.uncertain_s,
    }


def _number(name: str, unit: str, told: str, high: float) -> DerivedTag:
    return DerivedTag(name, "number", unit, told, 0.0, high)
