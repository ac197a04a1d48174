"""What people may ask through OPC UA: heat, its withdrawal, the reset of a trip; core decides."""

import math
from collections.abc import Awaitable, Callable, Sequence

import structlog
from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.desk import Wish
from controller.gateway.login import Visitor
from controller.gateway.opcua.words import node_id, status
from controller.gateway.settings import OpcUaSettings
from controller.link.client import LinkLost, NoVerdict
from controller.link.messages import Verdict

HEAT_DEMAND = "requests.heat_demand_kw"
TRIP_RESET = "trip_reset"
REQUEST_HEAT = node_id("requests.request_heat")
WITHDRAW_HEAT = node_id("requests.withdraw_heat")
RESET_TRIP = node_id("requests.reset_trip")

DOOR = "opcua"
MAY_ASK = frozenset({"operator", "engineer"})
# A reset or a withdrawal is done or refused in the next scan; later than this it must not happen.
AT_ONCE_S = 10.0
LONGEST_REASON = 200

log = structlog.get_logger()


Ask = Callable[[Wish], Awaitable[Verdict]]
Show = Callable[[float | None, float], Awaitable[None]]
"""Shows an accepted heat demand, in kW, for so many seconds; None when it is withdrawn."""


class RequestDoor:
    """Checks role, type and range before core is asked, and writes down what became of it."""

    def __init__(self, settings: OpcUaSettings, ask: Ask, show: Show) -> None:
        self._settings = settings
        self._ask = ask
        self._show = show
        self._heat = node_id(HEAT_DEMAND)

    async def write(self, visitor: Visitor, value: ua.WriteValue) -> ua.StatusCode:
        """A write to the heat demand is a request with the default expiry; nothing else is."""
        outcome = self._refuse_write(visitor, value)
        if outcome is None:
            minutes = self._settings.heat_request_default_minutes
            verdict = await self._decide(self._heat_wish(visitor, _number(value), minutes, ""))
            outcome = verdict if isinstance(verdict, int) else _of(verdict)
        _note(visitor, _word(value.NodeId), outcome)
        return status(outcome)

    async def call(self, visitor: Visitor, request: ua.CallMethodRequest) -> ua.CallMethodResult:
        """A method's answer: accepted or not, and why."""
        if visitor.role not in MAY_ASK:
            _note(visitor, _word(request.MethodId), StatusCodes.BadUserAccessDenied)
            return _failed(StatusCodes.BadUserAccessDenied)
        wish = self._wish(visitor, request)
        if isinstance(wish, ua.CallMethodResult):
            _note(visitor, _word(request.MethodId), wish.StatusCode.value)
            return wish
        verdict = await self._decide(wish)
        if isinstance(verdict, int):
            _note(visitor, wish.name, verdict)
            return _failed(verdict)
        _note(visitor, wish.name, _of(verdict))
        return ua.CallMethodResult(
            OutputArguments=[
                ua.Variant(verdict.accepted, ua.VariantType.Boolean),
                ua.Variant(verdict.reason, ua.VariantType.String),
            ]
        )

    def _refuse_write(self, visitor: Visitor, value: ua.WriteValue) -> int | None:
        held = value.Value.Value
        if visitor.role not in MAY_ASK:
            return StatusCodes.BadUserAccessDenied
        if value.NodeId != self._heat or value.AttributeId != AttributeIds.Value:
            return StatusCodes.BadNotWritable
        if value.IndexRange or (value.Value.StatusCode and not value.Value.StatusCode.is_good()):
            return StatusCodes.BadWriteNotSupported
        if held is None or held.VariantType != ua.VariantType.Double or held.is_array:
            return StatusCodes.BadTypeMismatch
        within = 0.0 <= _number(value) <= self._settings.max_heat_kw
        return None if within else StatusCodes.BadOutOfRange

    def _wish(self, visitor: Visitor, request: ua.CallMethodRequest) -> Wish | ua.CallMethodResult:
        given = request.InputArguments or []
        double, string = ua.VariantType.Double, ua.VariantType.String
        if request.MethodId == REQUEST_HEAT:
            bad = _wrong(given, (double, double, string)) or self._out_of_range(given)
            if bad is not None:
                return bad
            kw, minutes, reason = (argument.Value for argument in given)
            return self._heat_wish(visitor, kw, minutes, reason)
        name = {RESET_TRIP: TRIP_RESET, WITHDRAW_HEAT: "heat_demand_withdraw"}.get(request.MethodId)
        if name is None:
            return _failed(StatusCodes.BadMethodInvalid)
        bad = _wrong(given, (string,))
        if bad is not None:
            return bad
        return Wish(name, None, _plain(given[0].Value), AT_ONCE_S, DOOR, visitor)

    def _heat_wish(self, visitor: Visitor, kw: float, minutes: float, reason: str) -> Wish:
        return Wish("heat_demand_kw", kw, _plain(reason), minutes * 60.0, DOOR, visitor)

    def _out_of_range(self, given: Sequence[ua.Variant]) -> ua.CallMethodResult | None:
        """Written so that what is not a number is out of range too."""
        tops = (self._settings.max_heat_kw, self._settings.heat_request_max_minutes)
        kw, minutes = given[0].Value, given[1].Value
        fine = (0.0 <= kw <= tops[0], 0.0 < minutes <= tops[1], True)
        return None if all(fine) else _bad_arguments(fine, StatusCodes.BadOutOfRange)

    async def _decide(self, wish: Wish) -> Verdict | int:
        """Core's verdict, or the status that tells why there is none."""
        try:
            verdict = await self._ask(wish)
        except LinkLost:
            return StatusCodes.BadNoCommunication
        except NoVerdict:
            return StatusCodes.BadTimeout
        if verdict.accepted and wish.name != TRIP_RESET:
            await self._show(wish.value, wish.expires_in_s)
        return verdict


def _number(value: ua.WriteValue) -> float:
    held = value.Value.Value
    return math.nan if held is None else float(held.Value)


def _of(verdict: Verdict) -> int:
    return StatusCodes.Good if verdict.accepted else StatusCodes.BadInvalidState


def _wrong(
    given: Sequence[ua.Variant], kinds: tuple[ua.VariantType, ...]
) -> ua.CallMethodResult | None:
    if len(given) < len(kinds):
        return _failed(StatusCodes.BadArgumentsMissing)
    if len(given) > len(kinds):
        return _failed(StatusCodes.BadTooManyArguments)
    fine = tuple(
        argument.VariantType == kind and not argument.is_array and argument.Value is not None
        for argument, kind in zip(given, kinds, strict=True)
    )
    return None if all(fine) else _bad_arguments(fine, StatusCodes.BadTypeMismatch)


def _bad_arguments(fine: Sequence[bool], why: int) -> ua.CallMethodResult:
    result = _failed(StatusCodes.BadInvalidArgument)
    result.InputArgumentResults = [status(StatusCodes.Good if one else why) for one in fine]
    return result


def _failed(why: int) -> ua.CallMethodResult:
    return ua.CallMethodResult(StatusCode=status(why))


def _plain(reason: str) -> str:
    """A reason as it may stand in a journal: printable, not endless."""
    clean = reason.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter for letter in clean if letter.isprintable())[:LONGEST_REASON]


def _word(node: ua.NodeId) -> str:
    """A node as it may stand in a log: a stranger chose its name."""
    return _plain(str(node.Identifier))


def _note(visitor: Visitor, what: str, outcome: int) -> None:
    log.info(
        "opcua request",
        user=visitor.name,
        role=visitor.role,
        address=visitor.address,
        what=what,
        outcome=status(outcome).name,
    )
