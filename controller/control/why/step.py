"""One link of the chain that explains a tag."""

from dataclasses import dataclass
from typing import Literal

Stage = Literal["value", "source", "request", "limit", "protection", "output", "read-back"]


@dataclass(frozen=True, slots=True)
class Step:
    """One link: which phase it belongs to, and what that phase says, in one line."""

    stage: Stage
    text: str
