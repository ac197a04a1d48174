"""The write command `ascset`: what the unit is told to do, and what it says to that.

Every unit but a chain knows softoff, reboot and help; whether and how it takes work modes is its
personality. What a chain's modules can be told (fans, frequencies, voltages) is listed, not played.
Status codes are CGMiner's own numbers. Replies to modes that change live follow the published
firmware of the Nano 3S, those to modes that wait for a restart the maker's manual of the A10.
"""

from collections.abc import Callable, Mapping
from functools import partial

from simulators.description import WORK_MODES, Personality
from simulators.wire.chain import HELP
from simulators.wire.shape import Answer
from simulators.wire.unit import UnitView

LONGEST_REBOOT_DELAY_S = 300
ECHO_CHARACTERS = 32
STAMP_DIGITS, FARTHEST_AHEAD_S = 12, 60
WORK_MODE = "workmode"
QUERY = "255"
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
    order = _ORDERS[unit.personality].get(option)
    if order is None:
        if option == WORK_MODE and unit.personality != "chain":
            return _failed("not support")
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


def _help(unit: UnitView, _argument: str | None) -> Answer:
    return _info("".join(f"{name}|" for name in _ORDERS[unit.personality]))


def _mode_live(unit: UnitView, argument: str | None) -> Answer:
    """`workmode,get` and `workmode,set,N`: effective at once, refused while calibrating."""
    verb, _, number = (argument or "").partition(",")
    now = unit.read()
    if verb == "get" and not number:
        return _info(f"WORKMODE[{now.mode}]")
    if verb != "set":
        return _failed("workmode needs get or set")
    mode = _mode_number(number)
    if mode is None:
        return _failed(f"error:1 not support set workmode max_mode[{len(WORK_MODES) - 1}]")
    if not now.calibrated:
        return _failed(f"current mode {now.mode} is caling")
    unit.set_mode(mode)
    return DONE


def _mode_stored(unit: UnitView, argument: str | None) -> Answer:
    """`workmode,255` and `workmode,N`: kept, and effective after a restart."""
    if argument == QUERY:
        return _info(f"WORKMODE[{unit.read().stored_mode}]")
    mode = _mode_number(argument or "")
    if mode is None:
        return _failed(f"workmode range: 0 ~ {len(WORK_MODES) - 1}")
    unit.set_mode(mode)
    return _info(f"WORKMODE[{mode}]")


def _mode_number(text: str) -> int | None:
    known = [str(number) for number in range(len(WORK_MODES))]
    return int(text) if text in known else None


def _info(text: str) -> Answer:
    return Answer("I", 118, f"ASC 0 set info: {text}")


def _stamped(unit: UnitView, argument: str | None, *, asleep: bool) -> Answer:
    """`1:UNIX`: carried out when the unit's own clock shows that time, soon and not in the past.

    It answers as a public library that knows live hydro units expects; a Q answers otherwise.
    """
    word = "softoff" if asleep else "softon"
    one, colon, stamp = (argument or "").partition(":")
    if one != "1" or not colon or not stamp.isascii() or not stamp.isdecimal():
        return _failed(f"{word} needs 1 and a time")
    ahead_s = int(stamp[:STAMP_DIGITS]) - unit.when(unit.read())
    if not 0 < ahead_s <= FARTHEST_AHEAD_S:
        return _failed(f"{word} time is not in the next {FARTHEST_AHEAD_S} s")
    unit.order_in(float(ahead_s), asleep=asleep)
    return DONE


Orders = Mapping[str, Callable[[UnitView, str | None], Answer]]

_ALWAYS: Orders = {"help": _help, "reboot": _reboot, "softoff": _softoff}
_ORDERS: Mapping[Personality, Orders] = {
    "sleep_only": _ALWAYS,
    "modes_live": {**_ALWAYS, WORK_MODE: _mode_live},
    "modes_reboot": {**_ALWAYS, WORK_MODE: _mode_stored},
    "chain": {"help": lambda _unit, _argument: _info(HELP)},
    "stamped": {
        **_ALWAYS,
        "softoff": partial(_stamped, asleep=True),
        "softon": partial(_stamped, asleep=False),
    },
}
