"""Contracted heat is booked: what was owed, what came, what was missing and through whom."""

from dataclasses import replace

import pytest

from controller.control.accounts import book, shortfall
from controller.control.decision import Decision
from controller.control.standing import Standing
from controller.control.state import Account, ContractState, PlantState, Request
from controller.control.targets import HeatTarget
from tests.control.small_plant import SmallPlant

MIDNIGHT_UTC_S = 1_767_225_600.0
OWED: Standing = (Request("n", "rest:city", "buyer", "heat_nomination_kw", 60.0, "", until_s=1e9),)
TARGET = HeatTarget(60.0, "nomination", 60.0, 60.0)


def owing(plant: SmallPlant, **changes: object) -> PlantState:
    state = replace(plant.state, mode="running", requests=OWED)
    return replace(state, **changes)  # type: ignore[arg-type]


def an_hour(plant: SmallPlant, limited_by: str = "none", target: HeatTarget = TARGET) -> Account:
    """The account after an hour in steps of ten seconds."""
    state = owing(plant)
    for _ in range(361):
        shown = plant.snapshot()
        short = shortfall(shown, state, target, limited_by, plant.settings)
        books, _ = book(shown, state, short, plant.settings)
        state = replace(state, contract=books)
        plant.now_s += 10.0
    return state.contract.total


def told(plant: SmallPlant, seconds: int, **values: float | None) -> Decision:
    return plant.set(**values).scans(seconds)


def test_an_hour_of_contracted_heat_is_booked_in_kwh() -> None:
    account = an_hour(SmallPlant())

    assert account.contracted_kwh == pytest.approx(60.0)
    assert account.delivered_kwh == pytest.approx(60.0)
    assert account.short_kwh == ()
    assert account.uncertain_s == 0.0


@pytest.mark.parametrize(
    ("limited_by", "reason"),
    [
        ("trip: primary-flow", "protection"),
        ("coolant too warm", "equipment"),
        ("primary pump capacity", "equipment"),
        ("district flow lost", "equipment"),
        ("site power limit", "equipment"),
        ("grid order", "grid"),
        ("operator limit", "override"),
        ("none", "delivery"),
    ],
)
def test_what_is_missing_is_booked_on_its_reason(limited_by: str, reason: str) -> None:
    plant = SmallPlant().set(heat_meter__power_kw=45.0)

    account = an_hour(plant, limited_by)

    assert account.short_kwh == ((reason, pytest.approx(15.0)),)


def test_a_target_lowered_under_an_override_is_booked_on_it() -> None:
    plant = SmallPlant().set(heat_meter__power_kw=45.0)

    account = an_hour(plant, target=HeatTarget(45.0, "opcua:anna", 45.0, 40.0))

    assert account.short_kwh == (("override", pytest.approx(15.0)),)


def test_more_than_is_owed_is_no_credit_for_later() -> None:
    account = an_hour(SmallPlant().set(heat_meter__power_kw=90.0))

    assert account.delivered_kwh == pytest.approx(90.0)
    assert account.short_kwh == ()


def test_a_silent_meter_makes_the_account_uncertain_and_books_nothing() -> None:
    plant = SmallPlant().set(heat_meter__power_kw=None)

    account = an_hour(plant)

    assert account.contracted_kwh == account.delivered_kwh == 0.0
    assert account.uncertain_s == pytest.approx(3_600.0)


def test_a_reading_that_is_only_uncertain_is_not_booked() -> None:
    plant = SmallPlant()
    plant.scan(plant.request("heat_nomination_kw", 60.0, role="buyer"))
    before = plant.scan().derived["contract.delivered_total_kwh"]
    plant.values["heat-meter.power_kw"] = None

    # Two seconds after its last reading the meter is uncertain, but not yet bad.
    decision = plant.scan(dt_s=2.0)

    assert decision.derived["contract.delivered_total_kwh"] == before
    assert decision.derived["contract.uncertain"] is True


