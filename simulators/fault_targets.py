"""Everything of a described plant that can break, and the ways in which it can."""

import re
from collections.abc import Iterable, Mapping

from simulators.description import PlantDescription
from simulators.fault_verbs import SENSOR, Verbs, seconds
from simulators.link_verbs import MINERS, MODBUS
from simulators.names import (
    PLC_LIFE,
    analogue_inputs,
    analogue_outputs,
    container_tags,
    discrete_inputs,
    discrete_outputs,
    exchanger_tags,
    modulated,
)

LINK = "link:"
"""Before the name of a device: the link to it."""

PLC = "cdu"
HEAT_METER, BOUNDARY_METER, OUTDOOR = "heat-meter", "boundary-meter", "outdoor"
FEEDER_PANEL = "feeder-panel"
METER_POINTS = (
    "flow_lpm",
    "supply_temperature_c",
    "return_temperature_c",
    "power_kw",
    "energy_kwh",
)
FEEDER_POINTS = ("feeder_power_kw", "feeder_energy_kwh")
DEVICES = (PLC, HEAT_METER, BOUNDARY_METER, OUTDOOR, FEEDER_PANEL)
"""What speaks Modbus, whatever plant.toml calls it."""

SPECIAL = {"foreign": None, "swapped": None}
DEVICE: Verbs = {**SENSOR, **SPECIAL}
"""Of a Modbus device; foreign: another one answers, swapped: it tells its low words first."""

PLC_ONLY: Verbs = dict.fromkeys(("unwatched", "restart"))
ORDER: Verbs = {"stuck": None, "reverts": seconds(2.0)}
"""Of an order register: stuck keeps its value whatever is confirmed, or it goes back to it."""
API_S = 5.0
MINER: Verbs = {
    "deaf": None,
    "silent": None,
    "clogged": None,
    "repooled": None,
    "denied": None,
    **SENSOR,
    "slow": seconds(API_S, 600.0),
}
DRIVE: Verbs = dict.fromkeys(("off", "local", "stuck"))
EXCHANGER: Verbs = dict.fromkeys(("fouled", "off"))
PLANT: Mapping[str, Verbs] = {
    "expansion": {"leaking": None},
    "strainer": {"clogged": None},
    "conductivity": {"high": None},
    "emergency-stop": {"pressed": None},
    "mains": {"off": None},
}


def units(description: PlantDescription, names: tuple[str, ...]) -> dict[str, slice]:
    """Which units of the fleet a target means: one miner, or all of a container."""
    found = {f"miner-{name}": slice(unit, unit + 1) for unit, name in enumerate(names)}
    first = 0
    for tag, container in zip(container_tags(description), description.containers, strict=True):
        found[tag] = slice(first, first + container.units)
        first += container.units
    return found


def verbs(description: PlantDescription, names: tuple[str, ...]) -> dict[str, Verbs]:
    """Every target with its verbs."""
    found: dict[str, Verbs] = dict.fromkeys(modulated(description), DRIVE)
    found |= dict.fromkeys(exchanger_tags(description), EXCHANGER)
    found |= PLANT
    found |= dict.fromkeys(DEVICES, DEVICE)
    found[PLC] = {**DEVICE, **PLC_ONLY}
    found |= dict.fromkeys(analogue_inputs(description), SENSOR)
    found |= dict.fromkeys((*discrete_inputs(description), *PLC_LIFE), SENSOR)
    found |= dict.fromkeys((*analogue_outputs(description), *discrete_outputs(description)), ORDER)
    meters = (HEAT_METER, BOUNDARY_METER)
    found |= {f"{meter}.{point}": SENSOR for meter in meters for point in METER_POINTS}
    found[f"{OUTDOOR}.temperature_c"] = SENSOR
    for tag in container_tags(description):
        found |= {f"{tag}.{point}": SENSOR for point in FEEDER_POINTS}
        found[f"{tag}.leak"] = {**SENSOR, "wet": None}
        found[f"{tag}.hardwired_trip"] = {**SENSOR, "bridged": None}
        found[tag] = {**MINER, "local": None}
        found[LINK + tag] = MINERS
    found |= {LINK + device: MODBUS for device in DEVICES}
    found |= {f"miner-{name}": MINER for name in names}
    return found | {f"{LINK}miner-{name}": MINERS for name in names}


def shows(target: str) -> bool:
    """Whether a fault here changes what an instrument shows, or a Modbus device tells."""
    return target in DEVICES or ("." in target and not target.startswith(LINK))


def summary(targets: Iterable[str]) -> list[str]:
    """The targets in few words: what is there for every container or miner is said once."""
    groups: dict[str, list[str]] = {}
    for target in targets:
        groups.setdefault(re.sub(r"(container-|miner-c)\d.*?(?=\.|$)", r"\1N", target), []).append(
            target
        )
    return [one[0] if len(one) == 1 else f"{one[0]} to {one[-1]}" for one in groups.values()]
