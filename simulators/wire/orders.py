"""The write command `ascset`: what the unit is told to do, and what it says to that.

The manual knows softoff, reboot and help. Status codes are CGMiner's own numbers.
"""

from collections.abc import Callable, Mapping

from simulators.wire.shape import Answer
from simulators.wire.unit import UnitView

LONGEST_REBOOT_DELAY_S = 300
ECHO_CHARACTERS = 32
DONE = Answer("S", 119, "ASC 0 set OK")


def ascset(unit: UnitView, parameter: str) -> Answer:
    """Carry out `0,option[,argument]`."""
    number, _, rest = parameter.partition(",")
    option, comma, argument = rest.partition(",")
    if not number:
        return Answer("E", 15, "Missing device id parameter")
    if number != "0":
        return Answer("E", 107, f"Invalid ASC id {printable(number)} - range is 0 - 0")
    if not option:
        return Answer("E", 116, "Missing option after ASC number")
    order = _ORDERS.get(option)
    if order is None:
        return _failed(f"Unknown option: {printable(option)}")
    return order(unit, argument if comma else None)


def printable(text: str) -> str:
    """What of a client's words may be said back to it: short, and harmless on the wire."""
    return "".join(
        c for c in text[:ECHO_CHARACTERS] if c.isascii() and (c.isalnum() or c in "-_:. ")
    )


def _failed(why: str) -> Answer:
    return Answer("E", 120, f"ASC 0 set failed: {why}")


def _softoff(unit: UnitView, argument: str | None) -> Answer:
    if argument is not None:
        return _failed("softoff takes no argument")
    unit.sleep()
    return DONE


def _reboot(unit: UnitView, argument: str | None) -> Answer:
    # The delay is checked but not waited for: the unit restarts at once.
    if argument is None or not argument.isascii() or not argument.isdecimal():
        return _failed("reboot needs a delay in seconds")
    if len(argument) > len(str(LONGEST_REBOOT_DELAY_S)) or int(argument) > LONGEST_REBOOT_DELAY_S:
        return _failed(f"reboot delay range: 0 ~ {LONGEST_REBOOT_DELAY_S}")
    unit.reboot()
    return DONE


def _help(_unit: UnitView, _argument: str | None) -> Answer:
    return Answer("I", 118, "ASC 0 set info: " + "".join(f"{name}|" for name in _ORDERS))


_ORDERS: Mapping[str, Callable[[UnitView, str | None], Answer]] = {
    "help": _help,
    "reboot": _reboot,
    "softoff": _softoff,
}
