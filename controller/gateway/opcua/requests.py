"""What people may ask through OPC UA: role, type, range are checked here; core decides."""

import math
from collections.abc import Awaitable, Callable, Sequence

import structlog
from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes

from controller.gateway.desk import Wish
from controller.gateway.login import Visitor
from controller.gateway.opcua.arguments import answered, bad_arguments, failed, wrong
from controller.gateway.opcua.methods import (
    AT_ONCE,
    HEAT_NAME,
    METHODS,
    OPERATORS,
    WITHDRAW_HEAT_NAME,
    WITHDRAW_NAME,
    Method,
    heat_wish,
    printable,
    sound,
)
from controller.gateway.opcua.words import node_id, status
from controller.gateway.settings import OpcUaSettings
from controller.link.client import LinkLost, NoVerdict
from controller.link.messages import Verdict

HEAT_DEMAND = "requests.heat_demand_kw"
LONGEST_REASON = 200
LONGEST_WORD = 100

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
            verdict = await self._decide(heat_wish(visitor, _number(value), minutes, ""))
            outcome = verdict if isinstance(verdict, int) else _of(verdict)
        _note(visitor, _word(value.NodeId), outcome)
        return status(outcome)

    async def call(self, visitor: Visitor, request: ua.CallMethodRequest) -> ua.CallMethodResult:
        """A method's answer: accepted or not, and why."""
        wish = self._wish(visitor, request)
        if isinstance(wish, ua.CallMethodResult):
            _note(visitor, _word(request.MethodId), wish.StatusCode.value)
            return wish
        verdict = _too_long(wish) or await self._decide(wish)
        if isinstance(verdict, int):
            _note(visitor, wish.name, verdict)
            return failed(verdict)
        _note(visitor, wish.name, _of(verdict))
        return answered(verdict)

    def _refuse_write(self, visitor: Visitor, value: ua.WriteValue) -> int | None:
        held = value.Value.Value
        if visitor.role not in OPERATORS:
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
        method = METHODS.get(request.MethodId)
        roles = OPERATORS if method is None else method.roles
        if visitor.role not in roles:
            return failed(StatusCodes.BadUserAccessDenied)
        if method is None:
            return failed(StatusCodes.BadMethodInvalid)
        given = request.InputArguments or []
        bad = wrong(given, tuple(argument.kind for argument in method.inputs))
        if bad is not None:
            return bad
        values = [sound(argument.Value) for argument in given]
        return self._out_of_range(method, values) or method.wish(visitor, values)

    def _out_of_range(
        self, method: Method, values: Sequence[float | str]
    ) -> ua.CallMethodResult | None:
        """Written so that what is not a number is out of range too."""
        settings = self._settings
        named = dict(zip((one.name for one in method.inputs), values, strict=True))
        # An order is done at once: how long it would stand says nothing.
        least = 0.0 if named.get("name") in AT_ONCE else math.nextafter(0.0, 1.0)
        ranges = {
            "kw": (0.0, settings.max_heat_kw),
            "minutes": (least, settings.heat_request_max_minutes),
        }
        fine = [
            name not in ranges or ranges[name][0] <= float(value) <= ranges[name][1]
            for name, value in named.items()
        ]
        return None if all(fine) else bad_arguments(fine, StatusCodes.BadOutOfRange)

    async def _decide(self, wish: Wish) -> Verdict | int:
        """Core's verdict, or the status that tells why there is none."""
        try:
            verdict = await self._ask(wish)
        except LinkLost:
            return StatusCodes.BadNoCommunication
        except NoVerdict:
            return StatusCodes.BadTimeout
        if verdict.accepted and wish.name == HEAT_NAME:
            await self._show(_kw(wish), wish.expires_in_s)
        elif verdict.accepted and _withdraws_heat(wish):
            await self._show(None, 0.0)
        return verdict


def _withdraws_heat(wish: Wish) -> bool:
    named = wish.name == WITHDRAW_NAME and str(wish.value).strip() == HEAT_NAME
    return named or wish.name == WITHDRAW_HEAT_NAME


def _kw(wish: Wish) -> float | None:
    """The number of a demand that core has accepted, also when it came in words."""
    try:
        return None if wish.value is None else float(wish.value)
    except ValueError:
        return None


def _number(value: ua.WriteValue) -> float:
    held = value.Value.Value
    return math.nan if held is None else float(held.Value)


def _of(verdict: Verdict) -> int:
    return StatusCodes.Good if verdict.accepted else StatusCodes.BadInvalidState


def _too_long(wish: Wish) -> Verdict | None:
    """A refusal of words that core would not take; it is not troubled with them."""
    words = (("name", wish.name, LONGEST_WORD), ("reason", wish.reason, LONGEST_REASON))
    value = wish.value if isinstance(wish.value, str) else ""
    for what, text, longest in (*words, ("value", value, LONGEST_WORD)):
        if len(text) > longest:
            return Verdict("", accepted=False, reason=f"its {what} has more than {longest} letters")
    return None


def _word(node: ua.NodeId) -> str:
    """A node as it may stand in a log: a stranger chose its name."""
    return printable(str(node.Identifier))[:LONGEST_REASON]


def _note(visitor: Visitor, what: str, outcome: int) -> None:
    log.info(
        "opcua request",
        user=visitor.name,
        role=visitor.role,
        address=visitor.address,
        what=printable(what)[:LONGEST_REASON],
        outcome=status(outcome).name,
    )
