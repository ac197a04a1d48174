"""The tags without which the plant cannot be protected or controlled."""

from controller.control.settings import Settings, container_tag

_PLANT = frozenset(
    {
        "primary.hot_temperature_c",
        "primary.cold_temperature_c",
        "primary.flow_lpm",
        "district.supply_temperature_c",
        "district.return_temperature_c",
        "district.flow_lpm",
        "district-pump.run",
        "district-pump.speed_pct",
        "three-way-valve.position_pct",
        "dry-cooler.fan_pct",
    }
)
_PUMP = ("running", "run", "speed_pct")
_CONTAINER = (
    "flow_proven",
    "leak",
    "contactor_closed",
    "valve_open",
    "valve_closed",
    "contactor_close",
    "valve_open_command",
)


def needed_tags(settings: Settings) -> frozenset[str]:
    """Every measured or written tag that a scan of this plant uses."""
    pumps = {f"{pump}.{point}" for pump in settings.hydraulics.pumps for point in _PUMP}
    containers = {
        container_tag(container, point)
        for container in range(settings.containers)
        for point in _CONTAINER
    }
    meters = {f"{settings.heat_meter}.power_kw", f"{settings.outdoor}.temperature_c"}
    return _PLANT | pumps | containers | meters
