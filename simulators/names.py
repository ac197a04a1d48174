"""What the units, containers and PLC points of a described plant are called."""

from simulators.description import PlantDescription

# Limits of the PLC's register map, see the manual of the simulated devices.
MOST_PUMPS = 4
MOST_CONTAINERS = 32

MEASURED = (
    "primary.hot_temperature_c",
    "primary.cold_temperature_c",
    "district.supply_temperature_c",
    "district.return_temperature_c",
    "dry-cooler.outlet_temperature_c",
    "primary.flow_lpm",
    "district.flow_lpm",
)


def container_tag(container: int) -> str:
    """The name of a container, counted from 0."""
    return f"container-{container + 1:02d}"


def container_tags(description: PlantDescription) -> tuple[str, ...]:
    """The names of all containers that are installed."""
    return tuple(container_tag(container) for container in range(len(description.containers)))


def pump_tags(description: PlantDescription) -> tuple[str, ...]:
    """The names of the primary pumps that are installed."""
    return tuple(f"pump-{pump + 1}" for pump in range(description.primary_pumps))


def unit_names(description: PlantDescription) -> tuple[str, ...]:
    """The names of all miners, container by container: c01-001 and on."""
    return tuple(
        f"c{number:02d}-{unit:03d}"
        for number, container in enumerate(description.containers, start=1)
        for unit in range(1, container.units + 1)
    )


def analogue_inputs(description: PlantDescription) -> tuple[str, ...]:
    """Every number the PLC measures or reads back from a drive."""
    return (
        *MEASURED,
        *(f"{pump}.speed_feedback_pct" for pump in pump_tags(description)),
        "district-pump.speed_feedback_pct",
        "three-way-valve.position_feedback_pct",
        "dry-cooler.fan_feedback_pct",
    )


def analogue_outputs(description: PlantDescription) -> tuple[str, ...]:
    """Every number the PLC takes as an order, all of them 0 to 100 %."""
    return (
        *(f"{pump}.speed_pct" for pump in pump_tags(description)),
        "district-pump.speed_pct",
        "three-way-valve.position_pct",
        "dry-cooler.fan_pct",
    )


def discrete_outputs(description: PlantDescription) -> tuple[str, ...]:
    """Everything the PLC switches."""
    containers = container_tags(description)
    return (
        *(f"{pump}.run" for pump in pump_tags(description)),
        "district-pump.run",
        *(f"{container}.contactor_close" for container in containers),
        *(f"{container}.valve_open_command" for container in containers),
    )
