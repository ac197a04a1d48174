"""Everything between the image and the wires: pollers that look, actuators that order."""

from collections.abc import Callable, Coroutine, Iterator
from random import Random
from typing import Any

from controller.config.plant import PlantFile
from controller.config.settings import fleet_layout
from controller.control.decision import Decision, Event
from controller.field.acceptance import Acceptance
from controller.field.device_life import DeviceLife
from controller.field.devices import Field
from controller.field.fleet_poller import FleetPoller
from controller.field.miner_actuator import MinerActuator
from controller.field.orders import OrderCounts
from controller.field.unit_books import UnitBooks
from controller.field.water_actuator import WaterActuator
from controller.field.water_poller import poll_device
from controller.image.fleet import Fleet
from controller.image.process_image import ProcessImage, Snapshot

Life = tuple[str, Coroutine[Any, Any, None]]
"""What is to run as a task, and the task's name."""


class FieldWork:
    """The lives of all drivers of a plant around one image; `dice` spreads what would coincide.

    Without `books` nobody keeps what the units have been through.
    """

    def __init__(
        self,
        plant: PlantFile,
        field: Field,
        *,
        acceptance: Acceptance,
        dice: Random,
        clock: Callable[[], float],
        poll_period_s: float,
        books: UnitBooks | None = None,
    ) -> None:
        self._field = field
        self._dice = dice
        fleet = Fleet(fleet_layout(plant))
        self.image = ProcessImage(field.tags, fleet)
        pools = frozenset(plant.miners.pools)
        self.poller = FleetPoller(
            field.miners, fleet, poll_period_s, acceptance, dice, books, pools
        )
        self.miners = MinerActuator(field.miners, self.poller.soon, clock, self.poller.denied)
        self.water_counts = OrderCounts()
        self._lives = {
            device.name: DeviceLife(device, self.image, self.water_counts)
            for device in field.devices
        }
        self._water = [
            WaterActuator(device, self.image, self.water_counts, clock, dice)
            for device in field.devices
            if any(register.writable for register in device.tags.values())
        ]

    def eyes(self, woken: Callable[[], None]) -> Iterator[Life]:
        """Those who read the Modbus devices; `woken` hears when a protective input has changed."""
        for device in self._field.devices:
            for group, period_s in self._field.periods_s[device.name].items():
                if any(register.group == group for register in device.tags.values()):
                    life = self._lives[device.name]
                    yield (
                        f"poll {device.name} {group}",
                        poll_device(device, group, period_s, self.image, woken, self._dice, life),
                    )

    def lives(self, woken: Callable[[], None]) -> Iterator[Life]:
        """All of them, eyes and hands."""
        yield from self.eyes(woken)
        for water in self._water:
            yield "water orders", water.run()
        yield "fleet poller", self.poller.run()
        yield "miner orders", self.miners.run()

    def apply(self, decision: Decision, snapshot: Snapshot) -> bool:
        """Order what was decided; False where another controller has been found to do the same."""
        self.miners.apply(decision, snapshot.fleet, snapshot.now_s)
        for water in self._water:
            water.apply(decision, snapshot)
        return not any(water.pen_lost for water in self._water)

    def news(self) -> tuple[Event, ...]:
        """What the hands and eyes have to tell since they were asked last."""
        hands = (self.water_counts, self.miners.counts, self.poller.counts)
        return tuple(event for told in hands for event in told.fetch())

    async def close(self) -> None:
        """End the connections to the devices."""
        for device in self._field.devices:
            await device.close()
