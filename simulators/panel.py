"""All instruments of the plant: what each one measures, and who shows it."""

from dataclasses import dataclass

import numpy as np

from simulators.description import PlantDescription
from simulators.district import DistrictSide
from simulators.meters import (
    CONDUCTIVITY,
    FLOW,
    PRESSURE,
    TEMPERATURE,
    Floats,
    Instruments,
    Kind,
)
from simulators.names import (
    MEASURED_SEPARATED,
    MEASURED_SPARE,
    MEASURED_TANK,
    TANK_LAYERS,
    analogue_inputs,
)
from simulators.primary import PrimaryLoop

MeterReadings = tuple[float, float, float]
Rows = tuple[tuple[str, Kind], ...]

# What any plant has had from the first: its dice stay the same whatever is built beside it.
WATER: Rows = (
    ("primary.hot_temperature_c", TEMPERATURE),
    ("primary.cold_temperature_c", TEMPERATURE),
    ("district.supply_temperature_c", TEMPERATURE),
    ("district.return_temperature_c", TEMPERATURE),
    ("dry-cooler.outlet_temperature_c", TEMPERATURE),
    ("produced.supply_c", TEMPERATURE),
    ("produced.return_c", TEMPERATURE),
    ("outdoor", TEMPERATURE),
    ("primary.flow_lpm", FLOW),
    ("district.flow_lpm", FLOW),
    ("produced.flow_lpm", FLOW),
)
BESIDE: Rows = (
    ("sold.supply_c", TEMPERATURE),
    ("sold.return_c", TEMPERATURE),
    ("sold.flow_lpm", FLOW),
    ("room.temperature_c", TEMPERATURE),
    ("room.dew_point_c", TEMPERATURE),
    ("primary.suction_pressure_kpa", PRESSURE),
    ("primary.inlet_pressure_kpa", PRESSURE),
    ("primary.strainer_pressure_drop_kpa", PRESSURE),
    ("primary.conductivity_us_cm", CONDUCTIVITY),
)
SEPARATED: Rows = tuple(
    zip(MEASURED_SEPARATED, (TEMPERATURE, TEMPERATURE, FLOW, PRESSURE), strict=True)
)
SPARE: Rows = tuple((name, TEMPERATURE) for name in MEASURED_SPARE)
TANK: Rows = tuple((name, TEMPERATURE) for name in MEASURED_TANK)

# Places of supply, return and flow: produced, then sold.
METERS = [5, 6, 10, 11, 12, 13]
DECIMALS = {"_lpm": 0, "_kpa": 1, "_cm": 1}


@dataclass(slots=True)
class Surroundings:
    """Weather and the room that the plant stands in."""

    outdoor_c: float
    room_c: float = 22.0
    dew_point_c: float = 8.0


class Panel:
    """The instruments with their places; PLC, heat meters and outdoor sensor read here."""

    def __init__(self, description: PlantDescription, seed: int) -> None:
        beside = BESIDE + (SEPARATED if description.separated else ())
        beside += SPARE if description.three_in_hot_header else ()
        beside += TANK if description.tank_m3 > 0.0 else ()
        self._instruments = Instruments(
            (
                ([kind for _, kind in WATER], np.random.default_rng([seed, 2])),
                ([kind for _, kind in beside], np.random.default_rng([seed, 3])),
            )
        )
        self._place = {name: place for place, (name, _) in enumerate(WATER + beside)}
        self._shown = tuple(
            (name, self._place[name], _decimals(name))
            for name in analogue_inputs(description)
            if name in self._place
        )
        self._has_tank = description.tank_m3 > 0.0
        self._has_spare = description.three_in_hot_header

    def start(self, primary: PrimaryLoop, district: DistrictSide, around: Surroundings) -> None:
        """Begin in rest."""
        self._instruments.start(self._truth(primary, district, around))

    def step(
        self,
        dt_s: float,
        now_s: float,
        primary: PrimaryLoop,
        district: DistrictSide,
        around: Surroundings,
    ) -> None:
        """Follow what is really the case."""
        self._instruments.step(dt_s, now_s, self._truth(primary, district, around))

    def plc(self) -> dict[str, float | bool]:
        """What is wired to the PLC, as fine as its cards resolve."""
        readings = self._instruments.read().tolist()
        return {name: round(readings[place], digits) for name, place, digits in self._shown}

    def meters(self) -> tuple[MeterReadings, MeterReadings]:
        """Supply, return and flow at the exchangers, and at the boundary."""
        readings = self._instruments.read()[METERS].tolist()
        return (readings[0], readings[1], readings[2]), (readings[3], readings[4], readings[5])

    def outdoor_c(self) -> float:
        """The outdoor sensor's reading."""
        return float(self._instruments.read()[self._place["outdoor"]])

    def _truth(self, primary: PrimaryLoop, district: DistrictSide, around: Surroundings) -> Floats:
        hot_c, cold_c = primary.hot.inlet_c, primary.cold.outlet_c
        supply_c, inlet_c = primary.exchangers.supply_c, district.inlet_c
        flow_lpm, pressure = primary.flow_lpm, primary.pressure
        network = district.network
        sold = (district.supply_c, network.return_c, district.network_lpm)
        values = [
            *(hot_c, cold_c, supply_c, inlet_c, primary.cooler.outlet_c),
            *(supply_c, inlet_c, around.outdoor_c),
            *(flow_lpm, district.flow_lpm, district.flow_lpm),
            *sold,
            *(around.room_c, around.dew_point_c, pressure.suction_kpa, primary.inlet_kpa),
            *(pressure.strainer_kpa(flow_lpm), pressure.conductivity_us_cm),
        ]
        if district.separator is not None:
            values += (*sold, network.dp_kpa)
        if self._has_spare:
            values += (hot_c, hot_c)
        if district.separator is not None and self._has_tank:
            values += district.separator.sensors_c(TANK_LAYERS)
        return np.array(values)


def _decimals(name: str) -> int:
    return next((digits for end, digits in DECIMALS.items() if name.endswith(end)), 2)
