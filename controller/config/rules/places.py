"""Names and addresses: each thing has its own, and what is named is there."""

import re
from collections.abc import Callable, Hashable, Iterator
from ipaddress import ip_address

from controller.config.miner_list import Listed, accepted_models, listed_miners
from controller.config.plant import PlantFile
from controller.config.rules.registry import rule
from controller.config.site import Device
from controller.config.words import meant

ALL_ADDRESSES = frozenset({"0.0.0.0", "::", "", "*"})  # noqa: S104 - they are looked for
EVERYONE = "255.255.255.255"
# Words of letters, digits and hyphens between dots; what has no letter is a broken address.
_HOST_NAME = re.compile(
    r"(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*\.?$"
)

Found = Iterator[tuple[str, str]]


@rule("HC106", "container")
def miners_have_addresses_of_their_own(plant: PlantFile) -> Found:
    """No two at one address and port."""
    yield from _doubles(plant, lambda one: (one.host, one.port), "{0[0]}:{0[1]}")


@rule("HC107", "container")
def miners_have_names_of_their_own(plant: PlantFile) -> Found:
    """No two with one name."""
    yield from _doubles(plant, lambda one: one.name, "{0}")


@rule("HC110", "container")
def miners_have_serials_of_their_own(plant: PlantFile) -> Found:
    """No two with one serial number."""
    yield from _doubles(plant, lambda one: one.serial, "serial {0}")


@rule("HC108", "container", "device")
def miners_are_no_devices(plant: PlantFile) -> Found:
    """An address belongs to a miner or to a device."""
    miners = {(one.host, one.port): one for one in listed_miners(plant)}
    for number, device in enumerate(plant.device, 1):
        if one := miners.get((plain_host(device.host), device.port)):
            told = f"{device.name} is at {device.host}:{device.port}, as {one.name} ({one.told})"
            yield f"device.{number}.host", told


@rule("HC111", "container", "device")
def miners_share_no_host_with_devices(plant: PlantFile) -> Found:
    """An address that is also a miner's is a slip of the pen, unless a gateway stands there."""
    miners = {one.host: one for one in listed_miners(plant)}
    for number, device in enumerate(plant.device, 1):
        host = plain_host(device.host)
        one = miners.get(host)
        if one is not None and one.port != device.port and not ip_address(host).is_loopback:
            told = f"{device.name} is at {host}, as {one.name} ({one.told})"
            yield f"device.{number}.host", told


@rule("HC109", "container", "miners.model", "miners.accepted")
def other_models_are_only_watched(plant: PlantFile) -> Found:
    """One model is accepted; what else there is obeys nobody."""
    for number, container in enumerate(plant.container, 1):
        model = container.model or plant.miners.model
        if plant.miners.accepted and model not in accepted_models(plant):
            yield f"container.{number}.model", f"{model}; accepted is {plant.miners.model}"


@rule("HC201", "device")
def devices_have_names_of_their_own(plant: PlantFile) -> Found:
    """No two with one name."""
    first: dict[str, int] = {}
    for number, device in enumerate(plant.device, 1):
        if device.name in first:
            yield f"device.{number}.name", f"{device.name}, as device.{first[device.name]}"
        first.setdefault(device.name, number)


@rule("HC202", "device")
def devices_have_addresses_of_their_own(plant: PlantFile) -> Found:
    """No two answer at one place."""
    first: dict[tuple[str, int, int], str] = {}
    for number, device in enumerate(plant.device, 1):
        where = (plain_host(device.host), device.port, device.unit)
        if where in first:
            told = f"{device.name} is at {device.host}:{device.port} unit {device.unit}"
            yield f"device.{number}.host", f"{told}, as {first[where]}"
        first.setdefault(where, device.name)


@rule("HC203", "device", "heat_meter", "boundary_meter", "outdoor")
def named_devices_are_there(plant: PlantFile) -> Found:
    """Heat meters and the outdoor sensor are devices of this file, or have tags bound to them."""
    names = [device.name for device in plant.device]
    bound = (tag.partition(".")[0] for device in plant.device for tag in _own_tags(device))
    names += [name for name in dict.fromkeys(bound) if name not in names]
    for key in ("heat_meter", "boundary_meter", "outdoor"):
        name = getattr(plant, key)
        if name is not None and name not in names:
            told = f"no device is called {name!r}{meant(name, names)}"
            yield key, f"{told}; there are {', '.join(names)}"


