"""What the devices of a plant make known for its alarms: which tags there are, and whose."""

from dataclasses import replace

from controller.config.alarms import Known, plant_alarms
from controller.config.plant import PlantFile
from controller.control.made_tags import made_tags
from controller.control.settings import Settings
from controller.field.devices import Field


def known_alarms(plant: PlantFile, settings: Settings, field: Field) -> Settings:
    """The settings with the alarms that this plant can have, and the tags of each device."""
    measured = frozenset(tag.name for tag in field.tags)
    devices = {
        device.name: tags
        for device in field.devices
        if (tags := tuple(tag for tag in device.tags if tag in measured))
    }
    made = frozenset(tag.name for tag in made_tags(settings))
    protective = tuple(tag.name for tag in field.tags if tag.protective)
    known = Known(measured | made, protective, devices)
    return replace(settings, alarms=plant_alarms(plant, settings, known), device_tags=devices)
