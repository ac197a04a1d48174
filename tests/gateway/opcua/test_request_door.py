"""What may be asked of core through OPC UA, by whom, and in which words it is refused."""

import math

import pytest
from asyncua import ua
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.login import Visitor
from controller.gateway.opcua.methods import REQUEST_HEAT, RESET_TRIP, WITHDRAW_HEAT
from controller.gateway.opcua.requests import HEAT_DEMAND, RequestDoor
from controller.gateway.opcua.words import node_id
from controller.link.client import LinkError, LinkLost, NoVerdict
from tests.gateway.hearing_core import Core

OPERATOR = Visitor("olga", "operator", "10.0.0.1")
VIEWER = Visitor("vera", "viewer", "10.0.0.1")


async def test_a_write_asks_for_heat_with_the_default_expiry(door: RequestDoor, core: Core) -> None:
    status = await door.write(OPERATOR, write(900.0))

    (wish,) = core.wishes
    assert status.is_good()
    assert (wish.name, wish.value, wish.expires_in_s) == ("heat_demand_kw", 900.0, 900.0)
    assert wish.visitor == OPERATOR
    assert core.shown == [900.0]


@pytest.mark.parametrize("kw", [0.0, 7340.0])
async def test_both_ends_of_the_range_may_be_asked_for(
    door: RequestDoor, core: Core, kw: float
) -> None:
    await door.write(OPERATOR, write(kw))

    assert [wish.value for wish in core.wishes] == [kw]


@pytest.mark.parametrize("kw", [math.nan, math.inf, -math.inf, -0.1, 7340.1, 1e308])
async def test_a_value_out_of_range_never_reaches_core(
    door: RequestDoor, core: Core, kw: float
) -> None:
    status = await door.write(OPERATOR, write(kw))

    assert status.value == StatusCodes.BadOutOfRange
    assert core.wishes == []


@pytest.mark.parametrize(
    "variant",
    [
        ua.Variant(900, ua.VariantType.Int32),
        ua.Variant("900", ua.VariantType.String),
        ua.Variant([900.0], ua.VariantType.Double),
        ua.Variant(None, ua.VariantType.Null),
        ua.Variant(True, ua.VariantType.Boolean),  # noqa: FBT003
    ],
)
async def test_a_value_of_another_type_never_reaches_core(
    door: RequestDoor, core: Core, variant: ua.Variant
) -> None:
    status = await door.write(OPERATOR, write(variant))

    assert status.value == StatusCodes.BadTypeMismatch
    assert core.wishes == []


async def test_a_viewer_may_not_write(door: RequestDoor, core: Core) -> None:
    status = await door.write(VIEWER, write(900.0))

    assert status.value == StatusCodes.BadUserAccessDenied
    assert core.wishes == []


@pytest.mark.parametrize("node", ["plant.mode", "nowhere", "requests"])
async def test_nothing_else_may_be_written(door: RequestDoor, core: Core, node: str) -> None:
    status = await door.write(OPERATOR, write(900.0, node))

    assert status.value == StatusCodes.BadNotWritable
    assert core.wishes == []


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (LinkLost("gone"), StatusCodes.BadNoCommunication),
        (NoVerdict("late"), StatusCodes.BadTimeout),
    ],
)
async def test_a_core_that_does_not_answer_is_told_to_the_client(
    door: RequestDoor, core: Core, trouble: LinkError, code: int
) -> None:
    core.trouble = trouble

    status = await door.write(OPERATOR, write(900.0))
    result = await door.call(OPERATOR, call(RESET_TRIP, "pump repaired"))

    assert status.value == code
    assert result.StatusCode.value == code
    assert core.shown == []


async def test_cores_refusal_of_a_write_is_a_bad_status(door: RequestDoor, core: Core) -> None:
    core.refusal = "tripped"

    status = await door.write(OPERATOR, write(900.0))

    assert status.value == StatusCodes.BadInvalidState
    assert core.shown == []


async def test_cores_refusal_of_a_call_is_given_back_in_words(
    door: RequestDoor, core: Core
) -> None:
    core.refusal = "the cause is still there"

    result = await door.call(OPERATOR, call(RESET_TRIP, "pump repaired"))

    assert result.StatusCode.is_good()
    assert [one.Value for one in result.OutputArguments] == [False, "the cause is still there"]


async def test_heat_is_asked_for_with_its_own_expiry(door: RequestDoor, core: Core) -> None:
    result = await door.call(OPERATOR, call(REQUEST_HEAT, 500.0, 30.0, "cold\nnight\x00"))

    (wish,) = core.wishes
    assert [one.Value for one in result.OutputArguments] == [True, "accepted"]
    assert (wish.value, wish.expires_in_s, wish.reason) == (500.0, 1800.0, "coldnight")


async def test_a_withdrawal_clears_what_is_shown(door: RequestDoor, core: Core) -> None:
    await door.call(OPERATOR, call(WITHDRAW_HEAT, "warm"))

    assert [wish.name for wish in core.wishes] == ["heat_demand_withdraw"]
    assert core.shown == [None]


@pytest.mark.parametrize(
    ("kw", "minutes"),
    [(math.nan, 15.0), (500.0, math.nan), (500.0, 0.0), (500.0, 1441.0), (7341.0, 15.0)],
)
async def test_arguments_out_of_range_never_reach_core(
    door: RequestDoor, core: Core, kw: float, minutes: float
) -> None:
    result = await door.call(OPERATOR, call(REQUEST_HEAT, kw, minutes, ""))

    codes = {one.value for one in result.InputArgumentResults}
    assert result.StatusCode.value == StatusCodes.BadInvalidArgument
    assert StatusCodes.BadOutOfRange in codes
    assert core.wishes == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), StatusCodes.BadArgumentsMissing),
        (("a", "b"), StatusCodes.BadTooManyArguments),
        ((1.0,), StatusCodes.BadInvalidArgument),
    ],
)
async def test_wrong_arguments_are_named(
    door: RequestDoor, core: Core, arguments: tuple[object, ...], code: int
) -> None:
    result = await door.call(OPERATOR, call(RESET_TRIP, *arguments))

    assert result.StatusCode.value == code
    assert core.wishes == []


async def test_a_viewer_may_not_call(door: RequestDoor, core: Core) -> None:
    result = await door.call(VIEWER, call(RESET_TRIP, "please"))

    assert result.StatusCode.value == StatusCodes.BadUserAccessDenied
    assert core.wishes == []


async def test_there_are_no_other_methods(door: RequestDoor, core: Core) -> None:
    result = await door.call(OPERATOR, call(node_id("requests.explode"), "now"))

    assert result.StatusCode.value == StatusCodes.BadMethodInvalid
    assert core.wishes == []


def write(value: float | ua.Variant, node: str = HEAT_DEMAND) -> ua.WriteValue:
    variant = value if isinstance(value, ua.Variant) else ua.Variant(value, ua.VariantType.Double)
    return ua.WriteValue(
        NodeId=node_id(node), AttributeId=ua.AttributeIds.Value, Value=ua.DataValue(variant)
    )


def call(method: ua.NodeId, *arguments: object) -> ua.CallMethodRequest:
    return ua.CallMethodRequest(
        ObjectId=node_id("requests"),
        MethodId=method,
        InputArguments=[ua.Variant(argument) for argument in arguments],
    )
