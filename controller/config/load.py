"""Reads plant.toml; every error names the place, what was expected and the remedy."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from controller.config.plant import PlantFile


class ConfigError(Exception):
    """The configuration cannot be used; the message names file and key."""


def load_plant(path: Path) -> PlantFile:
    """The validated content of plant.toml; its relative paths are resolved against its folder."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: no such file; deploy/plant.example.toml is one to begin with"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    try:
        plant = PlantFile.model_validate(data)
    except ValidationError as error:
        raise ConfigError(f"{path}:\n{_told(error)}") from error
    folder = path.resolve().parent
    opcua = plant.opcua.model_copy(
        update={
            "pki_dir": folder / plant.opcua.pki_dir,
            "users_file": folder / plant.opcua.users_file,
        }
    )
    core = plant.core.model_copy(update={"state_dir": folder / plant.core.state_dir})
    return plant.model_copy(update={"opcua": opcua, "core": core})


def _told(error: ValidationError) -> str:
    """One line a mistake: the key as it is written in the file, and what is wrong with it."""
    lines = []
    for mistake in error.errors():
        place = ".".join(str(part) for part in mistake["loc"]) or "file"
        lines.append(f"  {place}: {mistake['msg']}")
    return "\n".join(lines)
