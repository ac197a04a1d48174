"""`hearth simulate` on the command line: what cannot be is said before hours are simulated."""

from dataclasses import replace
from pathlib import Path

import pytest

from controller.config.load import ConfigError
from controller.lab.simulate.outcome import write
from controller.lab.simulate.run import split
from controller.lab.simulate.verb import Wanted, begin_of, run
from tests.lab.test_simulate import JANUARY_S, task

NOTHING = Wanted(None, None, None, baselines=False, workers=1)


@pytest.mark.parametrize(
    ("whole_s", "pieces", "begins", "lengths"),
    [
        (864, 1, [0], [864]),
        (864, 50, [0, 300], [300, 564]),
        (86_400, 2, [0, 43_200], [43_200, 43_200]),
        (3_600, 5, [0, 600, 1_200, 2_100, 2_700], [600, 600, 900, 600, 900]),
    ],
)
def test_pieces_are_whole_periods(
    whole_s: int, pieces: int, begins: list[int], lengths: list[int]
) -> None:
    assert split(whole_s, pieces) == (begins, lengths)


def test_a_folder_is_no_file_for_figures(tmp_path: Path) -> None:
    said: list[str] = []

    with pytest.raises(ConfigError, match="is a folder; name a file in it"):
        run(task(), replace(NOTHING, json_file=tmp_path), said.append)
    assert said == []


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ConfigError, match=r"week\.html cannot be written \(.*\); name another"):
        write(tmp_path / "file" / "week.html", "text")


def test_the_first_day_may_name_its_offset() -> None:
    assert begin_of("2026-01-15") == JANUARY_S
    assert begin_of("2026-01-15T02:00+02:00") == JANUARY_S
