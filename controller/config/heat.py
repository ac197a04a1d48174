"""Heat and money: who wants how much heat at which temperature, and what it is worth."""

from typing import Annotated

from pydantic import Field, Strict

from controller.config.part import Celsius, Part
from controller.config.schedule import ScheduleEntry

Number = Annotated[float, Strict(), Field(ge=-500_000, le=500_000)]
Point = tuple[Number, Number]


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
    outdoor_filter_s: float = Field(
        6 * 3600.0, gt=0, le=604_800, description="Low pass of the outdoor sensor"
    )
    outdoor_fallback_c: Celsius = Field(
        -5.0, description="Outdoor temperature before the first reading"
    )
    max_heat_kw: float = Field(
        7_340.0, gt=0, le=500_000, description="Most heat that may be asked for"
    )
    recovery: float = Field(
        0.95, ge=0.5, le=1, description="Share of power delivered, until learnt"
    )
    recovery_low: float = Field(0.80, ge=0.5, le=1, description="Least share believed")
    recovery_high: float = Field(1.0, ge=0.5, le=1, description="Greatest share believed")
    recovery_filter_s: float = Field(
        900.0, gt=0, le=86_400, description="How slowly the share is learnt"
    )
    ramp_kw_per_min: float = Field(
        20_000.0,
        gt=0,
        le=500_000,
        description="How fast the heat target may move when the wish changes",
    )
    supply_ramp_k_per_h: float = Field(
        10.0, gt=0, le=1_000, description="How fast the wanted supply temperature may move"
    )
    schedule: tuple[ScheduleEntry, ...] = Field((), description="Heat by day and local time")


class Prices(Part):
    """Example prices for the screens; nothing is decided with them yet."""

    power_eur_mwh: float = Field(
        45.0, ge=-10_000, le=10_000, description="Electricity with grid fee"
    )
    heat_eur_mwh: float = Field(35.0, ge=-10_000, le=10_000, description="Heat sold")
    hash_eur_ths_day: float = Field(0.040, ge=0, le=100, description="Revenue of one TH/s in a day")
