"""What an Avalon says of its power supply: `PS[…]` in each of its layouts, and WALLPOWER.

Usual (A10 manual v0.4 section 2.9, Canaan Nano3S firmware source `power_info`): error bits,
control voltage, board voltage, board current, DC power, voltage set-point and, since A11, power at
the wall. The Nano3 (captured: `0 0 0 3 2792 89 324` at work level 90 W, set-point 324) has board
voltage, power and set-point in the last three places, and does not say on which side it measures.
"""

from typing import Final, NamedTuple

from drivers.cgminer.fields import Fields, checked, number
from drivers.errors import BadReply

# DC to wall power where only DC is told. Captured: 1246 0.91, 1346 0.934, 15-194 0.945.
SUPPLY_EFFICIENCY: Final = 0.93

POWER_W: Final = (0.0, 20_000.0)
VOLTS: Final = (0.0, 100_000.0)  # 10 mV, on some models mV
CURRENT_A: Final = (0.0, 100_000.0)
BITMAP: Final = (0.0, 65_535.0)

CONTROL, CURRENT, DC, WALL = 1, 3, 4, 6
NANO3_POWER: Final = 5
SHORTEST: Final = 5
LIMITS: Final = (BITMAP, VOLTS, VOLTS, CURRENT_A, POWER_W, VOLTS, POWER_W)


class Supply(NamedTuple):
    """What the supply says; `estimated` where the power is not said to be the wall's."""

    errors: int | None
    board_a: float | None
    power_w: float | None
    estimated: bool


SILENT: Final = Supply(None, None, None, estimated=False)


def supply_in(fields: Fields, *, nano3: bool) -> Supply:
    """Errors, board current and power; nothing from a supply that only says zeros."""
    told = fields.get("PS", "")
    words = told.split()
    wall_w = number(fields, "WALLPOWER", POWER_W)
    if not words:
        return SILENT if wall_w is None else Supply(None, None, wall_w, estimated=False)
    if len(words) < SHORTEST:
        raise BadReply(f"PS: expected at least {SHORTEST} numbers, got {len(words)}")
    values = _values(words)
    # Captured 1047 whose supply is not heard (POW_I2C[FAILED]): zeros that measure nothing.
    if not wall_w and all(value == 0.0 for value in values):
        return SILENT
    if values[0] is None:
        raise BadReply("PS: expected error bits as its first number")
    power_w, estimated = _nano3_w(values) if nano3 else _power_w(wall_w, values)
    return Supply(int(values[0]), values[CURRENT], power_w, estimated)


def _values(words: list[str]) -> list[float | None]:
    """The numbers of PS, each in its range; None for nan."""
    # What later firmware may add behind the wall power is not ours to judge.
    return [checked("PS", *pair) for pair in zip(words, LIMITS, strict=False)]


def _power_w(wall_w: float | None, values: list[float | None]) -> tuple[float | None, bool]:
    """Wall power, and whether it had to be made from the DC side."""
    drawing = bool(values[CURRENT])
    for told_w in (wall_w, values[WALL] if len(values) > WALL else None):
        # Boards that draw current draw it from the wall: a zero there is no measurement.
        if told_w is not None and not (told_w == 0.0 and drawing):
            return told_w, False
    dc_w = values[DC]
    if dc_w is None or (dc_w == 0.0 and (drawing or values[CONTROL] == 0.0)):
        return None, False
    return dc_w / SUPPLY_EFFICIENCY, True


def _nano3_w(values: list[float | None]) -> tuple[float | None, bool]:
    power_w = values[NANO3_POWER] if len(values) > NANO3_POWER else None
    return power_w, power_w is not None
