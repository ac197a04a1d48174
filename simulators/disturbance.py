"""What comes between a meter and whoever reads it, when one of its sensors or itself is broken."""

from collections.abc import Callable

from simulators.broken_sensors import BrokenSensors
from simulators.faults import Faults

Numbers = dict[str, float | None]
Disturb = Callable[[Numbers], Numbers]


def undisturbed(points: Numbers) -> Numbers:
    """A sound meter."""
    return points


def disturbance(faults: Faults, device: str, prefix: str, now_s: Callable[[], float]) -> Disturb:
    """The faults of one meter: of its sensors, whose targets begin with `prefix`, then its own."""
    sensors = BrokenSensors(faults.sensors(prefix), faults.seed)
    telling = BrokenSensors(faults.telling(device), faults.seed)

    def disturb(points: Numbers) -> Numbers:
        if not faults.disturbing:
            return points
        shown = telling.show(sensors.show(points, now_s()), now_s())
        return {name: None if value is None else float(value) for name, value in shown.items()}

    return disturb
