"""Interlocks and votes of a plant's own that hold together."""

from collections.abc import Iterator

from controller.config.matrix import shipped_rows
from controller.config.plant import PlantFile
from controller.config.rules.registry import rule
from controller.control.voting import CHANNELS

Found = Iterator[tuple[str, str]]


@rule("HC328", "interlock")
def pre_alarms_come_before(plant: PlantFile) -> Found:
    """A warning lies on the near side of its limit."""
    for number, entry in enumerate(plant.interlock, 1):
        if entry.warn is None or entry.detector not in ("high", "low"):
            continue
        near = entry.warn < entry.limit if entry.detector == "high" else entry.warn > entry.limit
        if not near:
            yield f"interlock.{number}.warn", f"{entry.warn:g} for {entry.detector} {entry.limit:g}"


@rule("HC329", "interlock")
def causes_have_names_of_their_own(plant: PlantFile) -> Found:
    """No cause hides another one."""
    seen = {row.cause for row in shipped_rows()}
    for number, entry in enumerate(plant.interlock, 1):
        if entry.cause in seen:
            yield f"interlock.{number}.cause", f"{entry.cause!r}"
        seen.add(entry.cause)


@rule("HC330", "voted")
def votes_have_their_channels(plant: PlantFile) -> Found:
    """Two of three need three."""
    for number, entry in enumerate(plant.voted, 1):
        if len(entry.channels) != CHANNELS[entry.vote]:
            yield f"voted.{number}.channels", f"{len(entry.channels)} channels for {entry.vote}"


@rule("HC331", "voted")
def votes_are_no_rings(plant: PlantFile) -> Found:
    """A tag is voted once, and from others."""
    seen: set[str] = set()
    voted = {entry.tag for entry in plant.voted}
    for number, entry in enumerate(plant.voted, 1):
        if entry.tag in seen:
            yield f"voted.{number}.tag", f"{entry.tag!r} is voted before"
        ring = voted & set(entry.channels)
        if ring:
            yield f"voted.{number}.channels", f"{', '.join(sorted(ring))} is voted itself"
        elif len(set(entry.channels)) < len(entry.channels):
            yield f"voted.{number}.channels", "a channel is named twice"
        seen.add(entry.tag)
