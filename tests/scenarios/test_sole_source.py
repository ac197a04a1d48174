"""A sole source without a tank: the miners' own water is the store that a step is served from."""

from itertools import repeat

from controller.lab.simulate.courses import Courses
from controller.lab.simulate.run import Simulation, Task
from simulators.hours import Hours
from tests.scenarios.evening import ALL_METERS, small_plant

WINTER_UTC_S = 1_768_435_200.0
WARM_S, STEP_S = 1_500, 600
SHARE = 72 / 920
BEFORE_KW, AFTER_KW = 3_000.0 * SHARE, 5_500.0 * SHARE


def story() -> list[dict[str, float]]:
    """The network draws as much as 2.5 MW more would be in a plant of 920 units; each second."""
    plant = small_plant(
        devices=ALL_METERS,
        boundary_meter="boundary-meter",
        plant={"network_role": "sole_source"},
    )
    simulation = Simulation(Task(plant, 1.0, 7, WINTER_UTC_S, "seed:7"))
    outdoor_c, seen = simulation.courses.outdoor_c, []
    for second in range(WARM_S + STEP_S):
        if second in (0, WARM_S):
            kw = AFTER_KW if second else BEFORE_KW
            simulation.courses = Courses(outdoor_c, Hours(repeat(kw)), None)
        simulation.second()
        decision = simulation.plant.decision
        assert decision is not None
        wanted_c = decision.derived["loop.mixing.setpoint"]
        pump_pct = decision.outputs["district-pump.speed_pct"]
        truth = simulation.plant.world.truth()
        seen.append(
            {
                "off_k": truth["network_supply_c"] - float(wanted_c or 0.0),
                "sold_kw": truth["heat_sold_kw"],
                "rejected_kwh": truth["energy_rejected_kwh"],
                "pump_pct": float(pump_pct),
            }
        )
    return seen


def test_a_large_step_is_served_from_the_water_until_the_miners_are_awake() -> None:
    told = story()
    at_rest, after = told[WARM_S - 300 : WARM_S], told[WARM_S:]
    aim_kw = BEFORE_KW + 0.9 * (AFTER_KW - BEFORE_KW)

    reached = next(n for n, one in enumerate(after) if one["sold_kw"] >= aim_kw)
    assert reached <= 60
    assert min(one["sold_kw"] for one in after[reached : reached + 300]) >= 0.88 * AFTER_KW
    assert min(one["off_k"] for one in after) > -3.0
    # At rest the pump does not stir its own return, and nothing is rejected.
    assert max(one["pump_pct"] for one in at_rest) < 60.0
    assert at_rest[-1]["rejected_kwh"] == at_rest[0]["rejected_kwh"]
