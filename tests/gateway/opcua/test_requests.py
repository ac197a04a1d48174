"""A wish travels from an OPC UA program to core and its verdict back."""

import pytest
from asyncua import ua
from asyncua.ua.uaerrors import (
    BadInvalidState,
    BadNotWritable,
    BadOutOfRange,
    BadTypeMismatch,
    BadUserAccessDenied,
)

from tests.gateway.plant import Plant
from tests.gateway.visitors import visitor

pytestmark = [pytest.mark.real_sockets, pytest.mark.asyncio(loop_scope="module")]

HEAT = "ns=2;s=requests.heat_demand_kw"


async def test_a_write_becomes_a_request_with_its_sender(plant: Plant) -> None:
    async with visitor(plant) as client:
        await client.get_node(HEAT).write_value(900.0)
        read = await client.get_node(HEAT).read_value()

    (wish,) = plant.asked
    assert (wish.name, wish.value, wish.role) == ("heat_demand_kw", 900.0, "operator")
    assert wish.source == "opcua:olga@127.0.0.1"
    assert wish.expires_in_s == 900.0
    assert read == 900.0


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (float("nan"), BadOutOfRange),
        (float("inf"), BadOutOfRange),
        (1e308, BadOutOfRange),
        (-1.0, BadOutOfRange),
        (900, BadTypeMismatch),
        ("much", BadTypeMismatch),
    ],
)
async def test_a_value_that_is_none_is_refused(
    plant: Plant, value: object, refusal: type[ua.UaError]
) -> None:
    async with visitor(plant) as client:
        with pytest.raises(refusal):
            await client.get_node(HEAT).write_value(value)

    assert plant.asked == []


async def test_a_viewer_sees_but_does_not_ask(plant: Plant) -> None:
    async with visitor(plant, "vera") as client:
        mode = await client.get_node("ns=2;s=plant.mode").read_value()
        with pytest.raises(BadUserAccessDenied):
            await client.get_node(HEAT).write_value(900.0)
        with pytest.raises(BadUserAccessDenied):
            await client.get_node("ns=2;s=requests").call_method("2:ResetTrip", "please")

    assert mode == "running"
    assert plant.asked == []


async def test_a_measurement_cannot_be_written(plant: Plant) -> None:
    async with visitor(plant, "emil") as client:
        with pytest.raises(BadNotWritable):
            await client.get_node("ns=2;s=district.supply_temperature_c").write_value(20.0)


async def test_cores_refusal_reaches_the_writer(plant: Plant) -> None:
    plant.refusal = "tripped"
    async with visitor(plant) as client:
        with pytest.raises(BadInvalidState):
            await client.get_node(HEAT).write_value(900.0)


async def test_methods_give_back_cores_words(plant: Plant) -> None:
    plant.refusal = "the cause is still there"
    async with visitor(plant) as client:
        requests = client.get_node("ns=2;s=requests")
        answer = await requests.call_method("2:ResetTrip", "pump repaired")

    assert answer == [False, "the cause is still there"]
    assert [(wish.name, wish.reason) for wish in plant.asked] == [("trip_reset", "pump repaired")]


async def test_any_request_can_be_asked_by_name(plant: Plant) -> None:
    async with visitor(plant, "bodil") as client:
        requests = client.get_node("ns=2;s=requests")
        asked = await requests.call_method("2:Ask", "heat_nomination_kw", "4200", 60.0, "cold")
        withdrawn = await requests.call_method("2:Withdraw", "heat_nomination_kw", "warm again")
        with pytest.raises(BadUserAccessDenied):
            await requests.call_method("2:SetPlantMode", "off", "not hers to order")

    assert asked == withdrawn == [True, "accepted"]
    assert [(wish.name, wish.value, wish.role) for wish in plant.asked] == [
        ("heat_nomination_kw", "4200", "buyer"),
        ("withdraw", "heat_nomination_kw", "buyer"),
    ]


async def test_an_operator_orders_a_mode(plant: Plant) -> None:
    async with visitor(plant) as client:
        requests = client.get_node("ns=2;s=requests")
        answer = await requests.call_method("2:SetPlantMode", "standby", "summer")

    (wish,) = plant.asked
    assert answer == [True, "accepted"]
    assert (wish.name, wish.value, wish.reason) == ("plant_mode", "standby", "summer")
