"""What may stand in plant.toml: every key with its unit, range, default and meaning."""

from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from controller.config.part import Part
from controller.config.schedule import ScheduleEntry, check_apart
from controller.config.zone import check_zone

Point = tuple[float, float]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Plant(Part):
    """What the plant is called and what it may draw."""

    name: str = Field("Hearth plant", min_length=1, description="Name on every screen")
    site_power_kw: float = Field(8_000.0, gt=0, description="Electric power of the connection")
    network_role: Literal["injector", "sole_source"] = Field(
        "injector",
        description="injector: the network takes what we deliver; sole_source: consumers set the"
        " flow, and supply temperature and differential pressure are ours to hold",
    )
    autostart: bool = Field(
        default=True, description="Start by itself when nobody has ordered another mode before"
    )
    timezone: str = Field("UTC", description="Time zone of the schedule, such as Europe/Helsinki")

    @field_validator("timezone")
    @classmethod
    def _known(cls, name: str) -> str:
        check_zone(name)
        return name


class Miners(Part):
    """The model of the miners and what one of them stands."""

    model: str = Field("1566HA", description="Model as the miners report it")
    accepted: bool = Field(
        default=False,
        description="An engineer has seen this model obey on this site; else it is only monitored",
    )
    rated_kw: float = Field(8.4, gt=0, le=30, description="Electric power in normal mode")
    standby_kw: float = Field(0.03, ge=0, le=1, description="Electric power asleep")
    outlet_warn_c: float = Field(82.0, description="Outlet from which power is taken back")
    outlet_trip_c: float = Field(
        85.0, description="Outlet at which a unit, or the plant, is stopped"
    )
    inlet_max_c: float = Field(72.0, description="Inlet from which power is taken back")
    flow_floor_lpm: float = Field(10.5, gt=0, description="Least flow that control gives a unit")
    flow_trip_lpm: float = Field(8.0, gt=0, description="Flow of a unit under which it is stopped")
    min_on_s: float = Field(900.0, ge=0, description="Shortest time a unit runs")
    min_off_s: float = Field(600.0, ge=0, description="Shortest time a unit sleeps")
    sleeps_per_day: int = Field(6, ge=1, le=100, description="Most sleeps of a unit in a day (UTC)")
    wakes_per_s: float = Field(10.0, gt=0, le=100, description="Most units woken in a second")
    wake_limit_s: float = Field(420.0, gt=0, description="Time after which a woken unit must run")
    follow_limit_s: float = Field(30.0, gt=0, description="Time after which a sleeper must be off")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _ascending("outlet_warn_c", self.outlet_warn_c, "outlet_trip_c", self.outlet_trip_c)
        _ascending("inlet_max_c", self.inlet_max_c, "outlet_warn_c", self.outlet_warn_c)
        _ascending("flow_trip_lpm", self.flow_trip_lpm, "flow_floor_lpm", self.flow_floor_lpm)
        return self


class Container(Part):
    """One container: how many miners, and the address of the first; the others follow on."""

    units: int = Field(ge=1, le=1_000, description="Miners in this container")
    first_address: IPv4Address = Field(description="Address of its first miner")
    port: Port = Field(4028, description="CGMiner API port")


