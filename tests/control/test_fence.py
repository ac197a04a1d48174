import pytest

from controller.control.decision import Decision, Wanted
from controller.control.fence import within
from tests.control.small_plant import SmallPlant


@pytest.fixture
def plant() -> SmallPlant:
    return SmallPlant()


@pytest.fixture
def decision(plant: SmallPlant) -> Decision:
    return plant.scans(3)


def test_automatic_changes_nothing(plant: SmallPlant, decision: Decision) -> None:
    assert within(decision, "automatic", (), plant.settings) is decision


def test_a_dry_run_may_write_nothing(plant: SmallPlant, decision: Decision) -> None:
    assert not within(decision, "dry-run", (), plant.settings).writing


def test_a_limited_run_writes_only_inside_its_fence(plant: SmallPlant, decision: Decision) -> None:
    limited = within(decision, "limited", ("container-02", "pump-1"), plant.settings)

    assert {name.partition(".")[0] for name in limited.outputs} == {"container-02", "pump-1"}
    assert (limited.units[:4] == Wanted.FREE).all()
    assert (limited.units[4:] == decision.units[4:]).all()


def test_a_name_that_only_begins_alike_is_outside(plant: SmallPlant, decision: Decision) -> None:
    assert not within(decision, "limited", ("pump", "container-0"), plant.settings).outputs
