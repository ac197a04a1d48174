"""One WhatsMiner as its firmware sees it: what every unit has, and the power it is set to."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulators.description import MinerModel
from simulators.firmware import Work
from simulators.trim import Trim
from simulators.wire.unit import FleetColumns, Reading, UnitView, truthful


class TrimColumns(FleetColumns, Protocol):
    """The same of a fleet in which the power of units can be set."""

    @property
    def tuned(self) -> NDArray[np.bool_]:
        """Whether each unit has found its frequencies."""

    @property
    def trim(self) -> Trim:
        """What each unit is set to."""

    def start(self, i: int) -> None:
        """Start the mining service of unit `i`."""

    def set_power(self, i: int, percent: int, *, fast: bool) -> None:
        """Set unit `i` to a share of its power."""

    def keep_power(self, i: int, power_kw: float) -> None:
        """Set unit `i` to a power that it keeps."""


class WhatsMinerView(UnitView):
    """Unit `index` of the fleet."""

    def __init__(
        self,
        fleet: TrimColumns,
        index: int,
        model: MinerModel,
        show: Callable[[Reading], Reading] = truthful,
    ) -> None:
        super().__init__(fleet, index, model, show)
        self._columns = fleet
        self._row = index

    @property
    def mining(self) -> bool:
        """Whether its mining service runs."""
        return bool(self._columns.soft_off[self._row] == 0)

    @property
    def faulty(self) -> bool:
        """Whether its boards have been stopped by their own protection."""
        return bool(self._columns.work[self._row] == Work.FAULT)

    @property
    def tuned(self) -> bool:
        """Whether it has found its frequencies."""
        return bool(self._columns.tuned[self._row])

    @property
    def percent(self) -> int:
        """The share that it is set to; 0 where none is."""
        return int(self._columns.trim.percent[self._row])

    @property
    def kept_share(self) -> float:
        """The part of its rating that it keeps over a restart."""
        return float(self._columns.trim.kept[self._row])

    @property
    def chip_c(self) -> float:
        """Its hottest chip."""
        return float(self._columns.chip_c[self._row])

    def start(self) -> None:
        """Pass the order to mine on to the service."""
        self._columns.start(self._row)

    def set_power(self, percent: int, *, fast: bool) -> None:
        """Pass a share of power on."""
        self._columns.set_power(self._row, percent, fast=fast)

    def keep_power(self, power_kw: float) -> None:
        """Pass a power on that it shall keep."""
        self._columns.keep_power(self._row, power_kw)
