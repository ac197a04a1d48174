"""Every pattern that plant.toml asks for is told in words."""

import json
from collections.abc import Iterator

from controller.config.plant import PlantFile
from controller.config.validate import validate
from controller.config.words import WRITTEN


def patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for part in schema.values():
            yield from patterns(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from patterns(part)


def test_each_pattern_has_its_words_and_none_is_left_over() -> None:
    used = set(patterns(json.loads(json.dumps(PlantFile.model_json_schema()))))

    assert used == set(WRITTEN)


def test_a_list_that_is_too_long_is_counted() -> None:
    boxes = [{"units": 4, "first_address": f"10.30.{n}.1"} for n in range(40)]
    device = {"name": "cdu", "profile": "sim_cdu_plc", "host": "10.0.0.1"}

    _, mistakes, _ = validate({"container": boxes, "device": [device]})

    assert ("HC008", "container", "there are 40 entries, and may be at most 32") in mistakes
