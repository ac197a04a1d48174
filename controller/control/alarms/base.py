"""The base machine of an alarm: states A to F of ISA-18.2, for many alarms at once.

Shelved, suppressed and out of service are flags beside it: the machine runs on under them.
"""

from enum import IntEnum

import numpy as np

from controller.image.fleet import Bytes, Flags


class Base(IntEnum):
    """State of one alarm, with the letters of ISA-18.2."""

    NORMAL = 0  # A
    UNACKED = 1  # B
    ACKED = 2  # C
    RETURNED = 3  # D: returned to normal, not acknowledged
    LATCHED = 4  # E: latched, not acknowledged
    LATCHED_ACKED = 5  # F


LETTERS = "ABCDEF"

_RAISED = np.array([1, 1, 2, 1, 1, 2], np.int8)
"""Where each state goes while the condition stands: F goes back to C, for it was acknowledged."""
_CLEARED = np.array([0, 3, 0, 3, 4, 5], np.int8)
"""Where each state goes when the condition is over."""
_CLEARED_LATCHING = np.array([0, 4, 5, 3, 4, 5], np.int8)
_STANDS = np.isin(np.arange(6), (Base.UNACKED, Base.ACKED))
_WAITS = np.isin(np.arange(6), (Base.UNACKED, Base.RETURNED, Base.LATCHED))
_ACKED = np.array([0, 2, 2, 0, 5, 5], np.int8)


def by_condition(base: Bytes, standing: Flags, latching: Flags) -> Bytes:
    """One step by the condition alone."""
    cleared = np.where(latching, _CLEARED_LATCHING[base], _CLEARED[base])
    return np.where(standing, _RAISED[base], cleared).astype(np.int8)


def acknowledged(base: Bytes) -> Bytes:
    """B to C, D to A, E to F; the condition is not touched by it."""
    return _ACKED[base]


def may_reset(base: int) -> bool:
    """Only what has cleared and was acknowledged: F goes to A, nothing else does."""
    return base == Base.LATCHED_ACKED


def stands(base: Bytes) -> Flags:
    """Whether the condition stands in this state."""
    return _STANDS[base]


def waits(base: Bytes) -> Flags:
    """Whether somebody is still to acknowledge it."""
    return _WAITS[base]
