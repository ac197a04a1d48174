"""What a loop remembers from scan to scan, and what it showed last."""

from dataclasses import dataclass
from typing import Literal

from controller.control.pi import PiState

LoopMode = Literal["manual", "automatic", "cascade"]
"""Whose output goes out: a person's, or the loop's at a person's set-point or at the plant's."""


REST = PiState()


@dataclass(frozen=True)
class LoopState:
    """The memory of one loop; what is None has not been known yet.

    `setpoint` and `value` are in the loop's unit, `output` in %. `leading` says that the set-point
    is still on its way back to the plant's, `easing` that the output is still on its way from where
    a change of mode has found it.
    """

    pi: PiState = REST
    mode: LoopMode = "cascade"
    setpoint: float | None = None
    value: float | None = None
    output: float | None = None
    leading: bool = False
    easing: bool = False
