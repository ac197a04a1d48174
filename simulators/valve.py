"""Motor valves: the isolation valve of each container, and those with a positioner."""

import math

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.pump import DESIGN_HEAD_KPA

# How the loop's resistance is divided at full flow: headers, exchangers or cooler, containers.
HEADER_SHARE = 0.2
SINK_SHARE = 0.2
CONTAINER_SHARE = 0.6

END_SWITCH = 0.01

# Equal percentage: every part of the stroke changes the flow by the same factor; what is left below
# the last hundredth is a straight line to tight shut (Modelica Buildings, equalPercentage).
RANGEABILITY = 50.0
STRAIGHT_BELOW = 0.015
# The part of a container's pressure drop that its open valve, as wide as the pipe, makes.
AUTHORITY = 0.1


def equal_percentage(opening: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of its full flow that a valve passes at one and the same pressure drop."""
    straight = RANGEABILITY ** (STRAIGHT_BELOW - 1.0) * opening / STRAIGHT_BELOW
    return np.where(opening < STRAIGHT_BELOW, straight, RANGEABILITY ** (opening - 1.0))


def installed(opening: NDArray[np.float64], authority: float) -> NDArray[np.float64]:
    """The part of the full flow that passes a valve and what stands in a row with it."""
    own = equal_percentage(opening)
    resistance = authority + (1.0 - authority) * own**2
    return own / np.sqrt(resistance)


class IsolationValves:
    """One valve a container; what is open shares the flow by the number of units behind it."""

    def __init__(self, description: PlantDescription) -> None:
        units = np.array([container.units for container in description.containers], np.float64)
        self._conductance = units / units.sum()
        self._design_kpa_per_lpm2 = DESIGN_HEAD_KPA / description.primary_flow_max_lpm**2
        self._stroke_s = description.isolation_valve_stroke_s
        self._arrived_at: NDArray[np.bool_] | None = None
        self.place(np.zeros(len(units)))

    def place(self, opening: NDArray[np.float64]) -> None:
        """Stand at these openings."""
        self.opening = opening
        passing = installed(opening, AUTHORITY)
        self._passing: NDArray[np.float64] = passing * self._conductance
        self._passing_all = float(self._passing.sum())

    def step(self, dt_s: float, ordered_open: NDArray[np.bool_]) -> None:
        """Travel towards the ordered end."""
        if ordered_open is self._arrived_at:
            return
        reach = dt_s / self._stroke_s
        travelled = self.opening + np.where(ordered_open, reach, -reach)
        self.place(np.minimum(np.maximum(travelled, 0.0), 1.0))
        # Orders never change in place: the same ones find all valves where they have left them.
        arrived = np.array_equal(self.opening, ordered_open)
        self._arrived_at = ordered_open if arrived else None

    def resistance_kpa_per_lpm2(self, sink_passing: float = 1.0) -> float:
        """Of the whole primary loop; infinite when every valve, or every way back, is shut."""
        conductance = self._passing_all
        if conductance <= 0.0 or sink_passing <= 0.0:
            return math.inf
        shares = HEADER_SHARE + SINK_SHARE / sink_passing**2 + CONTAINER_SHARE / conductance**2
        return self._design_kpa_per_lpm2 * shares

    def divide_lpm(self, flow_lpm: float) -> NDArray[np.float64]:
        """Each container's part of the primary flow."""
        if self._passing_all <= 0.0:
            return np.zeros_like(self._passing)
        return self._passing * (flow_lpm / self._passing_all)

    def at_open_end(self) -> list[bool]:
        """The end switches of the open position."""
        return list((self.opening >= 1.0 - END_SWITCH).tolist())

    def at_closed_end(self) -> list[bool]:
        """The end switches of the closed position."""
        return list((self.opening <= END_SWITCH).tolist())


class MotorValve:
    """A valve with a positioner; 0 % is the straight way, 100 % the other one.

    Its ports are cut so that the flow follows the position in a straight line when installed.
    """

    def __init__(self, stroke_s: float) -> None:
        self.position_pct = 0.0
        self._stroke_s = stroke_s

    def step(self, dt_s: float, position_pct: float, *, powered: bool = True) -> None:
        """Travel towards the ordered position; without power it stays where it is."""
        if powered:
            reach_pct = 100.0 * dt_s / self._stroke_s
            self.position_pct += min(reach_pct, max(-reach_pct, position_pct - self.position_pct))

    @property
    def share(self) -> float:
        """How far it is open to the other way."""
        return self.position_pct / 100.0
