"""The town at rest agrees with pandapipes; on its way there it delays, mixes and loses nothing."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from simulators.description import Street
from simulators.thermal import WATER_KG_PER_L, WATER_KW_PER_LPM_K
from simulators.town import Town, usual_streets

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
CASES: Final = json.loads((HERE / "data" / "district_cases.json").read_text(encoding="utf-8"))
SOLVED: Final = json.loads((HERE / "data" / "district_pandapipes.json").read_text(encoding="utf-8"))
HEAT: Final = {case["name"]: case for case in CASES["heat"]}
PRESSURE: Final = {case["name"]: case for case in CASES["pressure"]}
FLOW_MAX_LPM: Final = 4_200.0
DP_KPA: Final = 250.0


def cases_town() -> Town:
    """The town that pandapipes has solved, too."""
    streets = tuple(
        Street(
            one["name"],
            one["length_m"],
            one["bore_m"],
            one["share"],
            one["behind"],
            one["u_w_per_m_k"],
        )
        for one in CASES["streets"]
    )
    return Town(streets, FLOW_MAX_LPM, DP_KPA)


@dataclass
class Supplied:
    """A town whose plant holds pressure and supply temperature."""

    town: Town
    supply_c: float
    coming_c: float
    demand_kw: float
    flow_lpm: float = 0.0
    return_c: float = 0.0
    sold_kj: float = 0.0
    used_kj: float = 0.0
    lost_kj: float = 0.0

    def run(self, seconds: float, dt_s: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds / dt_s)):
            self.flow_lpm = FLOW_MAX_LPM * self.town.open_share
            returned_c = self.town.draw_return(dt_s, self.flow_lpm)
            assert returned_c is not None
            self.return_c = returned_c
            self.town.take(dt_s, self.supply_c, self.coming_c, self.demand_kw)
            sold_kw = self.flow_lpm * WATER_KW_PER_LPM_K * (self.supply_c - self.return_c)
            self.sold_kj += sold_kw * dt_s
            self.used_kj += sum(one.got_kw for one in self.town.sections) * dt_s
            self.lost_kj += self.town.lost_kw * dt_s


def kg_s(flow_lpm: float) -> float:
    return flow_lpm * WATER_KG_PER_L / 60.0


def compare_with_pandapipes(found: Town, flow_lpm: float, return_c: float, name: str) -> None:
    solved = SOLVED["heat"][name]
    assert kg_s(flow_lpm) == pytest.approx(solved["flow_kg_s"], rel=0.02)
    assert return_c == pytest.approx(solved["return_c"], abs=0.5)
    for section in found.sections:
        theirs = solved["streets"][section.street.name]
        assert kg_s(section.flow_lpm) == pytest.approx(theirs["flow_kg_s"], rel=0.02)
        assert section.arriving_c == pytest.approx(theirs["arriving_c"], abs=0.5)


@pytest.mark.parametrize("name", HEAT)
def test_a_town_that_has_come_to_rest_agrees_with_pandapipes(name: str) -> None:
    case, town = HEAT[name], cases_town()
    town.fill(case["return_c"])
    plant = Supplied(town, case["supply_c"], case["return_c"], case["consumers_kw"])
    # The demand counts at the plant: the loss comes on top of what consumers get.
    for _ in range(12):
        plant.run(3_600.0, dt_s=30.0)
        plant.demand_kw = case["consumers_kw"] + town.lost_kw

    compare_with_pandapipes(town, plant.flow_lpm, plant.return_c, name)


@pytest.mark.parametrize("name", HEAT)
def test_the_warm_start_of_a_town_agrees_with_pandapipes(name: str) -> None:
    case, town, demand_kw = HEAT[name], cases_town(), HEAT[name]["consumers_kw"]

    for _ in range(5):
        return_c = town.settle(case["supply_c"], case["return_c"], demand_kw, DP_KPA)
        demand_kw = case["consumers_kw"] + town.lost_kw

    flow_lpm = sum(one.flow_lpm for one in town.sections if one.parent is None)
    compare_with_pandapipes(town, flow_lpm, return_c, name)


@pytest.mark.parametrize("name", PRESSURE)
def test_the_flow_divides_among_open_valves_as_in_pandapipes(name: str) -> None:
    case, town = PRESSURE[name], cases_town()
    root_kpa = case["dp_kpa"] ** 0.5
    for section in town.sections:
        # Kv counts m³/h at 100 kPa of water of 1 kg/L.
        kv_lpm = case["kv_m3h"][section.street.name] * 1_000.0 / 60.0
        section.consumers_conductance = kv_lpm / (100.0 * WATER_KG_PER_L) ** 0.5
        section.open = 1.0
    flow_lpm = 1_000.0
    for _ in range(8):
        town.draw_return(0.1, flow_lpm)
        flow_lpm = town.conductance * root_kpa

    for section in town.sections:
        theirs = SOLVED["pressure"][name][section.street.name]
        assert kg_s(section.flow_lpm) == pytest.approx(theirs, rel=0.02)


@pytest.mark.campaign
@pytest.mark.real_sockets
async def test_pandapipes_still_says_what_is_written_down() -> None:
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        pytest.skip("`make peers` makes the environment with pandapipes")
    script = HERE / "peers" / "district_pandapipes.py"
    async with asyncio.timeout(600.0):
        process = await asyncio.create_subprocess_exec(
            python, script, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()

    assert process.returncode == 0
    said, written = flat(json.loads(output)), flat(SOLVED)
    assert said.keys() == written.keys()
    for name, value in said.items():
        if name != "program":
            assert value == pytest.approx(written[name], rel=1e-3), name


def flat(tree: dict[str, Any], before: str = "") -> dict[str, Any]:
    """All leaves by the way that leads to them."""
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        leaves |= (
            flat(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: value}
        )
    return leaves


def test_what_goes_into_a_town_is_used_lost_or_held() -> None:
    town = cases_town()
    town.fill(50.0)
    plant, at_start_kj = Supplied(town, 72.0, 45.0, 3_000.0), town.stored_kj()
    for supply_c, demand_kw in ((72.0, 3_000.0), (60.0, 4_500.0), (80.0, 400.0)):
        plant.supply_c, plant.demand_kw = supply_c, demand_kw
        plant.run(1_800.0, dt_s=5.0)

    held_kj = town.stored_kj() - at_start_kj
    assert plant.sold_kj == pytest.approx(plant.used_kj + plant.lost_kj + held_kj, rel=1e-9)


def test_warmer_water_reaches_near_consumers_before_far_ones() -> None:
    town = Town(usual_streets(FLOW_MAX_LPM, 80.0), FLOW_MAX_LPM, 80.0)
    town.settle(66.0, 45.0, 3_000.0, 80.0)
    plant, warmed = Supplied(town, 76.0, 45.0, 3_000.0), {}

    for minute in range(80):
        plant.run(60.0, dt_s=10.0)
        for section in town.sections:
            if section.arriving_c > 71.0:
                warmed.setdefault(section.street.name, minute)

    assert warmed["main"] < warmed["near"] < warmed["far"]
    assert 10 <= warmed["far"] <= 60


def test_a_town_loses_a_fiftieth_of_its_heat_on_a_winter_day() -> None:
    town = Town(usual_streets(FLOW_MAX_LPM, 80.0), FLOW_MAX_LPM, 80.0)

    town.settle(70.0, 45.0, 3_000.0, 80.0)

    assert 0.005 < town.lost_kw / 3_000.0 < 0.03


@pytest.mark.parametrize(("flow_lpm", "dp_kpa"), [(4_200.0, 80.0), (30.0, 80.0), (1_500.0, 250.0)])
def test_the_usual_town_needs_its_pressure_at_its_flow(flow_lpm: float, dp_kpa: float) -> None:
    town = Town(usual_streets(flow_lpm, dp_kpa), flow_lpm, dp_kpa)
    for section in town.sections:
        section.open = 1.0
    for _ in range(5):
        town.draw_return(0.1, flow_lpm)

    assert town.open_share == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(
    ("streets", "message"),
    [
        ((Street("a", 100.0, 0.2, 0.5),), "are 1 together"),
        ((Street("a", 100.0, 0.2, 1.0, "b"),), "unknown"),
        ((Street("a", 100.0, 0.2, 1.0), Street("b", 100.0, 0.2, 0.0)), "leads to nobody"),
        ((Street("b", 9.0, 0.2, 0.5, "a"), Street("a", 9.0, 0.2, 0.5)), "listed before"),
        ((Street("a", 5_000.0, 0.05, 1.0),), "a wider bore or more pressure"),
    ],
)
def test_what_is_no_town_is_refused(streets: tuple[Street, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Town(streets, FLOW_MAX_LPM, 80.0)
