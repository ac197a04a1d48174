"""Votes against their truth tables, degradation, and voted tags in a scan."""

from dataclasses import replace
from itertools import product

import pytest

from controller.control.channels import join
from controller.control.decision import Wanted
from controller.control.voting import CHANNELS, Vote, Voted, ballot, middle
from controller.image.tag import Quality
from tests.control.small_plant import SmallPlant

HOT = "primary.hot_temperature_c"
CHANNEL_TAGS = tuple(f"hot-{letter}.temperature_c" for letter in "abc")


@pytest.mark.parametrize("vote", CHANNELS)
def test_whole_votes_are_so_many_of_so_many(vote: Vote) -> None:
    needed = int(vote[0])
    for says in product((False, True), repeat=CHANNELS[vote]):
        found = ballot(vote, says)

        assert found.trips == (sum(says) >= needed)
        assert not found.unknown
        assert not found.degraded


@pytest.mark.parametrize("vote", CHANNELS)
def test_a_lost_channel_leaves_the_safe_side(vote: Vote) -> None:
    for says in product((False, True, None), repeat=CHANNELS[vote]):
        good = [one for one in says if one is not None]
        found = ballot(vote, says)

        assert found.unknown == (len(good) < (2 if vote == "2oo3" else 1))
        assert found.degraded == (len(good) < len(says))
        if found.degraded:
            assert found.trips == any(good)


def test_a_vote_of_another_number_of_channels_is_an_error() -> None:
    with pytest.raises(ValueError, match="2oo3 needs 3 channels, not 2"):
        ballot("2oo3", [True, False])


@pytest.mark.parametrize(
    ("values", "found"), [([], None), ([5.0], 5.0), ([4.0, 6.0], 5.0), ([1.0, 9.0, 2.0], 2.0)]
)
def test_control_goes_by_the_middle(values: list[float], found: float | None) -> None:
    assert middle(values) == found


class VotedPlant(SmallPlant):
    """The small plant with three sensors in the hot header instead of one."""

    def __init__(self, vote: Vote = "2oo3", spread: float = 3.0) -> None:
        channels = CHANNEL_TAGS[: CHANNELS[vote]]
        super().__init__(extra=dict.fromkeys(channels, 77.0))
        voted = {HOT: Voted(channels, vote, spread)}
        self.settings = replace(self.settings, voted=voted)
        # The tag itself comes from no device.
        tags = [tag for tag in self.image.tags if tag.name != HOT]
        del self.values[HOT]
        fleet = self.image.fleet
        self.image = type(self.image)(tags, fleet)
        self.scans(3)

    def hot(self, *values_c: float | None) -> "VotedPlant":
        """What the channels show."""
        self.values.update(zip(CHANNEL_TAGS, values_c, strict=False))
        return self


def tripped(plant: VotedPlant, seconds: int = 3) -> list[str]:
    return [trip.cause for trip in plant.scans(seconds).state.protection.trips]


@pytest.mark.parametrize(
    ("vote", "values_c", "trips"),
    [
        ("2oo3", (95.0, 77.0, 77.0), False),
        ("2oo3", (95.0, 95.0, 77.0), True),
        ("1oo2", (95.0, 77.0), True),
        ("2oo2", (95.0, 77.0), False),
        ("2oo2", (95.0, 95.0), True),
        ("1oo1", (95.0,), True),
    ],
)
def test_protection_votes(vote: Vote, values_c: tuple[float, ...], trips: bool) -> None:  # noqa: FBT001 - drawn
    found = tripped(VotedPlant(vote).hot(*values_c))

    assert (found == ["hot-header-over-temperature"]) is trips


@pytest.mark.fault(43)
def test_a_lost_channel_degrades_and_is_told() -> None:
    plant = VotedPlant().hot(None, 77.0, 77.0)
    decision = plant.scans(60)

    assert not decision.state.protection.trips
    assert decision.derived["protection.doubtful"] == f"{HOT}: {CHANNEL_TAGS[0]} lost"
    assert tripped(plant.hot(None, 95.0, 77.0)) == ["hot-header-over-temperature"]


