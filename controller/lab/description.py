"""From plant.toml to what the simulators are given: a plain description and addresses."""

from ipaddress import ip_address

from controller.config.load import ConfigError
from controller.config.plant import Device, PlantFile
from controller.config.settings import miner_addresses
from controller.lab.rig import RigAddresses
from simulators.description import Container, MinerModel, PlantDescription

PROFILES = {"cdu": "sim_cdu_plc", "heat_meter": "sim_heat_meter", "outdoor": "sim_outdoor_sensor"}
"""The profiles that the rig can play, by what they are."""


REFERENCE_KW = 920 * 8.4
"""Electric power of the plant that the simulator's default figures belong to."""


def describe(plant: PlantFile) -> PlantDescription:
    """The plant as a world can be built from it; exchangers and water grow with its power."""
    units = sum(container.units for container in plant.container)
    share = units * plant.miners.rated_kw / REFERENCE_KW
    usual = PlantDescription(containers=())
    cooler_ua_kw_per_k = share * usual.dry_cooler_ua_kw_per_k
    return PlantDescription(
        containers=tuple(
            Container(f"container-{number:02}", container.units)
            for number, container in enumerate(plant.container, 1)
        ),
        model=MinerModel(
            model=plant.miners.model,
            rated_kw=plant.miners.rated_kw,
            standby_kw=plant.miners.standby_kw,
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
        primary_volume_l=share * usual.primary_volume_l,
        exchanger_ua_kw_per_k=share * usual.exchanger_ua_kw_per_k,
        dry_cooler_ua_kw_per_k=cooler_ua_kw_per_k if plant.hydraulics.dry_cooler_kw > 0.0 else 0.0,
        warm_heat_kw=share * usual.warm_heat_kw,
    )


def rig_addresses(plant: PlantFile, control: tuple[str, int]) -> RigAddresses:
    """Where the rig listens: exactly where plant.toml looks for the devices."""
    return RigAddresses(
        miners=miner_addresses(plant),
        cdu=_address(plant, "cdu"),
        heat_meter=_address(plant, "heat_meter"),
        outdoor=_address(plant, "outdoor"),
        control=control,
    )


def _address(plant: PlantFile, kind: str) -> tuple[str, int]:
    device = _device(plant, PROFILES[kind])
    if not ip_address(device.host).is_loopback:
        raise ConfigError(
            f"device {device.name}: the rig listens on loopback only, not {device.host}"
        )
    return device.host, device.port


def _device(plant: PlantFile, profile: str) -> Device:
    for device in plant.device:
        if device.profile == profile:
            return device
    raise ConfigError(f"the rig needs a device with profile {profile!r} in plant.toml")
