"""Heat that can be made, curves that can be followed, power that the connection carries."""

from collections.abc import Iterator
from itertools import pairwise

from controller.config.plant import PlantFile
from controller.config.rules.registry import rule
from controller.config.schedule import check_apart
from controller.config.settings import unit_powers_kw
from controller.control.water import warmest_c

APPROACH_K = 3.0
"""How near a plate exchanger brings the two waters to each other."""
HIGHEST_SUPPLY_C = 130.0
COLDEST_C, WARMEST_C = -60.0, 60.0
"""Outdoor temperatures of places where people heat."""

Found = Iterator[tuple[str, str]]


@rule("HC401", "heat.demand_curve")
def demand_points_rise(plant: PlantFile) -> Found:
    """From cold to warm."""
    yield from _rising("heat.demand_curve", plant.heat.demand_curve)


@rule("HC401", "heat.supply_curve")
def supply_points_rise(plant: PlantFile) -> Found:
    """From cold to warm."""
    yield from _rising("heat.supply_curve", plant.heat.supply_curve)


@rule("HC414", "heat.demand_curve")
def demand_follows_the_weather(plant: PlantFile) -> Found:
    """The first number of a point is an outdoor temperature."""
    yield from _outdoor("heat.demand_curve", plant.heat.demand_curve)


@rule("HC414", "heat.supply_curve")
def supply_follows_the_weather(plant: PlantFile) -> Found:
    """The first number of a point is an outdoor temperature."""
    yield from _outdoor("heat.supply_curve", plant.heat.supply_curve)


@rule("HC402", "heat.demand_curve")
def demand_is_heat(plant: PlantFile) -> Found:
    """Heat goes to the network, never back."""
    if least := [kw for _, kw in plant.heat.demand_curve if kw < 0.0]:
        yield "heat.demand_curve", f"holds {least[0]:g} kW"


@rule("HC403", "heat.demand_curve")
def demand_falls_with_warmth(plant: PlantFile) -> Found:
    """Less heat when it is warm outside."""
    for (cold_c, cold_kw), (warm_c, warm_kw) in pairwise(plant.heat.demand_curve):
        if warm_kw > cold_kw:
            yield (
                "heat.demand_curve",
                f"{warm_kw:g} kW at {warm_c:g} °C, {cold_kw:g} kW at {cold_c:g} °C",
            )


@rule("HC404", "heat.demand_curve", "heat.max_heat_kw")
def demand_is_allowed(plant: PlantFile) -> Found:
    """The curve stays under the most heat."""
    most_kw = max(kw for _, kw in plant.heat.demand_curve)
    if most_kw > plant.heat.max_heat_kw:
        yield "heat.demand_curve", f"{most_kw:g} kW; max_heat_kw is {plant.heat.max_heat_kw:g}"


@rule("HC405", "heat.max_heat_kw", "heat.recovery_high", "miners.rated_kw", "container", "booster")
def most_heat_can_be_made(plant: PlantFile) -> Found:
    """All miners at the best recovery, and the booster."""
    booster_kw = 0.0 if plant.booster is None else plant.booster.rated_kw
    most_kw = float(unit_powers_kw(plant).sum()) * plant.heat.recovery_high + booster_kw
    if plant.heat.max_heat_kw > most_kw:
        yield "heat.max_heat_kw", f"{plant.heat.max_heat_kw:g} kW; at best {most_kw:.0f} kW"


@rule("HC406", "plant.site_power_kw", "miners.rated_kw", "container")
def connection_carries_the_miners(plant: PlantFile) -> Found:
    """All miners at once."""
    rated_kw = float(unit_powers_kw(plant).sum())
    if plant.plant.site_power_kw < rated_kw:
        yield "plant.site_power_kw", f"{plant.plant.site_power_kw:g} of {rated_kw:.0f} kW"


@rule("HC407", "plant.site_power_kw", "miners.rated_kw", "container", "booster")
def connection_carries_the_booster(plant: PlantFile) -> Found:
    """Miners and booster at once."""
    if plant.booster is None:
        return
    rated_kw = float(unit_powers_kw(plant).sum())
    all_kw = rated_kw + plant.booster.rated_kw / plant.booster.cop
    if rated_kw <= plant.plant.site_power_kw < all_kw:
        yield "plant.site_power_kw", f"{plant.plant.site_power_kw:g} of {all_kw:.0f} kW"


