"""Makes drivers from the configuration, and the tags that they bring."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from controller.clock.now import real_limit_s, utc_s
from controller.config.load import ConfigError
from controller.config.plant import Core as CoreFile
from controller.config.plant import PlantFile
from controller.config.rules.places import plain_host
from controller.config.site import Device
from controller.control.needs import needed_tags
from controller.control.settings import Settings
from controller.field.binding import Mistake, bound_profile, device_profile
from controller.field.known_tags import known_tag
from controller.field.units import Unit, unit_drivers
from controller.image.tag import Tag
from drivers.modbus.device import ModbusDevice
from drivers.modbus.link import ModbusLink
from drivers.modbus.profile import Profile, ProfileError
from drivers.modbus.register import Register

GROUPS = ("protective", "normal", "output", "slow")
"""The groups of a device's points that are read again and again."""

PROTECTIVE_AGES_S = (1.5, 3.0)
NORMAL_AGES_S = (5.0, 15.0)
SPARE = ("hot-header-b", "hot-header-c")
"""Sensors beside the first one, of use only where they are voted."""
MISSED = (3.0, 6.0)
"""Readings that may be missed before a value is in doubt, and before it is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that can be asked or told: the miners in the layout's order, Modbus devices.

    Devices behind one host and port share one of the `links`; `periods_s` is how often each group
    of a device is read, by the device's name.
    """

    miners: tuple[Unit, ...]
    devices: tuple[ModbusDevice, ...]
    links: tuple[ModbusLink, ...]
    tags: tuple[Tag, ...]
    periods_s: Mapping[str, Mapping[str, float]]


def build_field(plant: PlantFile, settings: Settings, utc: Callable[[], float] = utc_s) -> Field:
    """All drivers of the plant; ConfigError where a tag is needed that no device provides.

    `utc` is the time that miners are told.
    """
    miners = unit_drivers(plant, utc)
    reaches = may_write(plant.core)
    links: dict[tuple[str, int], ModbusLink] = {}
    for device in plant.device:
        links.setdefault(_place(device), modbus_link(device))
    devices = tuple(
        modbus_device(device, settings, reaches, links[_place(device)]) for device in plant.device
    )
    periods_s = {device.name: periods_of(device) for device in plant.device}
    tags = tuple(
        _tag(name, register, periods_s[device.name], settings)
        for device in devices
        for name, register in _points(device)
    )
    names = [tag.name for tag in tags]
    if missing := sorted(needed_tags(settings) - set(names)):
        raise ConfigError(
            f"no device provides {', '.join(missing)}: add the device that measures it,"
            " or take out what needs it"
        )
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise ConfigError(f"two devices provide {', '.join(doubled)}")
    return Field(miners, devices, tuple(links.values()), tags, periods_s)


def periods_of(device: Device) -> dict[str, float]:
    """How often each group of a device is read."""
    return {group: float(getattr(device.period_s, group)) for group in GROUPS}


def may_write(core: CoreFile) -> Callable[[str], bool]:
    """Which outputs this program may ever write: all, those inside the fence, or none."""

    def reaches(tag: str) -> bool:
        if core.reach == "limited":
            return tag.partition(".")[0] in core.fence
        return core.reach == "automatic"

    return reaches


def _place(device: Device) -> tuple[str, int]:
    """The host and port that a device shares with others, however the host is spelled."""
    return plain_host(device.host), device.port


def modbus_link(device: Device) -> ModbusLink:
    """The connection to a configured device, or to the gateway that it stands behind."""
    return ModbusLink(device.host, device.port, framing=device.framing, on_loop=real_limit_s)


