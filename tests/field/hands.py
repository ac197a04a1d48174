"""A water actuator at work on a bench plant, and the decisions that it is given."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from controller.control.decision import Decision
from controller.control.pen import Pen
from controller.control.state import first_state
from controller.field.orders import OrderCounts
from controller.field.water_actuator import WaterActuator
from controller.image.tag import Value
from drivers.modbus.device import ModbusDevice
from tests.field.bench_plant import BenchPlant, Eyes, bench_plant, running


def decision(epoch: int | None = 1, *, urgent: bool = False, **outputs: Value) -> Decision:
    """A decision that is about the water alone; `pump_1__run` is pump-1.run."""
    state = replace(first_state(1, 1, 0.95, ()), pen=Pen("ours", epoch))
    named = {}
    for key, value in outputs.items():
        equipment, _, point = key.partition("__")
        named[f"{equipment.replace('_', '-')}.{point}"] = value
    return Decision(
        writing=True,
        outputs=named,
        units=state.dispatch.wanted,
        urgent=urgent,
        derived={},
        events=(),
        verdicts=(),
        state=state,
    )


class Hands:
    """Eyes and a water actuator at work on a bench plant; `behind_s` is how late its clock is."""

    def __init__(self, plant: BenchPlant, device: ModbusDevice | None = None) -> None:
        self.plant = plant
        self.device = device or plant.field.devices[0]
        self.eyes = Eyes(plant)
        self.counts = OrderCounts()
        self.behind_s = 0.0
        self.water = WaterActuator(self.device, self.eyes.image, self.counts, self._clock)

    def _clock(self) -> float:
        return asyncio.get_running_loop().time() + self.behind_s

    async def want(self, wish: Decision, seconds: int = 1) -> None:
        """Decide the same once a second."""
        for _ in range(seconds):
            self.water.apply(wish, self.eyes.snapshot())
            await self.plant.pass_time(1.0)

    def ordered(self, point: str) -> float | bool:
        """What the PLC was told last."""
        return self.plant.world.plc.command_value(point)

    def set_points(self) -> Mapping[str, float | bool]:
        """All set-points in the PLC."""
        device = self.plant.field.devices[0]
        assert device.frame is not None
        return {name: self.ordered(name) for name in device.frame.tags}

    def told(self, source: str) -> list[str]:
        """The events of this source so far."""
        return [event.text for event in self.counts.news if event.source == source]

    def shown(self, point: str) -> object:
        """What the PLC shows."""
        return self.plant.world.plc.points()[point]


@asynccontextmanager
async def hands_on_a_plant() -> AsyncIterator[Hands]:
    """A bench plant with its eyes open for two seconds."""
    async with bench_plant() as plant:
        hands = Hands(plant)
        async with running(*hands.eyes.lives, hands.water.run()):
            await plant.pass_time(2.0)
            yield hands
