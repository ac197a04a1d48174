"""What surrounds a simulated plant over time: weather, demand, price of power."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from controller.config.load import ConfigError
from controller.lab.description import REFERENCE_KW
from controller.lab.weather_option import SEED
from simulators.course_file import Course, Measure, read_course
from simulators.demand import Homes, wanted_kw
from simulators.description import PlantDescription
from simulators.hours import HOUR_S, Hours
from simulators.weather import TEMPERATURE, made_up

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
    outdoor = None if seed is not None else _read(Path(weather), "weather", TEMPERATURE)
    wanted = None if demand is None else _read(demand, "demand", DEMAND)
    price = None if prices is None else _read(prices, "prices", PRICE)
    begin_s = _begin_s(begin_utc_s, [each for each in (outdoor, wanted, price) if each is not None])
    outdoor_c = made_up(seed or 0, hour) if outdoor is None else outdoor.hours(begin_s[outdoor])
    if wanted is None:
        homes = Homes().scaled(description.rated_kw / REFERENCE_KW)
        town = wanted_kw(outdoor_c, seed or 0, hour, homes)
        demand_kw = Hours(min(town.hour(at), most_kw) for at in count())
    else:
        demand_kw = wanted.hours(begin_s[wanted])
    return Courses(outdoor_c, demand_kw, None if price is None else price.hours(begin_s[price]))


def _begin_s(begin_utc_s: float, files: Sequence[Course]) -> dict[Course, float]:
    """The moment at which each file begins: that of the simulation, where the file holds it.

    Files of another time begin together where they hold one, else each with its first row.
    """
    others = [each for each in files if not each.holds(begin_utc_s)]
    together_s = max((each.begin_utc_s for each in others), default=begin_utc_s)
    return {each: together_s if each in others else begin_utc_s for each in files}


def _seed(weather: str) -> int | None:
    if not weather.startswith(SEED):
        return None
    number = weather.removeprefix(SEED)
    if not (number.isascii() and number.isdecimal()):
        raise ConfigError(f"weather: {weather!r} has no whole number after {SEED!r}, as seed:7")
    return int(number)


def _read(path: Path, what: str, measure: Measure) -> Course:
    try:
        return read_course(path, measure)
    except OSError as error:
        raise ConfigError(
            f"{what}: {path} cannot be read ({error.strerror}); give a CSV file of times and"
            f" {measure.unit}"
        ) from error
    except ValueError as error:
        raise ConfigError(f"{what}: {error}") from error


def _hour_of_year(utc_s: float) -> float:
    now = datetime.fromtimestamp(utc_s, UTC)
    return (now - datetime(now.year, 1, 1, tzinfo=UTC)).total_seconds() // HOUR_S
