"""The PLC of the cooling unit: it shows what its input cards see and holds what it was ordered."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulators.description import PlantDescription
from simulators.faults import UNSAFE_VALUE, Faults
from simulators.names import analogue_outputs, discrete_outputs
from simulators.outputs import Outputs, gather

Order = float | bool
Point = Order | None

FULL_PCT = 100.0
HUNDREDTHS = 2


class Plc:
    """Points as in the manual of the simulated devices.

    `terminals` tells what is wired to the input cards; faults of sensors come between the two.
    """

    def __init__(
        self,
        description: PlantDescription,
        faults: Faults,
        terminals: Callable[[], dict[str, Order]],
    ) -> None:
        self._description = description
        self._faults = faults
        self._terminals = terminals
        self._positioned = dict.fromkeys(analogue_outputs(description), 0.0)
        self._switched = dict.fromkeys(discrete_outputs(description), False)
        self._outputs: Outputs | None = None
        self._frozen: dict[str, Order] = {}
        self._seen_revision = 0

    @property
    def outputs(self) -> Outputs:
        """All orders as the equipment takes them."""
        if self._outputs is None:
            self._outputs = gather(self._description, self._switched, self._positioned)
        return self._outputs

    @property
    def contactors_closed(self) -> NDArray[np.bool_]:
        """The feeder contactors as they really stand."""
        return self.outputs.contactor_close

    def points(self) -> dict[str, Point]:
        """Every input, analogue and discrete; None where a number is not available."""
        self.notice_faults()
        points: dict[str, Point] = {name: _shown(v) for name, v in self._terminals().items()}
        points.update(self._frozen)
        for target, verb in self._faults.active().items():
            if verb == "off" and target in points and target not in self._frozen:
                points[target] = UNSAFE_VALUE.get(target.rpartition(".")[2])
        return points

    def command(self, point: str, value: Order) -> None:
        """Take one order; unknown points are a KeyError, impossible values a ValueError."""
        if point in self._switched:
            if value not in (0, 1):
                raise ValueError(f"{point} is on or off, not {value}")
            self._switched[point] = bool(value)
        elif point in self._positioned:
            if not 0.0 <= value <= FULL_PCT:
                raise ValueError(f"{point} takes 0 to 100 %, not {value}")
            self._positioned[point] = round(float(value), HUNDREDTHS)
        else:
            raise KeyError(point)
        self._outputs = None

    def command_value(self, point: str) -> Order:
        """What this point was last ordered to be."""
        return self._switched[point] if point in self._switched else self._positioned[point]

    def notice_faults(self) -> None:
        """Freeze what a newly stuck sensor shows; forget what was repaired."""
        if self._faults.revision == self._seen_revision:
            return
        self._seen_revision = self._faults.revision
        stuck = [name for name, verb in self._faults.active().items() if verb == "stuck"]
        seen = self._terminals()
        self._frozen = {
            name: self._frozen.get(name, _shown(seen[name])) for name in stuck if name in seen
        }


def _shown(value: Order) -> Order:
    return value if isinstance(value, bool) else round(value, HUNDREDTHS)
