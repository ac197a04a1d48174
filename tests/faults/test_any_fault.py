"""Whatever single thing breaks, however: nothing unsafe comes of it, and control goes on."""

from pathlib import Path
from random import Random
from typing import Final

import pytest

from controller.lab.description import describe
from simulators.faults import Faults
from tests.faults.wired_plant import controlled, plant_file

SEED: Final = 20_261
FEW: Final = 4
EACH_S: Final = 12.0
ALSO: Final = {
    "link:cdu": ("exception:2", "exception:6", "exception:11", "length:3", "delayed:2", "slow:0.5"),
    "link:heat-meter": ("exception:0x77", "delayed:0.3"),
    "primary.flow_lpm": ("wrong:=0", "wrong:*3", "slow:60"),
    "primary.hot_temperature_c": ("wrong:+20", "wrong:-20", "delayed:30"),
    "plc.boot_count": ("wrong:+1",),
    "plc.epoch": ("wrong:+1", "wrong:-1"),
}
"""Sizes beside the usual ones."""


def single_faults() -> list[tuple[str, str]]:
    """Every target with every verb; one miner stands for all, as one container does."""
    faults = Faults(describe(plant_file({}, (), {})))
    found = []
    for target in faults.targets():
        alike = "miner-c" in target and not target.endswith("miner-c01-001")
        if not alike and "container-02" not in target:
            found += [(target, verb) for verb in (*faults.verbs(target), *ALSO.get(target, ()))]
    return found


async def broken(folder: Path, target: str, verb: str) -> None:
    """A controlled plant in which this breaks; it fails where the outside monitor objects."""
    async with controlled(folder) as plant:
        plant.world.faults.set(target, verb)
        scans = plant.scans
        await plant.pass_time(EACH_S)

        assert plant.scans - scans >= EACH_S - 2.0, "control goes on"
        assert not plant.cycle_failed, "no scan has failed"


@pytest.mark.parametrize(("target", "verb"), Random(SEED).sample(single_faults(), FEW))
async def test_a_few_single_faults_are_never_unsafe(tmp_path: Path, target: str, verb: str) -> None:
    await broken(tmp_path, target, verb)


@pytest.mark.campaign
@pytest.mark.parametrize(("target", "verb"), single_faults())
async def test_no_single_fault_is_ever_unsafe(tmp_path: Path, target: str, verb: str) -> None:
    await broken(tmp_path, target, verb)
