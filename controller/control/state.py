"""What a scan remembers for the next: all of it, so that a scan can be replayed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from controller.control.alarms.state import AlarmState
from controller.control.fleet_state import DispatchState, HeatState, first_dispatch, first_heat
from controller.control.forecast import Forecast
from controller.control.loops.state import LoopState
from controller.control.pen import Pen
from controller.image.fleet import Flags, Floats

Mode = Literal[
    "tracking", "off", "standby", "starting", "running", "stopping", "tripped", "maintenance"
]
"""What the plant does; `tracking` watches and writes nothing."""

Order = Literal["run", "standby", "off", "fill", "vent", "strainer"]
"""What the plant was last ordered to do; the last three are kinds of maintenance."""


MOST_PUMPS = 8
"""Pumps that a memory has room for."""

Plain = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None
"""What a file in JSON can hold."""

Asked = float | bool | str | None
"""What a request may ask for."""


@dataclass(frozen=True)
class Request:
    """Somebody's wish with its end; `until_s` is monotonic."""

    id: str
    source: str
    role: str
    name: str
    value: Asked
    reason: str
    until_s: float


@dataclass(frozen=True)
class Answer:
    """What was asked last under one name, by whom, and what became of it."""

    name: str
    id: str
    asked: Asked
    source: str
    verdict: str


@dataclass(frozen=True)
class Account:
    """Heat in kWh: contracted, delivered, and what was short of it by reason.

    For `uncertain_s` seconds the meter gave nothing that can be booked.
    """

    contracted_kwh: float = 0.0
    delivered_kwh: float = 0.0
    uncertain_s: float = 0.0
    short_kwh: tuple[tuple[str, float], ...] = ()

    @property
    def all_short_kwh(self) -> float:
        """What was short, whatever the reason."""
        return sum((kwh for _, kwh in self.short_kwh), 0.0)


@dataclass(frozen=True)
class ContractState:
    """The running account of contracted heat: of this day (UTC), of the day before, of all."""

    day: int | None = None
    today: Account = Account()
    yesterday: Account = Account()
    total: Account = Account()
    last_s: float | None = None
    short_since_s: float | None = None
    alarmed: bool = False


@dataclass(frozen=True, slots=True)
class Trip:
    """A latched cause: what it was, where (container from 0, None for the plant), when (UTC).

    `onset_utc_s` is when it began by its source's time (0: not known, as in files of old); `tie`
    says that another one began within the same poll, so that nobody knows which came first;
    `unknown` that it stands for want of knowledge.
    """

    cause: str
    container: int | None
    utc_s: float
    text: str
    first_out: bool
    onset_utc_s: float = 0.0
    tie: bool = False
    unknown: bool = False


@dataclass(frozen=True)
class ProtectionState:
    """Latched trips, causes that are counting down, and stops that are waiting to be obeyed.

    `standing_s` gives each standing cause the time since when it stands; `clear_s` since when all
    causes are clear (None while one stands); `stopped_s` each container the time of its stop order
    (NaN while none stands); `opened` the contactors that were opened as second lever and
    `reclosed_s` when the last of them was closed again; `hold_s` how long flow must be proven
    before that, `fallen_s` since when a contactor is open against its order; `unit_tripped` the
    units stopped by their own temperature, `acting` the rows (with their containers) that act while
    they stand and do not latch, `resets_utc_s` when trips of the plant were reset within the last
    hour, `flow_since_s` since when each container has proven flow
    (NaN: it has not).
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
    hold_s: float
    fallen_s: Floats
    acting: tuple[tuple[str, int | None], ...] = ()
    resets_utc_s: tuple[float, ...] = ()


@dataclass(frozen=True)
class CoolingState:
    """The memories of the regulatory loops."""

    outlet: LoopState
    flow: LoopState
    supply: LoopState
    reject: LoopState
    heat_filtered_kw: float
    district_lost_s: float | None
    relief_k: float = 0.0


@dataclass(frozen=True)
class PumpState:
    """Since when each primary pump has been ordered to run and does not, or runs (NaN: neither)."""

    silent_s: Floats
    running_s: Floats


@dataclass(frozen=True)
class NetworkState:
    """The loops behind the separator, what the network draws, and the booster's switch.

    `flow` is the loop of the network pump, for heat or for pressure. `aim_pct` is the state of
    charge that the tank is led to, `aimed_s` when that was found.
    """

    flow: LoopState
    mixing: LoopState
    booster: LoopState
    demand_kw: float | None
    booster_on: bool
    booster_since_s: float | None
    aim_pct: float | None = None
    aimed_s: float = -np.inf


@dataclass(frozen=True)
class PlantState:
    """The whole memory of the scan.

    `order` is None until somebody has ordered a mode; `dark_since_s` is when the miners' power was
    last seen to be gone (None while it is not). `alarms` is None before the first scan. `pen` is
    the right to order the plant, and `kept` holds what else shall survive a restart.
    """

    mode: Mode
    order: Order | None
    mode_since_s: float
    dark_since_s: float | None
    started_s: float | None
    last_s: float | None
    requests: tuple[Request, ...]
    protection: ProtectionState
    dispatch: DispatchState
    cooling: CoolingState
    pumps: PumpState
    network: NetworkState
    heat: HeatState
    answers: tuple[Answer, ...] = ()
    decided_ids: tuple[str, ...] = ()
    contract: ContractState = ContractState()
    pen: Pen = field(default_factory=Pen)
    kept: Mapping[str, Plain] = field(default_factory=dict)
    forecast: Forecast = field(default_factory=Forecast)
    alarms: AlarmState | None = None


def first_state(
    units: int, containers: int, recovery: float, trips: tuple[Trip, ...]
) -> PlantState:
    """The memory of a program that has just started, with the trips that its latch file held."""
    return PlantState(
        mode="tracking",
        order=None,
        mode_since_s=-np.inf,
        dark_since_s=None,
        started_s=None,
        last_s=None,
        requests=(),
        protection=_first_protection(units, containers, trips),
        dispatch=first_dispatch(units, containers),
        cooling=CoolingState(
            outlet=LoopState(),
            flow=LoopState(),
            supply=LoopState(),
            reject=LoopState(),
            heat_filtered_kw=0.0,
            district_lost_s=None,
        ),
        pumps=PumpState(
            silent_s=np.full(MOST_PUMPS, np.nan), running_s=np.full(MOST_PUMPS, np.nan)
        ),
        network=NetworkState(
            flow=LoopState(),
            mixing=LoopState(),
            booster=LoopState(),
            demand_kw=None,
            booster_on=False,
            booster_since_s=None,
        ),
        heat=first_heat(recovery),
    )


def _first_protection(units: int, containers: int, trips: tuple[Trip, ...]) -> ProtectionState:
    return ProtectionState(
        trips=trips,
        standing_s={},
        clear_s=None,
        stopped_s=np.full(containers, np.nan),
        opened=np.zeros(containers, np.bool_),
        unit_tripped=np.zeros(units, np.bool_),
        unit_tripped_s=np.full(units, np.nan),
        flow_since_s=np.full(containers, np.nan),
        reclosed_s=None,
        hold_s=0.0,
        fallen_s=np.full(containers, np.nan),
    )
