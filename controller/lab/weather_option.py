"""The weather that a rig is asked for: `seed:N` or a CSV file, and the demand that follows it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from controller.config.load import ConfigError
from controller.lab.description import REFERENCE_KW
from simulators.demand import Homes, wanted_kw
from simulators.description import PlantDescription
from simulators.hours import HOUR_S, Hours
from simulators.weather import made_up, measured

SEED = "seed:"


def courses(text: str, description: PlantDescription, utc_s: float) -> Mapping[str, Hours]:
    """What the hand on the plant is to follow from now on; ConfigError where it cannot be."""
    begin_hour = _hour_of_year(utc_s)
    seed, weather = _weather(text, begin_hour)
    found = {"outdoor_c": weather}
    if description.network_role == "sole_source":
        share = description.rated_kw / REFERENCE_KW
        homes = Homes().scaled(share)
        found["network_demand_kw"] = wanted_kw(weather, seed, begin_hour, homes)
    return found


def _weather(text: str, begin_hour: float) -> tuple[int, Hours]:
    """Made-up weather begins on the day that the plant's clock shows, a file with its first row."""
    if text.startswith(SEED):
        number = text.removeprefix(SEED)
        if not (number.isascii() and number.isdecimal()):
            raise ConfigError(f"weather: {text!r} has no whole number after {SEED!r}, as seed:7")
        return int(number), made_up(int(number), begin_hour)
    path = Path(text)
    try:
        return 0, measured(path)
    except OSError as error:
        raise ConfigError(
            f"weather: {path} cannot be read ({error.strerror}); give a CSV file or seed:7"
        ) from error
    except ValueError as error:
        raise ConfigError(f"weather: {error}") from error


def _hour_of_year(utc_s: float) -> float:
    now = datetime.fromtimestamp(utc_s, UTC)
    return (now - datetime(now.year, 1, 1, tzinfo=UTC)).total_seconds() // HOUR_S
