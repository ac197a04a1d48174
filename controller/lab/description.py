"""From plant.toml to what the simulators are given: a plain description and addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_address

from controller.config.load import ConfigError
from controller.config.miner_list import listed_miners
from controller.config.plant import Container as ContainerFile
from controller.config.plant import Device, PlantFile
from controller.config.settings import miner_addresses
from controller.control.heat import ATTAINABLE_BELOW_K
from controller.control.settings import along
from controller.field.units import site_logins
from controller.lab.real import NOTHING_REAL, Real
from controller.lab.rig import RigAddresses
from controller.lab.rig_devices import Role
from simulators.description import (
    CHAIN_MODELS,
    Container,
    MinerModel,
    Personality,
    PlantDescription,
    chain,
    whatsminer,
)

PROFILES: dict[str, Role] = {
    "sim_cdu_plc": "cdu",
    "sim_outdoor_sensor": "outdoor",
    "sim_feeder_panel": "feeder_panel",
}
"""What the rig plays for each profile; a heat meter is what plant.toml names it."""
HEAT_METER_PROFILE = "sim_heat_meter"
NEEDED: tuple[tuple[Role, str], ...] = (
    ("cdu", "sim_cdu_plc"),
    ("heat_meter", HEAT_METER_PROFILE),
    ("outdoor", "sim_outdoor_sensor"),
)
"""Without these there is no plant."""

ELSEWHERE = (
    "serve a copy of this plant at loopback addresses (--loopback FOLDER), or say that it is real"
    " (--real {name})"
)
REFERENCE_KW = 920 * 8.4
"""Electric power of the plant that the simulator's default figures belong to."""


# A network sends back water that much colder than the coldest that it is ever supplied with.
USED_K = 20.0
# The outdoor temperature of a warm start.
WARM_OUTDOOR_C = 0.0
# What control gives a unit beyond its floor, and where the firmware stops a unit by itself.
FLOW_MARGIN = 10.8 / 10.5
FIRMWARE_ABOVE_K = 7.0


def describe(plant: PlantFile, personality: Personality = "sleep_only") -> PlantDescription:
    """The plant as a world can be built from it; exchangers and water grow with its power."""
    share = _rated_kw(plant) / REFERENCE_KW
    usual = PlantDescription(containers=())
    return _limited(_equipment(plant, personality, share, usual), plant)


def _equipment(
    plant: PlantFile, personality: Personality, share: float, usual: PlantDescription
) -> PlantDescription:
    """Everything that is built."""
    cooler_ua_kw_per_k = share * usual.dry_cooler_ua_kw_per_k
    return PlantDescription(
        containers=tuple(
            Container(
                f"container-{number:02}", container.units, _model(container, plant, personality)
            )
            for number, container in enumerate(plant.container, 1)
        ),
        model=_avalon(plant, personality, None, None),
        three_in_hot_header=any(
            name.startswith("hot-header-") for voted in plant.voted for name in voted.channels
        ),
        primary_pumps=len(plant.hydraulics.pumps),
        primary_pumps_duty=plant.hydraulics.pumps_duty or len(plant.hydraulics.pumps),
        exchangers=plant.hydraulics.exchangers,
        network_role=plant.plant.network_role,
        network_flow_max_lpm=plant.network.flow_max_lpm,
        network_demand_kw=share * usual.network_demand_kw,
        network_dp_kpa=plant.network.differential_pressure_kpa,
        tank_m3=0.0 if plant.tank is None else plant.tank.volume_m3,
        booster_kind="electric_boiler" if plant.booster is None else plant.booster.kind,
        booster_kw=0.0 if plant.booster is None else plant.booster.rated_kw,
        booster_cop=1.0 if plant.booster is None else plant.booster.cop,
        primary_flow_max_lpm=plant.hydraulics.primary_flow_max_lpm,
        district_flow_max_lpm=plant.hydraulics.district_flow_max_lpm,
        primary_volume_l=(
            share * usual.primary_volume_l
            if plant.hydraulics.primary_volume_m3 is None
            else 1_000.0 * plant.hydraulics.primary_volume_m3
        ),
        exchanger_ua_kw_per_k=share * usual.exchanger_ua_kw_per_k,
        dry_cooler_ua_kw_per_k=cooler_ua_kw_per_k if plant.hydraulics.dry_cooler_kw > 0.0 else 0.0,
        warm_heat_kw=share * usual.warm_heat_kw,
    )


def _limited(built: PlantDescription, plant: PlantFile) -> PlantDescription:
    """The same plant with what its water is when it runs, and with what may not be exceeded."""
    coldest_c = min(supply_c for _, supply_c in plant.heat.supply_curve)
    attainable_c = plant.hydraulics.outlet_setpoint_c - ATTAINABLE_BELOW_K
    return replace(
        built,
        district_return_c=min(built.district_return_c, coldest_c - USED_K),
        warm_supply_c=min(along(plant.heat.supply_curve, WARM_OUTDOOR_C), attainable_c),
        unit_lpm=FLOW_MARGIN * plant.miners.flow_floor_lpm,
        flow_proven_lpm=plant.miners.flow_trip_lpm,
        outlet_most_c=plant.miners.outlet_trip_c,
        supply_most_c=plant.hydraulics.supply_max_c,
        tank_full_c=built.tank_full_c if plant.tank is None else plant.tank.full_c,
    )


