"""The tags without which the plant cannot be protected or controlled."""

from controller.control.settings import Settings, container_tag

_PLANT = (
    "primary.hot_temperature_c",
    "primary.cold_temperature_c",
    "primary.flow_lpm",
    "district.supply_temperature_c",
    "district.return_temperature_c",
    "district.flow_lpm",
    "district-pump.run",
    "district-pump.speed_pct",
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
_COOLER = ("three-way-valve.position_pct", "dry-cooler.fan_pct")
_SEPARATED = (
    "network-pump.run",
    "network-pump.speed_pct",
    "mixing-valve.position_pct",
    "network.supply_temperature_c",
    "network.return_temperature_c",
)
_BOOSTER = ("booster.run", "booster.power_pct")
_EXCHANGER = ("valve_open_command", "valve_open")


def needed_tags(settings: Settings) -> frozenset[str]:
    """Every measured or written tag that a scan of this plant cannot do without.

    Emergency stop, mains, pressures, conductivity, dew point, selectors and the tank's layers are
    used where a device provides them.
    """
    hydraulics = settings.hydraulics
    return frozenset(
        {
            *_PLANT,
            *(f"{pump}.{point}" for pump in hydraulics.pumps for point in _PUMP),
            *(
                container_tag(container, point)
                for container in range(settings.containers)
                for point in _CONTAINER
            ),
            *(_COOLER if hydraulics.dry_cooler_kw > 0.0 else ()),
            *(_SEPARATED if settings.separated else ()),
            *(_BOOSTER if settings.booster is not None else ()),
            *_exchangers(settings),
            *_roles(settings),
            f"{settings.heat_meter}.power_kw",
            f"{settings.boundary_meter}.power_kw",
            f"{settings.outdoor}.temperature_c",
        }
    )


def _exchangers(settings: Settings) -> tuple[str, ...]:
    """The valves of exchangers that can be taken out; a single one always passes water."""
    count = settings.hydraulics.exchangers
    if count == 1:
        return ()
    return tuple(
        f"exchanger-{number}.{point}" for number in range(1, count + 1) for point in _EXCHANGER
    )


def _roles(settings: Settings) -> tuple[str, ...]:
    if settings.network.role == "sole_source":
        return ("network.differential_pressure_kpa", "network.flow_lpm")
    return ()
