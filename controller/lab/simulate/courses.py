"""What surrounds a simulated plant, hour by hour: weather, demand, price of power."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from controller.config.load import ConfigError
from controller.lab.description import REFERENCE_KW
from controller.lab.weather_option import SEED
from simulators.demand import Homes, wanted_kw
from simulators.description import PlantDescription
from simulators.hours import HOUR_S, Hours
from simulators.weather import Measure, made_up, measured

DEMAND = Measure("demand", "kW", 0.0, 1e6, "4200")
PRICE = Measure("price", "EUR/MWh", -1_000.0, 10_000.0, "45.2")


@dataclass(frozen=True, slots=True)
class Courses:
    """Outdoor temperature in °C, wanted heat in kW, and the price of power in EUR/MWh, if known."""

    outdoor_c: Hours
    demand_kw: Hours
    power_eur_mwh: Hours | None


def courses(
    description: PlantDescription,
    begin_utc_s: float,
    weather: str,
    demand: Path | None,
    prices: Path | None,
    most_kw: float,
) -> Courses:
    """The courses from files and seeds; ConfigError names file, line and remedy.

    Without a file of demand it is that of a town as large as the plant, in this weather, and no
    more than the most heat.
    """
    hour = _hour_of_year(begin_utc_s)
    seed = _seed(weather)
    outdoor_c = _read(Path(weather), None) if seed is None else made_up(seed, hour)
    if demand is None:
        homes = Homes().scaled(description.units * description.model.rated_kw / REFERENCE_KW)
        town = wanted_kw(outdoor_c, seed or 0, hour, homes)
        demand_kw = Hours(min(town.hour(at), most_kw) for at in count())
    else:
        demand_kw = _read(demand, DEMAND)
    price = None if prices is None else _read(prices, PRICE)
    return Courses(outdoor_c, demand_kw, price)


def _seed(weather: str) -> int | None:
    if not weather.startswith(SEED):
        return None
    number = weather.removeprefix(SEED)
    if not (number.isascii() and number.isdecimal()):
        raise ConfigError(f"weather: {weather!r} has no whole number after {SEED!r}, as seed:7")
    return int(number)


def _read(path: Path, measure: Measure | None) -> Hours:
    what = "weather" if measure is None else measure.words
    try:
        return measured(path) if measure is None else measured(path, measure)
    except OSError as error:
        raise ConfigError(
            f"{what}: {path} cannot be read ({error.strerror}); give a CSV file of hours"
        ) from error
    except ValueError as error:
        raise ConfigError(f"{what}: {error}") from error


def _hour_of_year(utc_s: float) -> float:
    now = datetime.fromtimestamp(utc_s, UTC)
    return (now - datetime(now.year, 1, 1, tzinfo=UTC)).total_seconds() // HOUR_S
