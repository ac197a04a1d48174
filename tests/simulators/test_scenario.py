"""The player: what is due is done, values glide, what is expected is judged."""

import math

import pytest

from simulators.description import Container, PlantDescription
from simulators.hand import Hand
from simulators.monitor import Monitor
from simulators.scenario import Expectation, Player, Scenario, Step
from simulators.world import World

PLANT = PlantDescription(containers=(Container("container-01", 4),), warm_heat_kw=10.0)


def player(*steps: Step, expect: tuple[Expectation, ...] = (), begun_s: int = 0) -> Player:
    """A scenario begun in a fresh world that is so old."""
    world = World(PLANT)
    hand, monitor = Hand(world), Monitor(world, math.inf)
    for _ in range(begun_s):
        world.step(1.0)
    scenario = Scenario("test", "For this test", steps, expect)
    return Player(world, hand, monitor, scenario)


def play(one: Player, seconds: int) -> None:
    for _ in range(seconds):
        one.advance()
        one._world.step(1.0)  # noqa: SLF001 - the world that the player plays


def truth(one: Player, figure: str) -> float:
    return float(one._world.truth()[figure])  # noqa: SLF001 - the same


def test_a_value_glides_to_where_it_is_wanted_and_stays() -> None:
    one = player(Step(10.0, values={"outdoor_c": -15.74}, over_s=100.0), begun_s=5)

    play(one, 61)
    halfway = truth(one, "outdoor_c")
    play(one, 100)

    assert halfway == pytest.approx((4.26 - 15.74) / 2.0, abs=0.01)
    assert truth(one, "outdoor_c") == -15.74


def test_a_later_step_takes_a_value_over_where_it_is() -> None:
    one = player(
        Step(0.0, values={"outdoor_c": 14.26}, over_s=100.0),
        Step(50.0, values={"outdoor_c": 0.0}, over_s=10.0),
    )

    play(one, 51)
    turned = truth(one, "outdoor_c")
    play(one, 11)

    assert turned == pytest.approx(9.26, abs=0.11)
    assert truth(one, "outdoor_c") == 0.0


def test_faults_come_and_go_and_words_are_kept() -> None:
    one = player(
        Step(5.0, say="It breaks.", faults=(("pump-1", "off"),)),
        Step(20.0, say="It is mended.", mend=("pump-1",)),
    )

    play(one, 6)
    broken = one._world.faults.active()  # noqa: SLF001 - the world that the player plays
    play(one, 20)

    assert broken == {"pump-1": "off"}
    assert one._world.faults.active() == {}  # noqa: SLF001 - the same
    assert one.said == [(5.0, "It breaks."), (20.0, "It is mended.")]
    assert one.over


def test_room_and_dew_point_glide_together() -> None:
    one = player(Step(0.0, values={"room_c": 2.0, "dew_point_c": 1.0}, over_s=20.0))

    play(one, 25)

    assert (truth(one, "room_temperature_c"), truth(one, "room_dew_point_c")) == (2.0, 1.0)


def test_an_expectation_that_is_missed_is_told_with_its_first_time() -> None:
    met = Expectation("outdoor_c", 0.0, 60.0, 4.0, 5.0)
    missed = Expectation("outdoor_c", 20.0, 60.0, 10.0, 20.0)
    one = player(Step(0.0), expect=(met, missed))

    play(one, 61)

    first, second = one.told()["expectations"]  # type: ignore[misc,attr-defined] # JSON
    assert (first["looks"] > 5, first["misses"]) == (True, 0)
    assert second["misses"] == second["looks"] > 0
    assert second["first_miss_s"] == pytest.approx(20.0)


def test_only_what_is_broken_since_it_began_is_held_against_it() -> None:
    one = player(Step(0.0))
    one._monitor.rules["outlet-too-hot"].count += 1  # noqa: SLF001 - as if it had been too hot

    assert one.unsafe() == {"outlet-too-hot": 1}
    assert Player(one._world, one._hand, one._monitor, one.scenario).unsafe() == {}  # noqa: SLF001 - begun anew


@pytest.mark.parametrize(
    "step",
    [
        Step(0.0, faults=(("pump-9", "off"),)),
        Step(0.0, faults=(("pump-1", "sings"),)),
        Step(0.0, mend=("pump-9",)),
    ],
)
def test_what_the_plant_has_not_is_refused_at_the_beginning(step: Step) -> None:
    with pytest.raises(ValueError, match="pump"):
        player(step)


def test_a_figure_that_nobody_knows_is_refused_at_the_beginning() -> None:
    with pytest.raises(ValueError, match="no figure 'mood'"):
        player(Step(0.0), expect=(Expectation("mood", 0.0, 1.0, 0.0, 1.0),))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"outdoor_c": math.nan}, "-60 to 60"),
        ({"wind": 1.0}, "outdoor_c"),
        ({"room_c": 1.0}, "dew"),
    ],
)
def test_the_hand_sets_nothing_that_cannot_be(values: dict[str, float], word: str) -> None:
    world = World(PLANT)
    hand = Hand(world)

    with pytest.raises(ValueError, match=word):
        hand.set({"district_return_c": 50.0, **values})

    assert hand.values["district_return_c"] == PLANT.district_return_c
