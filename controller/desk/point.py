"""What a check knows of a tag: the device that provides it, and how it is read there."""

from dataclasses import dataclass

from controller.image.tag import Tag
from drivers.modbus.register import Register


@dataclass(frozen=True, slots=True)
class Point:
    """One tag that a device provides."""

    device: str
    tag: Tag
    register: Register

    @property
    def equipment(self) -> str:
        """What the tag belongs to, such as pump-1."""
        return self.tag.name.partition(".")[0]

    @property
    def part(self) -> str:
        """The rest of the tag's name, such as speed_pct."""
        return self.tag.name.partition(".")[2]
