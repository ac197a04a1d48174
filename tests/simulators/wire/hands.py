"""A fleet and a PLC written by hand, so that the wire is tested without the physics."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager

import numpy as np

from simulators.fault_verbs import Fault
from simulators.wire.listen import Address

Ask = Callable[[Address, bytes], Awaitable[bytes]]
Miners = Callable[[Sequence[Address]], AbstractAsyncContextManager[None]]

ADDRESSES = (("127.1.1.1", 4028), ("127.1.1.2", 4028), ("127.1.2.1", 4028))


class HandFleet:
    """Three units whose columns a test may write."""

    def __init__(self) -> None:
        self.names = ("c01-001", "c01-002", "c02-001")
        self.serials = ("0201000000000001", "0201000000000002", "0201000000000003")
        self.macs = ("021566000001", "021566000002", "021566000003")
        self.power_kw = np.array([8.4, 8.31, 0.03])
        self.hashrate_ths = np.array([460.0, 455.07, 0.0])
        self.inlet_c = np.array([65.32, 65.32, 65.32])
        self.outlet_c = np.array([76.18, 76.02, 65.32])
        self.chip_c = np.array([89.6, 89.3, 65.4])
        self.elapsed_s = np.array([7200.4, 93.0, 5000.0])
        self.work = np.array([1, 1, 2], np.int8)
        self.soft_off = np.array([0, 0, 5], np.int8)
        self.api_up = np.array([True, True, True])
        self.personality = np.zeros(3, np.int8)
        self.mode = np.ones(3, np.int8)
        self.stored_mode = np.ones(3, np.int8)
        self.calibrating_s = np.zeros(3)
        self.heard: list[tuple[str, int]] = []

    def sleep(self, i: int) -> None:
        """Note it."""
        self.heard.append(("sleep", i))

    def reboot(self, i: int) -> None:
        """Note it."""
        self.heard.append(("reboot", i))

    def set_mode(self, i: int, mode: int) -> None:
        """Note it."""
        self.heard.append((f"mode-{mode}", i))


class HandPlc:
    """A PLC of two pumps and two containers that keeps what it is told."""

    def __init__(self) -> None:
        self.measured: dict[str, float | bool | None] = {}
        self.reads = 0
        self.frames: list[tuple[int, int]] = []
        self.refusal: Exception | None = None
        self.told: dict[str, float | bool] = {
            "hearth.heartbeat": 0.0,
            "hearth.epoch": 0.0,
            "pump-1.speed_pct": 60.0,
            "pump-2.speed_pct": 0.0,
            "district-pump.speed_pct": 45.5,
            "three-way-valve.position_pct": 0.0,
            "dry-cooler.fan_pct": 12.34,
            "pump-1.run": True,
            "pump-2.run": False,
            "district-pump.run": True,
            "container-01.contactor_close": True,
            "container-02.contactor_close": True,
            "container-01.valve_open_command": True,
            "container-02.valve_open_command": False,
        }

    def points(self) -> dict[str, float | bool | None]:
        """What a test has put there."""
        self.reads += 1
        return dict(self.measured)

    def command(self, point: str, value: float | bool) -> None:  # noqa: FBT001
        """Keep it."""
        if point not in self.told:
            raise KeyError(point)
        if self.refusal is not None:
            raise self.refusal
        self.told[point] = value

    def take_frame(self, values: Mapping[str, float], heartbeat: int, epoch: int) -> None:
        """Keep all of it."""
        if self.refusal is not None:
            raise self.refusal
        self.frames.append((heartbeat, epoch))
        self.told |= values

    def command_value(self, point: str) -> float | bool:
        """What it was told."""
        return self.told[point]


class HandFaults:
    """Nobody is silent until a test says so."""

    def __init__(self) -> None:
        self.seed = 7
        self.silent = np.zeros(3, bool)
        self.telling: dict[int, Fault] = {}
        self.links: dict[int, Fault] = {}

    def unit(self, index: int) -> Fault | None:
        """How a unit's telemetry is broken."""
        return self.telling.get(index)

    def unit_link(self, index: int) -> Fault | None:
        """How the link to a unit is broken."""
        return self.links.get(index)
