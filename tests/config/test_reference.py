"""The generated reference is that of this program, and the example is a plant without a doubt."""

import json
from functools import cache
from pathlib import Path

from controller.config.codes import CODES
from controller.config.plant import PlantFile
from controller.desk.check import OK, check
from controller.desk.reference import FOLDER
from controller.desk.reference import reference as make_reference

reference = cache(make_reference)
"""Made once: it is the same for every test."""

EXAMPLE = Path(__file__).parents[2] / "deploy" / "plant.example.toml"


def test_the_reference_is_fresh() -> None:
    """When it is not: `hearth reference`."""
    written = {name: (FOLDER / name).read_text(encoding="utf-8") for name in reference()}

    assert written == reference()


def test_the_reference_explains_every_check_and_every_table() -> None:
    page = reference()["configuration.md"]

    assert [code for code in CODES if code not in page] == []
    assert [table for table in PlantFile.model_fields if table not in page] == []


def test_the_schema_completes_every_key_with_its_meaning() -> None:
    schema = json.loads(reference()["plant.schema.json"])

    tables = {"file": schema, **schema["$defs"]}
    bare = [
        f"{name}.{key}"
        for name, table in tables.items()
        for key, told in table.get("properties", {}).items()
        if "description" not in told and "$ref" not in json.dumps(told)
    ]
    assert bare == []


def test_the_example_is_clean() -> None:
    said: list[str] = []

    assert check(EXAMPLE, said.append, strict=True) == OK
    assert len(said) == 1
