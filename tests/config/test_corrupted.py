"""Whatever is wrong with a plant.toml: it is told, and what is called good is good."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings

from controller.config.settings import fleet_layout, scan_settings
from controller.control.scan import scan
from controller.control.state import first_state
from controller.desk.check import OK, WRONG, check
from controller.desk.site import load_site
from controller.field.devices import build_field
from controller.image.fleet import Fleet
from controller.image.process_image import ProcessImage
from tests.config.corruption import INVENTORY, LISTED, broken_files, good_texts
from tests.control.small_plant import RUNNING

FINDING = re.compile(
    r"(?P<file>[^\n:]+)(?P<line>:\d+(:\d+)?)?: (?P<severity>error|warning) HC\d{3}: "
    r"(?P<place>[\w.-]+: )?(?P<told>[^\n]+)\n    remedy: [^\n]+"
)
SUMMARY = re.compile(r"[^\n:]+: (ok: \d+ units?, .*|\d+ errors?, \d+ warnings?)")


def examined(files: tuple[bytes, bytes]) -> int:
    """The exit code of `hearth check` for these two files; what it says was looked at."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "plant.toml"
        path.write_bytes(files[0])
        (folder / "miners.csv").write_bytes(files[1])
        said: list[str] = []

        code = check(path, said.append, strict=False)

        told = [line for line in said if not SUMMARY.fullmatch(line)]
        findings = [FINDING.fullmatch(line) for line in told]
        for finding, line in zip(findings, told, strict=True):
            assert finding is not None, line
            assert Path(finding["file"]).parent == folder, line
            # A key that is missing stands in no line.
            assert finding["line"] is not None or finding["place"] is not None, line
        grave = any(finding is not None and finding["severity"] == "error" for finding in findings)
        assert code == (WRONG if grave else OK)
        if not grave:
            _set_up(path)
        return code


def _set_up(path: Path) -> None:
    """What core does with a plant: the drivers, a scan that knows nothing, and some that know."""
    plant = load_site(path)
    figures, layout = scan_settings(plant), fleet_layout(plant)
    field = build_field(plant, figures)
    image = ProcessImage(field.tags, Fleet(layout))
    state = first_state(len(layout), layout.containers, figures.heat.recovery, ())
    for second in range(4):
        now_s = 1_000.0 + 10.0 * second
        decision = scan(image.freeze(now_s, 1.7e9 + now_s), (), state, figures)
        state = decision.state
        assert all(np.isfinite(value) for value in decision.outputs.values()), decision.outputs
        for tag in field.tags:
            middle = (tag.low + tag.high) / 2.0
            image.put(tag.name, middle if tag.kind == "number" else "leak" not in tag.name, now_s)
        for unit in range(len(layout)):
            image.fleet.put(unit, RUNNING, now_s)
            image.fleet.put_commandable(unit, commandable=True)


@pytest.mark.parametrize("text", good_texts())
def test_what_is_broken_here_is_good_before(text: str) -> None:
    assert examined((text.encode(), INVENTORY.encode())) == OK


@given(broken_files())
@example((b"", b""))
@example((LISTED.encode(), b"address\n"))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_one_broken_thing_is_told_and_nothing_else_happens(files: tuple[bytes, bytes]) -> None:
    examined(files)


@pytest.mark.campaign
@pytest.mark.timeout(3_600)
@given(broken_files())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_thousands_of_broken_things_are_told(files: tuple[bytes, bytes]) -> None:
    examined(files)
