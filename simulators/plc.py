"""The plant's PLC: it shows its inputs, holds its orders, and runs the water when left alone."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from simulators.broken_orders import BrokenOrders
from simulators.broken_sensors import UNSAFE_VALUE, BrokenSensors
from simulators.description import PlantDescription
from simulators.fault_targets import PLC
from simulators.faults import Faults
from simulators.hardwired import HardwiredTrips, Permissives
from simulators.local_automatic import LocalAutomatic
from simulators.names import analogue_outputs, container_tags, discrete_outputs
from simulators.outputs import Outputs, gather
from simulators.watchdog import FALLBACK_AFTER_S, Watchdog

Order = float | bool
Point = Order | None

FULL_PCT = 100.0
HUNDREDTHS = 2
HEARTBEAT_WRAPS = 65_536
# How often the program runs; relays are no slower.
CYCLE_S = 0.2
SLACK_S = 1e-6
FRAME_POINTS = ("hearth.heartbeat", "hearth.epoch")
"""Written only with a whole frame."""


class Plc:
    """Points as in the manual of the simulated devices.

    `terminals` tells what is wired to the input cards; faults of sensors come between the two.
    `permissives` are those of these switches that the feeders' relays hang on, quicker to ask.
    """

    def __init__(
        self,
        description: PlantDescription,
        faults: Faults,
        terminals: Callable[[], dict[str, Order]],
        permissives: Callable[[], Permissives],
    ) -> None:
        self._description = description
        self._faults = faults
        self._terminals = terminals
        self._permissives = permissives
        self._positioned = dict.fromkeys(analogue_outputs(description), 0.0)
        self._switched = dict.fromkeys(discrete_outputs(description), False)
        self._containers = container_tags(description)
        self._rated_kw = np.array(
            [
                one.units * model.rated_kw
                for one, model in zip(description.containers, description.models, strict=True)
            ]
        )
        self._outputs: Outputs | None = None
        self._watchdog = Watchdog()
        self._automatic: LocalAutomatic | None = None
        self._hardwired = HardwiredTrips(len(self._containers))
        self._bridged = np.zeros(len(self._containers), np.bool_)
        self._sensors = BrokenSensors(faults.sensors(), faults.seed)
        self._telling = BrokenSensors(faults.telling(PLC), faults.seed)
        self._broken_orders = BrokenOrders(faults)
        self._relays = {
            point: BrokenSensors(faults.sensors(), faults.seed) for point in UNSAFE_VALUE
        }
        # Contactors of containers that were switched to local at their panel, as they were then.
        self._held: dict[str, bool] = {}
        self._seen_revision = 0
        self._now_s = 0.0
        self._since_cycle_s = 0.0
        self._boots = 1
        self._restarting = False

    @property
    def outputs(self) -> Outputs:
        """All orders as they leave the terminals."""
        if self._outputs is None:
            self._outputs = gather(self._description, self._switched, self._positioned)
        return self._outputs

    @property
    def contactors_closed(self) -> NDArray[np.bool_]:
        """Which feeder contactors are really closed: ordered so, and not tripped."""
        return self._hardwired.closed

    def step(self, dt_s: float, now_s: float, feeder_kw: NDArray[np.float64]) -> None:
        """Let this much time pass with these loads of the container feeders."""
        self._now_s = now_s
        for point, value in self._broken_orders.reverted(now_s).items():
            self._keep(point, value)
        if self._watchdog.step(dt_s, watched=self._watched):
            orders = {**self._positioned, **self._switched}
            self._automatic = LocalAutomatic(self._description, self.seen(), orders)
        self._since_cycle_s += dt_s
        if self._since_cycle_s < CYCLE_S - SLACK_S:
            return
        cycle_s, self._since_cycle_s = self._since_cycle_s, 0.0
        self.notice_faults()
        seen, load_share = self._seen_by_relays(), feeder_kw / self._rated_kw
        self._hardwired.step(cycle_s, seen, load_share, self._bridged)
        if self._automatic is not None:
            for point, value in self._automatic.step(cycle_s, self.seen()).items():
                self._put(point, value)

    def restart(self) -> None:
        """Lose the supply for a moment: all orders are 0, and who had the plant has lost it."""
        self._boots = (self._boots + 1) % HEARTBEAT_WRAPS
        self._watchdog.restart()
        self._automatic = None
        for point in self._positioned:
            self._keep(point, 0.0)
        for point in self._switched:
            self._keep(point, value=False)

    def points(self) -> dict[str, Point]:
        """Every input as it is told, analogue and discrete; None where a number is missing."""
        points = self.seen()
        return self._telling.show(points, self._now_s) if self._faults.disturbing else points

    def seen(self) -> dict[str, Point]:
        """Every input as the program of the PLC sees it."""
        self.notice_faults()
        points: dict[str, Point] = {
            name: value if isinstance(value, bool) else round(value, HUNDREDTHS)
            for name, value in self._terminals().items()
        }
        points.update(self._life())
        return self._sensors.show(points, self._now_s) if self._faults.disturbing else points

    def command(self, point: str, value: Order) -> None:
        """Take one order.

        Unknown points are a KeyError, impossible values a ValueError, as is a set-point outside a
        frame once the watchdog is armed; a coil is Busy while no living controller has the plant.
        """
        if point in FRAME_POINTS:
            raise ValueError(f"{point} is written only in a whole frame")
        self._check(point, value)
        if point in self._positioned:
            self._watchdog.check_set_point()
        else:
            self._watchdog.check_coil()
        self._put(point, value)

    @property
    def waited_s(self) -> float:
        """How long a controller that has the plant has been silent; 0 where none has it."""
        return self._watchdog.waited_s

    def take_frame(self, values: Mapping[str, float], heartbeat: int, epoch: int) -> None:
        """Take all set-points at once, or none with a ValueError that says why.

        With heartbeat 0 on an unarmed watchdog it is a plain write, and says nothing of epochs.
        """
        if missing := self._positioned.keys() - values.keys():
            raise ValueError(f"the frame lacks {sorted(missing)}")
        for point, value in values.items():
            self._check(point, value)
        if self._watchdog.armed or heartbeat != 0:
            self._watchdog.accept(heartbeat, epoch)
            self._automatic = None
        for point, value in values.items():
            self._put(point, value)

    def command_value(self, point: str) -> Order:
        """What this point was last ordered to be."""
        if point in FRAME_POINTS:
            heartbeat, epoch = self._watchdog.heartbeat, self._watchdog.epoch
            return float(heartbeat if point == FRAME_POINTS[0] else epoch)
        return self._switched[point] if point in self._switched else self._positioned[point]

    def notice_faults(self) -> None:
        """Hold a contactor that went to local, and look at what broke as it is now."""
        if self._faults.revision == self._seen_revision:
            return
        self._seen_revision = self._faults.revision
        faults = self._faults
        before, self._restarting = self._restarting, faults.of(PLC) == "restart"
        if self._restarting and not before:
            self.restart()
        self._held = {
            tag: self._held.get(tag, self._switched[f"{tag}.contactor_close"])
            for tag in self._containers
            if faults.of(tag) == "local"
        }
        self._order_contactors()
        bridged = [faults.of(f"{tag}.hardwired_trip") == "bridged" for tag in self._containers]
        self._bridged = np.array(bridged)
        # What breaks shows from now on what it shows at this moment, whoever looks first.
        if faults.disturbing:
            self._seen_by_relays()
            self.points()

    def _order_contactors(self) -> None:
        orders = self._switched
        closed = [self._held.get(tag, orders[f"{tag}.contactor_close"]) for tag in self._containers]
        self._hardwired.order(np.array(closed))

    def _check(self, point: str, value: Order) -> None:
        if point in self._switched:
            if value not in (0, 1):
                raise ValueError(f"{point} is on or off, not {value}")
        elif point not in self._positioned:
            raise KeyError(point)
        elif not 0.0 <= value <= FULL_PCT:
            raise ValueError(f"{point} takes 0 to 100 %, not {value}")

    def _put(self, point: str, value: Order) -> None:
        if self._faults.disturbing:
            before = self.command_value(point)
            value = self._broken_orders.taken(point, before, value, self._now_s)
        self._keep(point, value)

    def _keep(self, point: str, value: Order) -> None:
        self._outputs = None
        if point in self._positioned:
            self._positioned[point] = round(float(value), HUNDREDTHS)
        elif self._switched[point] != bool(value):
            self._switched[point] = bool(value)
            if point.endswith(".contactor_close"):
                self._order_contactors()

    def _life(self) -> dict[str, Order]:
        """Signs of life of the PLC itself, and what its relays did."""
        watchdog = self._watchdog
        life: dict[str, Order] = {
            "plc.heartbeat": float(int(self._now_s + SLACK_S) % HEARTBEAT_WRAPS),
            "plc.boot_count": float(self._boots),
            "plc.epoch": float(watchdog.epoch),
            "plc.controller_age_s": float(int(watchdog.age_s + SLACK_S)),
            "plc.fallback_after_s": FALLBACK_AFTER_S if self._watched else 0.0,
            "plc.local_automatic": watchdog.local_automatic,
        }
        closed, tripped = self._hardwired.closed.tolist(), self._hardwired.tripped.tolist()
        for tag, is_closed, is_tripped in zip(self._containers, closed, tripped, strict=True):
            life[f"{tag}.contactor_closed"] = is_closed
            life[f"{tag}.hardwired_trip"] = is_tripped
        return life

    def _seen_by_relays(self) -> Permissives:
        """The permissives as their switches show them: one that is broken is on the safe side."""
        seen = self._permissives()
        if self._faults.disturbing:
            for point, switches in self._relays.items():
                column = getattr(seen, point)
                names = [f"{tag}.{point}" for tag in self._containers]
                told = dict(zip(names, column.tolist(), strict=True))
                column[:] = list(switches.show(told, self._now_s).values())
        return seen

    @property
    def _watched(self) -> bool:
        """Whether the PLC notices at all that nobody orders it any more."""
        return self._faults.of(PLC) != "unwatched"
