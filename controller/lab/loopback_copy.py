"""A copy of a plant.toml in which all that is simulated stands at loopback addresses.

A plant can so be played before it is built, or around the one part of it that is there: the copy is
for rig and controller, and what is real keeps its address in it.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from controller.config.load import ConfigError
from controller.config.miner_list import listed_miners
from controller.config.miners import WHATSMINER_PORT
from controller.config.plant import PlantFile
from controller.lab.places import CONTAINER_STEP, HOST, MINER_PORT, free_places
from controller.lab.real import Real

NAME = "plant.toml"


def write_copy(plant: PlantFile, real: Real, folder: Path, source: Path) -> Path:
    """Write FOLDER/plant.toml, and say where it is."""
    path = folder / NAME
    if path.resolve() == source.resolve():
        raise ConfigError(f"--loopback {folder}: that is where the original stands; name another")
    data = plant.model_dump(mode="json", by_alias=True, exclude_unset=True)
    places = free_places(len(plant.container), _most(plant), opcua_port=None)
    ports = iter(
        (
            places.cdu_port,
            places.heat_meter_port,
            places.outdoor_port,
            places.boundary_meter_port,
            places.feeder_panel_port,
        )
    )
    for device in data["device"]:
        if device["name"] not in real.devices:
            port = next(ports, None)
            if port is None:
                raise ConfigError(
                    f"device {device['name']}: the rig plays five devices; say which are real"
                )
            device |= {"host": HOST, "port": port}
    data["container"] = _containers(plant, real, places.first_address(1))
    data["opcua"] = {**data.get("opcua", {}), "host": HOST, "port": places.opcua_port}
    data["opcua"] |= {
        "pki_dir": str(plant.opcua.pki_dir),
        "users_file": str(plant.opcua.users_file),
    }
    if any(box.login is not None for box in plant.container):
        logins_file = str(plant.miners.logins_file)
        data["miners"] = {**data.get("miners", {}), "logins_file": logins_file}
    data["core"] = {**data.get("core", {}), "state_dir": "run"}
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(_toml(data, source), encoding="utf-8")
    return path


def _containers(plant: PlantFile, real: Real, first: IPv4Address) -> list[dict[str, Any]]:
    """Each container with all its miners by name; simulated ones get consecutive addresses."""
    apart = CONTAINER_STEP * math.ceil((_most(plant) + 1) / CONTAINER_STEP)
    tables: list[dict[str, Any]] = [
        {
            **container.model_dump(
                mode="json",
                by_alias=True,
                exclude_unset=True,
                exclude={"first_address", "addresses", "inventory", "miner", "units"},
            ),
            "miner": [],
        }
        for container in plant.container
    ]
    for number, miner in enumerate(listed_miners(plant)):
        rows = tables[miner.container]["miner"]
        row: dict[str, Any] = {"address": miner.host, "port": miner.port}
        if number not in real.units:
            address = first + miner.container * apart + len(rows)
            avalon = plant.container[miner.container].api == "cgminer"
            port = MINER_PORT if avalon else WHATSMINER_PORT
            row = {"address": str(address), "port": port}
        row["name"] = miner.name
        rows.append(row)
    return tables


def _most(plant: PlantFile) -> int:
    """Miners of the container that has most."""
    return max(Counter(miner.container for miner in listed_miners(plant)).values())


def _toml(data: Mapping[str, Any], source: Path) -> str:
    """Tables as TOML; JSON's numbers, texts and lists are TOML's too."""
    lines = [f"# Made from {source.name} for a rig on this machine: change the original instead."]
    plain = {key: value for key, value in data.items() if not _is_table(value)}
    lines += [f"{key} = {_value(value)}" for key, value in plain.items() if value is not None]
    for key, value in data.items():
        if key in plain:
            continue
        tables = value if isinstance(value, list) else [value]
        head = f"[[{key}]]" if isinstance(value, list) else f"[{key}]"
        for table in tables:
            lines += ["", head]
            lines += [f"{k} = {_value(v)}" for k, v in table.items() if v is not None]
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    tables = isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)
    return isinstance(value, dict) or tables


def _value(value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_value(v)}" for key, v in value.items() if v is not None)
        return f"{{ {inside} }}"
    if isinstance(value, list):
        # A list of many miners is written with a line for each.
        joint = ",\n  " if value and isinstance(value[0], dict) else ", "
        return "[" + joint.join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
