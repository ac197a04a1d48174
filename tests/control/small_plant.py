"""A plant of two containers with four units each, in order and running, for tests of decisions."""

from dataclasses import replace
from typing import Literal, Self

from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout, scan_settings
from controller.control.decision import Decision
from controller.control.needs import needed_tags
from controller.control.scan import scan
from controller.control.settings import Settings
from controller.control.state import Asked, PlantState, Request, Trip, first_state
from controller.image.fleet import Fleet, UnitRow, UnitState
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Tag

RUNNING = UnitRow(UnitState.RUNNING, 8.4, 460.0, 66.0, 77.0, 85.0, 7_200.0)
ASLEEP = UnitRow(UnitState.ASLEEP, 0.03, 0.0, 66.0, 66.0, 66.0, 7_200.0)
STARTING = UnitRow(UnitState.STARTING, 1.0, 0.0, 66.0, 67.0, 68.0, 20.0)
STOPPING = UnitRow(UnitState.STOPPING, 6.0, 0.0, 66.0, 74.0, 75.0, 7_200.0)
FAULT = UnitRow(UnitState.FAULT, 0.03, 0.0, 66.0, 66.0, 66.0, 7_200.0)

HEALTHY: dict[str, float | bool] = {
    "primary.hot_temperature_c": 77.0,
    "primary.cold_temperature_c": 66.0,
    "primary.flow_lpm": 90.0,
    "district.supply_temperature_c": 68.0,
    "district.return_temperature_c": 45.0,
    "district.flow_lpm": 40.0,
    "district-pump.run": True,
    "district-pump.speed_pct": 40.0,
    "three-way-valve.position_pct": 0.0,
    "dry-cooler.fan_pct": 0.0,
    "heat-meter.power_kw": 60.0,
    "outdoor.temperature_c": 4.0,
    **{
        f"pump-{n}.{point}": value
        for n in (1, 2)
        for point, value in (("running", True), ("run", True), ("speed_pct", 60.0))
    },
    **{
        f"container-{n:02}.{point}": value
        for n in (1, 2)
        for point, value in (
            ("flow_proven", True),
            ("leak", False),
            ("contactor_closed", True),
            ("valve_open", True),
            ("valve_closed", False),
            ("contactor_close", True),
            ("valve_open_command", True),
        )
    },
}

OTHER_EQUIPMENT: dict[str, float | bool] = {
    "network-pump.run": True,
    "network-pump.speed_pct": 40.0,
    "mixing-valve.position_pct": 0.0,
    "network.supply_temperature_c": 68.0,
    "network.return_temperature_c": 45.0,
    "network.differential_pressure_kpa": 80.0,
    "network.flow_lpm": 40.0,
    "booster.run": False,
    "booster.power_pct": 0.0,
    **{
        f"exchanger-{n}.{point}": True
        for n in (1, 2)
        for point in ("valve_open_command", "valve_open")
    },
}
"""Healthy values of what this plant has only where a test gives it more equipment."""


def plant_file(**tables: object) -> PlantFile:
    """The small plant's configuration; `tables` replaces whole tables of it."""
    devices = [
        {"name": name, "profile": profile, "host": "127.0.0.1"}
        for name, profile in (
            ("cdu", "sim_cdu_plc"),
            ("heat-meter", "sim_heat_meter"),
            ("outdoor", "sim_outdoor_sensor"),
        )
    ]
    data: dict[str, object] = {
        "container": [{"units": 4, "first_address": f"127.9.{n}.1"} for n in (1, 2)],
        "device": devices,
        "miners": {"accepted": True},
        "hydraulics": {"primary_flow_max_lpm": 100.0, "district_flow_max_lpm": 100.0},
        "heat": {"demand_curve": [[-20.0, 70.0], [17.0, 10.0]], "max_heat_kw": 63.0},
    }
    return PlantFile.model_validate({**data, **tables})


class SmallPlant:
    """Measured values that a test may change, and the scan over them, second by second."""

    def __init__(
        self,
        file: PlantFile | None = None,
        trips: tuple[Trip, ...] = (),
        extra: dict[str, float | bool] | None = None,
    ) -> None:
        file = plant_file() if file is None else file
        self.settings: Settings = scan_settings(file)
        layout = fleet_layout(file)
        self.now_s = 1_000.0
        wanted = needed_tags(self.settings) | set(extra or ())
        healthy = {**OTHER_EQUIPMENT, **HEALTHY, **(extra or {})}
        healthy = {name: healthy[name] for name in sorted(wanted)}
        self.values: dict[str, float | bool | None] = dict(healthy)
        self.rows: dict[int, UnitRow | None] = dict.fromkeys(range(len(layout)), RUNNING)
        self.state: PlantState = first_state(len(layout), layout.containers, 0.95, trips)
        self.events: list[str] = []
        self._asked = 0
        tags = [
            _tag(name, "flag" if isinstance(value, bool) else "number")
            for name, value in healthy.items()
        ]
        self.image = ProcessImage(tags, Fleet(layout))
        for unit in range(len(layout)):
            self.image.fleet.put_commandable(unit, commandable=True)

    def set(self, **values: float | bool | None) -> Self:
        """Change values; a tag is written with _ for - and __ for the dot."""
        for key, value in values.items():
            equipment, point = key.split("__")
            self.values[f"{equipment.replace('_', '-')}.{point}"] = value
        return self

    def unit(self, number: int, row: UnitRow | None, **columns: float | None) -> Self:
        """Let one unit report `row`; None lets it fall silent."""
        self.rows[number] = None if row is None else row._replace(**columns)
        return self

    def all_units(self, row: UnitRow | None) -> Self:
        """Let every unit report `row`."""
        self.rows = dict.fromkeys(self.rows, row)
        return self

    def snapshot(self) -> Snapshot:
        """What the image shows now; what is None or silent ages from when it was last heard."""
        for name, value in self.values.items():
            if value is not None:
                self.image.put(name, value, self.now_s)
        for unit, row in self.rows.items():
            if row is not None:
                self.image.fleet.put(unit, row, self.now_s)
        return self.image.freeze(self.now_s, 1_767_225_600.0 + self.now_s)

    def scan(self, *requests: Request, dt_s: float = 1.0) -> Decision:
        """Let `dt_s` pass and decide once."""
        self.now_s += dt_s
        decision = scan(self.snapshot(), requests, self.state, self.settings)
        self.state = decision.state
        self.events += [f"{event.source}: {event.text}" for event in decision.events]
        return decision

    def scans(self, seconds: int, *requests: Request) -> Decision:
        """One scan a second, the requests arriving with the first."""
        decision = self.scan(*requests)
        for _ in range(seconds - 1):
            decision = self.scan()
        return decision

    def request(self, name: str, value: Asked = None, **changes: object) -> Request:
        """An operator's request that lasts ten minutes."""
        self._asked += 1
        until_s = self.now_s + 600.0
        source = "opcua:anna"
        request = Request(f"r{self._asked}", source, "operator", name, value, "test", until_s)
        return replace(request, **changes)  # type: ignore[arg-type]


def _tag(name: str, kind: Literal["flag", "number"]) -> Tag:
    return Tag(name, kind, "", name, 0.0, 1.0, 1.5, 3.0, protective=True)
