"""The eight verbs, on every sensor and on the devices that tell of them."""

from collections.abc import Callable

import pytest

from simulators.description import Container, PlantDescription
from simulators.faults import Faults
from simulators.names import analogue_outputs, discrete_outputs
from simulators.world import World

Run = Callable[..., None]
FLOW = "primary.flow_lpm"
PROVEN = "container-01.flow_proven"
EIGHT = {"ok", "off", "stuck", "garbage", "wrong", "slow", "delayed", "intermittent"}


def shown(world: World, point: str) -> float:
    """A number that the PLC tells."""
    value = world.plc.points()[point]
    assert value is not None
    return float(value)


def series(seconds: int, verb: str, point: str = FLOW, seed: int = 7) -> list[object]:
    """What a point shows second after second, while a pump stops in the third."""
    world = World(PlantDescription(containers=(Container("box", 92),)), seed)
    world.faults.set(point, verb)
    told: list[object] = []
    for second in range(seconds):
        if second == 3:
            world.plc.command("pump-1.run", value=False)
        world.step(1.0)
        told.append(world.plc.points()[point])
    return told


def test_every_sensor_device_and_link_takes_the_eight_verbs(small: World) -> None:
    targets = small.faults.targets()
    orders = {*analogue_outputs(small.description), *discrete_outputs(small.description)}
    kinds = [name for name in targets if "." in name or name.startswith("link:")]
    kinds = [name for name in kinds if name not in orders]
    devices = ["cdu", "heat-meter", "boundary-meter", "outdoor", "feeder-panel", "container-01"]
    miners = [name for name in targets if name.startswith("miner-")]

    assert set(small.plc.points()) <= set(kinds)
    assert {f"link:{device}" for device in (*devices, *miners)} <= set(kinds)
    for target in (*kinds, *devices, *miners):
        for verb in EIGHT:
            small.faults.set(target, verb)
        small.faults.clear(target)
    assert small.faults.active() == {}


def test_ok_mends(small: World) -> None:
    small.faults.set(FLOW, "off")
    small.faults.set(FLOW, "ok")

    assert small.faults.active() == {}
    assert small.plc.points()[FLOW] is not None


@pytest.mark.parametrize(
    ("verb", "by"),
    [("wrong", 1.1), ("wrong:*0.5", 0.5), ("wrong:*2", 2.0)],
)
def test_a_wrong_number_is_off_by_what_was_said(small: World, verb: str, by: float) -> None:
    true = shown(small, FLOW)
    small.faults.set(FLOW, verb)

    assert shown(small, FLOW) == pytest.approx(true * by)


@pytest.mark.parametrize(("verb", "by"), [("wrong", 5.0), ("wrong:-3.5", -3.5), ("wrong:+40", 40)])
def test_a_wrong_temperature_is_off_by_kelvins(small: World, verb: str, by: float) -> None:
    true = shown(small, "primary.hot_temperature_c")
    small.faults.set("primary.hot_temperature_c", verb)

    assert shown(small, "primary.hot_temperature_c") == pytest.approx(true + by)


def test_a_number_can_be_set_and_a_switch_turned_round(small: World) -> None:
    small.faults.set(FLOW, "wrong:=0")
    small.faults.set(PROVEN, "wrong")

    assert shown(small, FLOW) == 0.0
    assert small.plc.points()[PROVEN] is False


def test_a_slow_sensor_lags_with_its_time() -> None:
    true, slow = series(24, "wrong:*1"), series(24, "slow:20s")
    fell = float(true[2]) - float(true[-1])  # type: ignore[arg-type] # numbers both

    assert fell > 0.0
    behind = float(slow[-1]) - float(true[-1])  # type: ignore[arg-type] # numbers both
    # About a time constant after the fall, about a third of it is still missing.
    assert 0.25 * fell < behind < 0.5 * fell


def test_a_delayed_sensor_shows_what_was_so_long_ago() -> None:
    true, delayed = series(30, "wrong:*1"), series(30, "delayed:10s")

    assert delayed[:10] == [delayed[0]] * 10
    assert delayed[10:] == true[:20]


def test_a_switch_that_is_slow_or_delayed_changes_later(small: World, run: Run) -> None:
    gone_after_s: dict[str, float] = {}
    for verb in ("ok", "slow:8", "delayed:8"):
        small.faults.set(PROVEN, verb)
        begun_s = small.now_s
        small.plc.command("container-01.valve_open_command", value=False)
        while small.plc.points()[PROVEN]:
            run(small, 1.0)
        gone_after_s[verb] = small.now_s - begun_s
        small.faults.set(PROVEN, "ok")
        small.plc.command("container-01.valve_open_command", value=True)
        run(small, 40.0)

    true_s = gone_after_s.pop("ok")
    assert set(gone_after_s.values()) == {true_s + 8.0}


