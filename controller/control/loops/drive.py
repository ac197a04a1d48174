"""One scan of a loop: whose set-point holds, whose output goes out, and how it changes hands.

A set-point that changes hands is led to its new place, and an output eased away from where it was,
each at the loop's own ramp; meanwhile the integral is worked out from what goes out (back-
calculation), so that nothing winds up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from controller.control.hand import Forced, held_number
from controller.control.loops.orders import LoopOrder, loop_orders
from controller.control.loops.state import LoopMode, LoopState
from controller.control.loops.table import Loop, loops
from controller.control.pi import pi_step, pi_track
from controller.control.settings import Settings
from controller.control.standing import Standing
from controller.image.evolve import replace


@dataclass(frozen=True, slots=True)
class Aim:
    """What a loop works on: set-point and value for people, error and feed-forward for the loop."""

    setpoint: float
    value: float | None
    error: float
    lead_pct: float


@dataclass(frozen=True, slots=True)
class Driver:
    """All loops of one scan, with what people hold and have asked."""

    loops: Mapping[str, Loop]
    orders: Mapping[str, LoopOrder]
    held: Mapping[str, Forced]
    dt_s: float

    def mode(self, name: str) -> LoopMode:
        """The mode of the loop in this scan; an output in somebody's hand is manual."""
        if self._by_hand(name) is not None:
            return "manual"
        order = self.orders.get(name)
        return "cascade" if order is None else order.mode

    def setpoint(self, name: str, state: LoopState, above: float) -> tuple[LoopState, float]:
        """Where the loop aims in this scan; `above` is what the plant wants of it."""
        loop, order = self.loops[name], self.orders.get(name)
        asked = order is not None and order.mode == "automatic"
        wanted = min(max(order.value, loop.low), loop.high) if order and asked else above
        if state.setpoint is None or not (asked or state.leading):
            return replace(state, leading=asked), wanted
        led = _toward(state.setpoint, wanted, loop.ramp_per_s * self.dt_s)
        return replace(state, leading=asked or led != wanted), led

    def drive(self, name: str, state: LoopState, aim: Aim) -> tuple[LoopState, float]:
        """The output in %, and the memory of the loop."""
        loop, mode = self.loops[name], self.mode(name)
        state = replace(state, setpoint=aim.setpoint, value=aim.value)
        by_hand = self._by_hand(name)
        if by_hand is not None:
            return _held(loop, state, aim, by_hand)
        step_pct = loop.output_pct_per_s * self.dt_s
        if mode == "manual":
            wanted_pct = min(max(self.orders[name].value, loop.tuning.low), loop.tuning.high)
            before_pct = wanted_pct if state.output is None else state.output
            return _held(loop, state, aim, _toward(before_pct, wanted_pct, step_pct))
        free_pct, pi = pi_step(state.pi, loop.tuning, aim.error, aim.lead_pct, self.dt_s)
        output_pct, easing = free_pct, False
        if state.output is not None and (state.easing or mode != state.mode):
            output_pct = _toward(state.output, free_pct, step_pct)
            easing = output_pct != free_pct
            pi = pi_track(loop.tuning, aim.error, aim.lead_pct, output_pct) if easing else pi
        state = replace(state, pi=pi, mode=mode, output=output_pct, easing=easing)
        return state, output_pct

    def _by_hand(self, name: str) -> float | None:
        """Where people hold the output of the loop; one of several in a hand leaves it the rest."""
        values = [held_number(self.held, tag) for tag in self.loops[name].outputs]
        return values[0] if values and None not in values else None


def driver(
    standing: Standing, held: Mapping[str, Forced], dt_s: float, settings: Settings
) -> Driver:
    """The loops of this scan."""
    return Driver(loops(settings), loop_orders(standing), held, dt_s)


def follow(loop: Loop, state: LoopState, output_pct: float, aim: Aim) -> LoopState:
    """The memory with which the loop goes on from an output that it has not made itself."""
    pi = pi_track(loop.tuning, aim.error, aim.lead_pct, output_pct)
    return replace(state, pi=pi, setpoint=aim.setpoint, value=aim.value, output=output_pct)


def _held(loop: Loop, state: LoopState, aim: Aim, output_pct: float) -> tuple[LoopState, float]:
    state = follow(loop, state, output_pct, aim)
    return replace(state, mode="manual", easing=False), output_pct


def _toward(value: float, wanted: float, step: float) -> float:
    return min(max(wanted, value - step), value + step)
