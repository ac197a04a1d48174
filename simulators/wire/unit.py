"""One miner as its firmware sees it: its own figures, its nameplate and its two levers."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simulators.description import PERSONALITIES, MinerModel, Personality
from simulators.wire.chips import Chips, ChipTexts
from simulators.wire.rates import Rates
from simulators.wire.sections import FIRMWARES


class FleetColumns(Protocol):
    """What the wire needs of the fleet: a column of every figure, and the levers."""

    names: tuple[str, ...]
    serials: tuple[str, ...]
    macs: tuple[str, ...]
    power_kw: NDArray[np.float64]
    hashrate_ths: NDArray[np.float64]
    elapsed_s: NDArray[np.float64]
    work: NDArray[np.int8]
    soft_off: NDArray[np.int8]
    api_up: NDArray[np.bool_]
    personality: NDArray[np.int8]

    @property
    def now_s(self) -> float:
        """The plant's time."""

    @property
    def mode(self) -> NDArray[np.int8]:
        """Work mode of each unit."""

    @property
    def stored_mode(self) -> NDArray[np.int8]:
        """Work mode in which each unit starts."""

    @property
    def calibrating_s(self) -> NDArray[np.float64]:
        """How long each unit is not yet calibrated."""

    @property
    def inlet_c(self) -> NDArray[np.float64]:
        """Water into each unit."""

    @property
    def outlet_c(self) -> NDArray[np.float64]:
        """Water out of each unit."""

    @property
    def chip_c(self) -> NDArray[np.float64]:
        """The hottest chip of each unit."""

    def sleep(self, i: int) -> None:
        """Switch the hash boards of unit `i` off."""

    def reboot(self, i: int) -> None:
        """Restart unit `i`; it wakes."""

    def set_mode(self, i: int, mode: int) -> None:
        """Give unit `i` another work mode."""

    def order_at(self, i: int, at_s: float, *, asleep: bool) -> None:
        """Let unit `i` sleep or wake when the plant's time is `at_s`."""


BOOT_BEFORE_MINING_S = 11  # captured 15-194: When 986 at Elapsed 975
HOME_POOL = "pool.example"


class Reading(NamedTuple):
    """What a unit is doing now, in the units its API speaks."""

    elapsed_s: int
    power_w: float
    rate_ghs: float
    inlet_c: float
    outlet_c: float
    work: int
    soft_off: int
    chips: ChipTexts
    mode: int
    stored_mode: int
    calibrated: bool
    pool: str = HOME_POOL
    denies: bool = False


def truthful(reading: Reading) -> Reading:
    """What a sound unit tells."""
    return reading


class UnitView:
    """Unit `index` of the fleet, with what its firmware remembers between two requests.

    `show` is what becomes of its figures before they are told, `clock_s` its own clock in Unix
    seconds; without one it counts from its start.
    """

    def __init__(
        self,
        fleet: FleetColumns,
        index: int,
        model: MinerModel,
        show: Callable[[Reading], Reading] = truthful,
        clock_s: Callable[[], float] | None = None,
    ) -> None:
        self._fleet = fleet
        self._show = show
        self._clock_s = clock_s
        self._index = index
        self._chips = Chips(index)
        self.rates = Rates()
        self.model = model
        self.name = fleet.names[index]
        self.mac = fleet.macs[index]

    @property
    def serial(self) -> str:
        """The number on its plate; another unit may be put in its place."""
        return self._fleet.serials[self._index]

    @property
    def personality(self) -> Personality:
        """What the unit's firmware knows of work modes."""
        return PERSONALITIES[int(self._fleet.personality[self._index])]

    @property
    def firmware(self) -> str:
        """The version that the unit tells."""
        return FIRMWARES[int(self._fleet.personality[self._index])]

    @property
    def program(self) -> str:
        """The program that answers."""
        return "cgminer 4.10.0" if self.personality == "chain" else "cgminer 4.11.1"

    @property
    def api_up(self) -> bool:
        """Whether the unit is on the network at all."""
        return bool(self._fleet.api_up[self._index])

    def read(self) -> Reading:
        """The figures of this moment; the unit's own counters move on to it."""
        fleet, i = self._fleet, self._index
        elapsed_s = float(fleet.elapsed_s[i])
        rate_ghs = float(fleet.hashrate_ths[i]) * 1e3
        outlet_c = float(fleet.outlet_c[i])
        self.rates.update(elapsed_s, rate_ghs)
        reading = Reading(
            elapsed_s=int(elapsed_s),
            power_w=float(fleet.power_kw[i]) * 1e3,
            rate_ghs=rate_ghs,
            inlet_c=float(fleet.inlet_c[i]),
            outlet_c=outlet_c,
            work=int(fleet.work[i]),
            soft_off=int(fleet.soft_off[i]),
            chips=self._chips.texts(outlet_c, float(fleet.chip_c[i])),
            mode=int(fleet.mode[i]),
            stored_mode=int(fleet.stored_mode[i]),
            calibrated=bool(fleet.calibrating_s[i] <= 0.0),
        )
        return self._show(reading)

    def when(self, now: Reading) -> int:
        """What its clock shows: a date, or seconds since it began to boot."""
        if self._clock_s is None:
            return now.elapsed_s + BOOT_BEFORE_MINING_S
        return int(self._clock_s())

    def order_in(self, after_s: float, *, asleep: bool) -> None:
        """Carry an order out so many seconds from now."""
        self._fleet.order_at(self._index, self._fleet.now_s + after_s, asleep=asleep)

    def sleep(self) -> None:
        """Pass the order to sleep on to the boards."""
        self._fleet.sleep(self._index)

    def set_mode(self, mode: int) -> None:
        """Pass the order for another work mode on."""
        self._fleet.set_mode(self._index, mode)

    def reboot(self) -> None:
        """Pass the order to restart on."""
        self._fleet.reboot(self._index)
