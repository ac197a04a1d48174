"""A scenario told while it happens: the rig plays it, and what it says is passed on."""

import asyncio
from collections.abc import Callable
from typing import Any

from controller.clock.now import real_limit_s
from controller.lab.rig_client import RigClient, RigError

LOOK_EVERY_S = 0.5


async def follow(name: str, rig: RigClient, say: Callable[[str], None]) -> None:
    """Begin the scenario, pass on its words, and sum up when it is over."""
    try:
        line = (await asyncio.to_thread(rig.play, name))["line"]
    except RigError as error:
        say(f"The simulated plant cannot play this: {error}")
        return
    say(f"Scenario {name}: {line}.")
    told = 0
    while True:
        try:
            scenario = (await asyncio.to_thread(rig.monitor))["scenario"]
        except RigError as error:
            say(f"The simulated plant does not answer: {error}")
            return
        for word in scenario["said"][told:]:
            say(f"{word['at_s'] / 60.0:.0f} min: {word['text']}")
        told = len(scenario["said"])
        if scenario["over"]:
            say(verdict(scenario))
            return
        await asyncio.sleep(real_limit_s(LOOK_EVERY_S))


def verdict(scenario: dict[str, Any]) -> str:
    """What has come of it, as the monitor outside saw it."""
    broken = ", ".join(f"{rule} {times} times" for rule, times in scenario["unsafe"].items())
    missed = [one["figure"] for one in scenario["expectations"] if one["misses"]]
    return (
        f"The scenario is over. Unsafe: {broken or 'nothing'}."
        f" Expectations missed: {', '.join(missed) or 'none'}."
    )
