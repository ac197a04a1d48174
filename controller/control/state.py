"""What a scan remembers for the next: all of it, so that a scan can be replayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from controller.control.pen import Pen
from controller.control.pi import PiState
from controller.image.fleet import Bytes, Flags, Floats

Mode = Literal["tracking", "running", "tripped"]

Plain = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None
"""What a file in JSON can hold."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish with its end; `until_s` is monotonic."""

    id: str
    source: str
    role: str
    name: str
    value: float | None
    reason: str
    until_s: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A latched cause: what it was, where (container from 0, None for the plant), when (UTC)."""

    cause: str
    container: int | None
    utc_s: float
    text: str
    first_out: bool


@dataclass(frozen=True, slots=True)
class ProtectionState:
    """Latched trips, causes that are counting down, and stops that are waiting to be obeyed.

    `standing_s` gives each standing cause the time since when it stands; `clear_s` since when all
    causes are clear (None while one stands); `stopped_s` each container the time of its stop order
    (NaN while none stands); `opened` the contactors that were opened as second lever and
    `reclosed_s` when the last of them was closed again; `unit_tripped` the units stopped by their
    own temperature, `flow_since_s` since when each container has proven flow (NaN: it has not).
    """

    trips: tuple[Trip, ...]
    standing_s: Mapping[str, float]
    clear_s: float | None
    stopped_s: Floats
    opened: Flags
    unit_tripped: Flags
    unit_tripped_s: Floats
    flow_since_s: Floats
    reclosed_s: float | None


@dataclass(frozen=True, slots=True)
class DispatchState:
    """Each unit's wanted state, since when, its sleeps of today; which containers are open."""

    wanted: Bytes
    changed_s: Floats
    sleeps: Bytes
    day: int
    open_wanted: Flags
    idle_since_s: Floats
    wake_credit: float
    power_ratio: float
    excluded: Flags


@dataclass(frozen=True, slots=True)
class CoolingState:
    """The memories of the regulatory loops."""

    outlet: PiState
    flow: PiState
    supply: PiState
    reject: PiState
    heat_filtered_kw: float
    district_lost_s: float | None


@dataclass(frozen=True, slots=True)
class HeatState:
    """Filtered outdoor temperature, learnt recovery, and the derating in force (1 is none)."""

    outdoor_c: float | None
    recovery: float
    derate: float
    hot_filtered_c: float | None
    target_source: str
    limited_by: str


@dataclass(frozen=True, slots=True)
class PlantState:
    """The whole memory of the scan.

    `pen` is the right to order the plant; `kept` holds what other rooms want to survive a restart.
    """

    mode: Mode
    started_s: float | None
    last_s: float | None
    requests: tuple[Request, ...]
    protection: ProtectionState
    dispatch: DispatchState
    cooling: CoolingState
    heat: HeatState
    pen: Pen
    kept: Mapping[str, Plain]


def first_state(
    units: int, containers: int, recovery: float, trips: tuple[Trip, ...]
) -> PlantState:
    """The memory of a program that has just started, with the trips that its latch file held."""
    return PlantState(
        mode="tracking",
        started_s=None,
        last_s=None,
        requests=(),
        protection=ProtectionState(
            trips=trips,
            standing_s={},
            clear_s=None,
            stopped_s=np.full(containers, np.nan),
            opened=np.zeros(containers, np.bool_),
            unit_tripped=np.zeros(units, np.bool_),
            unit_tripped_s=np.full(units, np.nan),
            flow_since_s=np.full(containers, np.nan),
            reclosed_s=None,
        ),
        dispatch=DispatchState(
            wanted=np.zeros(units, np.int8),
            changed_s=np.full(units, -np.inf),
            sleeps=np.zeros(units, np.int8),
            day=0,
            open_wanted=np.zeros(containers, np.bool_),
            idle_since_s=np.full(containers, np.nan),
            wake_credit=0.0,
            power_ratio=1.0,
            excluded=np.zeros(units, np.bool_),
        ),
        cooling=CoolingState(
            outlet=PiState(),
            flow=PiState(),
            supply=PiState(),
            reject=PiState(),
            heat_filtered_kw=0.0,
            district_lost_s=None,
        ),
        heat=HeatState(
            outdoor_c=None,
            recovery=recovery,
            derate=1.0,
            hot_filtered_c=None,
            target_source="none",
            limited_by="none",
        ),
        pen=Pen(),
        kept={},
    )
