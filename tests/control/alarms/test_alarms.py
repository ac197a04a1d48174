"""Alarms to ISA-18.2, one behaviour a test."""

from dataclasses import replace

import pytest

from controller.control.request_table import (
    ALARM_ACK,
    ALARM_IN_SERVICE,
    ALARM_OUT_OF_SERVICE,
    ALARM_RESET,
    ALARM_SHELVE,
    ALARM_UNSHELVE,
)
from tests.control.alarms.small import AlarmedPlant, alarm

HOT = "primary.hot_temperature_c"


def hot(**given: object) -> AlarmedPlant:
    plant = AlarmedPlant(alarm("hot", tag=HOT, limit=80.0, deadband=2.0, **given))
    plant.scans(3)
    return plant


def test_a_value_over_its_limit_raises_and_past_its_deadband_clears() -> None:
    plant = hot()
    letters = []
    for hot_c in (79.9, 80.0, 78.1, 77.9):
        plant.set(primary__hot_temperature_c=hot_c).scan()
        letters.append(plant.letter("hot"))

    assert letters == ["A", "B", "B", "D"]


def test_it_must_stand_for_its_on_delay_and_be_away_for_its_off_delay() -> None:
    plant = hot(on_delay_s=3.0, off_delay_s=2.0)
    plant.set(primary__hot_temperature_c=85.0)
    raised = [plant.scans(1) and plant.letter("hot") for _ in range(4)]
    plant.set(primary__hot_temperature_c=60.0)
    cleared = [plant.scans(1) and plant.letter("hot") for _ in range(3)]

    assert raised == ["A", "A", "A", "B"]
    assert cleared == ["B", "B", "D"]


def test_beginnings_that_come_often_enough_raise_without_the_delay() -> None:
    plant = hot(on_delay_s=60.0, count=3, count_s=30.0)
    for number in range(3):
        plant.set(primary__hot_temperature_c=85.0).scan()
        assert plant.letter("hot") == ("B" if number == 2 else "A")
        plant.set(primary__hot_temperature_c=60.0).scan()


@pytest.mark.parametrize("role", ["operator", "engineer"])
def test_acknowledged_it_is_seen_and_over_it_is_normal(role: str) -> None:
    plant = hot()
    plant.set(primary__hot_temperature_c=85.0).scan()

    decision = plant.order(ALARM_ACK, "hot", role=role)

    assert decision.verdicts[0].accepted
    assert plant.letter("hot") == "C"
    plant.set(primary__hot_temperature_c=60.0).scan()
    assert plant.letter("hot") == "A"


def test_a_latching_one_waits_for_acknowledgement_then_reset() -> None:
    plant = hot(latching=True)
    plant.set(primary__hot_temperature_c=85.0).scan()
    early = plant.order(ALARM_RESET, "hot")
    plant.set(primary__hot_temperature_c=60.0).scan()
    letters = [plant.letter("hot")]
    unseen = plant.order(ALARM_RESET, "hot")
    for order in (ALARM_ACK, ALARM_RESET):
        plant.order(order, "hot")
        letters.append(plant.letter("hot"))

    assert not early.verdicts[0].accepted
    assert not unseen.verdicts[0].accepted
    assert letters == ["E", "F", "A"]


def test_what_was_acknowledged_and_stands_on_sounds_again() -> None:
    plant = hot(realarm_s=120.0)
    plant.set(primary__hot_temperature_c=85.0).scan()
    plant.order(ALARM_ACK, "hot")
    plant.scan(dt_s=119.0)
    assert plant.letter("hot") == "C"

    decision = plant.scan(dt_s=2.0)

    assert plant.letter("hot") == "B"
    assert [one.what for one in decision.transitions] == ["sounds again"]


def test_shelved_it_is_quiet_runs_on_beneath_and_comes_back_at_its_end() -> None:
    plant = hot()
    plant.set(primary__hot_temperature_c=85.0).scan()

    plant.order(ALARM_SHELVE, "hot", life_s=100.0)
    assert plant.state.alarms is not None
    assert not plant.state.alarms.annunciated.any()
    assert plant.letter("hot") == "B"
    plant.scan(dt_s=98.0)
    assert not plant.state.alarms.annunciated.any()
    plant.scan(dt_s=3.0)
    assert plant.state.alarms.annunciated.any()


def test_nobody_shelves_for_longer_than_allowed() -> None:
    plant = hot(longest_shelf_s=600.0)

    assert not plant.order(ALARM_SHELVE, "hot", life_s=602.0).verdicts[0].accepted
    assert not plant.order(ALARM_SHELVE, "hot", life_s=13 * 3_600.0).verdicts[0].accepted
    assert plant.order(ALARM_SHELVE, "hot", life_s=599.0).verdicts[0].accepted
    assert plant.order(ALARM_UNSHELVE, "hot").verdicts[0].accepted
    assert not plant.order(ALARM_UNSHELVE, "hot").verdicts[0].accepted


def test_only_an_engineer_takes_out_of_service() -> None:
    plant = hot()
    plant.set(primary__hot_temperature_c=85.0).scan()

    assert not plant.order(ALARM_OUT_OF_SERVICE, "hot", role="operator").verdicts[0].accepted
    assert plant.order(ALARM_OUT_OF_SERVICE, "hot").verdicts[0].accepted
    assert plant.scan().derived["alarms.active"] == 0.0
    assert plant.order(ALARM_IN_SERVICE, "hot").verdicts[0].accepted
    assert plant.scan().derived["alarms.active"] == 1.0


