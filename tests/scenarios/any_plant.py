"""Plants of every kind by lot, and eventful days for them: people, weather, mains, pumps, leaks."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from controller.control.state import Asked, Request
from simulators.monitor import Monitor
from tests.scenarios.evening import ALL_METERS, small_plant, soft_plant

MOST_UNITS = 240
REFERENCE = 920
RATED_KW = 8.4
SETTLE_S, RESET_S, EVENTS = 1_800, 1_500, 7
BOOSTERS: tuple[dict[str, Any], ...] = (
    {"kind": "heat_pump", "rated_kw": 1_000.0, "cop": 3.0},
    {"rated_kw": 1_500.0},
)


def boosters(share: float) -> tuple[dict[str, Any], ...]:
    """Heat pump and boiler of a plant that is so much of the reference."""
    return tuple({**one, "rated_kw": share * one["rated_kw"]} for one in BOOSTERS)


def by_lot(dice: Random) -> dict[str, Any]:
    """Units, containers and tables of a plant: pumps, exchangers, cooler, tank, booster, role."""
    containers = dice.choice((1, 1, 2, 3, 4, 5, 8, 10, 12))
    units = dice.choice((6, 12, 20, 40, 92))
    while units * containers > MOST_UNITS:
        units = max(6, units // 2)
    share = units * containers / REFERENCE
    pumps = dice.choice((1, 2, 3, 4))
    given: dict[str, Any] = {
        "units": units,
        "containers": containers,
        "hydraulics": {
            "primary_flow_max_lpm": 11_500.0 * share * dice.choice((0.95, 1.0, 1.0, 1.1, 1.3)),
            "district_flow_max_lpm": 4_200.0 * share * dice.choice((0.9, 1.0, 1.3)),
            "pumps": [f"pump-{n}" for n in range(1, pumps + 1)],
            "pumps_duty": max(1, pumps - dice.choice((0, 1))),
            "exchangers": dice.choice((1, 1, 2)),
            "dry_cooler_kw": share * dice.choice((0.0, 4_000.0, 8_000.0)),
        },
        "plant": {
            "network_role": dice.choice(("injector", "sole_source")),
            "site_power_kw": share * dice.choice((8_000.0, 8_000.0, 5_000.0)),
        },
    }
    if dice.random() < 0.4:
        given["tank"] = {"volume_m3": share * dice.choice((30.0, 150.0, 300.0, 900.0))}
    if dice.random() < 0.3:
        given["booster"] = dice.choice(boosters(share))
    return given


class Day:
    """One plant and what becomes of it; `found` is what should not have been."""

    def __init__(self, seed: int) -> None:
        self.found: list[str] = []
        self.dice = Random(seed)
        self.given = by_lot(self.dice)
        file = small_plant(devices=ALL_METERS, boundary_meter="boundary-meter", **self.given)
        start = self.dice.choice(("warm", "warm", "cold"))
        self.plant = soft_plant(file, seed, start=start)
        self.world = self.plant.world
        self.world.set_outdoor_c(self.dice.uniform(-15.0, 15.0))
        self.monitor = Monitor(self.world, file.plant.site_power_kw)
        self.rated_kw = RATED_KW * self.given["units"] * self.given["containers"]
        self.asked = 0

    def live(self, events: int = EVENTS) -> list[str]:
        """The day, or a short one; what was found."""
        self.pass_s(SETTLE_S)
        self._judge("the start", frozenset())
        for _ in range(events):
            event = self.dice.choice(EVENTS_THERE_ARE)
            self._judge(event.__name__, event(self))
        self.pass_s(900, self.request("heat_demand_kw", 0.5 * self.rated_kw))
        if self.plant.state.mode != "running":
            self.found.append(f"it ends {self.plant.state.mode}")
        self.found += [f"unsafe: {one['name']}" for one in self.monitor.told() if one["count"]]
        return self.found

    def pass_s(self, seconds: int, *requests: Request) -> None:
        """So many seconds, the requests with the first."""
        waiting: Sequence[Request] = requests
        for _ in range(seconds):
            self.plant.second(waiting)
            self.monitor.look()
            waiting = ()

    def request(self, name: str, value: Asked = None) -> Request:
        """An engineer's request for two hours."""
        self.asked += 1
        until_s = self.world.now_s + 7_200.0
        return Request(f"r{self.asked}", "test", "engineer", name, value, "test", until_s)

    def fault(self, target: str, verb: str, seconds: int) -> None:
        """Something is broken for so long."""
        self.world.faults.set(target, verb)
        self.pass_s(seconds)
        self.world.faults.set(target, "ok")

    def _judge(self, what: str, meant: frozenset[str]) -> None:
        """Nothing trips but what was meant, and a reset brings the plant back."""
        tripped = {trip.cause for trip in self.plant.state.protection.trips}
        self.found += [f"{what}: {cause} tripped" for cause in sorted(tripped - meant)]
        if not tripped:
            return
        self.pass_s(30)
        self.pass_s(RESET_S, self.request("trip_reset"))
        left = [trip.cause for trip in self.plant.state.protection.trips]
        self.found += [f"{what}: {cause} is there after a reset" for cause in left]


Meant = frozenset[str]
NOTHING: Meant = frozenset()


def demand(day: Day) -> Meant:
    """Any heat is asked, from nearly nothing to more than there is."""
    share = day.dice.choice((0.0, 0.02, 0.07, day.dice.uniform(0.1, 0.95), 0.95))
    day.pass_s(900, day.request("heat_demand_kw", share * day.rated_kw))
    return NOTHING


def curve(day: Day) -> Meant:
    """The demand by hand ends, and the weather changes."""
    day.world.set_outdoor_c(day.dice.uniform(-15.0, 15.0))
    day.pass_s(900, day.request("heat_demand_withdraw"))
    return NOTHING


def rest(day: Day) -> Meant:
    """The plant is ordered to rest, and to run again before it has or long after."""
    order = day.dice.choice(("standby", "off"))
    day.pass_s(day.dice.choice((60, 300, 700)), day.request("plant_mode", order))
    day.pass_s(1_200, day.request("plant_mode", "run"))
    return NOTHING


def mains(day: Day) -> Meant:
    """Mains fail for seconds or minutes."""
    day.fault("mains", "off", day.dice.choice((5, 60, 400)))
    day.pass_s(1_500)
    return NOTHING


def pump(day: Day) -> Meant:
    """A pump fails; only where no other may be left turning at that moment is that a trip."""
    hydraulics = day.given["hydraulics"]
    day.fault(day.dice.choice(hydraulics["pumps"]), "off", 300)
    day.pass_s(300)
    few = hydraulics["pumps_duty"] in (1, len(hydraulics["pumps"]))
    return frozenset({"primary-flow", "container-flow"}) if few else NOTHING


def leak(day: Day) -> Meant:
    """A rope gets wet and dries."""
    container = day.dice.randint(1, day.given["containers"])
    day.fault(f"container-{container:02}.leak", "wet", 400)
    day.pass_s(10)
    return frozenset({"leak"})


EVENTS_THERE_ARE: tuple[Callable[[Day], Meant], ...] = (
    demand,
    demand,
    demand,
    curve,
    rest,
    rest,
    mains,
    pump,
    leak,
)
