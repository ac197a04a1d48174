"""What a simulated plant consists of: plain resolved figures, handed over by the laboratory."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

NetworkRole = Literal["injector", "sole_source"]
BoosterKind = Literal["electric_boiler", "heat_pump"]
Api = Literal["cgminer", "whatsminer"]
Personality = Literal["sleep_only", "modes_live", "modes_reboot", "stamped", "chain"]
PERSONALITIES: tuple[Personality, ...] = get_args(Personality)
"""What the firmware takes: sleep alone; work modes at once, or after a restart; orders that carry
the time at which they are carried out, and telemetry in braces, as the K230 family has them; a
chain of modules that neither sleep nor wake when they are told, as A7 to A9 are."""
DATED: tuple[Personality, ...] = ("stamped", "chain")
"""Whose clock shows a date; that of others counts from their start."""
CHAIN_MODELS = ("741", "841", "921")
CHAIN_THS_PER_KW = 20.0 / 1.7
"""Nameplate of a 921 in public lists of models: 20 TH/s, 1.7 kW."""


@dataclass(frozen=True, slots=True)
class WorkMode:
    """One work mode, its power and hash rate as shares of the nameplate."""

    name: str
    kw_share: float
    ths_share: float


ECO, NORMAL, BOOST = 0, 1, 2
# Of the A1566HA only 8.4 kW and 460 TH/s are sourced; eco (5.2 kW, 310 TH/s) and boost (9.6 kW,
# 505 TH/s) are assumptions.
WORK_MODES = (
    WorkMode("eco", 5.2 / 8.4, 310.0 / 460.0),
    WorkMode("normal", 1.0, 1.0),
    WorkMode("boost", 9.6 / 8.4, 505.0 / 460.0),
)


@dataclass(frozen=True, slots=True)
class MinerModel:
    """One model of miner: nameplate, time constants, and what its firmware knows of modes.

    How long a unit calibrates after a change of mode, and how fast its power follows, are
    assumptions: published tests only say that five to ten minutes are to be planned.
    """

    product: str = "AvalonMiner 1566HA"
    model: str = "1566HA"
    rated_kw: float = 8.4
    rated_ths: float = 460.0
    standby_kw: float = 0.03
    heat_capacity_kj_per_k: float = 14.0
    chip_k_per_kw: float = 1.6
    wake_dead_s: tuple[float, float] = (60.0, 180.0)
    wake_ramp_s: float = 120.0
    wake_tail_s: float = 180.0
    power_decay_s: float = 3.0
    reboot_silence_s: float = 8.0
    chip_trip_c: float = 112.0
    personality: Personality = "sleep_only"
    mode_constant_s: float = 45.0
    calibration_s: float = 180.0
    api: Api = "cgminer"


def chain(usual: MinerModel) -> MinerModel:
    """The same miner as a chain of modules of the A9, of as much power and its hash rate."""
    model = usual.model if usual.model in CHAIN_MODELS else CHAIN_MODELS[-1]
    return replace(
        usual,
        product=f"AvalonMiner {model}",
        model=model,
        rated_ths=usual.rated_kw * CHAIN_THS_PER_KW,
        personality="chain",
    )


def whatsminer(model: str, rated_kw: float, standby_kw: float) -> MinerModel:
    """A hydro WhatsMiner, whose power can be set; as efficient as the M65S of public lists."""
    return MinerModel(
        product=f"{model}_VL60",
        model=model,
        rated_kw=rated_kw,
        rated_ths=rated_kw / 7.308 * 390.0,
        standby_kw=standby_kw,
        api="whatsminer",
    )


@dataclass(frozen=True, slots=True)
class Container:
    """One container: its name, how many units it holds, and their model where it is another."""

    name: str
    units: int
    model: MinerModel | None = None


@dataclass(frozen=True, slots=True)
class Street:
    """A pair of pipes of the town: from the plant, or behind another street; consumers at its end.

    `demand_share` is the consumers' part of the town's demand; `loss_w_per_m_k` is of one pipe.
    """

    name: str
    length_m: float
    inner_diameter_m: float
    demand_share: float
    behind: str | None = None
    loss_w_per_m_k: float = 0.3


@dataclass(frozen=True, slots=True)
class PlantDescription:
    """Everything the world is built from; temperatures in °C, flows in L/min, power in kW.

    `primary_flow_max_lpm` is what the duty pumps give together at full speed. A plant with a tank,
    or one that is the only source, has a hydraulic separator with a network pump and a mixing valve
    behind it (`separated`); a tank is a large separator. `network_dp_kpa` is what the network needs
    at its greatest flow, `network_demand_kw` what it takes at the plant, the loss of its pipes
    included. Without `streets` a town is made that fits both.

    A warm start gives `warm_heat_kw` at `warm_supply_c`, with `unit_lpm` through each unit. A
    container's flow switch closes at `flow_proven_lpm` for each unit; above `outlet_most_c` a unit
    is not safe, above `supply_most_c` the network.
    """

    containers: tuple[Container, ...]
    three_in_hot_header: bool = False
    model: MinerModel = MinerModel()
    recovery: float = 0.95
    primary_pumps: int = 2
    primary_pumps_duty: int = 2
    primary_flow_max_lpm: float = 11_500.0
    primary_volume_l: float = 20_000.0
    district_flow_max_lpm: float = 4_200.0
    exchangers: int = 1
    exchanger_ua_kw_per_k: float = 700.0
    dry_cooler_ua_kw_per_k: float = 450.0
    dry_cooler_air_kw_per_k: float = 400.0
    isolation_valve_stroke_s: float = 20.0
    three_way_valve_stroke_s: float = 60.0
    mixing_valve_stroke_s: float = 60.0
    network_role: NetworkRole = "injector"
    network_flow_max_lpm: float = 4_200.0
    network_demand_kw: float = 3_000.0
    network_dp_kpa: float = 80.0
    streets: tuple[Street, ...] = ()
    tank_m3: float = 0.0
    booster_kind: BoosterKind = "electric_boiler"
    booster_kw: float = 0.0
    booster_cop: float = 1.0
    district_return_c: float = 45.0
    outdoor_c: float = 4.26
    warm_heat_kw: float = 3_000.0
    warm_supply_c: float = 68.0
    unit_lpm: float = 10.8
    flow_proven_lpm: float = 8.0
    outlet_most_c: float = 85.0
    supply_most_c: float = 90.0
    tank_full_c: float = 76.0

    @property
    def units(self) -> int:
        """How many miners the plant has."""
        return sum(container.units for container in self.containers)

    @property
    def models(self) -> tuple[MinerModel, ...]:
        """The model of the miners in each container."""
        return tuple(container.model or self.model for container in self.containers)

    @property
    def rated_kw(self) -> float:
        """What all miners draw at full power."""
        boxes = zip(self.containers, self.models, strict=True)
        return sum(container.units * model.rated_kw for container, model in boxes)

    @property
    def full_heat_kw(self) -> float:
        """The heat that all miners give at full power."""
        return self.rated_kw * self.recovery

    @property
    def separated(self) -> bool:
        """Whether a separator parts the exchangers' flow from the network's."""
        return self.tank_m3 > 0.0 or self.network_role == "sole_source"