def test_a_mode_suppresses_what_is_meant_and_the_true_state_shows_afterwards() -> None:
    plant = hot(quiet_modes=frozenset({"running"}))
    plant.set(primary__hot_temperature_c=84.0)
    decision = plant.scan()

    assert decision.derived["plant.mode"] == "running"
    assert decision.derived["alarms.suppressed"] == 1.0
    assert decision.derived["alarms.active"] == 0.0
    assert plant.letter("hot") == "B"
    assert not any("alarm raised" in event.text for event in decision.events)


def test_a_trip_has_its_alarm_which_clears_with_the_reset() -> None:
    plant = AlarmedPlant(
        alarm("leak", sort="trip", tag="leak", container=1, priority="high"),
        alarm("other", sort="trip", tag="leak", container=0, priority="high"),
    )
    plant.scans(2)
    plant.set(container_02__leak=True).scan()

    assert (plant.letter("leak"), plant.letter("other")) == ("B", "A")


def test_an_order_may_name_a_group_or_all() -> None:
    plant = AlarmedPlant(
        alarm("a", tag=HOT, limit=10.0, group="one"),
        alarm("b", tag=HOT, limit=10.0, group="two"),
        alarm("c", tag=HOT, limit=10.0, group="two"),
    )
    plant.scans(2)

    assert plant.order(ALARM_ACK, "group:two").verdicts[0].reason == "acknowledged: 2 alarms"
    assert [plant.letter(name) for name in "abc"] == ["B", "C", "C"]
    assert plant.order(ALARM_ACK, "all").verdicts[0].reason == "acknowledged: 1 alarm"


@pytest.mark.parametrize(
    ("value", "told"),
    [("hott", "near are hot"), ("group:none", "there is no group"), ("zzz", "lists all")],
)
def test_a_name_that_is_none_is_refused_with_a_hint(value: str, told: str) -> None:
    verdict = hot().order(ALARM_ACK, value).verdicts[0]

    assert not verdict.accepted
    assert told in verdict.reason


def test_every_act_is_told_with_who_when_and_why() -> None:
    plant = hot()
    plant.set(primary__hot_temperature_c=85.0).scan()

    (step,) = plant.order(ALARM_ACK, "hot").transitions

    assert (step.what, step.by, step.reason) == ("acknowledged", "test (engineer)", "a test")
    assert step.utc_s > 1_767_225_600.0


def test_first_out_is_what_began_first_and_one_poll_is_a_tie() -> None:
    plant = AlarmedPlant(
        alarm("slow", tag=HOT, limit=80.0, on_delay_s=10.0),
        alarm("quick", tag="primary.cold_temperature_c", limit=70.0),
        alarm("late", tag="district.supply_temperature_c", limit=90.0),
        alarm("same", tag="district.return_temperature_c", limit=60.0, on_delay_s=4.0),
    )
    plant.scans(2)
    plant.set(primary__hot_temperature_c=81.0).scan()
    plant.scans(4)
    plant.set(primary__cold_temperature_c=71.0, district__return_temperature_c=61.0).scan()
    assert plant.scan().derived["alarms.first_out"] == "test: quick"
    plant.scans(2)
    assert plant.scan().derived["alarms.first_out"] == "test: quick (tie with same)"
    plant.set(district__supply_temperature_c=91.0)
    plant.scans(5)

    assert plant.scan().derived["alarms.first_out"] == "test: slow"


def test_alarms_change_no_output() -> None:
    quiet, loud = hot(), hot()
    loud.settings = quiet.settings
    loud.order(ALARM_SHELVE, "hot")
    quiet.scan()

    assert loud.scan().outputs == quiet.scan().outputs


def test_a_step_tells_when_its_condition_began_and_others_do_not() -> None:
    plant = hot(on_delay_s=5.0, realarm_s=60.0)
    before = plant.set(primary__hot_temperature_c=85.0).scan()
    assert before.transitions == ()
    begun_utc_s = plant.snapshot().utc_s
    steps = [step for _ in range(5) for step in plant.scan().transitions]
    steps += plant.order(ALARM_ACK, "hot").transitions
    steps += [step for _ in range(70) for step in plant.scan().transitions]

    told = {step.what: step.onset_utc_s for step in steps}
    assert told == {
        "raised": pytest.approx(begun_utc_s, abs=0.01),
        "acknowledged": None,
        "sounds again": None,
    }


def test_the_first_tag_of_an_image_is_watched_as_any_other() -> None:
    plant = AlarmedPlant()
    first = plant.image.tags[0].name
    plant.settings = replace(
        plant.settings,
        alarms=(
            alarm("lost", tag=first, sort="bad"),
            alarm("of another plant", tag="no.such_tag", sort="bad"),
        ),
    )
    plant.scans(3)
    letters = [plant.letter("lost")]
    # It is bad when it has been silent for some seconds.
    plant.values[first] = None
    plant.scans(8)

    assert [*letters, plant.letter("lost"), plant.letter("of another plant")] == ["A", "B", "A"]


def test_the_newest_of_equal_weight_is_listed_first_and_the_others_keep_their_time() -> None:
    plant = AlarmedPlant(
        alarm("early", tag=HOT, limit=80.0),
        alarm("late", tag="primary.cold_temperature_c", limit=80.0),
    )
    plant.scans(3)
    plant.set(primary__hot_temperature_c=85.0).scan()
    raised_s = plant.now_s
    plant.order(ALARM_ACK, "early")
    plant.set(primary__cold_temperature_c=85.0)
    listed = plant.scans(20).derived["alarms.list"]

    assert listed == "late B, early C"
    assert plant.state.alarms is not None
    assert plant.state.alarms.raised_s[plant.table.index["early"]] == raised_s
