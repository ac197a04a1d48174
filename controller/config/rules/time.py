"""Times that fit each other: dwell, polls, contactors, waking."""

from collections.abc import Iterator

from controller.config.plant import PlantFile
from controller.config.rules.registry import rule
from controller.config.settings import unit_powers_kw
from controller.image.fleet import BAD_AFTER_S, UNCERTAIN_AFTER_S

DAY_S = 86_400.0
POWER_OFF_S = 9.0
"""A miner that obeys has no power after so long (captured A1346 and A1566 replies)."""

Found = Iterator[tuple[str, str]]


@rule("HC501", "miners.sleeps_per_day", "miners.min_on_s", "miners.min_off_s")
def sleeps_fit_into_a_day(plant: PlantFile) -> Found:
    """Each sleep takes at least its shortest times."""
    miners = plant.miners
    need_s = miners.sleeps_per_day * (miners.min_on_s + miners.min_off_s)
    if need_s > DAY_S:
        yield "miners.sleeps_per_day", f"{miners.sleeps_per_day} take at least {need_s:g} s"


@rule("HC502", "protection.contactor_after_s", "core.poll_s")
def contactor_waits_for_a_poll(plant: PlantFile) -> Found:
    """The second lever comes after the first was seen to fail."""
    after_s, need_s = plant.protection.contactor_after_s, POWER_OFF_S + plant.core.poll_s
    if after_s < need_s:
        yield "protection.contactor_after_s", f"{after_s:g} s; a stop is seen after {need_s:g} s"


@rule("HC503", "miners.follow_limit_s", "core.poll_s")
def sleepers_are_waited_for(plant: PlantFile) -> Found:
    """A unit can be off in time and be seen so."""
    limit_s, need_s = plant.miners.follow_limit_s, POWER_OFF_S + plant.core.poll_s
    if limit_s < need_s:
        yield "miners.follow_limit_s", f"{limit_s:g} s; a sleep is seen after {need_s:g} s"


@rule("HC504", "core.poll_s")
def polls_keep_units_known(plant: PlantFile) -> Found:
    """A row outlives the time between two polls."""
    if plant.core.poll_s >= BAD_AFTER_S:
        yield "core.poll_s", f"{plant.core.poll_s:g} s; a unit is lost after {BAD_AFTER_S:g} s"


@rule("HC505", "core.poll_s")
def polls_keep_units_certain(plant: PlantFile) -> Found:
    """A row stays good until the next poll."""
    if UNCERTAIN_AFTER_S <= plant.core.poll_s < BAD_AFTER_S:
        yield (
            "core.poll_s",
            f"{plant.core.poll_s:g} s; a unit is in doubt after {UNCERTAIN_AFTER_S:g} s",
        )


@rule("HC508", "protection.reclose_flow_s", "protection.start_flow_s")
def mains_return_is_waited_out(plant: PlantFile) -> Found:
    """After a mains loss units start by themselves: flow is proven at least as long as else."""
    limits = plant.protection
    if limits.reclose_flow_s < limits.start_flow_s:
        told = f"{limits.reclose_flow_s:g} s; an ordinary start waits {limits.start_flow_s:g} s"
        yield "protection.reclose_flow_s", told


@rule("HC509", "core.start_limit_s", "core.poll_s")
def start_waits_for_every_unit(plant: PlantFile) -> Found:
    """The image can be complete before the start goes on without it."""
    core = plant.core
    if core.start_limit_s <= core.poll_s:
        yield "core.start_limit_s", f"{core.start_limit_s:g} s; a poll of all takes {core.poll_s:g}"


@rule("HC507", "miners.wakes_per_s", "miners.wake_limit_s", "container")
def fleet_wakes_in_time(plant: PlantFile) -> Found:
    """All of them, one after the other."""
    need_s = len(unit_powers_kw(plant)) / plant.miners.wakes_per_s
    if need_s > plant.miners.wake_limit_s:
        yield "miners.wakes_per_s", f"the whole fleet takes {need_s:.0f} s"
