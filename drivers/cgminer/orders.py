"""The orders that a dialect describes: what is sent, what means success, and what proves it."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args

from drivers.cgminer.codec import Status
from drivers.cgminer.reading import MinerReading, MinerState

Proof = Literal["asleep", "hashing", "mode", "level"]

# Orders with a time are carried out when the unit's own clock shows it. 2020-01-01: a clock that
# shows less counts seconds since its start, or was never set.
UNIX: Final = "{unix}"
EARLIEST_UNIX_S: Final = 1_577_836_800


@dataclass(frozen=True, slots=True)
class Order:
    """One order: what to send, which answers mean that the miner took it, what proves it.

    `says` is a text that the answer has to hold besides; `after_s` is how far ahead of the unit's
    clock an order with a time is stamped, and `clock_within_s` how far that clock may be off ours.
    """

    command: str
    parameter: str
    success: tuple[str, ...]
    done_within_s: float
    says: str = ""
    after_s: float = 0.0
    clock_within_s: float = 0.0
    proof: Proof = "asleep"
    verified: bool = False
    source: str = ""

    @property
    def word(self) -> str:
        """The word that a unit lists in its help if it understands this order."""
        return self.parameter.split(",")[1]

    @property
    def stamped(self) -> bool:
        """Whether the order carries the time at which it is to be carried out."""
        return UNIX in self.parameter

    @property
    def wanted(self) -> str:
        """The text that success has to hold besides its code, for messages."""
        return f" that says {self.says!r}" if self.says else ""

    def succeeded(self, said: Status) -> bool:
        """Whether this answer, its letter and code like S119, means success."""
        return said.short in self.success and self.says in said.message

    def at(self, clock_s: float) -> "Order":
        """The same order stamped by the unit's clock; ValueError where that shows no date."""
        if not self.stamped:
            return self
        if not clock_s >= EARLIEST_UNIX_S:
            raise ValueError(f"its clock shows {clock_s:.0f} s, which is no date: set it first")
        return replace(
            self, parameter=self.parameter.replace(UNIX, f"{clock_s + self.after_s:.0f}")
        )

    def numbered(self, number: int) -> "Order":
        """The same order for the mode or level of this number."""
        return replace(self, parameter=self.parameter.replace("{number}", str(number)))

    def proven_by(self, reading: MinerReading, number: int | None = None) -> bool:
        """Whether telemetry younger than the order shows that it was obeyed."""
        match self.proof:
            case "asleep":
                return reading.state is MinerState.ASLEEP
            case "hashing":
                return reading.state.hashing
            case "mode":
                return reading.state.hashing and reading.work_mode == number
            case "level":
                return reading.state.hashing and reading.work_level == number


@dataclass(frozen=True, slots=True)
class ModeOrder:
    """How another work mode is ordered: effective at once (`live`) or after the next restart."""

    when: Literal["live", "reboot"]
    order: Order

    def for_mode(self, number: int) -> Order:
        """The order for the mode of this number."""
        return self.order.numbered(number)


@dataclass(frozen=True, slots=True)
class LevelOrder:
    """How a finer level within the work mode is ordered, and the levels that a source names."""

    lowest: int
    highest: int
    order: Order

    def for_level(self, level: int) -> Order:
        """The order for this level; ValueError where no source names it."""
        if not self.lowest <= level <= self.highest:
            raise ValueError(f"level {level}: expected {self.lowest} to {self.highest}")
        return self.order.numbered(level)


@dataclass(frozen=True, slots=True)
class Mode:
    """One work mode of a model; at its rating where a source gives one."""

    name: str
    number: int
    rated_kw: float | None = None
    rated_ths: float | None = None


def order_from(data: dict[str, Any], proof: Proof) -> Order:
    """The order of one table in a dialect file; ValueError says what is wrong with it."""
    told = data.pop("proof", proof)
    if told not in get_args(Proof):
        raise ValueError(f"proof is {told!r}, expected one of {', '.join(get_args(Proof))}")
    order = Order(success=tuple(data.pop("success")), proof=told, **data)
    if "," not in order.parameter:
        raise ValueError(f"parameter is {order.parameter!r}, expected 0,word")
    if order.stamped and not (order.after_s > 0.0 and order.clock_within_s > 0.0):
        raise ValueError(f"{order.parameter} carries a time: give after_s and clock_within_s")
    return order
