"""What replaces parts of a scan's memory does what the standard library's does."""

import dataclasses

import pytest

from controller.control.state import PlantState, first_state
from controller.image.evolve import replace


@dataclasses.dataclass(frozen=True)
class Plain:
    """Nothing but fields."""

    one: int
    two: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Slotted:
    """With slots, as most are."""

    one: int
    two: int = 2


@dataclasses.dataclass(frozen=True)
class Checked:
    """One that looks at itself when it is made."""

    one: int

    def __post_init__(self) -> None:
        if self.one < 0:
            raise ValueError("negative")


def test_it_is_the_same_but_for_what_was_changed_and_the_first_is_untouched() -> None:
    before = Plain(1, (2, 3))
    after = replace(before, one=5)

    assert (before, after) == (Plain(1, (2, 3)), Plain(5, (2, 3)))
    assert after.two is before.two


def test_slots_and_checks_are_served_as_usual() -> None:
    assert replace(Slotted(1), two=7) == Slotted(1, 7)
    with pytest.raises(ValueError, match="negative"):
        replace(Checked(1), one=-1)


@pytest.mark.parametrize("one", [Plain(1), Slotted(1)])
def test_a_field_that_is_not_there_is_refused(one: Plain | Slotted) -> None:
    with pytest.raises(TypeError):
        replace(one, three=3)  # type: ignore[call-arg]


def test_the_whole_memory_of_a_scan_is_replaced_as_by_the_standard_library() -> None:
    state = first_state(4, 1, 0.9, ())
    ours, theirs = replace(state, mode="off"), dataclasses.replace(state, mode="off")

    for field in dataclasses.fields(PlantState):
        assert getattr(ours, field.name) is getattr(theirs, field.name)
    with pytest.raises(dataclasses.FrozenInstanceError):
        ours.mode = "running"  # type: ignore[misc]
