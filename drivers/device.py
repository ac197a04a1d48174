"""The contract every device keeps: values in house units by tag, or an error by name.

A device has no clock, no memory of old values and no patience: it answers once or raises
`NoAnswer`, `BadReply` or `Refused`. Quality, back-off and repeats belong to whoever asks.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

Value = float | bool | None

InTime = Callable[[], bool]
"""Asked in the moment in which an order would leave: whether it is still meant."""

LoopSeconds = Callable[[float], float]
"""How many seconds of the event loop a number of real ones is, where the loop is hurried."""


class Readable(Protocol):
    """A device that tells what it measures."""

    @property
    def name(self) -> str:
        """The plant's name for the device."""

    async def read(self, group: str) -> dict[str, Value]:
        """Every wanted tag of one group, None where the device has no valid reading."""

    async def close(self) -> None:
        """Let go of the connection; the next request opens it again."""


class Writable(Readable, Protocol):
    """A device that also takes orders."""

    async def write(self, values: Mapping[str, float | bool]) -> None:
        """Order these values; NoAnswer leaves open whether the device took them, so read back."""