def test_a_long_pause_is_uncertain_and_not_guessed() -> None:
    plant = SmallPlant()
    plant.scan(plant.request("heat_nomination_kw", 60.0, role="buyer"))
    plant.scan()

    plant.scan(dt_s=120.0)
    decision = plant.scans(4)

    assert decision.derived["contract.uncertain_total_s"] >= 120.0
    assert decision.derived["contract.delivered_total_kwh"] < 0.1


def test_without_a_contract_nothing_is_owed_or_booked() -> None:
    plant = SmallPlant()

    decision = told(plant, 30, heat_meter__power_kw=1.0)

    assert decision.derived["contract.heat_kw"] is None
    assert decision.derived["contract.shortfall_kw"] == 0.0
    assert decision.derived["contract.contracted_total_kwh"] == 0.0
    assert decision.derived["contract.short"] is False


def test_a_trip_under_contract_is_told_once_and_its_end_once() -> None:
    plant = SmallPlant()
    plant.scan(plant.request("heat_nomination_kw", 60.0, role="buyer"))
    plant.scans(3)
    plant.set(pump_1__running=False, pump_2__running=False)

    tripped = told(plant, 30, heat_meter__power_kw=5.0)
    told(plant, 30, heat_meter__power_kw=60.0)

    assert tripped.derived["contract.shortfall_reason"] == "protection"
    assert tripped.derived["contract.shortfall_kw"] == 55.0
    assert tripped.derived["contract.short"] is True
    assert sum("contracted heat is short" in event for event in plant.events) == 1
    assert sum("contracted heat is delivered" in event for event in plant.events) == 1


def test_heat_that_is_late_is_told_only_after_a_wake_would_have_brought_it() -> None:
    plant = SmallPlant()
    plant.scan(plant.request("heat_nomination_kw", 60.0, role="buyer", until_s=1e9))
    plant.state = replace(plant.state, requests=OWED)

    early = told(plant, 800, heat_meter__power_kw=20.0)
    late = told(plant, 200, heat_meter__power_kw=20.0)

    assert early.derived["contract.short"] is False
    assert late.derived["contract.short"] is True
    assert late.derived["contract.shortfall_reason"] == "delivery"


def test_a_silent_meter_neither_raises_nor_ends_the_alarm() -> None:
    plant = SmallPlant()
    plant.scan(plant.request("heat_nomination_kw", 60.0, role="buyer"))
    plant.scan(plant.request("grid_limit_kw", 10.0, role="grid"))
    told(plant, 5, heat_meter__power_kw=5.0)

    silent = told(plant, 10, heat_meter__power_kw=None)

    assert silent.derived["contract.short"] is True
    assert silent.derived["contract.shortfall_kw"] is None


def test_the_day_is_closed_at_midnight_utc_and_the_total_goes_on() -> None:
    plant = SmallPlant()
    yesterday = Account(100.0, 90.0, 0.0, (("grid", 10.0),))
    before = int(MIDNIGHT_UTC_S // 86_400.0) - 1
    books = ContractState(before, yesterday, Account(), yesterday)
    shown = plant.snapshot()
    state = owing(plant, contract=books)

    short = shortfall(shown, state, TARGET, "none", plant.settings)
    closed, events = book(shown, state, short, plant.settings)

    assert closed.yesterday == yesterday
    assert closed.today.short_kwh == ()
    assert closed.total.contracted_kwh >= 100.0
    assert ["day closed" in event.text for event in events] == [True]
    assert "grid 10.0" in events[0].text


def test_a_clock_that_is_set_back_opens_no_day_anew() -> None:
    plant = SmallPlant()
    today = Account(10.0, 10.0, 0.0, ())
    tomorrow = int(MIDNIGHT_UTC_S // 86_400.0) + 1
    shown = plant.snapshot()
    state = owing(plant, contract=ContractState(tomorrow, today, Account(), today))

    short = shortfall(shown, state, TARGET, "none", plant.settings)
    books, events = book(shown, state, short, plant.settings)

    assert books.day == tomorrow
    assert books.today.contracted_kwh >= 10.0
    assert events == []
