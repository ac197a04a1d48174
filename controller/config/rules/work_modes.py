"""Work modes: in order, and one of them the usual one."""

from collections.abc import Iterator
from itertools import pairwise

from controller.config.miners import WorkModes
from controller.config.plant import PlantFile
from controller.config.rules.registry import rule

SAME_KW = 0.05
"""Powers so close to each other are the same."""

WHOLE_PCT = 100.0

Found = Iterator[tuple[str, str]]


def _listed(plant: PlantFile) -> Iterator[tuple[str, tuple[WorkModes, ...], float]]:
    """Each list of modes with its place and the rated power of its miners."""
    yield "miners.modes", plant.miners.modes, plant.miners.rated_kw
    for row, container in enumerate(plant.container):
        rated_kw = container.rated_kw or plant.miners.rated_kw
        yield f"container.{row + 1}.modes", container.modes or (), rated_kw


@rule("HC326", "miners.modes", "container")
def modes_rise(plant: PlantFile) -> Found:
    """Each mode draws and hashes more than the one before."""
    for place, modes, _ in _listed(plant):
        for lower, higher in pairwise(modes):
            rises = lower.power_kw < higher.power_kw and lower.hashrate_ths < higher.hashrate_ths
            if not rises:
                yield place, f"{higher.name} after {lower.name}"
        if len({mode.name for mode in modes}) < len(modes):
            yield place, "a name stands twice"


@rule("HC114", "container", "miners.trim_from_pct")
def power_is_set_where_it_can_be(plant: PlantFile) -> Found:
    """Only some miners take a power, and only by a login."""
    for row, box in enumerate(plant.container, 1):
        from_pct = plant.miners.trim_from_pct if box.trim_from_pct is None else box.trim_from_pct
        if from_pct == WHOLE_PCT or (box.api == "whatsminer" and box.login is not None):
            continue
        own = box.trim_from_pct is not None
        why = "no login" if box.api == "whatsminer" else f'api is "{box.api}"'
        yield f"container.{row}.trim_from_pct" if own else "miners.trim_from_pct", why


@rule("HC327", "miners.modes", "miners.rated_kw", "container")
def one_mode_is_the_usual_one(plant: PlantFile) -> Found:
    """The mode that units start in is among those that are listed."""
    for place, modes, rated_kw in _listed(plant):
        if modes and min(abs(mode.power_kw - rated_kw) for mode in modes) > SAME_KW:
            told = ", ".join(f"{mode.name} {mode.power_kw:g} kW" for mode in modes)
            yield place, f"rated {rated_kw:g} kW; {told}"
