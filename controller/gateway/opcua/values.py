"""From what core says to what an OPC UA client reads: value, status and source time."""

import datetime as dt
import math
from typing import cast

from asyncua import ua
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.opcua.words import status
from controller.link.messages import Kind, TagValue

GOOD = status(StatusCodes.Good)
UNCERTAIN = status(StatusCodes.UncertainLastUsableValue)
BAD = status(StatusCodes.Bad)
NO_CORE = status(StatusCodes.BadNoCommunication)
NOT_YET = status(StatusCodes.BadWaitingForInitialData)
NO_DATA = status(StatusCodes.BadNoData)

STATUS = {2: GOOD, 1: UNCERTAIN}
TYPES: dict[Kind, ua.VariantType] = {
    "number": ua.VariantType.Double,
    "flag": ua.VariantType.Boolean,
    "text": ua.VariantType.String,
}
NULL = ua.Variant(None, ua.VariantType.Null)


def nothing(why: ua.StatusCode, at: ua.DateTime | None = None) -> ua.DataValue:
    """No value, and why."""
    return ua.DataValue(NULL, why, at)


def of_sample(sample: TagValue, kind: Kind) -> ua.DataValue:
    """A tag's sample; what is not of the tag's kind is bad."""
    at = when(sample.source_utc_s)
    known = STATUS.get(sample.quality)
    if known is None or sample.value is None or not _fits(sample.value, kind):
        return nothing(BAD, at)
    return ua.DataValue(ua.Variant(sample.value, TYPES[kind]), known, at)


def of_number(number: float, quality: ua.StatusCode, at: ua.DateTime | None) -> ua.DataValue:
    """A number of the fleet; one that is not finite is unknown."""
    if not math.isfinite(number):
        return nothing(BAD, at)
    return ua.DataValue(ua.Variant(number, ua.VariantType.Double), quality, at)


def of_state(state: int, quality: ua.StatusCode, at: ua.DateTime | None) -> ua.DataValue:
    """A whole number of the fleet."""
    return ua.DataValue(ua.Variant(state, ua.VariantType.Int32), quality, at)


def when(utc_s: float) -> ua.DateTime | None:
    """UTC for people; None for a time that there has not been."""
    if not math.isfinite(utc_s):
        return None
    return cast("ua.DateTime", dt.datetime.fromtimestamp(utc_s, dt.UTC))


def _fits(value: float | bool | str, kind: Kind) -> bool:  # noqa: FBT001 - a value, not a switch
    match kind:
        case "number":
            return isinstance(value, float) and math.isfinite(value)
        case "flag":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
