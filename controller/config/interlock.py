"""Protection of a plant's own: interlocks beside those of every plant, and voted tags."""

from typing import Literal

from pydantic import Field

from controller.config.part import Part
from controller.control.protection.row import Effect
from controller.control.voting import Vote


class Interlock(Part):
    """One cause of this plant alone: a number beyond its limit, or a flag that is wrong."""

    cause: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$", description="Name of the cause")
    tag: str = Field(min_length=3, description="Tag that it looks at")
    detector: Literal["high", "low", "not_on", "not_off"] = Field(
        description="At or beyond limit, or a flag that must be on or off"
    )
    words: str = Field(min_length=3, description="What it is called in a sentence")
    why: str = Field(min_length=10, description="Why it is there")
    effects: tuple[Effect, ...] = Field(
        min_length=1, description="What follows, as in the reference of protection"
    )
    limit: float = Field(0.0, description="Limit of a number")
    warn: float | None = Field(None, description="Where the pre-alarm begins")
    deadband: float = Field(0.0, ge=0, description="How far from its limit it is clear again")
    unit: str = Field("", description="Unit, for sentences")
    delay_s: float = Field(0.0, ge=0, le=600, description="How long it must stand")
    trips_unknown: bool = Field(default=True, description="Unknown stands like wrong")
    latch: bool = Field(default=True, description="Stays until a person resets it")
    reset_role: Literal["operator", "engineer"] = Field("operator", description="Who may reset it")
    bypass_group: str = Field(
        "", description="Group of which one at a time may be bypassed; without it none may"
    )


class VotedTag(Part):
    """A tag of the plant that is voted from several channels."""

    tag: str = Field(min_length=3, description="The tag that everything else uses")
    channels: tuple[str, ...] = Field(
        min_length=1, max_length=3, description="Tags of the channels, each from a device"
    )
    vote: Vote = Field(description="1oo1, 1oo2, 2oo2 or 2oo3: so many of so many trip")
    spread: float = Field(0.0, ge=0, description="How far good channels may differ")
    safe: bool = Field(default=True, description="For flags: the state that stops nothing")
