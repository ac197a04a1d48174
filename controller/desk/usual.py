"""The plant.toml that is meant where none is named."""

from pathlib import Path

from controller.config.load import ConfigError

USUAL = (Path("plant.toml"), Path("run/site/plant.toml"), Path("/etc/hearth/plant.toml"))


def usual_plant() -> Path:
    """The first there is of the usual places; ConfigError where there is none."""
    for path in USUAL:
        if path.is_file():
            return path
    raise ConfigError(f"no PLANT.toml named, and there is none of {', '.join(map(str, USUAL))}")
