"""Dialects are data with a source; what nobody has described is only listened to."""

from dataclasses import replace

import pytest
from msgspec import structs

from drivers.cgminer.codec import Status
from drivers.cgminer.dialects import MONITORING_ONLY, dialect_for, dialects
from drivers.cgminer.orders import Order, Proof, order_from
from drivers.cgminer.reading import MinerState
from drivers.cgminer.telemetry import reading_of


def test_every_dialect_names_its_source() -> None:
    assert all(dialect.source for dialect in dialects().values())
    assert all(order.source for dialect in dialects().values() for order in dialect.orders)


def test_a_dialect_is_verified_only_where_each_of_its_orders_is() -> None:
    verified = [dialect for dialect in dialects().values() if dialect.verified]

    assert [dialect.name for dialect in verified] == ["a1346"]
    assert all(order.verified for dialect in verified for order in dialect.orders)


@pytest.mark.parametrize("model", ["1346-110", "AvalonMiner 1346-110", "A1346", "a1346"])
def test_a_model_is_found_by_its_prefix_with_or_without_the_makers_name(model: str) -> None:
    assert dialect_for(model).name == "a1346"


@pytest.mark.parametrize(
    "model", ["", "1566", "1566I", "741", "QX", "Nano", "S21 Hyd", "AvalonMiner"]
)
def test_an_unknown_model_is_only_listened_to(model: str) -> None:
    dialect = dialect_for(model)

    assert dialect is MONITORING_ONLY
    assert dialect.sleep is None
    assert not dialect.may_command


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("921", "a921"),
        ("1047", "a10"),
        ("10xx", "a10"),
        ("1126Pro-S", "a10"),
        ("1246-83", "a12_a15"),
        ("15-194", "a12_a15"),
        ("A1566HU-400", "a1566hu"),
        ("nano3", "nano3"),
        ("Avalon Nano3s", "nano3s"),
        ("Mini3", "mini3"),
        ("Avalon Q", "q"),
    ],
)
def test_every_family_has_its_dialect_and_none_is_commanded_unseen(model: str, name: str) -> None:
    dialect = dialect_for(model)

    assert dialect.name == name
    assert not dialect.may_command
    assert not any(dialect.may(order) for order in dialect.orders)
    assert all(dialect.accept().may(order) for order in dialect.orders)


def test_a_model_that_cannot_sleep_is_not_counted_on_even_when_accepted() -> None:
    for model in ("Nano3s", "921", "S21 Hyd"):
        assert not dialect_for(model).accept().may_command


def test_an_order_that_nobody_has_seen_is_not_given_though_its_dialect_is_verified() -> None:
    dialect = dialects()["a1346"]
    assert dialect.sleep is not None

    assert dialect.may(dialect.sleep)
    assert not dialect.may(replace(dialect.sleep, verified=False))


def test_the_hydro_unit_takes_no_orders_until_an_engineer_accepts_it() -> None:
    dialect = dialect_for("A1566HA-460")

    assert (dialect.rated_kw, dialect.rated_ths) == (8.4, 460.0)
    assert not dialect.may_command
    assert dialect.accept().may_command
    assert not dialect.accept().verified


@pytest.mark.parametrize(
    ("firmware", "name", "when"),
    [
        ("26010101_0", "a1566ha", None),
        ("26020101_0", "a1566ha_live", "live"),
        ("26030101_0", "a1566ha_reboot", "reboot"),
        ("", "a1566ha", None),
        ("27990101_0", "a1566ha", None),
    ],
)
def test_the_same_model_is_spoken_to_as_its_firmware_wants(
    firmware: str, name: str, when: str | None
) -> None:
    dialect = dialect_for("A1566HA-460", firmware)

    assert dialect.name == name
    assert (dialect.set_mode.when if dialect.set_mode else None) == when
    assert not dialect.may_command


def test_a_dialect_says_which_words_a_unit_must_list() -> None:
    assert dialect_for("1566HA").words == {"softoff", "reboot"}
    assert dialect_for("1566HA", "26020101").words == {"softoff", "reboot", "workmode"}
    assert MONITORING_ONLY.words == frozenset()


def test_a_mode_is_known_by_the_number_that_telemetry_tells() -> None:
    dialect = dialect_for("1566HA", "26020101")

    named = [dialect.mode_numbered(number) for number in (0, 1, 2)]
    assert [mode.name for mode in named if mode] == ["eco", "normal", "boost"]
    assert dialect.mode_numbered(3) is None
    assert dialect.mode_numbered(None) is None


def test_success_is_what_the_dialect_lists() -> None:
    sleep = dialect_for("1346").sleep

    assert sleep is not None
    assert sleep.succeeded(Status("S", 119, "ASC 0 set OK"))
    assert not sleep.succeeded(Status("I", 118, "ASC 0 set info: help|softoff|"))


@pytest.mark.parametrize(
    ("when", "number", "stated"),
    [
        ("asleep", None, {"state": MinerState.ASLEEP}),
        ("hashing", None, {"state": MinerState.CALIBRATING}),
        ("mode", 2, {"state": MinerState.RUNNING, "work_mode": 2}),
        ("level", -1, {"state": MinerState.RUNNING, "work_level": -1}),
    ],
)
def test_an_order_is_proven_by_what_its_dialect_names_and_by_nothing_else(
    when: Proof, number: int | None, stated: dict[str, object]
) -> None:
    order = Order("ascset", "0,word", ("S119",), 9.0, proof=when)
    other = reading_of("Elapsed[1] SYSTEMSTATU[Work: In Init, Hash Board: 4 ]")

    assert order.proven_by(structs.replace(other, **stated), number)
    assert not order.proven_by(other, number)


def test_an_order_with_a_time_needs_a_clock_that_shows_a_date() -> None:
    sleep = dialects()["mini3"].sleep
    assert sleep is not None

    assert sleep.at(1_800_000_000.0).parameter == "0,softoff,1:1800000005"
    for clock_s in (978.0, float("nan")):
        with pytest.raises(ValueError, match="no date"):
            sleep.at(clock_s)


def test_a_level_outside_what_a_source_names_is_refused() -> None:
    levels = dialects()["mini3"].set_level
    assert levels is not None

    assert levels.for_level(-1).parameter == "0,worklevel,set,-1"
    with pytest.raises(ValueError, match="expected -1 to 0"):
        levels.for_level(1)


@pytest.mark.parametrize(
    ("table", "because"),
    [
        ({"parameter": "0,softoff", "success": [], "done_within_s": 1.0, "proof": "luck"}, "proof"),
        ({"parameter": "softoff", "success": [], "done_within_s": 1.0}, "expected 0,word"),
        ({"parameter": "0,softoff,1:{unix}", "success": [], "done_within_s": 1.0}, "after_s"),
    ],
)
def test_a_dialect_with_a_mistake_says_which(table: dict[str, object], because: str) -> None:
    with pytest.raises(ValueError, match=because):
        order_from({"command": "ascset", **table}, "asleep")
