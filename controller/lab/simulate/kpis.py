"""Figures of a simulated run, judged from the world's truth, each with what is aimed at.

Tracking is the root mean square of five-minute means at the boundary less the demand; hours are
judged by delivered against wanted energy. Aims are those of the plant's specification.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controller.lab.simulate.record import PERIOD_S, Record

PER_HOUR, PER_DAY = 12, 288
H = PERIOD_S / 3_600.0
LEAST_TANK_KW, LEAST_KW = 20.0, 40.0
TANK_SHARE, SHARE = 0.01, 0.03
# Less than this of the mean demand, and less than this at all, is no demand.
NOTHING_SHARE, NOTHING_KW = 0.05, 1.0
HASH_H_PER_DAY = 24.0
HOURLY_MEAN_PCT, HOURLY_WORST_PCT, MOST_SLEEPS = 1.0, 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure; `aim` is in words, `met` None where nothing is aimed at."""

    name: str
    words: str
    value: float
    unit: str
    aim: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """Prices that are not in the courses: heat, and a day of one TH/s."""

    heat_eur_mwh: float
    hash_eur_ths_day: float


def kpis(
    record: Record, *, tank: bool, supply_max_c: float, money: Money, sole: bool = False
) -> list[Kpi]:
    """Every figure of a run; `sole` is a plant whose network has no other source."""
    if not record.rows:
        raise ValueError("nothing was recorded: simulate five minutes at least")
    return [
        *_tracking(record, tank=tank),
        *_energy(record),
        *(_missed(record) if sole else ()),
        *_supply(record, supply_max_c),
        *_wear(record),
        *_money(record, money),
    ]


def daily_rmse_kw(record: Record) -> NDArray[np.float64]:
    """The tracking error of each day, in kW."""
    off_kw = record.column("delivered_kw") - record.column("demand_kw")
    days = max(1, round(len(off_kw) / PER_DAY))
    return np.array([float(np.sqrt(np.mean(day**2))) for day in np.array_split(off_kw, days)])


