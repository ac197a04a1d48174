"""The methods of the folder of requests: who may call them, and which wish each call becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asyncua import ua

from controller.gateway.desk import Wish
from controller.gateway.login import Visitor
from controller.gateway.opcua.arguments import NUMBER, WORDS
from controller.gateway.opcua.words import node_id

DOOR = "opcua"
OPERATORS = frozenset({"operator", "engineer"})
NOT_VIEWERS = OPERATORS | {"buyer", "grid"}
"""Who may ask at all; core knows who may ask for what."""

HEAT_NAME = "heat_demand_kw"
WITHDRAW_NAME = "withdraw"
WITHDRAW_HEAT_NAME = "heat_demand_withdraw"
RESET_NAME = "trip_reset"
MODE_NAME = "plant_mode"
_ON_ALARMS = ("ack", "reset", "unshelve", "out_of_service", "in_service")
AT_ONCE = frozenset({WITHDRAW_NAME, WITHDRAW_HEAT_NAME, RESET_NAME, MODE_NAME}) | {
    f"alarm_{act}" for act in _ON_ALARMS
}
"""What is done or refused in the next scan."""
# Later than this it must not happen.
AT_ONCE_S = 10.0

Values = Sequence[float | str]


@dataclass(frozen=True)
class Argument:
    """One argument of a method."""

    name: str
    kind: ua.VariantType
    meaning: str


@dataclass(frozen=True)
class Method:
    """One method; `wish` makes the wish from the arguments' values, in their order."""

    name: str
    inputs: tuple[Argument, ...]
    roles: frozenset[str]
    wish: Callable[[Visitor, Values], Wish]


def _heat(visitor: Visitor, given: Values) -> Wish:
    kw, minutes, reason = given
    return heat_wish(visitor, float(kw), float(minutes), printable(str(reason)))


def heat_wish(visitor: Visitor, kw: float, minutes: float, reason: str) -> Wish:
    """A demand of heat for so many minutes."""
    return Wish(HEAT_NAME, kw, reason, minutes * 60.0, DOOR, visitor)


def sound(value: float | str) -> float | str:
    """Words as they may travel: what is no letter at all is replaced by a question mark."""
    return value if isinstance(value, float) else value.encode("utf-8", "replace").decode("utf-8")


def printable(text: str) -> str:
    """Words as they may stand in a journal: without control characters."""
    return "".join(letter for letter in str(sound(text)) if letter.isprintable())


def _withdraw_heat(visitor: Visitor, given: Values) -> Wish:
    return Wish(WITHDRAW_HEAT_NAME, None, printable(str(given[0])), AT_ONCE_S, DOOR, visitor)


def _reset(visitor: Visitor, given: Values) -> Wish:
    return Wish(RESET_NAME, None, printable(str(given[0])), AT_ONCE_S, DOOR, visitor)


def _mode(visitor: Visitor, given: Values) -> Wish:
    return Wish(MODE_NAME, str(given[0]), str(given[1]), AT_ONCE_S, DOOR, visitor)


def _withdraw(visitor: Visitor, given: Values) -> Wish:
    return Wish(WITHDRAW_NAME, str(given[0]), str(given[1]), AT_ONCE_S, DOOR, visitor)


def _ask(visitor: Visitor, given: Values) -> Wish:
    name, value, minutes, reason = given
    life_s = AT_ONCE_S if name in AT_ONCE else float(minutes) * 60.0
    # Nothing written is no value; core reads the rest in the kind that the request has.
    return Wish(str(name), str(value) or None, str(reason), life_s, DOOR, visitor)


_REASON = Argument("reason", WORDS, "Why, for the journal")
_KW = Argument("kw", NUMBER, "Heat, kW")
_MINUTES = Argument("minutes", NUMBER, "How long it stands, min")
_MODE = Argument("mode", WORDS, "run, standby, off; an engineer's: fill, vent, strainer")
_NAME = Argument("name", WORDS, "Name of the request, or hand:<output>")
_VALUE = Argument("value", WORDS, "Value in words: a number, true, false, a mode, or nothing")

REQUEST_HEAT = node_id("requests.request_heat")
WITHDRAW_HEAT = node_id("requests.withdraw_heat")
RESET_TRIP = node_id("requests.reset_trip")
SET_MODE = node_id("requests.set_plant_mode")
ASK = node_id("requests.ask")
WITHDRAW = node_id("requests.withdraw")

METHODS: dict[ua.NodeId, Method] = {
    REQUEST_HEAT: Method("RequestHeat", (_KW, _MINUTES, _REASON), OPERATORS, _heat),
    WITHDRAW_HEAT: Method("WithdrawHeat", (_REASON,), OPERATORS, _withdraw_heat),
    RESET_TRIP: Method("ResetTrip", (_REASON,), OPERATORS, _reset),
    SET_MODE: Method("SetPlantMode", (_MODE, _REASON), OPERATORS, _mode),
    ASK: Method("Ask", (_NAME, _VALUE, _MINUTES, _REASON), NOT_VIEWERS, _ask),
    WITHDRAW: Method("Withdraw", (_NAME, _REASON), NOT_VIEWERS, _withdraw),
}
