"""The world joined to the scan without wires: the same settings and decisions as the daemon.

Time is a number that this file advances; an evening takes seconds. The points of the simulated PLC
are the tags of the image, so that what is decided here is what would be decided over Modbus.
"""

from collections.abc import Sequence

import numpy as np

from controller.control.decision import Decision, Event, Wanted, mode_differs
from controller.control.scan import scan
from controller.control.settings import Settings
from controller.control.state import PlantState, Request, Trip, first_state
from controller.control.trim import whole_percents
from controller.image.fleet import Bytes, Fleet, FleetLayout, UnitState
from controller.image.process_image import ProcessImage, Snapshot
from controller.image.tag import Tag
from simulators.description import WORK_MODES
from simulators.fault_targets import (
    BOUNDARY_METER,
    FEEDER_PANEL,
    HEAT_METER,
    LINK,
    OUTDOOR,
    PLC,
)
from simulators.link_verbs import UNTAKEN
from simulators.names import analogue_outputs
from simulators.world import World

WORLD_STEP_S = 0.5
HEARTBEATS = 65_536
POLL_S = 5.0
WORK_INIT, WORK_IDLE, WORK_FAULT = 0, 2, 3
POWERED_KW = 0.2
UNKNOWN, RUNNING, STARTING, STOPPING, ASLEEP, FAULT = map(int, UnitState)
"""Plain numbers: numpy compares with them several times as fast as with members of an Enum."""
SLEEP, NORMAL = int(Wanted.SLEEP), int(Wanted.NORMAL)
PATIENCE_S = 45.0
POWER_EVERY_S = 30.0
NUMBERS = ("power_kw", "hashrate_ths", "inlet_c", "outlet_c", "chip_c", "elapsed_s")


