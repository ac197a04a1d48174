"""Subscriptions of a session: its own only, within limits, in no way that asyncua gets wrong."""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.server.internal_session import InternalSession
from asyncua.server.internal_subscription import InternalSubscription
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.opcua.limits import (
    ITEMS_PER_CALL,
    ITEMS_PER_SESSION,
    LONGEST_INTERVAL_MS,
    QUEUE,
    SHORTEST_INTERVAL_MS,
    SUBSCRIPTION_LIFE_MS,
    SUBSCRIPTION_SILENCE_MS,
    SUBSCRIPTIONS_PER_SESSION,
)
from controller.gateway.opcua.words import status


class OwnSubscriptions(InternalSession):
    """asyncua lets any session change any subscription; this one reaches its own alone."""

    def own(self) -> dict[int, InternalSubscription]:
        """The subscriptions of this session."""
        every = self.subscription_service.subscriptions.items()
        return {number: one for number, one in every if one.session_id == self.session_id}

    async def create_subscription(
        self,
        params: ua.CreateSubscriptionParameters,
        callback: Callable[..., Any],
        request_callback: Callable[..., Any] | None = None,
    ) -> ua.CreateSubscriptionResult:
        """Make a subscription with an interval that is one, and a life that ends."""
        if len(self.own()) >= SUBSCRIPTIONS_PER_SESSION:
            raise ServiceError(StatusCodes.BadTooManySubscriptions)
        interval_ms = params.RequestedPublishingInterval
        if not math.isfinite(interval_ms):
            interval_ms = LONGEST_INTERVAL_MS
        interval_ms = min(max(interval_ms, SHORTEST_INTERVAL_MS), LONGEST_INTERVAL_MS)
        params.RequestedPublishingInterval = interval_ms
        silent = int(SUBSCRIPTION_SILENCE_MS / interval_ms)
        params.RequestedMaxKeepAliveCount = _within(params.RequestedMaxKeepAliveCount, silent)
        life = int(SUBSCRIPTION_LIFE_MS / interval_ms)
        params.RequestedLifetimeCount = _within(params.RequestedLifetimeCount, life)
        return await super().create_subscription(params, callback, request_callback)

    def modify_subscription(
        self, params: ua.ModifySubscriptionParameters
    ) -> ua.ModifySubscriptionResult:
        """Answer with what stands: asyncua changes nothing."""
        self._check_own(params.SubscriptionId)
        return super().modify_subscription(params)

    async def delete_subscriptions(self, ids: Sequence[int]) -> list[ua.StatusCode]:
        """End some of its own."""
        own = self.own()
        mine = [number for number in dict.fromkeys(ids) if number in own]
        ended = dict(zip(mine, await super().delete_subscriptions(mine), strict=True))
        return [ended.get(number, _not_yours()) for number in ids]

    async def set_publishing_mode(
        self, params: ua.SetPublishingModeParameters
    ) -> list[ua.StatusCode]:
        """Switch some of its own on or off."""
        for number in params.SubscriptionIds:
            self._check_own(number)
        return await super().set_publishing_mode(params)

    def publish(
        self, acks: Iterable[ua.SubscriptionAcknowledgement] | None = None
    ) -> tuple[int, list[ua.StatusCode]]:
        """Take acknowledgements of its own; the count bounds how many requests may wait."""
        own = self.own()
        if not own:
            raise ServiceError(StatusCodes.BadNoSubscription)
        results = []
        for ack in acks or ():
            mine = own.get(ack.SubscriptionId)
            if mine is not None:
                mine.publish([ack.SequenceNumber])
            results.append(_not_yours() if mine is None else ua.StatusCode())
        return len(own), results

    def republish(self, params: ua.RepublishParameters) -> ua.NotificationMessage:
        """Say again what one of its own has said."""
        self._check_own(params.SubscriptionId)
        return super().republish(params)

    async def create_monitored_items(
        self, params: ua.CreateMonitoredItemsParameters
    ) -> list[ua.MonitoredItemCreateResult]:
        """Watch values; events and dead bands are not offered."""
        self._check_own(params.SubscriptionId)
        _check_count(params.ItemsToCreate)
        if self._watched() + len(params.ItemsToCreate) > ITEMS_PER_SESSION:
            raise ServiceError(StatusCodes.BadTooManyMonitoredItems)
        for item in params.ItemsToCreate:
            if item.ItemToMonitor.AttributeId == AttributeIds.EventNotifier:
                raise ServiceError(StatusCodes.BadMonitoredItemFilterUnsupported)
            _check_filter(item.RequestedParameters)
        return await super().create_monitored_items(params)

    async def modify_monitored_items(
        self, params: ua.ModifyMonitoredItemsParameters
    ) -> list[ua.MonitoredItemModifyResult]:
        """Change queues within bounds: asyncua takes any length, and none as without end."""
        self._check_own(params.SubscriptionId)
        _check_count(params.ItemsToModify)
        for item in params.ItemsToModify:
            _check_filter(item.RequestedParameters)
            item.RequestedParameters.QueueSize = _within(item.RequestedParameters.QueueSize, QUEUE)
        await asyncio.sleep(0)
        return await super().modify_monitored_items(params)

    async def set_monitoring_mode(
        self, params: ua.SetMonitoringModeParameters
    ) -> list[ua.StatusCode]:
        """Switch items of its own on or off."""
        self._check_own(params.SubscriptionId)
        return await super().set_monitoring_mode(params)

    async def delete_monitored_items(
        self, params: ua.DeleteMonitoredItemsParameters
    ) -> list[ua.StatusCode]:
        """Watch some no more."""
        self._check_own(params.SubscriptionId)
        _check_count(params.MonitoredItemIds)
        return await super().delete_monitored_items(params)

    def _check_own(self, number: int) -> None:
        if number not in self.own():
            raise ServiceError(StatusCodes.BadSubscriptionIdInvalid)

    def _watched(self) -> int:
        services = (one.monitored_item_srv for one in self.own().values())
        return sum(len(one._monitored_items) for one in services)  # noqa: SLF001 - no other count


def _check_count(items: Sequence[object]) -> None:
    if len(items) > ITEMS_PER_CALL:
        raise ServiceError(StatusCodes.BadTooManyOperations)


def _check_filter(wanted: ua.MonitoringParameters) -> None:
    """Only the plain filter: asyncua's dead band fails on a value that has turned bad."""
    match wanted.Filter:
        case None:
            return
        case ua.DataChangeFilter(DeadbandType=0):
            return
        case ua.ExtensionObject(TypeId=kind) if kind.is_null():
            wanted.Filter = None
        case _:
            raise ServiceError(StatusCodes.BadMonitoredItemFilterUnsupported)


def _not_yours() -> ua.StatusCode:
    return status(StatusCodes.BadSubscriptionIdInvalid)


def _within(wanted: int, cap: int) -> int:
    """A count from 1 to its cap; 0 leaves the choice to us."""
    return max(1, min(wanted, cap)) if wanted > 0 else max(1, cap)
