"""`hearth check` as a person calls it: words, exit code, and never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

from tests.config.broken_plant import Mistake


def test_a_terminal_that_cannot_show_a_letter_is_told_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "Łódź"
    folder.mkdir()
    path = Mistake("", "", {"heat": "supply_curve = [[0.0, 77.5]]"}).write(folder)

    done = subprocess.run(
        [sys.executable, "-m", "controller", "check", "--strict", path],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=50,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    said = done.stdout.decode("latin-1")
    assert r"\u0141ód\u017a/plant.toml:16: warning HC409: heat.supply_curve: 77.5 °C" in said
