"""What a run has come to, as it stands in the report; times are the plant's, from the first step.

The JSON report is this, by its field names: fields may be added, none changes its meaning.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from controller.lab.hil.steps import Value

SCHEMA = 1

Result = Literal["passed", "failed", "aborted", "not run"]


@dataclass(slots=True)
class Setting:
    """One thing that was set, or put back."""

    what: str
    value: str
    done: bool
    why: str = ""


@dataclass(slots=True)
class Judged:
    """One expectation and what was measured; `reached_after_s` counts from when it was asked."""

    figure: str
    wanted: str
    unit: str
    low: float | None
    high: float | None
    within_s: float
    for_s: float
    passed: bool
    measured: Value | None = None
    reached_after_s: float | None = None
    lowest: float | None = None
    highest: float | None = None
    why: str = ""


@dataclass(slots=True)
class StepResult:
    """One step."""

    name: str
    say: str
    result: Result = "not run"
    begun_s: float | None = None
    ended_s: float | None = None
    asked: Setting | None = None
    set: list[Setting] = field(default_factory=list)
    until: list[Judged] = field(default_factory=list)
    expect: list[Judged] = field(default_factory=list)


@dataclass(slots=True)
class AlwaysResult:
    """One thing that must always have been so."""

    figure: str
    wanted: str
    unit: str
    low: float | None
    high: float | None
    passed: bool
    looks: int
    misses: int
    first_miss_s: float | None
    first_miss: Value | None
    lowest: float | None
    highest: float | None


@dataclass(slots=True)
class Series:
    """One figure over the run; None is a look without a value."""

    figure: str
    unit: str
    times_s: list[float] = field(default_factory=list)
    values: list[Value | None] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """The whole run."""

    name: str
    line: str
    file: str
    begun_utc: str
    speed: float
    connected: dict[str, str]
    given: dict[str, float]
    steps: list[StepResult]
    result: Result = "aborted"
    why: str = ""
    ended_utc: str = ""
    lasted_s: float = 0.0
    always: list[AlwaysResult] = field(default_factory=list)
    restored: list[Setting] = field(default_factory=list)
    figures: list[Series] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The whole as JSON takes it."""
        return {"schema": SCHEMA, **asdict(self)}