def modbus_device(
    device: Device,
    settings: Settings | None,
    reaches: Callable[[str], bool] | None = None,
    link: ModbusLink | None = None,
) -> ModbusDevice:
    """The driver of one configured device, with the points of what is installed.

    Without a plant around it, all points of its profile are.
    """
    if settings is None:
        try:
            return _driver(device, device_profile(device), None, reaches, link)
        except ProfileError as error:
            raise ConfigError(f"device {device.name}: {error}") from error
    profile, mistakes = bound_profile(device, settings)
    if profile is None or mistakes:
        raise ConfigError("; ".join(f"device {device.name}: {one.text}" for one in mistakes))
    return _driver(device, profile, settings, reaches, link)


def _driver(
    device: Device,
    profile: Profile,
    settings: Settings | None,
    reaches: Callable[[str], bool] | None = None,
    link: ModbusLink | None = None,
) -> ModbusDevice:
    points = [register.name for register in profile.registers]
    return ModbusDevice(
        device.name,
        device.host,
        device.port,
        device.unit,
        profile,
        wanted=[
            point
            for point in points
            if settings is None or point in device.points or _installed(point, settings)
        ],
        may_write=reaches,
        serial_number=device.serial,
        link=modbus_link(device) if link is None else link,
        zero_transaction=device.zero_transaction,
    )


def _installed(point: str, settings: Settings) -> bool:
    """Whether the equipment that a profile's point belongs to stands in this plant."""
    equipment = point.partition(".")[0]
    hydraulics = settings.hydraulics
    kind, _, number = equipment.rpartition("-")
    if number.isdigit():
        numbered = {"container": settings.containers, "exchanger": hydraulics.exchangers}
        if kind == "pump":
            return equipment in hydraulics.pumps
        return int(number) <= numbered.get(kind, int(number))
    cooler, separated = hydraulics.dry_cooler_kw > 0.0, settings.separated
    channels = {name for voted in settings.voted.values() for name in voted.channels}
    optional = {
        **{spare: f"{spare}.temperature_c" in channels for spare in SPARE},
        "three-way-valve": cooler,
        "dry-cooler": cooler,
        "network": separated,
        "network-pump": separated,
        "mixing-valve": separated,
        "tank": settings.tank is not None,
        "booster": settings.booster is not None,
    }
    return optional.get(equipment, True)


def _points(device: ModbusDevice) -> Iterable[tuple[str, Register]]:
    return (point for point in device.tags.items() if point[1].group in GROUPS)


def _tag(name: str, register: Register, periods_s: Mapping[str, float], settings: Settings) -> Tag:
    protective = register.group == "protective"
    uncertain_s, bad_s = PROTECTIVE_AGES_S if protective else _ages_s(periods_s[register.group])
    flag = register.is_flag
    return Tag(
        name=name,
        kind="flag" if flag else "number",
        unit=register.unit,
        description=name.replace(".", ": ").replace("_", " "),
        low=0.0 if register.low is None else register.low,
        high=1.0 if register.high is None and flag else (register.high or 0.0),
        uncertain_after_s=uncertain_s,
        bad_after_s=bad_s,
        protective=protective,
        awaited=register.group != "slow" and known_tag(name, settings) is not None,
    )


def _ages_s(period_s: float) -> tuple[float, float]:
    """What is read seldom may be older before it is in doubt."""
    uncertain_s, bad_s = (
        max(usual_s, count * period_s) for usual_s, count in zip(NORMAL_AGES_S, MISSED, strict=True)
    )
    return uncertain_s, bad_s


def points_of(
    device: Device, settings: Settings
) -> tuple[tuple[tuple[Tag, Register], ...], tuple[Mistake, ...]]:
    """The tags that one device brings, each with its register, and what is wrong with it."""
    profile, mistakes = bound_profile(device, settings)
    if profile is None:
        return (), mistakes
    periods_s = periods_of(device)
    try:
        points = _points(_driver(device, profile, settings))
    except ValueError as error:
        return (), (*mistakes, Mistake("HC206", "profile", str(error)))
    tags = tuple((_tag(name, register, periods_s, settings), register) for name, register in points)
    return tags, mistakes
