"""The log-in lets in whom the users file names, and nobody when it is not in order."""

import asyncio
from pathlib import Path

import pytest

from controller.gateway.login import CHECKS_WAITING, Login, Visitor
from controller.gateway.users import add_user, remove_user

# Passwords are checked in real threads.
pytestmark = pytest.mark.real_sockets

PASSWORD = "correct horse battery"
HERE = "10.0.0.1"


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.toml"
    add_user(path, "olga", role="operator", password=PASSWORD)
    return path


async def test_the_right_password_gives_the_person_and_the_role(users: Path) -> None:
    visitor = await Login(users).enter("olga", PASSWORD, HERE)

    assert visitor == Visitor("olga", "operator", HERE)


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("olga", "wrong horse battery"),
        ("olga", ""),
        ("olga", PASSWORD + " "),
        ("nobody", PASSWORD),
        ("", "nobody has this password"),
        ("olga", PASSWORD + "x" * 1000),
    ],
)
async def test_everybody_else_stays_outside(users: Path, name: str, password: str) -> None:
    assert await Login(users).enter(name, password, HERE) is None


async def test_a_change_of_the_file_counts_at_once(users: Path) -> None:
    login = Login(users)
    before = await login.enter("olga", PASSWORD, HERE)

    remove_user(users, "olga")

    assert before is not None
    assert await login.enter("olga", PASSWORD, HERE) is None


async def test_a_file_that_others_can_read_lets_nobody_in(users: Path) -> None:
    users.chmod(0o644)

    assert await Login(users).enter("olga", PASSWORD, HERE) is None


async def test_after_five_failures_the_right_password_waits_too(users: Path) -> None:
    login = Login(users)
    for _ in range(5):
        await login.enter("olga", "wrong horse battery", HERE)

    assert await login.enter("olga", PASSWORD, HERE) is None
    assert await login.enter("olga", PASSWORD, "10.0.0.2") is not None


async def test_a_flood_of_log_ins_is_refused_and_does_not_queue(users: Path) -> None:
    login = Login(users)
    crowd = (login.enter("olga", PASSWORD, f"10.0.0.{number}") for number in range(50))

    visitors = await asyncio.gather(*crowd)

    assert sum(visitor is not None for visitor in visitors) == CHECKS_WAITING
