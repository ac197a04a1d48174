"""The manual of the simulated devices names every way in which they break, and no other."""

import re

from simulators.description import Container, PlantDescription
from simulators.fault_verbs import OK
from simulators.faults import Faults
from tests.wire.manual import MANUAL

WHOLE = PlantDescription(
    containers=(Container("box", 2),),
    exchangers=2,
    tank_m3=10.0,
    booster_kw=50.0,
)
SHAPED = re.compile(r"`([a-z][a-z-]*)(?:\[:[A-Z]+\])?`")


def named() -> set[str]:
    """The words in the first columns of the tables about faults that stand in code marks."""
    text = MANUAL.read_text(encoding="utf-8").partition("## Faults")[2]
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("|")]
    return {word for row in rows for cell in row for word in SHAPED.findall(cell)}


def test_every_verb_stands_in_the_manual() -> None:
    faults = Faults(WHOLE)
    verbs = {verb for target in faults.targets() for verb in faults.verbs(target)}

    assert verbs - named() == set()


def test_every_word_of_the_manual_is_a_verb_or_a_target() -> None:
    faults = Faults(WHOLE)
    verbs = {verb for target in faults.targets() for verb in faults.verbs(target)}

    assert named() - verbs - set(faults.targets()) - {OK, "exchanger-e"} == set()
