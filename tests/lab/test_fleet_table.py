"""The fleet on the screen: every container, and those that need somebody first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.lab.fleet_table import shares
from controller.lab.shown import NOTHING
from tests.lab.drawn import NARROW, WIDTH, row, shown
from tests.lab.hand_made import Value


def test_every_container_has_a_row_that_counts_its_units() -> None:
    text = shown(width=NARROW)

    first, second, every = (row(text, label) for label in (" 1 open", " 2 tripped", "all "))
    assert first.split()[1:10] == ["1", "open", "5", "·", "·", "·", "·", "·", "42"]
    assert second.split()[3:9] == ["·", "1", "·", "3", "·", "1"]
    assert every.split()[2:8] == ["5", "1", "·", "3", "·", "1"]


def test_lost_flow_and_an_open_contactor_are_told_from_unknown_ones() -> None:
    lost = row(shown(), " 2 tripped")
    unknown = row(
        shown({"container-02.flow_proven": None, "container-02.contactor_closed": None}),
        " 2 tripped",
    )

    assert re.search(r"no\s+OPEN", lost)
    assert re.search(rf"{NOTHING}\s+{NOTHING}", unknown)


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_every_word_of_the_table_is_whole(width: int) -> None:
    large: dict[str, Value] = {f"container-{n:02}.state": "tripped" for n in range(1, 11)}

    text = shown(large | {"plant.electric_power_kw": 7_728.0}, containers=10, width=width)

    assert "…" not in "".join(row(text, label) for label in ("container ", "10 tripped", "all "))
    assert "7,728" in row(text, "all ")


def test_containers_for_which_there_is_no_room_are_summed_but_never_a_tripped_one() -> None:
    states: dict[str, Value] = {f"container-{n:02}.state": "open" for n in range(1, 33)}

    text = shown(states | {"container-31.state": "tripped"}, containers=32)

    assert row(text, "31 tripped")
    assert re.search(r"│ \d+ more", text)
    assert row(text, "all ").split()[3:9] == ["80", "16", "·", "48", "·", "16"]


@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=6), st.integers(6, 40))
def test_a_bar_is_whole_and_hides_nothing(counts: list[int], cells: int) -> None:
    given_cells = shares(counts, cells)

    assert sum(given_cells) == (cells if sum(counts) else 0)
    assert all((cell > 0) == (count > 0) for cell, count in zip(given_cells, counts, strict=True))


def test_a_bar_shows_halves_as_halves() -> None:
    assert shares([50, 50, 0], 10) == [5, 5, 0]
    assert shares([99, 1], 10) == [9, 1]
