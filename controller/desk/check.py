"""`hearth check`: everything that is wrong with a site, and one line that sums it up."""

from collections.abc import Callable
from pathlib import Path

from controller.config.findings import errors
from controller.config.plant import PlantFile
from controller.config.settings import unit_powers_kw
from controller.desk.site import Site, examine_site
from controller.desk.tag_list import tag_rows

OK, WARNED, WRONG = 0, 1, 2
"""Exit codes: `WARNED` only where warnings count (--strict)."""


def check(path: Path, say: Callable[[str], object], *, strict: bool) -> int:
    """Say every finding and the summary, and give the exit code."""
    site = examine_site(path)
    for finding in site.findings:
        say(str(finding))
    wrong = len(errors(site.findings))
    doubts = len(site.findings) - wrong
    if site.findings:
        say(f"{path}: {_count(wrong, 'error')}, {_count(doubts, 'warning')}")
    if wrong:
        return WRONG
    say(summary(path, site))
    return WARNED if doubts and strict else OK


def summary(path: Path, site: Site) -> str:
    """The plant in one line."""
    plant = site.examination.plant
    assert plant is not None, "a site without errors was read"  # noqa: S101
    rated_kw = unit_powers_kw(plant)
    parts = (
        _count(len(rated_kw), "unit"),
        _count(len(plant.container), "container"),
        _count(len(plant.device), "device"),
        _count(len(tag_rows(site)), "tag"),
        plant.plant.network_role.replace("_", " "),
        *_extras(plant),
        f"{rated_kw.sum():.0f} kW rated",
    )
    return f"{path}: ok: {', '.join(parts)}"


def _extras(plant: PlantFile) -> list[str]:
    found = []
    if plant.tank is not None:
        found.append(f"tank of {plant.tank.volume_m3:g} m³")
    if plant.booster is not None:
        found.append(f"booster of {plant.booster.rated_kw:g} kW")
    return found


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
