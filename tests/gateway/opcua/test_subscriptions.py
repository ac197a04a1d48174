"""A subscription asks for little enough, for not too long, and for what is offered: fault 84."""

import math

import pytest
from asyncua import Client, ua
from asyncua.ua.uaerrors import (
    BadMonitoredItemFilterUnsupported,
    BadServiceUnsupported,
    BadTooManySubscriptions,
)

from tests.gateway.plant import Plant
from tests.gateway.visitors import send, visitor

pytestmark = [pytest.mark.real_sockets, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(
    ("asked_ms", "given_ms"),
    [(0.0, 100.0), (1e-9, 100.0), (-5.0, 100.0), (500.0, 500.0), (1e9, 10_000.0)],
)
async def test_an_interval_is_neither_nothing_nor_endless(
    plant: Plant, asked_ms: float, given_ms: float
) -> None:
    async with visitor(plant) as client:
        result = await subscribe(client, asked_ms)

    assert result.RevisedPublishingInterval == given_ms


async def test_an_interval_that_is_no_number_is_the_longest(plant: Plant) -> None:
    async with visitor(plant) as client:
        result = await subscribe(client, math.nan)

    assert result.RevisedPublishingInterval == 10_000.0


async def test_a_subscription_that_nobody_asks_after_ends_within_a_minute(plant: Plant) -> None:
    async with visitor(plant) as client:
        result = await subscribe(client, 500.0, life=4_000_000_000)

    assert result.RevisedLifetimeCount * result.RevisedPublishingInterval <= 60_000.0
    assert result.RevisedMaxKeepAliveCount * result.RevisedPublishingInterval <= 20_000.0


async def test_a_session_has_ten_subscriptions_at_most(plant: Plant) -> None:
    async with visitor(plant) as client:
        for _ in range(10):
            await subscribe(client, 500.0)

        with pytest.raises(BadTooManySubscriptions):
            await subscribe(client, 500.0)


async def test_a_queue_is_bounded_when_it_is_made_and_when_it_is_changed(plant: Plant) -> None:
    async with visitor(plant) as client:
        number = (await subscribe(client, 500.0)).SubscriptionId
        (made,) = await watch(client, number, queue=0)
        change = ua.MonitoredItemModifyRequest(MonitoredItemId=made.MonitoredItemId)
        change.RequestedParameters.QueueSize = 1_000_000
        params = ua.ModifyMonitoredItemsParameters(SubscriptionId=number, ItemsToModify=[change])
        (changed,) = await client.uaclient.session.modify_monitored_items(params)

    assert made.RevisedQueueSize == 100
    assert changed.RevisedQueueSize == 100


async def test_a_dead_band_is_not_offered(plant: Plant) -> None:
    band = ua.DataChangeFilter(DeadbandType=1, DeadbandValue=0.5)
    async with visitor(plant) as client:
        number = (await subscribe(client, 500.0)).SubscriptionId

        with pytest.raises(BadMonitoredItemFilterUnsupported):
            await watch(client, number, wanted=band)


async def test_events_are_not_offered(plant: Plant) -> None:
    async with visitor(plant) as client:
        number = (await subscribe(client, 500.0)).SubscriptionId

        with pytest.raises(BadMonitoredItemFilterUnsupported):
            await watch(client, number, attribute=ua.AttributeIds.EventNotifier)


async def test_subscriptions_cannot_be_carried_off(plant: Plant) -> None:
    async with visitor(plant) as owner, visitor(plant, "vera") as thief:
        number = (await subscribe(owner, 500.0)).SubscriptionId
        request = ua.TransferSubscriptionsRequest()
        request.Parameters.SubscriptionIds = [number]

        with pytest.raises(BadServiceUnsupported):
            await send(thief, request)


async def subscribe(
    client: Client, interval_ms: float, life: int = 1000
) -> ua.CreateSubscriptionResult:
    request = ua.CreateSubscriptionRequest()
    request.Parameters.RequestedPublishingInterval = interval_ms
    request.Parameters.RequestedLifetimeCount = life
    request.Parameters.RequestedMaxKeepAliveCount = life
    request.Parameters.PublishingEnabled = True
    answer = await send(client, request)
    return ua.ua_binary.struct_from_binary(ua.CreateSubscriptionResponse, answer).Parameters


async def watch(
    client: Client,
    number: int,
    queue: int = 1,
    wanted: object = None,
    attribute: int = ua.AttributeIds.Value,
) -> list[ua.MonitoredItemCreateResult]:
    item = ua.MonitoredItemCreateRequest()
    item.ItemToMonitor.NodeId = ua.NodeId("plant.mode", 2)
    item.ItemToMonitor.AttributeId = attribute
    item.MonitoringMode = ua.MonitoringMode.Reporting
    item.RequestedParameters.QueueSize = queue
    item.RequestedParameters.Filter = wanted
    params = ua.CreateMonitoredItemsParameters(SubscriptionId=number, ItemsToCreate=[item])
    return await client.uaclient.session.create_monitored_items(params)