def test_an_intermittent_sensor_is_gone_for_its_share_of_seconds() -> None:
    told = series(150, "intermittent:0.3")

    assert 0.2 < told.count(None) / len(told) < 0.4


def test_garbage_is_anything() -> None:
    told = [float(value) for value in series(50, "garbage")]  # type: ignore[arg-type] # numbers

    assert len(set(told)) > 45
    assert min(told) < -5_000.0
    assert max(told) > 10_000.0


@pytest.mark.parametrize("verb", ["garbage", "intermittent:0.5"])
def test_chance_is_repeatable_and_belongs_to_the_seed(verb: str) -> None:
    told = series(20, verb)

    assert series(20, verb) == told
    assert series(20, verb, seed=8) != told


def test_chance_does_not_depend_on_how_often_somebody_looks(small: World) -> None:
    small.faults.set(FLOW, "garbage")
    small.step(1.0)

    assert len({shown(small, FLOW) for _ in range(5)}) == 1


def test_a_stuck_heat_meter_shows_all_of_its_points_as_they_were(small: World, run: Run) -> None:
    run(small, 4.0)
    before = small.heat_meter.points()
    small.faults.set("heat-meter", "stuck")
    small.plc.command("district-pump.speed_pct", 20.0)
    run(small, 20.0)

    assert small.heat_meter.points() == before
    assert small.boundary_meter.points()["flow_lpm"] != before["flow_lpm"]
    small.faults.clear()
    assert small.heat_meter.points() != before


def test_one_sensor_of_a_meter_can_be_broken_alone(small: World) -> None:
    before = small.heat_meter.points()
    small.faults.set("heat-meter.supply_temperature_c", "wrong:+5")
    small.faults.set("outdoor.temperature_c", "off")
    small.faults.set("container-01.feeder_power_kw", "wrong:=1")

    after = small.heat_meter.points()
    assert after.pop("supply_temperature_c") == pytest.approx(
        float(before.pop("supply_temperature_c") or 0.0) + 5.0, abs=0.01
    )
    assert {name: float(value or 0.0) for name, value in after.items()} == {
        name: pytest.approx(value, abs=0.01) for name, value in before.items()
    }
    assert small.outdoor.points() == {"temperature_c": None}
    assert small.feeder_panel.points()["container-01.feeder_power_kw"] == 1.0


@pytest.mark.parametrize(
    ("target", "verb", "remedy"),
    [
        (FLOW, "sings", r"has no fault 'sings': it has ok, off, stuck, garbage, wrong\[:\+5\]"),
        (FLOW, "slow:soon", "slow takes seconds from 0.001 to 86400, such as slow:20s"),
        (FLOW, "slow:-1", "slow takes seconds"),
        (FLOW, "slow:nan", "slow takes seconds"),
        (FLOW, "wrong:", "wrong takes a change"),
        (FLOW, "wrong:inf", "wrong takes a change"),
        (FLOW, "stuck:3", "stuck takes no parameter"),
        (FLOW, "intermittent:1.5", "share from 0 to 1"),
        ("link:cdu", "exception:0", "whole from 1 to 255"),
        ("link:cdu", "exception:1.5", "whole from 1 to 255"),
        ("link:container-01", "exception", "has no fault"),
        ("expansion", "stuck", "expansion has no fault 'stuck': it has ok, leaking"),
    ],
)
def test_a_wrong_verb_is_answered_with_the_right_ones(
    small: World, target: str, verb: str, remedy: str
) -> None:
    with pytest.raises(ValueError, match=remedy):
        small.faults.set(target, verb)

    assert small.faults.active() == {}


def test_the_targets_are_told_in_few_words(small: World) -> None:
    with pytest.raises(ValueError, match="unknown fault target") as refusal:
        small.faults.set("pump-9", "off")

    told = str(refusal.value)
    for words in ("container-01.leak to container-02.leak", "link:heat-meter", FLOW):
        assert words in told
    assert len(told) < 4_500


def test_what_is_set_is_shown_as_it_was_set_and_asked_for_by_its_verb() -> None:
    faults = Faults(PlantDescription(containers=(Container("box", 3),)))
    faults.set(FLOW, "wrong:+2.5")

    assert faults.active() == {FLOW: "wrong:+2.5"}
    assert faults.of(FLOW) == "wrong"


def test_a_container_breaks_its_units_but_for_those_with_a_fault_of_their_own() -> None:
    faults = Faults(PlantDescription(containers=(Container("a", 2), Container("b", 1))))
    faults.set("miner-c01-002", "garbage")
    faults.set("container-01", "stuck")
    faults.set("link:container-02", "delayed:3")

    units = [faults.unit(unit) for unit in range(3)]
    assert [None if one is None else one.verb for one in units] == ["stuck", "garbage", None]
    link = faults.unit_link(2)
    assert link is not None
    assert (link.verb, link.value) == ("delayed", 3.0)