@rule("HC204", "boundary_meter", "heat_meter", "tank", "booster")
def sold_heat_is_measured(plant: PlantFile) -> Found:
    """Tank and booster lie between what is made and what is sold."""
    lies_between = plant.tank is not None or plant.booster is not None
    if lies_between and plant.boundary_meter in {None, plant.heat_meter}:
        yield "boundary_meter", "there is a tank or a booster behind the heat meter"


@rule("HC205", "device")
def devices_can_be_reached(plant: PlantFile) -> Found:
    """An address of one device, or a name."""
    for number, device in enumerate(plant.device, 1):
        if told := _unreachable(device.host):
            yield f"device.{number}.host", told


@rule("HC213", "device")
def devices_have_serials_of_their_own(plant: PlantFile) -> Found:
    """No two bear one serial number."""
    first: dict[tuple[str, int], str] = {}
    for number, device in enumerate(plant.device, 1):
        if device.serial is None:
            continue
        other = first.setdefault((device.profile, device.serial), device.name)
        if other != device.name:
            yield f"device.{number}.serial", f"{device.serial} of {device.name}, as {other}"


@rule("HC210", "device")
def gateways_have_one_framing(plant: PlantFile) -> Found:
    """Devices that share a connection speak alike on it."""
    first: dict[tuple[str, int], Device] = {}
    for number, device in enumerate(plant.device, 1):
        other = first.setdefault((plain_host(device.host), device.port), device)
        if device.framing != other.framing:
            told = f"{device.name} has {device.framing}, {other.name} has {other.framing}"
            yield f"device.{number}.framing", f"{told} at {device.host}:{device.port}"


@rule("HC601", "core.reach", "core.fence")
def fence_goes_with_limited(plant: PlantFile) -> Found:
    """A fence exactly when it is wanted."""
    if (plant.core.reach == "limited") != bool(plant.core.fence):
        told = f"reach is {plant.core.reach!r} and fence has {len(plant.core.fence)} entries"
        yield "core.fence", told


@rule("HC602", "opcua.host")
def one_network_card_listens(plant: PlantFile) -> Found:
    """All addresses include those nobody has thought of."""
    if plant.opcua.host in ALL_ADDRESSES:
        yield "opcua.host", f"{plant.opcua.host!r} means all addresses"


@rule("HC605", "opcua.host")
def server_has_an_address(plant: PlantFile) -> Found:
    """An address of this machine, or its name."""
    host = plant.opcua.host
    if host not in ALL_ADDRESSES and (told := _unreachable(host)):
        yield "opcua.host", told


@rule("HC604", "opcua.host", "opcua.port", "device", "container")
def server_has_a_place_of_its_own(plant: PlantFile) -> Found:
    """Nothing else of the plant answers there."""
    where = (plain_host(plant.opcua.host), plant.opcua.port)
    taken = {(plain_host(device.host), device.port): device.name for device in plant.device}
    taken.update({(one.host, one.port): one.name for one in listed_miners(plant)})
    if where in taken:
        yield "opcua.port", f"{where[0]}:{where[1]} is the address of {taken[where]}"


def _own_tags(device: Device) -> Iterator[str]:
    """The tags that a device of this file names by itself."""
    yield from device.points
    yield from (one.name for one in device.registers if "." in one.name)


def plain_host(host: str) -> str:
    """One spelling of an address or host name, however it is written."""
    try:
        return str(ip_address(host))
    except ValueError:
        return "127.0.0.1" if host.lower() == "localhost" else host.lower().rstrip(".")


def _unreachable(host: str) -> str:
    """Why nothing can be reached at this host, or nothing."""
    try:
        address = ip_address(host)
    except ValueError:
        return "" if _HOST_NAME.match(host) else f"{host!r} is neither address nor name"
    if address.is_unspecified or address.is_multicast or str(address) == EVERYONE:
        return f"{host} is not the address of one device"
    return ""


def _doubles(plant: PlantFile, key: Callable[[Listed], Hashable | None], told: str) -> Found:
    first: dict[Hashable, Listed] = {}
    for one in listed_miners(plant):
        value = key(one)
        if value is None:
            continue
        other = first.setdefault(value, one)
        if other is not one:
            text = f"{told.format(value)} of {one.name} is also that of {other.name}"
            yield one.place, f"{text} ({one.told} and {other.told})"
