"""Ceilings are kept by what units draw, not by what they were told to."""

import numpy as np

from controller.control.decision import Wanted
from tests.bench.dispatching import MODES
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant, plant_file

CEILING_KW, DRAWN_KW = 30.0, 8.4


def stubborn_plant() -> SmallPlant:
    """Eight units that sleep and wake as they are told and always run in their normal mode."""
    return SmallPlant(plant_file(miners={"accepted": True, "modes": MODES}))


def drawn_kw(plant: SmallPlant, seconds: int) -> list[float]:
    """What all draw, second by second."""
    drawn = []
    for second in range(seconds):
        request = plant.request("power_limit_kw", CEILING_KW, role="engineer")
        decision = plant.scan(*([request] if second % 300 == 0 else []))
        on = decision.units == Wanted.NORMAL
        for unit, is_on in enumerate(on.tolist()):
            plant.unit(unit, RUNNING._replace(mode="normal") if is_on else ASLEEP)
        drawn.append(DRAWN_KW * int(np.count_nonzero(on)))
    return drawn


def test_units_that_do_not_take_their_mode_are_counted_as_they_draw() -> None:
    drawn = np.array(drawn_kw(stubborn_plant(), 3_000))

    # A unit has a minute to come to its mode; what is too much then goes within half of one.
    over = np.convolve(drawn > CEILING_KW, np.ones(100), mode="valid")

    assert over.max() < 100
    assert drawn[-300:].mean() <= CEILING_KW
    assert drawn[-300:].mean() > 0.5 * CEILING_KW
