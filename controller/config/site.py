"""The site around the miners: its name, its devices, and how it is protected."""

from typing import Literal

from pydantic import Field, field_validator

from controller.config.binding import DeviceRegister, Exists, Periods, Points, Requests
from controller.config.part import Part, Port
from controller.config.zone import check_zone


class Plant(Part):
    """What the plant is called and what it may draw."""

    name: str = Field("Hearth plant", min_length=1, description="Name on every screen")
    site_power_kw: float = Field(
        8_000.0, gt=0, le=500_000, description="Electric power of the connection"
    )
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


class Device(Part):
    """One Modbus device: its name is the prefix of its tags that are not named otherwise."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Name of the device")
    profile: str = Field(
        pattern=r"^[a-z0-9_]+$", description="Register map in drivers/modbus/profiles"
    )
    host: str = Field(
        pattern=r"^[0-9A-Za-z][0-9A-Za-z.:-]{0,252}$|^::",
        description="Address or host name of the device or of its gateway",
    )
    port: Port = Field(502, description="Modbus TCP port")
    unit: int = Field(
        1,
        ge=1,
        le=255,
        description="Modbus unit identifier; devices with one host and port share its connection",
    )
    framing: Literal["tcp", "rtu_over_tcp"] = Field(
        "tcp",
        description="rtu_over_tcp: serial frames with checksum, through a transparent gateway",
    )
    zero_transaction: bool = Field(
        default=False,
        description="Accept answers with transaction 0, as some gateways send them; off by default,"
        " because late answers are then told apart only by a new connection",
    )
    serial: int | None = Field(None, ge=0, description="Serial number that must answer here")
    others: bool = Field(
        default=True, description="Show the points that are no tags of the plant under its name too"
    )
    period_s: Periods = Field(
        default_factory=Periods, description="How often each group of its points is read"
    )
    requests: Requests = Field(default_factory=Requests, description="How long its requests may be")
    exists: Exists = Field(
        default_factory=dict,
        description="First and last address of a table that exist, so that gaps may be read over",
    )
    registers: tuple[DeviceRegister, ...] = Field(
        (), description="Registers that the profile lacks or leaves open"
    )
    points: Points = Field(
        default_factory=dict, description="Tags of the plant and the points they are taken from"
    )


class Protection(Part):
    """How long a cause may stand, and what follows a stop that is not obeyed."""

    flow_delay_s: float = Field(3.0, ge=0, le=4, description="Low primary flow before the trip")
    container_flow_delay_s: float = Field(3.0, ge=0, le=4, description="Lost container flow")
    temperature_delay_s: float = Field(1.0, ge=0, le=9, description="Hot header over its limit")
    contactor_after_s: float = Field(15.0, ge=1, le=60, description="Stop not obeyed: contactor")
    obeyed_fraction: float = Field(
        0.1, gt=0, le=0.5, description="Power left that counts as obeyed"
    )
    clear_s: float = Field(5.0, ge=0, le=600, description="All causes clear before a reset")
    reclose_flow_s: float = Field(
        60.0, ge=0, le=3_600, description="Proven flow before a contactor closes"
    )
    reclose_apart_s: float = Field(
        5.0, ge=0, le=600, description="Time between two contactors closing"
    )
    start_flow_s: float = Field(
        10.0, ge=0, le=600, description="Proven flow before a contactor closes in an ordinary start"
    )
    suction_trip_kpa: float = Field(
        70.0,
        ge=0,
        le=2_500,
        description="Static pressure on the suction side under which all stops",
    )
    inlet_trip_kpa: float = Field(
        700.0, gt=0, le=2_500, description="Pressure in the cold header over which all stops"
    )
    head_trip_kpa: float = Field(
        900.0, gt=0, le=2_500, description="Pressure behind the pumps over which all stops"
    )
    restarts_per_h: int = Field(
        6, ge=1, le=60, description="How often trips of the plant may be reset within an hour"
    )
    pressure_delay_s: float = Field(1.0, ge=0, le=4, description="Pressure outside its limits")
    conductivity_trip_us_cm: float = Field(
        300.0, gt=0, le=5_000, description="Conductivity of the miners' water over which all stops"
    )
    conductivity_delay_s: float = Field(60.0, ge=0, le=600, description="Conductivity too high")
    dew_point_margin_k: float = Field(
        3.0, ge=0, le=20, description="Inlet above the room's dew point, before a start and after"
    )


class PlantAlarm(Part):
    """An alarm that is changed, or one of this plant alone, which needs all of its texts."""

    name: str = Field(min_length=1, max_length=80, description="Name, as `hearth alarms` lists it")
    tag: str = Field("", description="Tag that it looks at")
    less: str = Field("", description="Tag that is subtracted from it")
    sort: Literal["high", "low", "on", "off", "word", "bad"] = Field(
        "high", description="What is looked at: a number, a flag, a text, a quality"
    )
    word: str = Field("", description="The text that is well, for the sort word")
    limit: float = Field(0.0, description="Limit of the sorts high and low")
    deadband: float = Field(0.0, ge=0, description="How far past its limit it is over")
    on_delay_s: float = Field(0.0, ge=0, le=86_400, description="How long it must stand")
    off_delay_s: float = Field(0.0, ge=0, le=86_400, description="How long it must be away")
    count: int = Field(0, ge=0, le=100, description="Or so many beginnings within count_s")
    count_s: float = Field(0.0, ge=0, le=86_400, description="Time in which beginnings count")
    latching: bool = Field(default=False, description="Stays until it is reset")
    realarm_s: float = Field(0.0, ge=0, le=604_800, description="Sounds again after; 0 never")
    priority: Literal["low", "medium", "high", "critical"] = Field(
        "low", description="How much it matters; about 80 % low, 15 % medium, 5 % high"
    )
    group: str = Field("plant", min_length=1, description="Group in which the first one is told")
    quiet_modes: tuple[str, ...] = Field((), description="Plant modes that suppress it")
    longest_shelf_s: float = Field(
        43_200.0, ge=0, le=43_200, description="How long it may be shelved"
    )
    cause: str = Field("", description="What may be wrong")
    consequence: str = Field("", description="What comes of it when nobody acts")
    action: str = Field("", description="What an operator does")
    respond_s: float = Field(0.0, ge=0, le=604_800, description="How long he has")
