"""Dialects are data with a source; what nobody has described is only listened to."""

import pytest

from drivers.cgminer.codec import Status
from drivers.cgminer.dialects import MONITORING_ONLY, dialect_for, dialects


def test_every_dialect_names_its_source() -> None:
    assert dialects().keys() == {"a1346", "a1566ha", "a1566ha_live", "a1566ha_reboot"}
    assert all(dialect.source for dialect in dialects().values())


@pytest.mark.parametrize("model", ["1346-110", "AvalonMiner 1346-110", "A1346", "a1346"])
def test_a_model_is_found_by_its_prefix_with_or_without_the_makers_name(model: str) -> None:
    assert dialect_for(model).name == "a1346"


@pytest.mark.parametrize("model", ["", "15-194", "Nano3s", "1566", "S21 Hyd", "AvalonMiner"])
def test_an_unknown_model_is_only_listened_to(model: str) -> None:
    dialect = dialect_for(model)

    assert dialect is MONITORING_ONLY
    assert dialect.sleep is None
    assert not dialect.may_command


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
