"""What differs between WhatsMiner models, as data: rating, levers, and where the water is measured.

Each file in dialects/ names the source of its figures. A model that nobody has described is only
listened to.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

FOLDER: Final = Path(__file__).parent / "dialects"
Lever = Literal["power_percent", "power"]
Speed = Literal["fast", "normal"]
Water = Literal["inlet", "outlet"]
FULL_PCT: Final = 100


@dataclass(frozen=True, slots=True)
class Dialect:
    """One model: how its power is set, from which share on, and what its temperatures mean.

    `lever` is the order that sets its power, `speed` how it is carried out, and `liquid` which end
    of the water `liquid-temperature` is. A unit whose service is stopped draws less than
    `asleep_below_kw`.
    """

    name: str
    source: str
    models: tuple[str, ...] = ()
    verified: bool = False
    accepted: bool = False
    rated_kw: float | None = None
    rated_ths: float | None = None
    lever: Lever | None = None
    speed: Speed = "normal"
    least_power_pct: int = FULL_PCT
    liquid: Water = "outlet"
    asleep_below_kw: float = 0.2

    @property
    def may_command(self) -> bool:
        """Whether the plant may count on it: seen or accepted, and with a lever."""
        return self.lever is not None and (self.verified or self.accepted)

    @property
    def levers(self) -> tuple[str, ...]:
        """What may be ordered, in words."""
        if self.lever is None:
            return ()
        return ("sleep and wake", f"power from {self.least_power_pct} %")

    @property
    def modes_live(self) -> bool:
        """Whether it takes work modes without a restart: power is set instead."""
        return False

    def mode_numbered(self, number: int | None) -> None:
        """It has no work modes."""

    def accept(self) -> "Dialect":
        """The same after an engineer has accepted it for this plant."""
        return replace(self, accepted=True)


MONITORING_ONLY: Final = Dialect(
    name="monitoring-only", source="no description of this model: it is listened to, not ordered"
)


def dialect_for(model: str) -> Dialect:
    """The dialect of a model, spelled as in the unit's `type` before the line."""
    wanted = plain(model)
    fits = (dialect for dialect in dialects().values() if wanted in dialect.models)
    return next(fits, MONITORING_ONLY)


def plain(model: str) -> str:
    """A model without the maker's name and the variant of its boards: M65S_VL40 is an M65S."""
    return model.upper().removeprefix("WHATSMINER").strip().partition("_")[0]


@cache
def dialects() -> dict[str, Dialect]:
    """Every dialect that ships, by name."""
    return {path.stem: _loaded(path) for path in sorted(FOLDER.glob("*.toml"))}


def _loaded(path: Path) -> Dialect:
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        models = tuple(plain(model) for model in data.pop("models"))
        dialect = Dialect(name=path.stem, models=models, **data)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    choices = ((dialect.lever, Lever), (dialect.speed, Speed), (dialect.liquid, Water))
    for told, known in choices:
        if told is not None and told not in get_args(known):
            raise ValueError(f"{path.name}: {told!r}, expected one of {get_args(known)}")
    if not 0 < dialect.least_power_pct <= FULL_PCT:
        raise ValueError(f"{path.name}: least_power_pct {dialect.least_power_pct}: not 1 to 100")
    return dialect