class Device(Part):
    """One Modbus TCP device: its name is the prefix of its tags."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Name of the device")
    profile: str = Field(
        pattern=r"^[a-z0-9_]+$", description="Register map in drivers/modbus/profiles"
    )
    host: str = Field(description="Address of the device or of its gateway")
    port: Port = Field(502, description="Modbus TCP port")
    unit: int = Field(1, ge=0, le=255, description="Modbus unit identifier")
    serial: int | None = Field(None, description="Serial number that must answer here")


class Protection(Part):
    """How long a cause may stand, and what follows a stop that is not obeyed."""

    flow_delay_s: float = Field(1.0, ge=0, le=4, description="Low primary flow before the trip")
    container_flow_delay_s: float = Field(2.0, ge=0, le=4, description="Lost container flow")
    temperature_delay_s: float = Field(1.0, ge=0, le=9, description="Hot header over its limit")
    contactor_after_s: float = Field(15.0, ge=1, le=60, description="Stop not obeyed: contactor")
    obeyed_fraction: float = Field(0.1, gt=0, lt=1, description="Power left that counts as obeyed")
    clear_s: float = Field(5.0, ge=0, le=600, description="All causes clear before a reset")
    reclose_flow_s: float = Field(60.0, ge=0, description="Proven flow before a contactor closes")
    reclose_apart_s: float = Field(5.0, ge=0, description="Time between two contactors closing")
    start_flow_s: float = Field(
        10.0, ge=0, description="Proven flow before a contactor closes in an ordinary start"
    )
    suction_trip_kpa: float = Field(
        70.0, ge=0, description="Static pressure on the suction side under which all stops"
    )
    inlet_trip_kpa: float = Field(
        700.0, gt=0, description="Pressure in the cold header over which all stops"
    )
    pressure_delay_s: float = Field(1.0, ge=0, le=4, description="Pressure outside its limits")
    conductivity_trip_us_cm: float = Field(
        300.0, gt=0, description="Conductivity of the miners' water over which all stops"
    )
    conductivity_delay_s: float = Field(60.0, ge=0, le=600, description="Conductivity too high")
    dew_point_margin_k: float = Field(
        3.0, ge=0, le=20, description="Inlet above the room's dew point before units start"
    )


class Hydraulics(Part):
    """The water side: what the pumps can do, and what the loops hold."""

    pumps: tuple[str, ...] = Field(("pump-1", "pump-2"), min_length=1, description="Primary pumps")
    pumps_duty: int | None = Field(
        None, ge=1, description="How many of them run at once; the others stand by (default: all)"
    )
    primary_volume_m3: float | None = Field(
        None, gt=0, description="Water in the primary loop (default: 2.6 L for each rated kW)"
    )
    suction_fill_kpa: float = Field(180.0, gt=0, description="Static pressure to fill up to")
    suction_start_kpa: float = Field(
        100.0, gt=0, description="Static pressure that the pumps need to start"
    )
    primary_flow_max_lpm: float = Field(11_500.0, gt=0, description="Duty pumps at full speed")
    exchangers: int = Field(1, ge=1, le=2, description="Plate exchangers in parallel")
    district_flow_max_lpm: float = Field(4_200.0, gt=0, description="District pump at full speed")
    pump_min_pct: float = Field(20.0, ge=0, le=100, description="Least speed of a running pump")
    pump_safe_pct: float = Field(80.0, ge=0, le=100, description="Pump speed in the safe state")
    district_min_pct: float = Field(3.0, ge=0, le=100, description="Least district pump speed")
    outlet_setpoint_c: float = Field(80.0, description="Hottest running outlet to hold")
    cold_header_setpoint_c: float = Field(70.0, description="Inlet above which heat is rejected")
    cold_header_reject_c: float = Field(
        60.0, ge=30, description="Inlet held when the district is lost"
    )
    dry_cooler_kw: float = Field(4_000.0, ge=0, description="Heat that the dry cooler can reject")
    post_run_s: float = Field(180.0, ge=0, description="Flow after a container's last unit sleeps")
    supply_max_c: float = Field(90.0, description="Highest supply temperature for the district")


class Tank(Part):
    """The buffer tank, parallel to exchangers and network."""

    volume_m3: float = Field(300.0, gt=0, description="Water in the tank")
    full_c: float = Field(76.0, description="Temperature of a full tank")
    low_pct: float = Field(20.0, ge=0, le=100, description="State of charge to keep at least")
    high_pct: float = Field(80.0, ge=0, le=100, description="State of charge to keep at most")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _ascending("low_pct", self.low_pct, "high_pct", self.high_pct)
        return self


class Booster(Part):
    """What lifts the supply temperature when the miners' water is not warm enough."""

    kind: Literal["electric_boiler", "heat_pump"] = Field(
        "electric_boiler", description="Kind of the booster"
    )
    rated_kw: float = Field(gt=0, description="Heat at full power")
    cop: float = Field(1.0, ge=0.9, le=8, description="Heat for each kW of electricity")


class Network(Part):
    """The network behind a separator: tank plants and sole sources pump into it themselves."""

    flow_max_lpm: float = Field(4_200.0, gt=0, description="Network pump at full speed")
    differential_pressure_kpa: float = Field(
        80.0, gt=0, description="Differential pressure that the consumers need (sole_source)"
    )


class Heat(Part):
    """Where the heat target comes from when nobody asks, and how heat follows power."""

    demand_curve: tuple[Point, ...] = Field(
        ((-20.0, 7_000.0), (17.0, 900.0)), min_length=1, description="Outdoor °C, heat kW"
    )
    supply_curve: tuple[Point, ...] = Field(
        ((-26.0, 77.0), (-20.0, 75.0), (-10.0, 73.0), (0.0, 68.0), (15.0, 65.0)),
        min_length=1,
        description="Outdoor °C, supply °C",
    )
    outdoor_filter_s: float = Field(6 * 3600.0, gt=0, description="Low pass of the outdoor sensor")
    outdoor_fallback_c: float = Field(
        -5.0, description="Outdoor temperature before the first reading"
    )
    max_heat_kw: float = Field(7_340.0, gt=0, description="Most heat that may be asked for")
    recovery: float = Field(
        0.95, ge=0.5, le=1, description="Share of power delivered, until learnt"
    )
    recovery_low: float = Field(0.80, ge=0.5, le=1, description="Least share believed")
    recovery_high: float = Field(1.0, ge=0.5, le=1, description="Greatest share believed")
    recovery_filter_s: float = Field(900.0, gt=0, description="How slowly the share is learnt")
    ramp_kw_per_min: float = Field(
        20_000.0, gt=0, description="How fast the heat target may move when the wish changes"
    )
    schedule: tuple[ScheduleEntry, ...] = Field((), description="Heat by day and local time")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for name, curve in (
            ("demand_curve", self.demand_curve),
            ("supply_curve", self.supply_curve),
        ):
            if any(right[0] <= left[0] for left, right in pairwise(curve)):
                raise ValueError(f"{name}: outdoor temperatures must rise from point to point")
        _ascending("recovery_low", self.recovery_low, "recovery_high", self.recovery_high)
        check_apart(self.schedule)
        if any(entry.heat_kw > self.max_heat_kw for entry in self.schedule):
            raise ValueError(f"schedule: heat_kw is above max_heat_kw = {self.max_heat_kw}")
        return self


