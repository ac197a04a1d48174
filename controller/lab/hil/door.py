"""The contract of everything that steps can look through and act through."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from controller.lab.hil.steps import Value

Look = Mapping[str, Value | None]
"""What was seen, by the name behind the colon; None is no value."""


class DoorError(Exception):
    """Something was not done; the message says what, by whom, and why."""


@dataclass(frozen=True, slots=True)
class Undo:
    """How to put back what a step sets: where it lies, to what, and the deed."""

    point: str
    value: str
    do: Callable[[], Awaitable[object]]


class Door(Protocol):
    """One way into the plant or its controller; entered and left as a context manager."""

    where: str
    """What it leads to, for the report; never a secret."""

    async def unknown(self, read: Sequence[str], put: Sequence[str]) -> Mapping[str, str]:
        """The names that are not there, each with what is; DoorError when nobody answers."""

    async def look(self, names: Sequence[str]) -> Look:
        """What all of these are now; a door that does not answer shows no values."""

    async def undo(self, name: str) -> Undo | None:
        """How to put back what `name` is now, asked before it is set; None: nothing to put back."""

    async def put(self, name: str, value: Value, life_s: float) -> None:
        """Set it; what lapses by itself does so after `life_s` of the plant's time."""
