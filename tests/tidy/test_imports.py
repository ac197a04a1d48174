"""Who may import whom."""

import pytest
from importlinter.cli import lint_imports

from tests.tidy.sources import ROOT


def test_the_import_contracts_are_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    exit_code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert exit_code == 0, capsys.readouterr().out
