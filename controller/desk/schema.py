"""The JSON Schema of plant.toml, for editors that complete and check while one writes."""

import json
from typing import Any

from controller.config.plant import PlantFile

UNITS = {
    "kw": "kW",
    "kwh": "kWh",
    "c": "°C",
    "k": "K",
    "lpm": "L/min",
    "kpa": "kPa",
    "pct": "%",
    "s": "s",
    "m3": "m³",
    "minutes": "min",
    "us_cm": "µS/cm",
    "eur_mwh": "EUR/MWh",
    "eur_ths_day": "EUR/(TH/s)/day",
    "per_s": "1/s",
    "per_min": "1/min",
    "kw_per_min": "kW/min",
}
"""Units by the ending of a key; the longest ending counts."""


def unit_of(key: str) -> str:
    """The unit that ends a key's name, or nothing."""
    words = key.split("_")
    endings = ("_".join(words[first:]) for first in range(1, len(words)))
    return next((UNITS[ending] for ending in endings if ending in UNITS), "")


def schema() -> dict[str, Any]:
    """The schema; every key with a unit says it in its description and as x-unit."""
    made = PlantFile.model_json_schema(by_alias=True)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "plant.toml of Hearth"
    for table in (made, *made["$defs"].values()):
        for key, entry in table.get("properties", {}).items():
            entry.pop("title", None)
            if unit := unit_of(key):
                entry["x-unit"] = unit
                entry["description"] = f"{entry.get('description', key)} [{unit}]"
    return made


def schema_text() -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
