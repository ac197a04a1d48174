"""What differs between miner models, as data: how each sleeps and wakes, and what is known of it.

Each file in dialects/ names the source of its figures. A model nobody has described gets the
dialect that only listens.
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from drivers.cgminer.orders import LevelOrder, Mode, ModeOrder, Order, Proof, order_from

FOLDER: Final = Path(__file__).parent / "dialects"
POLLS: Final = ("summary+estats", "summary+stats", "summary+litestats")

__all__ = [
    "MONITORING_ONLY",
    "Dialect",
    "LevelOrder",
    "Mode",
    "ModeOrder",
    "Order",
    "dialect_for",
    "dialects",
]


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
    nameplate_kw_per_ths: float | None = None
    """What a unit that does not tell its power draws for each TH/s that its chips should make."""
    expected_offline_s: float | None = None
    poll: str = POLLS[0]
    help: str = "0,help"
    """The parameter of ascset to which a unit answers with the words it understands."""
    sleep: Order | None = None
    wake: Order | None = None
    set_mode: ModeOrder | None = None
    modes: tuple[Mode, ...] = ()
    set_level: LevelOrder | None = None

    @property
    def may_command(self) -> bool:
        """Whether the plant may count on it: seen or accepted, and with orders both to and fro."""
        known = self.verified or self.accepted
        return known and self.sleep is not None and self.wake is not None

    @property
    def levers(self) -> tuple[str, ...]:
        """What may be ordered, in words."""
        if self.sleep is None:
            return ()
        return ("sleep and wake", *(("work modes",) if self.set_mode is not None else ()))

    @property
    def modes_live(self) -> bool:
        """Whether it takes work modes without a restart."""
        return self.set_mode is not None and self.set_mode.when == "live"

    def may(self, order: Order) -> bool:
        """Whether this one order may be given: without an engineer only what a capture shows."""
        return self.accepted or (self.verified and order.verified)

    @property
    def orders(self) -> tuple[Order, ...]:
        """Every order that this dialect knows."""
        mode = None if self.set_mode is None else self.set_mode.order
        level = None if self.set_level is None else self.set_level.order
        return tuple(order for order in (self.sleep, self.wake, mode, level) if order is not None)

    @property
    def words(self) -> frozenset[str]:
        """What a unit has to list in its `help` before these orders are given to it."""
        return frozenset(order.word for order in self.orders)

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
        if _begins_with(wanted, prefix) and firmware.startswith(version)
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
        return Dialect(
            name=path.stem,
            poll=_poll(data.pop("poll", POLLS[0])),
            models=tuple(_plain(model) for model in data.pop("models")),
            firmware=tuple(data.pop("firmware", ())),
            sleep=_order(data.pop("sleep", None), "asleep"),
            wake=_order(data.pop("wake", None), "hashing"),
            set_mode=_mode_order(data.pop("set_mode", None)),
            modes=tuple(Mode(**mode) for mode in data.pop("mode", ())),
            set_level=_level_order(data.pop("set_level", None)),
            **data,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _poll(told: str) -> str:
    if told not in POLLS:
        raise ValueError(f"poll is {told!r}, expected one of {', '.join(POLLS)}")
    return told


def _order(data: dict[str, Any] | None, proof: Proof) -> Order | None:
    return None if data is None else order_from(data, proof)


def _mode_order(data: dict[str, Any] | None) -> ModeOrder | None:
    if data is None:
        return None
    when: Literal["live", "reboot"] = data.pop("when")
    if when not in ("live", "reboot"):
        raise ValueError(f"set_mode.when is {when!r}, expected live or reboot")
    return ModeOrder(when, order_from(data, "mode"))


def _level_order(data: dict[str, Any] | None) -> LevelOrder | None:
    if data is None:
        return None
    lowest, highest = data.pop("lowest"), data.pop("highest")
    return LevelOrder(lowest, highest, order_from(data, "level"))


def _begins_with(wanted: str, model: str) -> bool:
    """Whether a text names this model or a variant: 1346-110 is a 1346, a Nano3s no Nano3."""
    return wanted.startswith(model) and not wanted[len(model) : len(model) + 1].isalnum()


def _plain(model: str) -> str:
    """A model text without the maker's name: 'AvalonMiner A1566HA-460' is '1566HA-460'."""
    text = model.upper().removeprefix("AVALONMINER").removeprefix("AVALON").strip()
    return text[1:] if text[:1] == "A" and text[1:2].isdigit() else text
