"""What differs between miner models, as data: how each sleeps and wakes, and what is known of it.

Each file in dialects/ names the source of its figures. A model nobody has described gets the
dialect that only listens.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from drivers.cgminer.codec import Status

FOLDER: Final = Path(__file__).parent / "dialects"


@dataclass(frozen=True, slots=True)
class Order:
    """One order in a dialect: what to send and which answers mean that the miner took it."""

    command: str
    parameter: str
    success: tuple[str, ...]
    done_within_s: float

    def succeeded(self, said: Status) -> bool:
        """Whether this STATUS letter and code, like S119, mean success."""
        return said.short in self.success


@dataclass(frozen=True, slots=True)
class ModeOrder:
    """How another work mode is ordered: effective at once (`live`) or after the next restart."""

    when: Literal["live", "reboot"]
    order: Order

    def for_mode(self, number: int) -> Order:
        """The order for the mode of this number."""
        return replace(self.order, parameter=self.order.parameter.format(number=number))


@dataclass(frozen=True, slots=True)
class Mode:
    """One work mode of a model, at its rating."""

    name: str
    number: int
    rated_kw: float
    rated_ths: float


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one family of models is spoken to; `firmware` narrows it to texts that begin so."""

    name: str
    source: str
    models: tuple[str, ...] = ()
    firmware: tuple[str, ...] = ()
    verified: bool = False
    accepted: bool = False
    rated_kw: float | None = None
    rated_ths: float | None = None
    expected_offline_s: float | None = None
    sleep: Order | None = None
    wake: Order | None = None
    set_mode: ModeOrder | None = None
    modes: tuple[Mode, ...] = ()

    @property
    def may_command(self) -> bool:
        """Orders are given to models that a capture has shown or an engineer has accepted."""
        return self.verified or self.accepted

    @property
    def words(self) -> frozenset[str]:
        """What a unit has to list in its `help` before these orders are given to it."""
        mode = None if self.set_mode is None else self.set_mode.order
        orders = (order for order in (self.sleep, self.wake, mode) if order is not None)
        return frozenset(order.parameter.split(",")[1] for order in orders)

    def mode_numbered(self, number: int | None) -> Mode | None:
        """The work mode that a unit's telemetry names by this number."""
        return next((mode for mode in self.modes if mode.number == number), None)

    def accept(self) -> "Dialect":
        """The same dialect after an engineer has accepted it for this plant."""
        return replace(self, accepted=True)


MONITORING_ONLY: Final = Dialect(
    name="monitoring-only", source="no description of this model: it is listened to, not ordered"
)


def dialect_for(model: str, firmware: str = "") -> Dialect:
    """The dialect of a MODEL or PROD text and its firmware, by the longest prefixes that fit."""
    wanted = _plain(model)
    fits = [
        (len(prefix), len(version), dialect)
        for dialect in dialects().values()
        for prefix in dialect.models
        for version in dialect.firmware or ("",)
        if wanted.startswith(prefix) and firmware.startswith(version)
    ]
    return max(fits, key=lambda fit: fit[:2])[2] if fits else MONITORING_ONLY


@cache
def dialects() -> dict[str, Dialect]:
    """Every dialect that ships, by name."""
    loaded = [_loaded(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {dialect.name: dialect for dialect in loaded}


def _loaded(path: Path) -> Dialect:
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        sleep, wake = _order(data.pop("sleep", None)), _order(data.pop("wake", None))
        modes = tuple(Mode(**mode) for mode in data.pop("mode", ()))
        return Dialect(
            name=path.stem,
            models=tuple(_plain(model) for model in data.pop("models")),
            firmware=tuple(data.pop("firmware", ())),
            sleep=sleep,
            wake=wake,
            set_mode=_mode_order(data.pop("set_mode", None)),
            modes=modes,
            **data,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _order(data: dict[str, Any] | None) -> Order | None:
    if data is None:
        return None
    return Order(success=tuple(data.pop("success")), **data)


def _mode_order(data: dict[str, Any] | None) -> ModeOrder | None:
    if data is None:
        return None
    when = data.pop("when")
    if when not in ("live", "reboot"):
        raise TypeError(f"set_mode.when is {when!r}, expected live or reboot")
    order = _order(data)
    return None if order is None else ModeOrder(when, order)


def _plain(model: str) -> str:
    """A model text without the maker's name: 'AvalonMiner A1566HA-460' is '1566HA-460'."""
    text = model.upper().removeprefix("AVALONMINER").removeprefix("AVALON").strip()
    return text[1:] if text[:1] == "A" and text[1:2].isdigit() else text
