"""How the points of a device become the plant's tags, and what the plant knows of its registers."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from controller.config.part import Part

Table = Literal["coil", "discrete", "input", "holding"]
Kind = Literal[
    "bool", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"
]
Address = Annotated[int, Field(ge=0, le=65_535)]

_NUMBER = r"(\{n(:0\d)?\})?"
TAG = re.compile(rf"[a-z][a-z0-9-]*{_NUMBER}\.[a-z][a-z0-9_]*{_NUMBER}[a-z0-9_]*")


def _tag(name: str) -> str:
    """The name of a tag, or ValueError."""
    if TAG.fullmatch(name) is None:
        raise ValueError("expected a tag, equipment.point, such as pump-1.speed_pct")
    return name


def _whole(given: object) -> object:
    """A point's name alone stands for a table that only says where it is taken from."""
    if isinstance(given, int | float | list):
        raise PydanticCustomError("kind", "expected a point's name, or a table with from = it")
    return {"from": given} if isinstance(given, str) else given


def _several(given: object) -> object:
    """One state stands for a list of it."""
    return given if isinstance(given, list | tuple) else (given,)


State = int | float | str
States = Annotated[
    tuple[State, ...], BeforeValidator(_several, json_schema_input_type=State | list[State])
]


class Binding(Part):
    """Where a tag of the plant comes from; a point's name may stand alone instead of this table.

    The number is converted to the unit that ends the tag's name.
    """

    point: str = Field(alias="from", min_length=1, description="Point of the device's profile")
    unit: str | None = Field(
        None, description="Unit of the point, such as m3/h or bar, where its profile names none"
    )
    scale: float | None = Field(None, description="Number of the point's unit times this, ...")
    offset: float | None = Field(None, description="... plus this, before the unit is converted")
    inverted: bool = Field(default=False, description="Whether on at the point is off for the tag")
    on: States = Field((), description="Numbers or states that are on; the first one is written")
    off: States = Field((), description="Those that are off; without it, all others")
    above: float | None = Field(None, description="On while the point's number is above this")
    repeat: int = Field(1, ge=1, le=64, description="So often, with {n} as 1, 2, ... in both names")


class Factor(Part):
    """A register beside a value that tells what it must be multiplied by."""

    address: Address = Field(description="Address of the factor")
    table: Table | None = Field(None, description="Its table (default: that of the value)")
    type: Kind = Field("int16", description="Its type")
    means: Literal["factor", "power_of_ten"] = Field("factor", description="What it tells")


class UnitCode(Part):
    """A register beside a value that tells its unit by a number."""

    address: Address = Field(description="Address of the unit's number")
    table: Table | None = Field(None, description="Its table (default: that of the value)")
    type: Kind = Field("uint16", description="Its type")
    codes: dict[str, str] = Field(description="Unit by number, such as { 2 = 'kWh', 3 = 'MWh' }")


class DeviceRegister(Part):
    """A register that the plant adds to a device's profile, or completes there by its name.

    With a dot, its name is a tag; with {n} it repeats. Keys are those of a profile.
    """

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_.-]*(\{n(:0\d)?\}[a-z0-9_.-]*)*$",
        description="Name of the point, or tag",
    )
    table: Table | None = Field(None, description="Where it lies")
    address: Address | None = Field(None, description="Its address, counted from 0")
    type: Kind | None = Field(None, description="How it is written down")
    order: Literal["ABCD", "CDAB", "BADC", "DCBA"] | None = Field(
        None, description="Order of bytes in 32 bits, ABCD with the highest first"
    )
    bit: int | None = Field(None, ge=0, le=63, description="This bit of the word, 0 the lowest")
    bits: dict[str, int] | None = Field(None, description="Several bits by name")
    states: dict[str, str] | None = Field(None, description="Word for each number; no other may be")
    scale: float | None = Field(None, description="Number times this, ...")
    offset: float | None = Field(None, description="... plus this, is the value")
    unit: str | None = Field(None, description="Unit of the value")
    low: float | None = Field(None, description="Least value that can be true or may be written")
    high: float | None = Field(None, description="Greatest such value")
    not_available: tuple[int, ...] | None = Field(
        None, description="Bit patterns that mean no value"
    )
    sentinels: tuple[float, ...] | None = Field(
        None, description="Values that mean no value, such as -999"
    )
    factor: Factor | None = Field(None, description="Register that tells the factor")
    unit_code: UnitCode | None = Field(None, description="Register that tells the unit")
    inverted: bool | None = Field(None, description="Whether on is written as 0")
    group: Literal["protective", "normal", "slow", "output"] | None = Field(
        None, description="How often it is read"
    )
    writable: bool | None = Field(None, description="Whether it takes orders")
    pulse: bool | None = Field(None, description="Whether it lets go by itself when written")
    writes_per_s: float | None = Field(None, gt=0, le=10, description="Most writes in a second")
    repeat: int | None = Field(None, ge=1, le=1024, description="So often, with {n} as 1, 2, ...")
    step: int | None = Field(None, ge=1, le=1024, description="From one address to the next")
    source: str | None = Field(None, description="Manual and page, or drawing, that says so")

    def entry(self) -> dict[str, Any]:
        """What was written, as a profile would have it."""
        return self.model_dump(exclude_none=True, exclude_unset=True)


class Requests(Part):
    """What one request may hold, where a device or its gateway takes less than the protocol allows.

    A value that is not given is the profile's.
    """

    read_words: int | None = Field(None, ge=1, le=125, description="Words read at once")
    read_bits: int | None = Field(None, ge=1, le=2000, description="Bits read at once")
    write_words: int | None = Field(None, ge=1, le=123, description="Words written at once")
    write_bits: int | None = Field(None, ge=1, le=1968, description="Bits written at once")
    gap_words: int | None = Field(None, ge=0, le=123, description="Words read over and not used")
    gap_bits: int | None = Field(None, ge=0, le=1968, description="Bits read over and not used")
    registers: int | None = Field(None, ge=1, le=125, description="Values in one request")


Exists = dict[Table, tuple[Address, Address]]


class Periods(Part):
    """How often a device is read; a slow bus or meter may want more time."""

    protective: float = Field(0.5, ge=0.1, le=0.5, description="What protection needs")
    normal: float = Field(1.0, ge=0.1, le=60, description="What control needs")
    output: float = Field(1.0, ge=0.1, le=10, description="Read-back of what is written")
    slow: float = Field(60.0, ge=1, le=3600, description="Counters, settings and diagnosis")


Points = dict[
    Annotated[str, AfterValidator(_tag)],
    Annotated[Binding, BeforeValidator(_whole, json_schema_input_type=str | Binding)],
]
