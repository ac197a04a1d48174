"""What the loops show: mode, set-point, value and output of each, as tags."""

from functools import lru_cache

from controller.control.derived import DerivedTag, Made
from controller.control.loops.memory import loop_states
from controller.control.loops.table import Loop, loops
from controller.control.settings import FEW_PLANTS, Settings
from controller.control.state import PlantState

_TEMPERATURES = (-60.0, 200.0)
# A value may be greater than any set-point may be.
_BEYOND = 2.0


def loop_tags(settings: Settings) -> tuple[DerivedTag, ...]:
    """Four tags of each loop, in a fixed order."""
    return tuple(tag for loop in loops(settings).values() for tag in _tags(loop))


def loop_values(state: PlantState, settings: Settings) -> dict[str, Made]:
    """The value of each of them in this scan."""
    states = loop_states(state, settings)
    values: dict[str, Made] = {}
    for name, (mode, setpoint, pv, output) in _names(settings):
        shown = states[name]
        values[mode], values[setpoint] = shown.mode, shown.setpoint
        values[pv], values[output] = shown.value, shown.output
    return values


@lru_cache(FEW_PLANTS)
def _names(settings: Settings) -> tuple[tuple[str, tuple[str, str, str, str]], ...]:
    return tuple((name, _four(name)) for name in loops(settings))


def _four(name: str) -> tuple[str, str, str, str]:
    begin = f"loop.{name}"
    return f"{begin}.mode", f"{begin}.setpoint", f"{begin}.pv", f"{begin}.output"


def _tags(loop: Loop) -> tuple[DerivedTag, ...]:
    mode, setpoint, pv, output = _four(loop.name)
    low, high = _TEMPERATURES if loop.unit == "°C" else (0.0, _BEYOND * loop.high)
    return (
        DerivedTag(mode, "text", "", f"loop {loop.name}: manual, automatic or cascade"),
        DerivedTag(setpoint, "number", loop.unit, f"wanted: {loop.holds}", low, high),
        DerivedTag(pv, "number", loop.unit, f"held: {loop.holds}", low, high),
        DerivedTag(output, "number", "%", f"what loop {loop.name} orders", 0.0, 100.0),
    )
