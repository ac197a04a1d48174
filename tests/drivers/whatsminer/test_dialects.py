"""What ships about models."""

import pytest

from drivers.whatsminer.dialects import MONITORING_ONLY, dialect_for, dialects


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("M65S_VL40", "m65s"),
        ("m65s", "m65s"),
        ("WhatsMiner M64S+_VL30", "m64"),
        ("M64_VL40", "m64"),
        ("M60S_VK40", "monitoring-only"),
        ("M65", "monitoring-only"),
        ("", "monitoring-only"),
    ],
)
def test_a_model_is_known_by_what_stands_before_its_boards(told: str, name: str) -> None:
    assert dialect_for(told).name == name


def test_nobody_is_commanded_until_an_engineer_has_accepted_it() -> None:
    for dialect in dialects().values():
        assert not dialect.may_command, f"{dialect.name} is verified: by which capture?"
        assert dialect.accept().may_command
        assert dialect.source


def test_what_is_unknown_cannot_even_be_accepted() -> None:
    assert not MONITORING_ONLY.accept().may_command


def test_levers_are_told_in_words() -> None:
    assert dialect_for("M65S").levers == ("sleep and wake", "power from 50 %")
    assert MONITORING_ONLY.levers == ()
