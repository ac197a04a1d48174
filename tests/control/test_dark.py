"""When the miners' power counts as gone: pumps, feeders and valves wait for it."""

from controller.control.protection.permissives import is_dark
from tests.control.obedient_plant import ObedientPlant
from tests.control.small_plant import ASLEEP, RUNNING, SmallPlant

FEW_KW = 2.0
"""Three per cent of what the eight units of the small plant may draw."""
LONGEST_STOP_S = 900


def test_one_unit_that_heats_is_not_dark_however_little_it_is_of_all() -> None:
    plant = SmallPlant().all_units(ASLEEP)
    assert is_dark(plant.snapshot(), plant.settings)

    plant.unit(3, RUNNING, power_kw=FEW_KW)

    assert not is_dark(plant.snapshot(), plant.settings)


def test_units_that_are_not_heard_may_heat_until_their_feeder_is_proven_open() -> None:
    plant = SmallPlant().all_units(None)
    assert not is_dark(plant.snapshot(), plant.settings)

    plant.set(container_01__contactor_closed=False, container_02__contactor_closed=False)

    assert is_dark(plant.snapshot(), plant.settings)


def test_what_a_unit_said_before_its_feeder_opened_is_old() -> None:
    plant = SmallPlant().all_units(ASLEEP).unit(0, RUNNING)
    assert not is_dark(plant.snapshot(), plant.settings)

    plant.set(container_01__contactor_closed=False)

    assert is_dark(plant.snapshot(), plant.settings)


def test_a_stop_does_not_wait_for_ever_for_one_that_does_not_obey() -> None:
    plant = ObedientPlant()
    plant.run(3)
    plant.follow(plant.scan(plant.order("off")))
    plant.all_units(ASLEEP).unit(0, RUNNING, power_kw=FEW_KW)

    early = plant.scans(LONGEST_STOP_S // 2)
    late = plant.scans(LONGEST_STOP_S // 2 + 10)

    assert early.derived["plant.mode"] == "stopping"
    assert late.derived["plant.mode"] == "off"
    assert late.outputs["container-01.contactor_close"] is False
    assert late.outputs["pump-1.run"] is True

    plant.follow(late)

    assert plant.scan().outputs["pump-1.run"] is False


def test_pumps_go_on_where_a_plant_with_little_load_is_ordered_off() -> None:
    plant = ObedientPlant()
    plant.run(3)
    plant.all_units(ASLEEP).unit(0, RUNNING, power_kw=FEW_KW)
    plant.scans(600)

    decision = plant.scans(3, plant.order("off"))

    assert decision.derived["plant.mode"] == "stopping"
    assert decision.outputs["pump-1.run"] is True