@pytest.mark.fault(44)
def test_two_of_three_lost_stop_the_plant() -> None:
    decision = VotedPlant().hot(None, None, 77.0).scans(8)

    assert [trip.cause for trip in decision.state.protection.trips] == [
        "hot-header-over-temperature"
    ]
    assert (decision.units == Wanted.SLEEP).all()


def test_none_left_is_unknown_and_stops() -> None:
    decision = VotedPlant().hot(None, None, None).scans(60)

    assert (decision.units == Wanted.SLEEP).all()


def test_a_channel_that_differs_is_told_and_moves_nothing() -> None:
    plant = VotedPlant()
    before = plant.scan()
    decision = plant.hot(20.0, 77.0, 77.0).scan()

    assert "differ by more than 3" in str(decision.derived["protection.doubtful"])
    assert decision.outputs["pump-1.speed_pct"] == pytest.approx(
        before.outputs["pump-1.speed_pct"], abs=0.5
    )


def test_flags_are_voted_by_their_safe_state() -> None:
    leak = "container-01.leak"
    channels = ("leak-a.wet", "leak-b.wet")
    plant = SmallPlant(extra=dict.fromkeys(channels, False))
    voted = {leak: Voted(channels, "2oo2", 0.0, safe=False)}
    plant.settings = replace(plant.settings, voted=voted)
    del plant.values[leak]
    plant.image = type(plant.image)(
        [tag for tag in plant.image.tags if tag.name != leak], plant.image.fleet
    )
    plant.scans(3)
    plant.values["leak-a.wet"] = True
    one = plant.scans(2).state.protection.trips
    plant.values["leak-b.wet"] = True
    both = plant.scans(2).state.protection.trips

    assert not one
    assert [trip.cause for trip in both] == ["leak"]


JOINED = [
    # values, joined value, quality
    ((76.0, 77.0, 78.0), 77.0, Quality.GOOD),
    ((76.0, None, 78.0), 77.0, Quality.UNCERTAIN),
    ((70.0, 77.0, 77.0), 77.0, Quality.UNCERTAIN),
    ((None, None, 78.0), 78.0, Quality.UNCERTAIN),
    ((None, None, None), None, Quality.BAD),
]


@pytest.mark.parametrize(("values_c", "value", "quality"), JOINED)
def test_a_voted_number_is_the_middle_and_as_good_as_its_channels(
    values_c: tuple[float | None, ...], value: float | None, quality: Quality
) -> None:
    plant = VotedPlant(spread=3.0).hot(*values_c)
    # A silent channel is bad after some seconds.
    plant.scans(8)
    joined = join(plant.snapshot(), plant.settings)

    assert joined.number(HOT) == value
    assert joined.quality[joined.index[HOT]] == quality
    if value is not None:
        assert joined.source_s[joined.index[HOT]] == plant.now_s


def test_a_voted_tag_none_of_whose_channels_was_ever_heard_is_of_no_time() -> None:
    plant = VotedPlant()
    voted = {HOT: Voted(("no.such_a", "no.such_b"), "1oo2", 3.0)}
    snapshot = join(plant.snapshot(), replace(plant.settings, voted=voted))

    assert not snapshot.has(HOT)


@pytest.mark.parametrize(("says", "wet"), [((True, False), False), ((True, True), True)])
@pytest.mark.parametrize("safe", [True, False])
def test_a_voted_flag_is_what_the_vote_says_and_never_half(
    says: tuple[bool, bool],
    wet: bool,  # noqa: FBT001 - drawn
    safe: bool,  # noqa: FBT001 - drawn
) -> None:
    channels = ("leak-a.wet", "leak-b.wet")
    # `safe` is what a sound channel shows.
    shown = [one != safe for one in says]
    plant = SmallPlant(extra=dict(zip(channels, shown, strict=True)))
    voted = {"a.leak": Voted(channels, "2oo2", 0.0, safe=safe)}
    snapshot = join(plant.snapshot(), replace(plant.settings, voted=voted))

    assert snapshot.flag("a.leak") == (safe != wet)
    assert snapshot.number("a.leak") in (0.0, 1.0)
    kept = Quality.GOOD if says[0] == says[1] else Quality.UNCERTAIN
    assert snapshot.quality[snapshot.index["a.leak"]] == kept
