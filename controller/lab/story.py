"""The two minutes of the demonstration: what is done to the plant, when, and why."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

REQUEST_MINUTES = 10.0
TRIP_WITHIN_S = 15.0
STOP_WITHIN_S = 20.0
OBEYED_SHARE = 0.1
LOOK_EVERY_S = 0.2
RESET_EVERY_S = 2.0

IN_PLAIN_WORDS = {
    "primary-flow": (
        "A miner without flow overheats within half a minute, so every unit was told to sleep at"
        " once; where power does not go within 15 s, the feeder contactor opens."
    ),
    "hot-header-over-temperature": (
        "The water that leaves the miners is too hot. Hearth stopped every unit and keeps the water"
        " moving."
    ),
    "container-flow": "One container lost its flow, so Hearth stopped the units in it.",
    "leak": "A leak was seen, so Hearth cut the power of that container and shut its valve.",
}
"""What a trip means, by its cause."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish."""

    accepted: bool
    reason: str


class Stage(Protocol):
    """What the story can do to the plant, and what it can see of it."""

    def say(self, text: str) -> None:
        """Tell the audience."""

    def invite(self) -> None:
        """Tell how to look in by OPC UA."""

    def first_out(self) -> str:
        """What tripped first, and why; empty while nothing is tripped."""

    def electric_kw(self) -> float | None:
        """What all miners draw; None when it is not known."""

    async def request_heat(self, demand_kw: float, minutes: float) -> Answer:
        """Ask for heat as an operator."""

    async def request_reset(self) -> Answer:
        """Ask for the reset of all trips as an operator."""

    async def break_pumps(self) -> None:
        """Make every primary pump fail."""

    async def mend_pumps(self) -> None:
        """Repair them."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the story: seconds from its beginning, and what happens then."""

    at_s: float
    play: Callable[[Stage], Awaitable[None]]


async def tell(stage: Stage, scenes: tuple[Scene, ...]) -> None:
    """Play each scene when its time has come; one that lasts long delays the next."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for scene in scenes:
        await asyncio.sleep(begun_s + scene.at_s - loop.time())
        await scene.play(stage)


async def opening(stage: Stage) -> None:
    """Tell what is seen."""
    stage.say(
        "The plant was running when Hearth came: it is taken over as it stands. Heat follows the"
        " weather curve; in a moment somebody wants more."
    )


async def more_heat(stage: Stage, demand_kw: float) -> None:
    """The network wants more heat than the weather curve gives."""
    answer = await stage.request_heat(demand_kw, REQUEST_MINUTES)
    if not answer.accepted:
        stage.say(f"{demand_kw:,.0f} kW were asked for and refused: {answer.reason}.")
        return
    stage.say(
        f"An operator asks for {demand_kw:,.0f} kW for {REQUEST_MINUTES:.0f} minutes. Sleeping"
        " units wake, the fullest containers first; a miner takes 2 to 6 minutes to its full power."
    )


async def pumps_fail(stage: Stage) -> None:
    """Every primary pump fails; what Hearth does about it, in plain words."""
    before_kw = stage.electric_kw()
    await stage.break_pumps()
    stage.say(
        "All primary pumps fail at once. No water moves through miners that run at full power."
    )
    why = await _tripped(stage)
    if not why:
        stage.say(f"No trip within {TRIP_WITHIN_S:.0f} s: this should not be.")
        return
    cause = why.partition(":")[0]
    stage.say(
        f"Tripped on {why}. {IN_PLAIN_WORDS.get(cause, 'Hearth stopped what was in danger.')}"
    )
    await _power_gone(stage, before_kw)


async def pumps_repaired(stage: Stage) -> None:
    """The pumps can run again, and the plant stays off all the same."""
    await stage.mend_pumps()
    stage.say(
        "The pumps are repaired and run up. The trip stays latched: the plant does not start again"
        " until somebody has looked and resets it."
    )


async def reset(stage: Stage) -> None:
    """Ask for the reset until it is granted; each new refusal is told."""
    told = ""
    if not stage.first_out():
        stage.say("There is nothing to reset any more: somebody was faster.")
        return
    while not (answer := await stage.request_reset()).accepted:
        if answer.reason != told:
            stage.say(f"Reset refused: {answer.reason}. Asking again every {RESET_EVERY_S:.0f} s.")
            told = answer.reason
        await asyncio.sleep(RESET_EVERY_S)
    stage.say(
        "The reset is accepted: flow is proven and no cause stands any more. Units wake when they"
        " have slept their shortest time, and heat comes back within minutes."
    )


async def closing(stage: Stage) -> None:
    """The end of the story, not of the plant."""
    stage.say("The story is over, the plant goes on; Ctrl-C ends it.")
    stage.invite()


def story(raised_kw: float) -> tuple[Scene, ...]:
    """The whole story, with the heat that is asked for in it."""
    return (
        Scene(0.0, opening),
        Scene(25.0, partial(more_heat, demand_kw=raised_kw)),
        Scene(60.0, pumps_fail),
        Scene(85.0, pumps_repaired),
        Scene(100.0, reset),
        Scene(120.0, closing),
    )


async def _tripped(stage: Stage) -> str:
    """What tripped, as soon as it has; empty when nothing has in time."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + TRIP_WITHIN_S
    while loop.time() < until_s:
        if why := stage.first_out():
            return why
        await asyncio.sleep(LOOK_EVERY_S)
    return ""


async def _power_gone(stage: Stage, before_kw: float | None) -> None:
    """Tell how fast the stop was obeyed, or that it was not."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    if before_kw is None:
        return
    while loop.time() - begun_s < STOP_WITHIN_S:
        left_kw = stage.electric_kw()
        if left_kw is not None and left_kw <= OBEYED_SHARE * before_kw:
            stage.say(
                f"{loop.time() - begun_s:.0f} s after the trip the miners are seen to draw"
                f" {left_kw:,.0f} kW; before it they drew {before_kw:,.0f} kW."
            )
            return
        await asyncio.sleep(LOOK_EVERY_S)
    stage.say(f"After {STOP_WITHIN_S:.0f} s the miners still draw power: look at the contactors.")
