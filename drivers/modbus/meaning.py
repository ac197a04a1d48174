"""What a number in a register means: one of several states, on or off, or times a factor beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING, Literal

from drivers.errors import BadReply

if TYPE_CHECKING:
    from drivers.modbus.register import Register

States = tuple[tuple[int, str], ...]
"""Numbers that a register may hold, each with its word."""

# Powers of ten beyond this are no factor of a meter but garbage.
MOST_TENS = 12


@dataclass(frozen=True, slots=True)
class Flag:
    """How a number tells on and off: by values of its own for each, or by being above a limit.

    Without values for off, every other number that the register may hold is off; a number that is
    neither is not known. The first value of each is the one that is written.
    """

    on: tuple[float, ...] = ()
    off: tuple[float, ...] = ()
    above: float | None = None

    def of(self, number: float) -> bool | None:
        """Whether this number is on; None where it is neither on nor off."""
        if self.above is not None:
            return number > self.above
        if _one_of(self.on, number):
            return True
        return False if not self.off or _one_of(self.off, number) else None

    def number(self, on: bool) -> float:  # noqa: FBT001 - it is what is written
        """The number to write for on or off; ValueError where there is none."""
        chosen = self.on if on else self.off
        if not chosen:
            raise ValueError(f"no number is given for {'on' if on else 'off'}")
        return chosen[0]


def _one_of(values: tuple[float, ...], number: float) -> bool:
    """Whether the number is one of them, but for what its scale has rounded."""
    return any(isclose(number, value, rel_tol=1e-9, abs_tol=1e-9) for value in values)


@dataclass(frozen=True, slots=True)
class Beside:
    """A register beside a value that tells its factor, its power of ten or its unit.

    `codes` are the unit's numbers, each with factor and offset into the unit of the value.
    """

    register: "Register"
    means: Literal["factor", "power_of_ten", "unit"]
    codes: tuple[tuple[int, float, float], ...] = ()

    def apply(self, value: float, words: Sequence[int]) -> float | None:
        """The value with its factor or in its unit; None where the device does not tell it."""
        told = self.register.decode(words)
        if told is None:
            return None
        match self.means:
            case "factor":
                return value * told
            case "power_of_ten":
                if abs(told) > MOST_TENS:
                    raise BadReply(f"{self.register.name}: 10 to the power of {told:g}")
                # 10 ** -2 is not the nearest number to 0.01, a division by 100 is.
                return value * 10.0**told if told >= 0 else value / 10.0**-told
            case "unit":
                for code, factor, offset in self.codes:
                    if code == told:
                        return value * factor + offset
                known = ", ".join(str(code) for code, _, _ in self.codes)
                raise BadReply(f"{self.register.name}: unit {told:g} is none of {known}")
