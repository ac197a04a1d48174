"""What the devices of a plant make known for its alarms: which tags there are, and whose."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from controller.config.alarms import Known, plant_alarms
from controller.config.plant import PlantFile
from controller.control.made_tags import made_tags
from controller.control.settings import Settings
from controller.field.devices import Field


def known_alarms(plant: PlantFile, settings: Settings, field: Field) -> Settings:
    """The settings with the alarms that this plant can have, and the tags of each device."""
    measured = frozenset(tag.name for tag in field.tags)
    ages_s = {tag.name: tag.bad_after_s for tag in field.tags}
    devices = {
        device.name: quick
        for device in field.devices
        if (quick := _quickest([tag for tag in device.tags if tag in measured], ages_s))
    }
    made = frozenset(tag.name for tag in made_tags(settings))
    protective = tuple(tag.name for tag in field.tags if tag.protective)
    known = Known(measured | made, protective, devices)
    return replace(settings, alarms=plant_alarms(plant, settings, known), device_tags=devices)


def _quickest(tags: Sequence[str], ages_s: Mapping[str, float]) -> tuple[str, ...]:
    """The tags by which a device's silence shows first: those that age the soonest."""
    soonest_s = min((ages_s[tag] for tag in tags), default=0.0)
    return tuple(tag for tag in tags if ages_s[tag] <= soonest_s)
