"""The outside monitor: each rule is broken once by hand, and a calm plant breaks none."""

import math

import pytest

from simulators.description import Container, PlantDescription
from simulators.monitor import RULES, Monitor
from simulators.world import World

CALM = PlantDescription(
    containers=(Container("container-01", 20), Container("container-02", 20)),
    primary_flow_max_lpm=11_500.0 * 40 / 920,
    primary_volume_l=20_000.0 * 40 / 920,
    district_flow_max_lpm=4_200.0 * 40 / 920,
    exchanger_ua_kw_per_k=700.0 * 40 / 920,
    dry_cooler_ua_kw_per_k=450.0 * 40 / 920,
    warm_heat_kw=200.0,
)


class Watched:
    """A world with its monitor."""

    def __init__(self, site_power_kw: float = math.inf) -> None:
        self.world = World(CALM)
        self.monitor = Monitor(self.world, site_power_kw)

    def wait(self, seconds: float) -> None:
        """Let time pass under the monitor's eyes."""
        for _ in range(round(seconds / 0.5)):
            self.world.step(0.5)
            self.monitor.look()

    def blind(self) -> None:
        """Let the flow switches stick, so that the hard-wired trips see nothing."""
        for container in ("container-01", "container-02"):
            self.world.faults.set(f"{container}.flow_proven", "stuck")

    def broken(self) -> dict[str, int]:
        """The rules that were broken, and how often."""
        return {name: rule.count for name, rule in self.monitor.rules.items() if rule.count}


def test_a_calm_plant_breaks_no_rule() -> None:
    plant = Watched(site_power_kw=400.0)

    plant.wait(60.0)

    assert plant.broken() == {}
    assert plant.monitor.total == 0


def test_pumps_ordered_off_under_power_are_seen_and_what_follows_too() -> None:
    plant = Watched()
    plant.blind()
    for pump in ("pump-1", "pump-2"):
        plant.world.plc.command(f"{pump}.run", value=False)

    plant.wait(60.0)

    rule = plant.monitor.rules["pumps-off-under-power"]
    assert (rule.count, rule.first_place) == (1, "plant")
    assert rule.first_s == pytest.approx(2.5)
    assert plant.broken().keys() >= {"hashing-without-flow", "outlet-too-hot"}


def test_pumps_that_break_are_not_an_order() -> None:
    plant = Watched()
    for pump in ("pump-1", "pump-2"):
        plant.world.faults.set(pump, "off")

    plant.wait(10.0)

    assert "pumps-off-under-power" not in plant.broken()


def test_hashing_without_flow_counts_after_twenty_seconds_for_each_unit() -> None:
    plant = Watched()
    for pump in ("pump-1", "pump-2"):
        plant.world.faults.set(pump, "off")
    plant.blind()
    running = int((plant.world.fleet.hashrate_ths > 1.0).sum())

    plant.wait(19.0)
    early = plant.monitor.rules["hashing-without-flow"].count
    plant.wait(20.0)

    rule = plant.monitor.rules["hashing-without-flow"]
    assert early == 0
    assert 0 < rule.count <= running
    assert rule.first_place is not None
    assert rule.first_place.startswith("c0")


def test_a_site_above_its_limit_is_seen_after_half_a_minute() -> None:
    electric_kw = float(World(CALM).fleet.power_kw.sum())
    within, above = Watched(electric_kw / 1.01), Watched(electric_kw / 1.03)

    for plant in (within, above):
        plant.wait(40.0)

    assert within.broken() == {}
    assert above.broken() == {"site-limit-exceeded": 1}


def test_an_emergency_stop_that_works_breaks_no_rule() -> None:
    plant = Watched()
    plant.world.faults.set("emergency-stop", "pressed")

    plant.wait(10.0)

    assert plant.broken() == {}


def test_a_wet_rope_opens_its_contactor_by_the_hard_wire() -> None:
    plant = Watched()
    plant.world.faults.set("container-01.leak", "wet")

    plant.wait(10.0)

    assert plant.broken() == {}
    assert not plant.world.plc.contactors_closed[0]


def test_what_goes_on_counts_once_and_what_comes_again_counts_again() -> None:
    plant = Watched(site_power_kw=1.0)
    rule = plant.monitor.rules["site-limit-exceeded"]

    plant.wait(100.0)
    once = rule.count
    plant.world.faults.set("emergency-stop", "pressed")
    plant.wait(5.0)
    now = rule.told()["now"]

    assert (once, now) == (1, 0)
    assert rule.lasted_s == pytest.approx(70.0, abs=3.0)


def test_every_rule_is_told_with_what_it_forbids() -> None:
    told = Watched().monitor.told()

    assert [rule["name"] for rule in told] == list(RULES)
    assert all(rule["forbids"] for rule in told)
