"""The plant.toml of a simulated plant: any size, and any of the equipment that there may be."""

from dataclasses import dataclass
from typing import Literal

from controller.config.plant import Heat, Hydraulics, Network, Plant, Tank
from controller.lab.places import HOST, Places

CONTAINERS, UNITS = 10, 92
# A boiler of the size that lifts the full plant's flow by some five kelvin.
BOOSTER_KW = 1_500.0
# Short, so that a restart can be watched; a real site keeps the default.
MIN_OFF_S = 120.0


@dataclass(frozen=True, slots=True)
class Variant:
    """What stands in the plant beside its miners; sizes follow the number of miners."""

    network_role: Literal["injector", "sole_source"] = "injector"
    pumps: int = 3
    pumps_duty: int = 2
    exchangers: int = 2
    tank: bool = True
    booster: Literal["electric_boiler", "heat_pump"] | None = "electric_boiler"
    dry_cooler: bool = True
    boundary_meter: bool = True
    feeder_panel: bool = True
    min_off_s: float = MIN_OFF_S

    @property
    def separated(self) -> bool:
        """Whether network and exchangers have pumps of their own."""
        return self.tank or self.network_role == "sole_source"


FULL = Variant()
SIMPLE = Variant(
    pumps=2,
    exchangers=1,
    tank=False,
    booster=None,
    boundary_meter=False,
    feeder_panel=False,
)
"""Miners, one exchanger and a dry cooler: the least that heats a network."""


def plant_text(containers: int, units: int, places: Places, variant: Variant = FULL) -> str:
    """The plant.toml of such a plant; what it does not say is as on a real site."""
    share = containers * units / (CONTAINERS * UNITS)
    parts = [_head(containers, units, share, variant), _water(share, variant)]
    parts += _equipment(share, variant)
    parts += [
        f'[[container]]\nunits = {units}\nfirst_address = "{places.first_address(number)}"\n'
        f"port = {places.miner_port}\n"
        for number in range(1, containers + 1)
    ]
    parts += [
        f'[[device]]\nname = "{name}"\nprofile = "{profile}"\nhost = "{HOST}"\nport = {port}\n'
        for name, profile, port in _devices(places, variant)
    ]
    parts.append(f'[opcua]\nhost = "{HOST}"\nport = {places.opcua_port}\n')
    return "\n".join(parts)


def _devices(places: Places, variant: Variant) -> list[tuple[str, str, int]]:
    found = [
        ("cdu", "sim_cdu_plc", places.cdu_port),
        ("heat-meter", "sim_heat_meter", places.heat_meter_port),
        ("outdoor", "sim_outdoor_sensor", places.outdoor_port),
    ]
    if variant.boundary_meter:
        found.append(("boundary-meter", "sim_heat_meter", places.boundary_meter_port))
    if variant.feeder_panel:
        found.append(("feeder-panel", "sim_feeder_panel", places.feeder_panel_port))
    return found


def _head(containers: int, units: int, share: float, variant: Variant) -> str:
    meter = 'boundary_meter = "boundary-meter"\n\n' if variant.boundary_meter else ""
    return f"""\
# The plant of the demonstration: {containers} containers of {units} miners, all of them simulated.

{meter}[plant]
name = "Hearth demo"
site_power_kw = {Plant().site_power_kw * share:.1f}
network_role = "{variant.network_role}"

[miners]
# The simulated units obey, and so they are accepted here. On a real site an engineer accepts a
# model after having seen one of its units obey.
accepted = true
# Short, so that the restart of the story can be watched; a real site keeps the default.
min_off_s = {variant.min_off_s:g}
"""


def _water(share: float, variant: Variant) -> str:
    """Pumps, cooler and heat demand in proportion to the number of miners."""
    water, heat = Hydraulics(), Heat()
    curve = ", ".join(f"[{c:.1f}, {kw * share:.1f}]" for c, kw in heat.demand_curve)
    pumps = ", ".join(f'"pump-{number}"' for number in range(1, variant.pumps + 1))
    cooler_kw = water.dry_cooler_kw * share if variant.dry_cooler else 0.0
    return f"""\
[hydraulics]
pumps = [{pumps}]
pumps_duty = {variant.pumps_duty}
exchangers = {variant.exchangers}
primary_flow_max_lpm = {water.primary_flow_max_lpm * share:.1f}
district_flow_max_lpm = {water.district_flow_max_lpm * share:.1f}
dry_cooler_kw = {cooler_kw:.1f}

[heat]
max_heat_kw = {heat.max_heat_kw * share:.1f}
demand_curve = [{curve}]
"""


def _equipment(share: float, variant: Variant) -> list[str]:
    """The tables that only some plants have."""
    parts = []
    if variant.separated:
        parts.append(f"[network]\nflow_max_lpm = {Network().flow_max_lpm * share:.1f}\n")
    if variant.tank:
        parts.append(f"[tank]\nvolume_m3 = {Tank().volume_m3 * share:.2f}\n")
    if variant.booster is not None:
        cop = 3.0 if variant.booster == "heat_pump" else 1.0
        parts.append(
            f'[booster]\nkind = "{variant.booster}"\nrated_kw = {BOOSTER_KW * share:.1f}\n'
            f"cop = {cop}\n"
        )
    return parts
