"""What a device shows of its points while some of their sensors, or the device itself, are broken.

Chance is cast by seed, name and second, so that it does not matter how often somebody looks.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from simulators.fault_verbs import Fault

Value = float | bool
Shown = Value | None

DECIMALS: Final = 2
DELAYED_LOOKS: Final = 20_000

# What a discrete input shows when its sensor is broken: the side on which a plant must stop.
UNSAFE_VALUE: Final = {"flow_proven": False, "leak": True}

# How far a garbled number goes to either side, and how far a wrong one is off, by its unit.
GARBLED: Final = {"_c": 300.0, "_lpm": 20_000.0, "_kpa": 3_000.0, "_pct": 300.0, "_kw": 20_000.0}
GARBLED_ELSE: Final = 60_000.0
WRONG_K: Final = 5.0
WRONG_SHARE: Final = 1.1


@dataclass(slots=True)
class Memory:
    """What one broken sensor remembers since it broke."""

    fault: Fault
    first: Shown
    shown: Shown
    seen_s: float
    looks: deque[tuple[float, Shown]] = field(default_factory=lambda: deque(maxlen=DELAYED_LOOKS))


class BrokenSensors:
    """The broken points of one device; `broken` names them, by point, whenever it is asked."""

    def __init__(self, broken: Callable[[Iterable[str]], Mapping[str, Fault]], seed: int) -> None:
        self._broken = broken
        self._seed = seed
        self._memories: dict[str, Memory] = {}

    def show(self, points: Mapping[str, Shown], now_s: float) -> dict[str, Shown]:
        """The points as they are shown; what is sound shows what it is given."""
        shown = dict(points)
        broken = self._broken(points)
        for name in self._memories.keys() - broken.keys():
            del self._memories[name]
        for name, fault in broken.items():
            if name in points:
                shown[name] = self._one(name, fault, points[name], now_s)
        return shown

    def _one(self, name: str, fault: Fault, value: Shown, now_s: float) -> Shown:
        memory = self._memories.get(name)
        if memory is None or memory.fault is not fault:
            memory = self._memories[name] = Memory(fault, value, value, now_s)
        dice = Random(f"{self._seed} {name} {math.floor(now_s)}")
        match fault.verb:
            case "off":
                shown = _nothing(name, value)
            case "stuck":
                shown = memory.first
            case "garbage":
                shown = _rounded(_garbled(name, value, dice))
            case "wrong":
                shown = _rounded(_changed(name, value, fault))
            case "slow" if not isinstance(value, bool):
                shown = _rounded(_lagging(memory, value, now_s))
            case "slow" | "delayed":
                shown = _before(memory, value, now_s)
            case "intermittent":
                shown = _nothing(name, value) if dice.random() < fault.value else value
            case _:
                shown = value
        return shown


def _rounded(value: Shown) -> Shown:
    """A number as fine as any instrument tells it."""
    return value if value is None or isinstance(value, bool) else round(value, DECIMALS)


def _nothing(name: str, value: Shown) -> Shown:
    """A number that is not available, a switch on its unsafe side."""
    return UNSAFE_VALUE.get(name.rpartition(".")[2], False) if isinstance(value, bool) else None


def _garbled(name: str, value: Shown, dice: Random) -> Shown:
    if isinstance(value, bool):
        return dice.random() < 0.5  # noqa: PLR2004 - a coin
    reach = next((size for end, size in GARBLED.items() if name.endswith(end)), GARBLED_ELSE)
    return dice.uniform(-reach, reach)


def _changed(name: str, value: Shown, fault: Fault) -> Shown:
    """Wrong by what was said; a temperature usually by 5 K, another number by a tenth."""
    if isinstance(value, bool):
        return not value if fault.usual else bool(fault.value)
    if value is None:
        return None
    if fault.usual:
        return value + WRONG_K if name.endswith("_c") else value * WRONG_SHARE
    return fault.changed(value)


def _lagging(memory: Memory, value: float | None, now_s: float) -> Shown:
    """First order behind what is true."""
    dt_s, memory.seen_s = now_s - memory.seen_s, now_s
    before = memory.shown
    if value is None or before is None:
        memory.shown = value
    else:
        memory.shown = before + (value - before) * -math.expm1(-dt_s / memory.fault.value)
    return memory.shown


def _before(memory: Memory, value: Shown, now_s: float) -> Shown:
    """What was true so long ago, and until then what was true when it broke."""
    looks = memory.looks
    if not looks or looks[-1][0] < now_s:
        looks.append((now_s, value))
    while len(looks) > 0 and looks[0][0] <= now_s - memory.fault.value:
        memory.shown = looks.popleft()[1]
    return memory.shown