@rule("HC408", "heat.recovery_low", "heat.recovery", "heat.recovery_high")
def recovery_is_believed(plant: PlantFile) -> Found:
    """The first guess lies between the limits."""
    heat = plant.heat
    if heat.recovery_low >= heat.recovery_high:
        yield (
            "heat.recovery_low",
            f"{heat.recovery_low:g} must be below recovery_high ({heat.recovery_high:g})",
        )
    elif not heat.recovery_low <= heat.recovery <= heat.recovery_high:
        yield (
            "heat.recovery",
            f"{heat.recovery:g} is outside {heat.recovery_low:g} to {heat.recovery_high:g}",
        )


@rule(
    "HC409",
    "heat.supply_curve",
    "hydraulics.outlet_setpoint_c",
    "hydraulics.cold_header_setpoint_c",
    "miners.flow_floor_lpm",
    "booster",
)
def supply_is_reached(plant: PlantFile) -> Found:
    """Hot water of the miners, less the exchanger's approach; inlets bound it, too."""
    powers_kw, water = unit_powers_kw(plant), plant.hydraulics
    mean_kw, least_lpm = sum(powers_kw) / max(len(powers_kw), 1), plant.miners.flow_floor_lpm
    hot_c = warmest_c(mean_kw, least_lpm, water.outlet_setpoint_c, water.cold_header_setpoint_c)
    most_c, highest_c = hot_c - APPROACH_K, max(c for _, c in plant.heat.supply_curve)
    if plant.booster is None and highest_c > most_c:
        yield "heat.supply_curve", f"{highest_c:g} °C; without a booster at most {most_c:.1f} °C"


@rule("HC410", "heat.supply_curve", "hydraulics.supply_max_c")
def supply_is_allowed(plant: PlantFile) -> Found:
    """The curve stays under the highest supply temperature."""
    highest_c, most_c = max(c for _, c in plant.heat.supply_curve), plant.hydraulics.supply_max_c
    if highest_c > most_c:
        yield "heat.supply_curve", f"{highest_c:g} °C; supply_max_c is {most_c:g}"


@rule("HC411", "heat.supply_curve")
def supply_is_a_temperature(plant: PlantFile) -> Found:
    """Not a heat, and not frozen."""
    for _, supply_c in plant.heat.supply_curve:
        if not 0.0 <= supply_c <= HIGHEST_SUPPLY_C:
            yield "heat.supply_curve", f"holds {supply_c:g} °C"


@rule("HC415", "heat.supply_curve")
def supply_falls_with_warmth(plant: PlantFile) -> Found:
    """Cooler supply when it is warm outside."""
    for (cold_c, cold_supply_c), (warm_c, warm_supply_c) in pairwise(plant.heat.supply_curve):
        if warm_supply_c > cold_supply_c:
            told = f"{warm_supply_c:g} °C at {warm_c:g} °C, {cold_supply_c:g} °C at {cold_c:g} °C"
            yield "heat.supply_curve", told


@rule("HC416", "heat.schedule", "plant.timezone")
def schedule_has_a_wall_clock(plant: PlantFile) -> Found:
    """Whose time is meant is said, not assumed."""
    if plant.heat.schedule and "timezone" not in plant.plant.model_fields_set:
        yield "heat.schedule", f"its times are taken for {plant.plant.timezone}"


@rule("HC412", "heat.schedule")
def schedule_wants_one_heat(plant: PlantFile) -> Found:
    """One wish at a time."""
    try:
        check_apart(plant.heat.schedule)
    except ValueError as error:
        yield "heat.schedule", str(error).removeprefix("schedule: ")


@rule("HC413", "heat.schedule", "heat.max_heat_kw")
def schedule_is_allowed(plant: PlantFile) -> Found:
    """Every entry stays under the most heat."""
    for number, entry in enumerate(plant.heat.schedule, 1):
        if entry.heat_kw > plant.heat.max_heat_kw:
            told = f"{entry.heat_kw:g} kW is above max_heat_kw ({plant.heat.max_heat_kw:g})"
            yield f"heat.schedule.{number}.heat_kw", told


def _outdoor(place: str, curve: tuple[tuple[float, float], ...]) -> Found:
    for outdoor_c, _ in curve:
        if not COLDEST_C <= outdoor_c <= WARMEST_C:
            yield place, f"begins a point with {outdoor_c:g} °C"


def _rising(place: str, curve: tuple[tuple[float, float], ...]) -> Found:
    for (left, _), (right, _) in pairwise(curve):
        if right <= left:
            yield place, f"{right:g} °C follows {left:g} °C"
