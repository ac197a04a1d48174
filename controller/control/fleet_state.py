"""What a scan remembers of the fleet and its heat: wishes, sleeps, and what has been learnt."""

from dataclasses import dataclass

import numpy as np

from controller.image.fleet import Bytes, Flags, Floats


@dataclass(frozen=True)
class DispatchState:
    """Each unit's wanted state, since when, its sleeps of today; which containers are open.

    `rung` is the work mode of each unit when it is on (see ladder), `rung_s` since when; `trim` is
    where the units whose power may be set freely stand between least and most. `owed_kj` is the
    energy of errors too small to be acted on at once.
    """

    wanted: Bytes
    changed_s: Floats
    sleeps: Bytes
    day: int
    open_wanted: Flags
    idle_since_s: Floats
    wake_credit: float
    power_ratio: float
    excluded: Flags
    rung: Bytes
    rung_s: Floats
    trim: float = 0.5
    trim_s: float = -np.inf
    owed_kj: float = 0.0


@dataclass(frozen=True)
class Balance:
    """Electric power, metered heat and warmth of the primary water, smoothed alike since then."""

    power_kw: float
    heat_kw: float
    water_c: float
    since_s: float


@dataclass(frozen=True)
class HeatState:
    """Filtered outdoor temperature, learnt recovery, and the derating in force (1 is none).

    `balance` is what the recovery is learnt from, `supply_c` the supply temperature wanted now.
    """

    outdoor_c: float | None
    recovery: float
    derate: float
    balance: Balance | None
    target_source: str
    limited_by: str
    target_kw: float | None = None
    supply_c: float | None = None


def first_dispatch(units: int, containers: int) -> DispatchState:
    """Nobody is wanted on, and nothing is open."""
    return DispatchState(
        wanted=np.zeros(units, np.int8),
        changed_s=np.full(units, -np.inf),
        sleeps=np.zeros(units, np.int8),
        day=0,
        open_wanted=np.zeros(containers, np.bool_),
        idle_since_s=np.full(containers, np.nan),
        wake_credit=0.0,
        power_ratio=1.0,
        excluded=np.zeros(units, np.bool_),
        rung=np.ones(units, np.int8),
        rung_s=np.full(units, -np.inf),
    )


def first_heat(recovery: float) -> HeatState:
    """Nothing measured yet; the recovery is the configured one."""
    return HeatState(
        outdoor_c=None,
        recovery=recovery,
        derate=1.0,
        balance=None,
        target_source="none",
        limited_by="none",
    )
