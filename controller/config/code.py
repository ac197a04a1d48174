"""One check of a configuration: how grave it is, what it looks for and the remedy."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """One check, as the reference describes it."""

    severity: Severity
    meaning: str
    remedy: str


def error(meaning: str, remedy: str) -> Code:
    """A mistake with which no program of the plant runs."""
    return Code("error", meaning, remedy)


def warning(meaning: str, remedy: str) -> Code:
    """A doubt: the plant runs, perhaps not as it was meant."""
    return Code("warning", meaning, remedy)
