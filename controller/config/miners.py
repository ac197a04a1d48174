"""The miners: what one of them stands, and where each of them is found."""

from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from controller.config.addresses import expand, expand_one, usable
from controller.config.part import Celsius, Part, Port

Api = Literal["cgminer", "whatsminer"]
WHATSMINER_PORT = 4433
UnitName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Serial = Annotated[str, Field(pattern=r"^[!-~]{1,64}$")]


def _listed(entry: str) -> str:
    try:
        expand_one(entry)
    except ValueError as error:
        raise PydanticCustomError("HC102", "{told}", {"told": str(error)}) from error
    return entry


def _usable(address: IPv4Address) -> IPv4Address:
    try:
        return usable(str(address))
    except ValueError as error:
        raise PydanticCustomError("HC102", "{told}", {"told": str(error)}) from error


MinerAddress = Annotated[IPv4Address, AfterValidator(_usable)]


class WorkModes(Part):
    """One work mode that the model can be set to."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,15}$", description="Name, as the dialect has it")
    power_kw: float = Field(gt=0, le=30, description="Electric power of a unit in it")
    hashrate_ths: float = Field(gt=0, le=10_000, description="Hash rate of a unit in it")


class Miners(Part):
    """The model of the miners and what one of them stands."""

    model: str = Field("1566HA", min_length=1, description="Model as the miners report it")
    accepted: bool = Field(
        default=False,
        description="An engineer has seen this model obey on this site; else it is only monitored",
    )
    rated_kw: float = Field(8.4, gt=0, le=30, description="Electric power in normal mode")
    standby_kw: float = Field(0.03, ge=0, le=1, description="Electric power asleep")
    outlet_warn_c: Celsius = Field(82.0, description="Outlet from which power is taken back")
    outlet_trip_c: Celsius = Field(
        85.0, description="Outlet at which a unit, or the plant, is stopped"
    )
    chip_trip_c: Celsius = Field(105.0, description="Hottest chip at which a unit is stopped")
    inlet_max_c: Celsius = Field(72.0, description="Inlet from which power is taken back")
    flow_floor_lpm: float = Field(
        10.5, gt=0, le=1_000, description="Least flow that control gives a unit"
    )
    flow_trip_lpm: float = Field(
        8.0, gt=0, le=1_000, description="Flow of a unit under which it is stopped"
    )
    min_on_s: float = Field(900.0, ge=0, le=86_400, description="Shortest time a unit runs")
    min_off_s: float = Field(600.0, ge=0, le=86_400, description="Shortest time a unit sleeps")
    sleeps_per_day: int = Field(6, ge=1, le=100, description="Most sleeps of a unit in a day (UTC)")
    wakes_per_s: float = Field(10.0, gt=0, le=100, description="Most units woken in a second")
    wake_limit_s: float = Field(
        420.0, gt=0, le=3_600, description="Time after which a woken unit must run"
    )
    follow_limit_s: float = Field(
        30.0, gt=0, le=600, description="Time after which a sleeper must be off"
    )
    modes: tuple[WorkModes, ...] = Field(
        (), max_length=8, description="Work modes by rising power (default: on and asleep alone)"
    )
    mode_hold_s: float = Field(
        600.0, ge=0, le=86_400, description="Shortest time a unit stays in a work mode"
    )
    trim_from_pct: float = Field(
        100.0,
        ge=10,
        le=100,
        description="Least share of rated_kw to which a unit's power may be set (100: it may not)",
    )
    pools: tuple[str, ...] = Field(
        (),
        max_length=16,
        description="URLs of the pools that the miners may work for (default: the first seen)",
    )
    logins_file: Path = Field(
        Path("logins.toml"), description="Accounts of miners that take orders only by one"
    )


class Miner(Part):
    """One miner that is listed by itself, with a name and a serial number if it has them."""

    address: MinerAddress = Field(description="IPv4 address of the miner")
    port: Port | None = Field(None, description="Port of its API (default: the container's)")
    name: UnitName | None = Field(None, description="Name (default: by place, such as c03-017)")
    serial: Serial | None = Field(None, description="Serial number as it stands on the miner")


class InventoryMiner(Miner):
    """One miner of an inventory, and the line where it stands."""

    source: str


class Container(Part):
    """One container, and its miners in one of four ways.

    `first_address` with `units`, `addresses`, an `inventory` file, or a `miner` table for each.
    """

    units: int = Field(
        0,
        ge=0,
        le=1_000,
        description="Miners in it from first_address on; counted where they are listed",
    )
    first_address: MinerAddress | None = Field(
        None, description="Address of its first miner; the others follow on"
    )
    addresses: tuple[Annotated[str, AfterValidator(_listed)], ...] = Field(
        (), description='Addresses: "10.0.1.5", "10.0.1.7-10.0.1.40" or "10.0.2.0/26"'
    )
    inventory: Path | None = Field(
        None, description="CSV file: address[,port][,name][,serial][,container]"
    )
    miner: tuple[Miner, ...] = Field((), description="Miners listed here, a table for each")
    api: Api = Field("cgminer", description="What its miners understand")
    port: Port = Field(4028, description="Port of the API (4433 where it is a WhatsMiner's)")
    login: UnitName | None = Field(
        None, description="Login of the logins file by which they take orders (WhatsMiner)"
    )
    model: str | None = Field(
        None, min_length=1, description="Model of its miners (default: that of [miners])"
    )
    accepted: bool = Field(
        default=False, description="As accepted in [miners], for a model of its own"
    )
    rated_kw: float | None = Field(
        None, gt=0, le=30, description="Electric power of one (default: that of [miners])"
    )
    modes: tuple[WorkModes, ...] | None = Field(
        None, max_length=8, description="Its work modes (default: those of [miners])"
    )
    trim_from_pct: float | None = Field(
        None, ge=10, le=100, description="Its least share of power (default: that of [miners])"
    )

    @model_validator(mode="before")
    @classmethod
    def _at_the_port_of_its_api(cls, data: Any) -> Any:  # noqa: ANN401
        """WhatsMiners answer at another port than the usual one."""
        if isinstance(data, dict) and data.get("api") == "whatsminer" and "port" not in data:
            return {**data, "port": WHATSMINER_PORT}
        return data

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, data: Any) -> Any:  # noqa: ANN401
        """A list says by itself how many there are."""
        if not isinstance(data, dict) or "units" in data:
            return data
        if "miner" in data and isinstance(data["miner"], list | tuple):
            return {**data, "units": len(data["miner"])}
        try:
            return {**data, "units": len(expand(data["addresses"]))}
        except (KeyError, TypeError, ValueError, AttributeError):
            # No list, or a broken one, of which its own key tells.
            return data

    @model_validator(mode="after")
    def _known(self) -> Self:
        ways = [
            way
            for way in ("first_address", "addresses", "inventory", "miner")
            if getattr(self, way)
        ]
        if len(ways) != 1:
            told = " and ".join(ways) or "nothing"
            raise PydanticCustomError(
                "HC101", "its miners are given by {told}; expected one way", {"told": told}
            )
        if self.first_address is not None and self.units == 0:
            raise PydanticCustomError("HC101", "first_address without units")
        if self.first_address is not None:
            _last(self.first_address, self.units)
        listed = len(self.miner) or len(expand(self.addresses))
        if listed and self.units != listed:
            counts = {"units": self.units, "listed": listed}
            raise PydanticCustomError(
                "HC103", "units is {units}, but {listed} miners are listed", counts
            )
        return self

    @property
    def way(self) -> str:
        """The key that says where its miners are."""
        ways = ("inventory", "miner", "addresses")
        return next((way for way in ways if getattr(self, way)), "first_address")

    def bare_addresses(self) -> list[IPv4Address]:
        """The addresses of its miners, where nothing else is said of each."""
        if self.first_address is not None:
            return [self.first_address + step for step in range(self.units)]
        return expand(self.addresses)


def _last(first: IPv4Address, units: int) -> None:
    try:
        usable(str(first + (units - 1)))
    except ValueError as error:
        counts = {"units": units, "first": str(first)}
        raise PydanticCustomError("HC102", "{units} addresses from {first} on", counts) from error