class Prices(Part):
    """Example prices for the screens; nothing is decided with them yet."""

    power_eur_mwh: float = Field(45.0, description="Electricity with grid fee")
    heat_eur_mwh: float = Field(35.0, description="Heat sold")
    hash_eur_ths_day: float = Field(0.040, ge=0, description="Revenue of one TH/s in a day")


class Core(Part):
    """The loop, how far it may reach, and its files."""

    reach: Literal["automatic", "limited", "dry-run"] = Field(
        "automatic", description="Write everywhere, inside the fence only, or nowhere"
    )
    fence: tuple[str, ...] = Field(
        (), description="Equipment that may be written when limited, such as container-01 or pump-1"
    )

    scan_s: float = Field(1.0, ge=0.2, le=5, description="Time between two scans")
    poll_s: float = Field(5.0, ge=1, le=60, description="Time between two polls of a miner")
    start_limit_s: float = Field(15.0, ge=1, le=60, description="Longest wait for a complete image")
    state_dir: Path = Field(Path("run"), description="Folder of link, trip latch and journal")

    @model_validator(mode="after")
    def _fenced(self) -> Self:
        if (self.reach == "limited") != bool(self.fence):
            raise ValueError('fence names what may be written, exactly when reach = "limited"')
        return self


class OpcUa(Part):
    """The OPC UA server; a path is relative to the folder of plant.toml."""

    host: str = Field("127.0.0.1", description="Address to listen on; never all addresses unasked")
    port: Port = Field(4840, description="TCP port")
    application_uri: str = Field("urn:hearth:server", description="URI in the server's certificate")
    pki_dir: Path = Field(Path("pki"), description="Own certificate, trusted and rejected clients")
    users_file: Path = Field(Path("users.toml"), description="Users with password hashes and roles")
    heat_request_minutes: float = Field(
        15.0, gt=0, le=1_440, description="Life of a written demand"
    )


class PlantFile(Part):
    """The whole of plant.toml."""

    plant: Plant = Field(default_factory=Plant)
    miners: Miners = Field(default_factory=Miners)
    container: tuple[Container, ...] = Field(min_length=1, max_length=32)
    device: tuple[Device, ...] = Field(min_length=1)
    tank: Tank | None = Field(None, description="Buffer tank; without this table there is none")
    booster: Booster | None = Field(None, description="Booster; without this table there is none")
    network: Network = Field(default_factory=Network)
    heat_meter: str = Field("heat-meter", description="Name of the heat meter at the exchangers")
    boundary_meter: str | None = Field(
        None, description="Name of the heat meter of what is sold; without it, the heat meter's"
    )
    outdoor: str = Field("outdoor", description="Name of the outdoor sensor among the devices")
    protection: Protection = Field(default_factory=Protection)
    hydraulics: Hydraulics = Field(default_factory=Hydraulics)
    heat: Heat = Field(default_factory=Heat)
    prices: Prices = Field(default_factory=Prices)
    core: Core = Field(default_factory=Core)
    opcua: OpcUa = Field(default_factory=OpcUa)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [device.name for device in self.device]
        if len(set(names)) != len(names):
            raise ValueError(f"device: two devices have the same name in {names}")
        pumps, duty = self.hydraulics.pumps, self.hydraulics.pumps_duty
        if duty is not None and duty > len(pumps):
            raise ValueError(f"hydraulics.pumps_duty = {duty}: there are only {len(pumps)} pumps")
        meters = (
            ("heat_meter", self.heat_meter),
            ("boundary_meter", self.boundary_meter),
            ("outdoor", self.outdoor),
        )
        for key, name in meters:
            if name is not None and name not in names:
                raise ValueError(f"{key} = {name!r}: no device has this name; there are {names}")
        setpoint, warn = self.hydraulics.outlet_setpoint_c, self.miners.outlet_warn_c
        _ascending("hydraulics.outlet_setpoint_c", setpoint, "miners.outlet_warn_c", warn)
        cold, inlet = self.hydraulics.cold_header_setpoint_c, self.miners.inlet_max_c
        _ascending("hydraulics.cold_header_setpoint_c", cold, "miners.inlet_max_c", inlet)
        return self


def _ascending(low_name: str, low: float, high_name: str, high: float) -> None:
    if not low < high:
        raise ValueError(f"{low_name} ({low}) must be below {high_name} ({high})")
