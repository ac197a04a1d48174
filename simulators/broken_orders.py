"""Order registers of the PLC that do not keep what is written, whoever writes."""

from simulators.faults import Faults

Order = float | bool


class BrokenOrders:
    """A stuck register confirms and keeps its value; one that reverts goes back to it later."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._reverting: dict[str, tuple[float, Order]] = {}

    def taken(self, point: str, before: Order, wanted: Order, now_s: float) -> Order:
        """What the register is after it was written."""
        fault = self._faults.fault(point)
        if fault is None:
            return wanted
        if fault.verb == "stuck":
            return before
        if wanted != before:
            self._reverting.setdefault(point, (now_s + fault.value, before))
        return wanted

    def reverted(self, now_s: float) -> dict[str, Order]:
        """The registers that go back now, and to what."""
        due = {point: old for point, (at_s, old) in self._reverting.items() if at_s <= now_s}
        for point in due:
            del self._reverting[point]
        return due