def _avalon(
    plant: PlantFile, personality: Personality, name: str | None, rated_kw: float | None
) -> MinerModel:
    """What [miners] says, or a container's own: a larger one has more chips, as warm as others."""
    usual, limits = MinerModel(), plant.miners
    name, rated_kw = name or limits.model, rated_kw or limits.rated_kw
    share = rated_kw / usual.rated_kw
    model = MinerModel(
        product=f"AvalonMiner {name}",
        model=name,
        rated_kw=rated_kw,
        rated_ths=share * usual.rated_ths,
        standby_kw=limits.standby_kw,
        chip_k_per_kw=usual.chip_k_per_kw / share,
        chip_trip_c=limits.chip_trip_c + FIRMWARE_ABOVE_K,
        personality=personality,
    )
    return chain(model) if name in CHAIN_MODELS or personality == "chain" else model


def _rated_kw(plant: PlantFile) -> float:
    """What all miners draw that the rig plays."""
    usual = sum(box.units for box in plant.container if box.rated_kw is None)
    own_kw = sum(box.units * box.rated_kw for box in plant.container if box.rated_kw is not None)
    return usual * plant.miners.rated_kw + own_kw


def _model(
    container: ContainerFile, plant: PlantFile, personality: Personality
) -> MinerModel | None:
    """The simulated model where it is not the usual one."""
    if container.api == "cgminer":
        own = container.model is not None or container.rated_kw is not None
        return _avalon(plant, personality, container.model, container.rated_kw) if own else None
    model = container.model or plant.miners.model
    rated_kw = container.rated_kw or plant.miners.rated_kw
    return whatsminer(model, rated_kw, plant.miners.standby_kw)


def _passwords(plant: PlantFile) -> tuple[str, ...]:
    """What each simulated miner takes for the password of its account."""
    logins = site_logins(plant)
    of_box = [logins[box.login].password if box.login in logins else "" for box in plant.container]
    return tuple(of_box[one.container] for one in listed_miners(plant))


def rig_addresses(
    plant: PlantFile, control: tuple[str, int], real: Real = NOTHING_REAL
) -> RigAddresses:
    """Where the rig listens: exactly where plant.toml looks for the devices that can be played."""
    played = {role: one for role, one in _played(plant).items() if one.name not in real.devices}
    for role, profile in NEEDED:
        if role not in played and not real.devices:
            raise ConfigError(
                f"the rig needs a device with profile {profile!r} in plant.toml, or is told which"
                " device is real: --real NAME"
            )
    _check_places(played)
    places = {role: (device.host, device.port) for role, device in played.items()}
    miners = [
        None if number in real.units else address
        for number, address in enumerate(miner_addresses(plant))
    ]
    _check_miners(miners)
    return RigAddresses(
        miners=tuple(miners),
        passwords=_passwords(plant),
        cdu=places.get("cdu"),
        heat_meter=places.get("heat_meter"),
        outdoor=places.get("outdoor"),
        control=control,
        boundary_meter=places.get("boundary_meter"),
        feeder_panel=places.get("feeder_panel"),
        units={role: device.unit for role, device in played.items()},
        serial=frozenset(
            (device.host, device.port)
            for device in played.values()
            if device.framing == "rtu_over_tcp"
        ),
    )


def _played(plant: PlantFile) -> dict[Role, Device]:
    """The devices of plant.toml that the rig plays; those of other profiles are left out."""
    meters: dict[str, Role] = {plant.heat_meter: "heat_meter"}
    if plant.boundary_meter is not None:
        meters.setdefault(plant.boundary_meter, "boundary_meter")
    played: dict[Role, Device] = {}
    for device in plant.device:
        role = PROFILES.get(device.profile)
        if device.profile == HEAT_METER_PROFILE:
            if device.name not in meters:
                raise ConfigError(
                    f"device {device.name}: the rig plays the heat meters that heat_meter and"
                    f" boundary_meter name, which are {sorted(meters)}"
                )
            role = meters[device.name]
        if role is None:
            continue
        if role in played:
            raise ConfigError(
                f"device {device.name}: the rig has only one device with profile"
                f" {device.profile!r}, and that is {played[role].name}"
            )
        played[role] = device
    return played


def _check_miners(miners: Sequence[tuple[str, int] | None]) -> None:
    for miner in miners:
        if miner is not None and not ip_address(miner[0]).is_loopback:
            raise ConfigError(
                f"miners: the rig listens on loopback only, not {miner[0]};"
                f" {ELSEWHERE.format(name='container-N')}"
            )


def _check_places(played: Mapping[Role, Device]) -> None:
    """On loopback only, and no two devices at one address with one unit id."""
    taken: dict[tuple[str, int, int], str] = {}
    for device in played.values():
        if not ip_address(device.host).is_loopback:
            raise ConfigError(
                f"device {device.name}: the rig listens on loopback only, not {device.host};"
                f" {ELSEWHERE.format(name=device.name)}"
            )
        place = (device.host, device.port, device.unit)
        if place in taken:
            raise ConfigError(
                f"device {device.name}: {taken[place]} has the same address"
                f" {device.host}:{device.port} and unit {device.unit}"
            )
        taken[place] = device.name