class SoftPlant:
    """A world, an image and the scan's memory; one `second` is one scan."""

    def __init__(
        self,
        world: World,
        settings: Settings,
        layout: FleetLayout,
        tags: Sequence[Tag],
        *,
        trips: tuple[Trip, ...] = (),
        utc_s: float = 1_767_225_600.0,
        step_s: float = WORLD_STEP_S,
    ) -> None:
        self.world = world
        self._step_s = step_s
        self.settings = settings
        self.state: PlantState = first_state(
            len(layout), layout.containers, settings.heat.recovery, trips
        )
        self.decision: Decision | None = None
        self.snapshot: Snapshot | None = None
        self.events: list[tuple[float, Event]] = []
        self._image = ProcessImage(tags, Fleet(layout))
        self._orders = tuple(tag.name for tag in tags if _is_order(world, tag.name))
        self._utc_s = utc_s
        self._turn = 0
        self._mode_places = _mode_places(layout)
        self._heartbeat = 0
        self.refused = 0
        self._ordered = np.full(len(layout), np.int8(Wanted.FREE))
        self._ordered_s = np.full(len(layout), -np.inf)
        self._set_s = np.full(len(layout), -np.inf)
        self._power_s = np.full(len(layout), -np.inf)
        for unit in range(len(layout)):
            self._image.fleet.put_commandable(unit, commandable=True)

    def second(self, requests: Sequence[Request] = ()) -> Decision:
        """Let one second pass, look at the plant, decide, and do it."""
        self.pass_time(1.0)
        return self.scan(requests)

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the plant alone, as when its controller is away."""
        for _ in range(round(seconds / self._step_s)):
            self.world.step(self._step_s)

    def scan(self, requests: Sequence[Request] = ()) -> Decision:
        """Look at the plant, decide, and do it, in no time at all."""
        self.snapshot = self._look()
        decision = scan(self.snapshot, requests, self.state, self.settings)
        self.state, self.decision = decision.state, decision
        self.events += [(self.world.now_s, event) for event in decision.events]
        if decision.writing:
            self._act(decision)
        return decision

    def _look(self) -> Snapshot:
        now_s = self.world.now_s
        world, settings = self.world, self.settings
        ordered = {name: world.plc.command_value(name) for name in self._orders}
        devices = [
            (PLC, "", world.plc.points() | ordered),
            (FEEDER_PANEL, "", world.feeder_panel.points()),
            (HEAT_METER, f"{settings.heat_meter}.", world.heat_meter.points()),
            (OUTDOOR, f"{settings.outdoor}.", world.outdoor.points()),
        ]
        if settings.boundary_meter != settings.heat_meter:
            boundary = world.boundary_meter.points()
            devices.append((BOUNDARY_METER, f"{settings.boundary_meter}.", boundary))
        for device, prefix, points in devices:
            if not world.faults.reached(device):
                continue
            named = {prefix + name: value for name, value in points.items()} if prefix else points
            self._image.put_many(named, now_s)
        self._poll_miners(now_s)
        return self._image.freeze(now_s, self._utc_s + now_s)

    def _poll_miners(self, now_s: float) -> None:
        """Every fifth of the fleet in turn; all of it in the first second."""
        fleet = self.world.fleet
        shares = int(POLL_S)
        first, apart = (0, 1) if self._turn == 0 else (self._turn % shares, shares)
        self._turn += 1
        share = np.arange(first, len(fleet.names), apart)
        heard = share[fleet.api_up[share] & ~self.world.faults.cut[share]]
        columns = {name: getattr(fleet, name)[heard].astype(np.float64) for name in NUMBERS}
        states = _states(self.world)[heard]
        modes = self._mode_places[self._image.fleet.layout.container_of[heard], fleet.mode[heard]]
        self._image.fleet.put_columns(heard, states, modes, columns, now_s)

    def _order(self, decision: Decision) -> None:
        """The set-points in one frame, then the coils; nothing after a refusal, as on the wire."""
        plc = self.world.plc
        faults = self.world.faults
        arrives = faults.reached(PLC) and faults.of(LINK + PLC) != UNTAKEN
        if decision.epoch is None or not arrives:
            return
        frame = {
            name: float(decision.outputs.get(name, plc.command_value(name)))
            for name in analogue_outputs(self.world.description)
        }
        self._heartbeat = self._heartbeat % (HEARTBEATS - 1) + 1
        try:
            plc.take_frame(frame, self._heartbeat, decision.epoch)
        except ValueError:
            self.refused += 1
            return
        for name in decision.outputs.keys() - frame.keys():
            plc.command(name, decision.outputs[name])

    def _act(self, decision: Decision) -> None:
        self._order(decision)
        state = _states(self.world)
        state[self.world.faults.cut] = UNKNOWN
        off = (state == ASLEEP) | (state == STOPPING)
        on = (state == RUNNING) | (state == STARTING)
        now_s = self.world.now_s
        patient = (self._ordered == decision.units) & (now_s - self._ordered_s < PATIENCE_S)
        for unit in np.flatnonzero((decision.units == SLEEP) & on & ~patient).tolist():
            self.world.fleet.sleep(unit)
            self._ordered[unit], self._ordered_s[unit] = Wanted.SLEEP, now_s
        for unit in np.flatnonzero((decision.units == NORMAL) & off & ~patient).tolist():
            self.world.fleet.wake(unit)
            self._ordered[unit], self._ordered_s[unit] = Wanted.NORMAL, now_s
        self._set_modes(decision)
        self._set_powers(decision)

    def _set_modes(self, decision: Decision) -> None:
        """Order the work modes that differ from those that the units told last."""
        if decision.rungs is None or self.snapshot is None:
            return
        fleet = self.snapshot.fleet
        wrong = mode_differs(decision, fleet) & (self.world.now_s - self._set_s >= PATIENCE_S)
        for unit in np.flatnonzero(wrong).tolist():
            names = fleet.layout.modes[fleet.layout.container_of[unit]]
            name = names[decision.rungs[unit] - 1]
            number = next(row for row, mode in enumerate(WORK_MODES) if mode.name == name)
            self.world.fleet.set_mode(unit, number)
            self._set_s[unit] = self.world.now_s

    def _set_powers(self, decision: Decision) -> None:
        """Order powers that differ from what units are set to, no more often than on the wire."""
        if decision.power_share is None:
            return
        fleet, now_s = self.world.fleet, self.world.now_s
        percents = whole_percents(decision.power_share)
        set_to = np.where(fleet.trim.percent > 0, fleet.trim.percent, 100)
        due = now_s - self._power_s >= POWER_EVERY_S
        wrong = (percents > 0) & (percents != set_to) & fleet.tuned & due
        for unit in np.flatnonzero(wrong).tolist():
            fleet.set_power(unit, int(percents[unit]), fast=False)
            self._power_s[unit] = now_s


def _is_order(world: World, name: str) -> bool:
    """Whether the PLC tells what it was ordered here, as a read-back does."""
    try:
        world.plc.command_value(name)
    except KeyError:
        return False
    return True


def _states(world: World) -> Bytes:
    """What each unit's telemetry would show, by the same evidence as on the wire."""
    fleet = world.fleet
    hashing = fleet.hashrate_ths > 0.0
    powered = fleet.power_kw > POWERED_KW
    state = np.where(hashing, np.int8(RUNNING), np.int8(STARTING))
    idle = fleet.work == WORK_IDLE
    state[idle & powered] = STOPPING
    state[idle & ~powered] = ASLEEP
    state[fleet.work == WORK_FAULT] = FAULT
    state[~fleet.api_up] = UNKNOWN
    return state.astype(np.int8)


def _mode_places(layout: FleetLayout) -> Bytes:
    """The place of each of the world's work modes among those of a container, -1 for none."""
    places = np.full((layout.containers, len(WORK_MODES)), np.int8(-1))
    for container, names in enumerate(layout.modes):
        for mode, known in enumerate(WORK_MODES):
            if known.name in names:
                places[container, mode] = names.index(known.name)
    return places
