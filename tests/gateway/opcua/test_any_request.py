"""Every request can be asked through OPC UA; whether it is taken is for core to say."""

import pytest
from asyncua import ua
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.login import Visitor
from controller.gateway.opcua.methods import ASK, REQUEST_HEAT, RESET_TRIP, SET_MODE, WITHDRAW
from controller.gateway.opcua.requests import HEAT_DEMAND, RequestDoor
from controller.gateway.opcua.words import node_id
from tests.gateway.hearing_core import Core

PEOPLE = {
    role: Visitor(role, role, "10.0.0.1")
    for role in ("viewer", "operator", "engineer", "buyer", "grid")
}


def call(method: ua.NodeId, *arguments: object) -> ua.CallMethodRequest:
    return ua.CallMethodRequest(
        ObjectId=node_id("requests"),
        MethodId=method,
        InputArguments=[ua.Variant(argument) for argument in arguments],
    )


def answer(result: ua.CallMethodResult) -> tuple[bool, str]:
    accepted, why = (one.Value for one in result.OutputArguments)
    return accepted, why


@pytest.mark.parametrize("role", ["operator", "engineer", "buyer", "grid"])
async def test_an_asking_travels_with_name_value_life_and_role(
    door: RequestDoor, core: Core, role: str
) -> None:
    request = call(ASK, "grid_limit_kw", "2500.5", 30.0, "frequency")

    result = await door.call(PEOPLE[role], request)

    (wish,) = core.wishes
    assert answer(result) == (True, "accepted")
    assert (wish.name, wish.value, wish.expires_in_s) == ("grid_limit_kw", "2500.5", 1_800.0)
    assert (wish.reason, wish.visitor.role) == ("frequency", role)


@pytest.mark.parametrize(
    "request_",
    [
        call(ASK, "power_limit_kw", "100", 30.0, "please"),
        call(WITHDRAW, "power_limit_kw", "please"),
        call(SET_MODE, "off", "please"),
    ],
)
async def test_a_viewer_asks_for_nothing(
    door: RequestDoor, core: Core, request_: ua.CallMethodRequest
) -> None:
    result = await door.call(PEOPLE["viewer"], request_)

    assert result.StatusCode.value == StatusCodes.BadUserAccessDenied
    assert core.wishes == []


@pytest.mark.parametrize("role", ["buyer", "grid"])
@pytest.mark.parametrize(
    "request_",
    [
        call(SET_MODE, "off", "no heat needed"),
        call(REQUEST_HEAT, 500.0, 30.0, "more"),
        call(RESET_TRIP, "now"),
    ],
)
async def test_buyer_and_grid_do_not_operate_the_plant(
    door: RequestDoor, core: Core, role: str, request_: ua.CallMethodRequest
) -> None:
    result = await door.call(PEOPLE[role], request_)

    assert result.StatusCode.value == StatusCodes.BadUserAccessDenied
    assert core.wishes == []


@pytest.mark.parametrize("role", ["buyer", "grid"])
async def test_buyer_and_grid_do_not_write_the_heat_demand(
    door: RequestDoor, core: Core, role: str
) -> None:
    value = ua.WriteValue(
        NodeId=node_id(HEAT_DEMAND),
        AttributeId=ua.AttributeIds.Value,
        Value=ua.DataValue(ua.Variant(900.0, ua.VariantType.Double)),
    )

    status = await door.write(PEOPLE[role], value)

    assert status.value == StatusCodes.BadUserAccessDenied
    assert core.wishes == []


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan"), float("inf"), 1_441.0])
async def test_a_life_that_is_none_never_reaches_core(
    door: RequestDoor, core: Core, minutes: float
) -> None:
    request = call(ASK, "power_limit_kw", "100", minutes, "please")

    result = await door.call(PEOPLE["operator"], request)

    assert result.StatusCode.value == StatusCodes.BadInvalidArgument
    assert core.wishes == []


async def test_an_order_is_done_at_once_or_not_at_all(door: RequestDoor, core: Core) -> None:
    await door.call(PEOPLE["operator"], call(ASK, "plant_mode", "standby", 0.0, "summer"))
    await door.call(PEOPLE["operator"], call(SET_MODE, "standby", "summer"))

    assert [(wish.name, wish.value, wish.expires_in_s) for wish in core.wishes] == [
        ("plant_mode", "standby", 10.0)
    ] * 2


async def test_a_number_that_is_none_is_cores_to_refuse(door: RequestDoor, core: Core) -> None:
    core.refusal = "heat_demand_kw needs a number of kW"

    result = await door.call(PEOPLE["operator"], call(ASK, "heat_demand_kw", "NaN", 5.0, "x"))

    assert answer(result) == (False, core.refusal)
    assert core.wishes[0].value == "NaN"
    assert core.shown == []


async def test_no_value_at_all_is_told_to_core_as_none(door: RequestDoor, core: Core) -> None:
    await door.call(PEOPLE["operator"], call(ASK, "trip_reset", "", 0.0, "repaired"))

    assert core.wishes[0].value is None


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        (call(ASK, "power_limit_kw", "100", 30.0, "r" * 201), "reason"),
        (call(ASK, "n" * 101, "100", 30.0, "please"), "name"),
        (call(ASK, "power_limit_kw", "1" * 101, 30.0, "please"), "value"),
        (call(SET_MODE, "off", "r" * 100_000), "reason"),
        (call(WITHDRAW, "power_limit_kw", "r" * 201), "reason"),
        (call(RESET_TRIP, "r" * 201), "reason"),
    ],
)
async def test_words_without_end_are_refused_and_never_reach_core(
    door: RequestDoor, core: Core, request_: ua.CallMethodRequest, what: str
) -> None:
    accepted, why = answer(await door.call(PEOPLE["operator"], request_))

    assert not accepted
    assert what in why
    assert core.wishes == []


async def test_half_a_letter_does_not_break_the_link(door: RequestDoor, core: Core) -> None:
    await door.call(PEOPLE["operator"], call(ASK, "heat\ud800", "1\ud800", 5.0, "why\ud800"))

    (wish,) = core.wishes
    assert [text.encode() for text in (wish.name, str(wish.value), wish.reason)]


async def test_a_control_character_in_a_name_is_not_tidied_into_another_name(
    door: RequestDoor, core: Core
) -> None:
    await door.call(PEOPLE["operator"], call(WITHDRAW, "heat_demand_kw\x00", "why"))

    assert core.wishes[0].value == "heat_demand_kw\x00"
    assert core.shown == []


async def test_an_accepted_demand_in_words_is_shown_and_its_withdrawal_too(
    door: RequestDoor, core: Core
) -> None:
    await door.call(PEOPLE["operator"], call(ASK, "heat_demand_kw", "900", 5.0, "cold"))
    await door.call(PEOPLE["operator"], call(ASK, "power_limit_kw", "100", 5.0, "dear"))
    await door.call(PEOPLE["operator"], call(WITHDRAW, "power_limit_kw", "cheap"))
    await door.call(PEOPLE["operator"], call(WITHDRAW, "heat_demand_kw", "warm"))

    assert core.shown == [900.0, None]
