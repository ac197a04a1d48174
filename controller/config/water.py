"""The water side: primary loop, district, tank, booster and network."""

from typing import Literal

from pydantic import Field

from controller.config.part import Celsius, Part
from controller.control.state import MOST_PUMPS


class Hydraulics(Part):
    """The water side: what the pumps can do, and what the loops hold."""

    pumps: tuple[str, ...] = Field(
        ("pump-1", "pump-2"), min_length=1, max_length=MOST_PUMPS, description="Primary pumps"
    )
    pumps_duty: int | None = Field(
        None, ge=1, description="How many of them run at once; the others stand by (default: all)"
    )
    primary_volume_m3: float | None = Field(
        None,
        gt=0,
        le=10_000,
        description="Water in the primary loop (default: 2.6 L for each rated kW)",
    )
    suction_fill_kpa: float = Field(
        180.0, gt=0, le=2_500, description="Static pressure to fill up to"
    )
    suction_start_kpa: float = Field(
        100.0, gt=0, le=2_500, description="Static pressure that the pumps need to start"
    )
    primary_flow_max_lpm: float = Field(
        11_500.0, gt=0, le=500_000, description="Duty pumps at full speed"
    )
    exchangers: int = Field(1, ge=1, le=2, description="Plate exchangers in parallel")
    district_flow_max_lpm: float = Field(
        4_200.0, gt=0, le=500_000, description="District pump at full speed"
    )
    pump_min_pct: float = Field(20.0, ge=0, le=100, description="Least speed of a running pump")
    pump_safe_pct: float = Field(80.0, ge=0, le=100, description="Pump speed in the safe state")
    pump_turn_h: float = Field(
        168.0, gt=0, le=10_000, description="Time after which a pump that stands by takes its turn"
    )
    district_min_pct: float = Field(3.0, ge=0, le=100, description="Least district pump speed")
    outlet_setpoint_c: Celsius = Field(80.0, description="Hottest running outlet to hold")
    cold_header_setpoint_c: Celsius = Field(70.0, description="Inlet above which heat is rejected")
    cold_header_reject_c: float = Field(
        60.0, ge=30, le=150, description="Inlet held when the district is lost"
    )
    dry_cooler_kw: float = Field(
        4_000.0, ge=0, le=500_000, description="Heat that the dry cooler can reject"
    )
    post_run_s: float = Field(
        180.0, ge=0, le=86_400, description="Flow after a container's last unit sleeps"
    )
    supply_max_c: Celsius = Field(90.0, description="Highest supply temperature for the district")


class Tank(Part):
    """The buffer tank, parallel to exchangers and network."""

    volume_m3: float = Field(300.0, gt=0, le=500_000, description="Water in the tank")
    full_c: Celsius = Field(76.0, description="Temperature of a full tank")
    low_pct: float = Field(20.0, ge=0, le=100, description="State of charge to keep at least")
    high_pct: float = Field(80.0, ge=0, le=100, description="State of charge to keep at most")


class Booster(Part):
    """What lifts the supply temperature when the miners' water is not warm enough."""

    kind: Literal["electric_boiler", "heat_pump"] = Field(
        "electric_boiler", description="Kind of the booster"
    )
    rated_kw: float = Field(gt=0, le=500_000, description="Heat at full power")
    cop: float = Field(1.0, ge=0.9, le=8, description="Heat for each kW of electricity")


class Network(Part):
    """The network behind a separator: tank plants and sole sources pump into it themselves."""

    flow_max_lpm: float = Field(4_200.0, gt=0, le=500_000, description="Network pump at full speed")
    differential_pressure_kpa: float = Field(
        80.0,
        gt=0,
        le=2_500,
        description="Differential pressure that the consumers need (sole_source)",
    )
    return_max_c: Celsius = Field(
        55.0, description="Return above which an injector lowers its supply, 2 K for each kelvin"
    )
    pump_ramp_pct_per_s: float = Field(
        2.0, gt=0, le=100, description="How fast the network pump's speed may move"
    )
