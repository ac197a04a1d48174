"""What the units, containers and PLC points of a described plant are called."""

from simulators.description import PlantDescription

# Limits of the PLC's register map, see the manual of the simulated devices.
MOST_PUMPS = 4
MOST_EXCHANGERS = 2
MOST_CONTAINERS = 32
TANK_LAYERS = 8

MEASURED = (
    "primary.hot_temperature_c",
    "primary.cold_temperature_c",
    "district.supply_temperature_c",
    "district.return_temperature_c",
    "room.temperature_c",
    "room.dew_point_c",
    "primary.flow_lpm",
    "district.flow_lpm",
    "primary.suction_pressure_kpa",
    "primary.inlet_pressure_kpa",
    "primary.strainer_pressure_drop_kpa",
    "primary.conductivity_us_cm",
)
"""What every plant measures."""

MEASURED_SPARE = ("hot-header-b.temperature_c", "hot-header-c.temperature_c")
"""Second and third sensor in the hot header, where it has three."""
MEASURED_COOLER = ("dry-cooler.outlet_temperature_c",)
MEASURED_SEPARATED = (
    "network.supply_temperature_c",
    "network.return_temperature_c",
    "network.flow_lpm",
    "network.differential_pressure_kpa",
)
MEASURED_TANK = tuple(f"tank.layer_{layer}_temperature_c" for layer in range(1, TANK_LAYERS + 1))
"""Layers count from the top."""

SAFETY = ("safety.emergency_stop_released", "safety.mains_present")
PLC_LIFE = (
    "plc.heartbeat",
    "plc.boot_count",
    "plc.epoch",
    "plc.controller_age_s",
    "plc.fallback_after_s",
    "plc.local_automatic",
)
"""What the PLC tells of itself."""


def has_cooler(description: PlantDescription) -> bool:
    """Whether a dry cooler with its three-way valve is installed."""
    return description.dry_cooler_ua_kw_per_k > 0.0


def container_tag(container: int) -> str:
    """The name of a container, counted from 0."""
    return f"container-{container + 1:02d}"


def container_tags(description: PlantDescription) -> tuple[str, ...]:
    """The names of all containers that are installed."""
    return tuple(container_tag(container) for container in range(len(description.containers)))


def pump_tags(description: PlantDescription) -> tuple[str, ...]:
    """The names of the primary pumps that are installed."""
    return tuple(f"pump-{pump + 1}" for pump in range(description.primary_pumps))


def exchanger_tags(description: PlantDescription) -> tuple[str, ...]:
    """The names of the plate exchangers that are installed."""
    return tuple(f"exchanger-{number + 1}" for number in range(description.exchangers))


def unit_names(description: PlantDescription) -> tuple[str, ...]:
    """The names of all miners, container by container: c01-001 and on."""
    return tuple(
        f"c{number:02d}-{unit:03d}"
        for number, container in enumerate(description.containers, start=1)
        for unit in range(1, container.units + 1)
    )


def modulated(description: PlantDescription) -> dict[str, tuple[str, str]]:
    """Each installed piece of equipment with a set-point: its order, and its feedback."""
    found = dict.fromkeys(pump_tags(description), ("speed_pct", "speed_feedback_pct"))
    found["district-pump"] = ("speed_pct", "speed_feedback_pct")
    if has_cooler(description):
        found["three-way-valve"] = ("position_pct", "position_feedback_pct")
        found["dry-cooler"] = ("fan_pct", "fan_feedback_pct")
    if description.separated:
        found["network-pump"] = ("speed_pct", "speed_feedback_pct")
        found["mixing-valve"] = ("position_pct", "position_feedback_pct")
    if description.booster_kw > 0.0:
        found["booster"] = ("power_pct", "power_kw")
    return found


def analogue_inputs(description: PlantDescription) -> tuple[str, ...]:
    """Every number the PLC measures or reads back from a drive."""
    return (
        *MEASURED,
        *(MEASURED_SPARE if description.three_in_hot_header else ()),
        *(MEASURED_COOLER if has_cooler(description) else ()),
        *(MEASURED_SEPARATED if description.separated else ()),
        *(MEASURED_TANK if description.tank_m3 > 0.0 else ()),
        *(f"{name}.{feedback}" for name, (_, feedback) in modulated(description).items()),
    )


def analogue_outputs(description: PlantDescription) -> tuple[str, ...]:
    """Every number the PLC takes as an order, all of them 0 to 100 %."""
    return tuple(f"{name}.{order}" for name, (order, _) in modulated(description).items())


def motors(description: PlantDescription) -> tuple[str, ...]:
    """Everything that is switched to run."""
    separated = ("network-pump",) if description.separated else ()
    booster = ("booster",) if description.booster_kw > 0.0 else ()
    return (*pump_tags(description), "district-pump", *separated, *booster)


def selectors(description: PlantDescription) -> tuple[str, ...]:
    """The equipment that has a local/remote selector of its own."""
    return (*modulated(description), *container_tags(description))


def discrete_outputs(description: PlantDescription) -> tuple[str, ...]:
    """Everything the PLC switches."""
    containers = container_tags(description)
    return (
        *(f"{name}.run" for name in motors(description)),
        "make-up.valve_open_command",
        *(f"{name}.valve_open_command" for name in exchanger_tags(description)),
        *(f"{container}.contactor_close" for container in containers),
        *(f"{container}.valve_open_command" for container in containers),
    )


def discrete_inputs(description: PlantDescription) -> tuple[str, ...]:
    """Every state that the PLC sees: feedbacks, end switches, selectors, switches, relays."""
    switches = ("flow_proven", "leak", "contactor_closed", "valve_open", "valve_closed")
    return (
        *SAFETY,
        *(f"{name}.running" for name in motors(description)),
        *(f"{name}.remote" for name in selectors(description)),
        *(
            f"{name}.{switch}"
            for name in exchanger_tags(description)
            for switch in ("valve_open", "valve_closed")
        ),
        *(
            f"{container}.{switch}"
            for container in container_tags(description)
            for switch in (*switches, "hardwired_trip")
        ),
    )
