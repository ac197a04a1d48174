"""What dispatch costs: ten thousand units through steps of demand, with and without work modes."""

import time
from itertools import repeat
from typing import Any, Final

import numpy as np

from controller.config.plant import PlantFile
from controller.control import want
from controller.control.decision import Decision
from controller.lab.simulate.courses import Courses
from controller.lab.simulate.run import Simulation, Task
from simulators.hours import Hours

SHARES: Final = (0.75, 0.25, 0.6)
"""The demand goes from one to the next, as shares of all heat."""
EACH_S: Final = 300
MODES: Final = [
    {"name": "eco", "power_kw": 5.2, "hashrate_ths": 310.0},
    {"name": "normal", "power_kw": 8.4, "hashrate_ths": 460.0},
    {"name": "boost", "power_kw": 9.6, "hashrate_ths": 505.0},
]


def dispatch_ms(file: PlantFile, begin_utc_s: float) -> list[float]:
    """How long dispatch took in each scan while the demand stepped, in milliseconds."""
    simulation = Simulation(Task(file, 1.0, 7, begin_utc_s, "seed:7"))
    most_kw = simulation.plant.settings.heat.max_heat_kw
    took_ms: list[float] = []
    plain = want.dispatch

    def timed(*given: Any) -> Any:  # noqa: ANN401 - whatever dispatch takes and gives
        begun_s = time.perf_counter()
        made = plain(*given)
        took_ms.append(1e3 * (time.perf_counter() - begun_s))
        return made

    def passed(share: float) -> Decision:
        demand = Hours(repeat(share * most_kw))
        simulation.courses = Courses(simulation.courses.outdoor_c, demand, None)
        for _ in range(EACH_S):
            decision = simulation.second()
        return decision

    passed(SHARES[0])
    want.dispatch = timed
    try:
        first, second = (passed(share).state.dispatch for share in SHARES[1:])
    finally:
        want.dispatch = plain
    same = np.array_equal(first.wanted, second.wanted) and np.array_equal(first.rung, second.rung)
    assert not same, "nothing was dispatched"
    return took_ms
