"""The small plant whose equipment does what it is told at once: for tests of modes."""

from controller.control.decision import Decision, Wanted
from controller.control.state import Request
from controller.image.fleet import UnitState
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant, plant_file

SAFETY: dict[str, float | bool] = {
    "safety.emergency_stop_released": True,
    "safety.mains_present": True,
    "primary.suction_pressure_kpa": 180.0,
    "primary.inlet_pressure_kpa": 400.0,
    "primary.conductivity_us_cm": 20.0,
    "room.dew_point_c": 8.0,
    "make-up.valve_open_command": False,
}
FLOW_LPM = 90.0


class ObedientPlant(SmallPlant):
    """Pumps turn, valves stand and units follow one scan after they are told."""

    def __init__(self, **tables: object) -> None:
        super().__init__(plant_file(**tables), extra=SAFETY)
        self.broken: set[str] = set()

    def at_rest(self, *, cold_c: float = 20.0) -> "ObedientPlant":
        """Everything off, shut, open and cold; the units without mains and unheard of."""
        for name in self.values:
            point = name.partition(".")[2]
            if point in ("run", "running", "valve_open_command", "valve_open", "flow_proven"):
                self.values[name] = False
            if point in ("contactor_close", "contactor_closed"):
                self.values[name] = False
        self.set(container_01__valve_closed=True, container_02__valve_closed=True)
        self.set(primary__flow_lpm=0.0, district__flow_lpm=0.0)
        self.set(primary__hot_temperature_c=cold_c, primary__cold_temperature_c=cold_c)
        self.all_units(None)
        return self

    def follow(self, decision: Decision) -> None:
        """Do what was decided."""
        for name, value in decision.outputs.items():
            self.values[name] = value
        for n in (1, 2):
            pump = f"pump-{n}"
            running = bool(self.values[f"{pump}.run"]) and pump not in self.broken
            self.values[f"{pump}.running"] = running
        turning = any(self.values[f"pump-{n}.running"] for n in (1, 2))
        for n in (1, 2):
            name = f"container-{n:02}"
            opened = bool(self.values[f"{name}.valve_open_command"])
            self.values[f"{name}.valve_open"] = opened
            self.values[f"{name}.valve_closed"] = not opened
            self.values[f"{name}.flow_proven"] = opened and turning
            self.values[f"{name}.contactor_closed"] = self.values[f"{name}.contactor_close"]
        self.set(primary__flow_lpm=FLOW_LPM if turning else 0.0)
        self.set(district__flow_lpm=40.0 if self.values["district-pump.run"] else 0.0)
        self._units(decision)

    def _units(self, decision: Decision) -> None:
        for unit, wanted in enumerate(decision.units.tolist()):
            fed = bool(self.values[f"container-{1 + unit // 4:02}.contactor_closed"])
            if not fed or not self.values["safety.mains_present"]:
                self.unit(unit, None)
            elif self.rows[unit] is None:
                # A miner that gets mains starts by itself.
                self.unit(unit, RUNNING)
            elif wanted == Wanted.SLEEP:
                self.unit(unit, ASLEEP)
            elif wanted == Wanted.NORMAL:
                self.unit(unit, RUNNING)

    def run(self, seconds: int, *requests: Request) -> Decision:
        """So many scans a second apart, the requests with the first, everything obeyed."""
        decision = self.scan(*requests)
        self.follow(decision)
        for _ in range(seconds - 1):
            decision = self.scan()
            self.follow(decision)
        return decision

    def order(self, mode: str, **changes: object) -> Request:
        """An engineer's order of a mode."""
        return self.request(
            "plant_mode", mode, role="engineer", id=f"m-{mode}-{self.now_s}", **changes
        )

    def running_units(self) -> int:
        """How many units run."""
        return sum(row is not None and row.state == UnitState.RUNNING for row in self.rows.values())