def hourly_off_pct(record: Record) -> NDArray[np.float64]:
    """Delivered less wanted energy of each hour, in per cent of what was wanted.

    An hour in which next to nothing is wanted is judged by the mean demand: it has no per cent.
    """
    hours = max(1, len(record.rows) // PER_HOUR)
    found, wanted = (
        np.array([part.mean() for part in np.array_split(column[: hours * PER_HOUR], hours)])
        for column in (record.column("delivered_kw"), record.column("demand_kw"))
    )
    mean_kw = max(float(wanted.mean()), NOTHING_KW)
    of_kw = np.where(wanted < NOTHING_SHARE * mean_kw, mean_kw, wanted)
    return np.asarray(100.0 * (found - wanted) / of_kw)


def limits_in_force(record: Record) -> list[tuple[str, float]]:
    """Each limit that held the power back, with its hours, the longest first."""
    counts = Counter(reason for reason in record.limits if reason not in ("", "none"))
    return [(reason, count * H) for reason, count in counts.most_common()]


def _tracking(record: Record, *, tank: bool) -> Iterator[Kpi]:
    rmse_kw = daily_rmse_kw(record)
    demand_kw = float(np.mean(record.column("demand_kw")))
    share, least = (TANK_SHARE, LEAST_TANK_KW) if tank else (SHARE, LEAST_KW)
    aim_kw = max(share * demand_kw, least)
    worst = float(rmse_kw.max())
    yield Kpi(
        "track_rmse_kw",
        "heat off its demand, five-minute means, worst day",
        worst,
        "kW",
        f"at most {aim_kw:.0f}",
        worst <= aim_kw,
    )
    share_pct = 100.0 * worst / max(demand_kw, NOTHING_KW)
    yield Kpi("track_rmse_pct", "the same, of the mean demand", share_pct, "%")
    off_pct = np.abs(hourly_off_pct(record))
    mean, most = float(off_pct.mean()), float(off_pct.max())
    for name, words, found, aim in (
        ("hourly_mean_pct", "energy of an hour off, mean", mean, HOURLY_MEAN_PCT),
        ("hourly_worst_pct", "energy of an hour off, worst", most, HOURLY_WORST_PCT),
    ):
        yield Kpi(name, words, found, "%", f"at most {aim:g}", found <= aim)


def _energy(record: Record) -> Iterator[Kpi]:
    demand = float(record.column("demand_kw").sum()) * H
    delivered = float(record.column("delivered_kw").sum()) * H
    electric = float(record.column("electric_kw").sum()) * H
    short = np.maximum(record.column("demand_kw") - record.column("delivered_kw"), 0.0)
    yield Kpi("demand_mwh", "heat that was wanted", demand / 1e3, "MWh")
    yield Kpi("delivered_mwh", "heat that was delivered", delivered / 1e3, "MWh")
    unmet_pct = 100.0 * float(short.sum()) * H / max(demand, 1e-9)
    yield Kpi("unmet_pct", "wanted heat that came late or never", unmet_pct, "%")
    yield Kpi("electric_mwh", "electric energy of the miners", electric / 1e3, "MWh")
    recovered = 100.0 * delivered / max(electric, 1e-9)
    yield Kpi("recovered_pct", "delivered heat of the miners' energy", recovered, "%")
    pumps = float(record.column("pumps_kw").sum()) * H
    yield Kpi("pumps_mwh", "energy of pumps and fans", pumps / 1e3, "MWh")
    booster = float(record.column("booster_kw").sum()) * H
    yield Kpi("booster_mwh", "heat of the booster", booster / 1e3, "MWh")


def _missed(record: Record) -> Iterator[Kpi]:
    """What consumers went without; what else is off has gone into the streets' water, or out of it.

    Water needs minutes to hours to the last consumer and back: no controller shortens that.
    """
    wanted = max(float(record.column("demand_kw").sum()), 1e-9)
    pct = 100.0 * float(record.column("missed_kw").sum()) / wanted
    yield Kpi("missed_pct", "heat consumers missed; other errors are in the streets", pct, "%")


def _supply(record: Record, supply_max_c: float) -> Iterator[Kpi]:
    off_k = np.abs(np.array(record.supply_off_k))
    off_k = off_k[~np.isnan(off_k)]
    if len(off_k):
        for bound, least in ((1.0, 95.0), (2.0, 99.5)):
            share = 100.0 * float(np.mean(off_k <= bound))
            yield Kpi(
                f"supply_within_{bound:.0f}k_pct",
                f"time with the supply within ±{bound:.0f} K",
                share,
                "%",
                f"at least {least:g}",
                share >= least,
            )
    most_c = record.supply_max_c
    yield Kpi(
        "supply_max_c",
        "hottest supply",
        most_c,
        "°C",
        f"at most {supply_max_c:g}",
        most_c <= supply_max_c,
    )


def _wear(record: Record) -> Iterator[Kpi]:
    worst = float(max(int(day.max()) for day in record.sleeps))
    mean = float(np.mean([day.mean() for day in record.sleeps]))
    words, met = "sleeps of the worst miner in a day", worst <= MOST_SLEEPS
    yield Kpi("sleeps_worst", words, worst, "", f"at most {MOST_SLEEPS:g}", met)
    yield Kpi("sleeps_mean", "sleeps of a miner in a day", mean, "")
    yield Kpi("wakes", "miners woken", float(record.wakes), "")
    trips = float(len(record.trips))
    yield Kpi("trips", "trips", trips, "", "0", trips == 0)
    unsafe = record.unsafe_unit_s
    yield Kpi("unsafe_unit_s", "miners beyond what they stand", unsafe, "s", "0", unsafe == 0.0)
    yield Kpi("alarms", "alarms that an operator saw", float(record.alarms), "")


def _money(record: Record, money: Money) -> Iterator[Kpi]:
    power_eur = (
        float((record.column("electric_kw") * record.column("power_eur_mwh")).sum()) * H / 1e3
    )
    heat_eur = float(record.column("delivered_kw").sum()) * H / 1e3 * money.heat_eur_mwh
    ths_days = float(record.column("hash_ths").sum()) * H / HASH_H_PER_DAY
    hash_eur = ths_days * money.hash_eur_ths_day
    yield Kpi("hash_eur", "revenue of hashing", hash_eur, "EUR")
    yield Kpi("heat_eur", "revenue of heat", heat_eur, "EUR")
    yield Kpi("power_eur", "cost of the miners' power", power_eur, "EUR")
    yield Kpi("margin_eur", "what is left", hash_eur + heat_eur - power_eur, "EUR")
