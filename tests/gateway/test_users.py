"""The users file holds no password, is read by nobody else, and takes no bad one."""

from pathlib import Path

import pytest

from controller.gateway.users import (
    BadUser,
    BadUsersFile,
    add_user,
    change_password,
    check_password,
    load_users,
    remove_user,
)

PASSWORD = "correct horse battery"


@pytest.fixture
def users(tmp_path: Path) -> Path:
    return tmp_path / "users.toml"


def test_a_plant_without_users_lets_nobody_in(users: Path) -> None:
    assert load_users(users) == {}


@pytest.mark.parametrize("role", ["viewer", "operator", "engineer", "buyer", "grid"])
def test_every_role_of_the_plant_can_be_given(users: Path, role: str) -> None:
    add_user(users, "olga", role=role, password=PASSWORD)

    assert load_users(users)["olga"].role == role


@pytest.mark.parametrize("role", ["gateway", "admin", "Operator", ""])
def test_no_other_role_is_given_to_a_person(users: Path, role: str) -> None:
    with pytest.raises(BadUser, match="none of viewer, operator, engineer, buyer, grid"):
        add_user(users, "olga", role=role, password=PASSWORD)


def test_a_person_is_kept_with_role_and_hash(users: Path) -> None:
    add_user(users, "olga", role="operator", password=PASSWORD)
    add_user(users, "vera", role="viewer", password=PASSWORD)

    found = load_users(users)

    assert {name: user.role for name, user in found.items()} == {
        "olga": "operator",
        "vera": "viewer",
    }
    assert found["olga"].hash.startswith("$argon2id$")
    assert found["olga"].hash != found["vera"].hash


def test_the_file_is_private_and_holds_no_password(users: Path) -> None:
    add_user(users, "olga", role="operator", password=PASSWORD)

    assert users.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in users.read_text()


def test_a_file_that_others_can_read_is_refused(users: Path) -> None:
    add_user(users, "olga", role="operator", password=PASSWORD)
    users.chmod(0o640)

    with pytest.raises(BadUsersFile, match="0600"):
        load_users(users)


@pytest.mark.parametrize(
    "text",
    [
        "[[user]\n",
        'user = "olga"\n',
        '[[user]]\nname = "olga"\nrole = "operator"\n',
        '[[user]]\nname = "olga"\nrole = "god"\nhash = "$argon2id$x"\n',
        '[[user]]\nname = "olga"\nrole = "operator"\nhash = "secret"\n',
        '[[user]]\nname = 1\nrole = "operator"\nhash = "$argon2id$x"\n',
        '[[user]]\nname = "a"\nrole = "viewer"\nhash = "$argon2id$x"\n' * 2,
    ],
)
def test_a_file_that_is_not_in_order_is_refused_by_name(users: Path, text: str) -> None:
    users.write_text(text)
    users.chmod(0o600)

    with pytest.raises(BadUsersFile, match=r"users\.toml"):
        load_users(users)


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [
        ("olga", "god", PASSWORD),
        ("Olga", "operator", PASSWORD),
        ('ol"ga', "operator", PASSWORD),
        ("olga\n[[user]]", "operator", PASSWORD),
        ("olga", "operator", "elevenchars"),
        ("olga", "operator", "x" * 129),
        ("olga", "operator", "aaaaaaaaaaaaaaaa"),
        ("olga", "operator", "my name is Olga!"),
        ("olga", "operator", "Password-of-2026"),
    ],
)
def test_a_bad_name_role_or_password_is_refused(
    users: Path, name: str, role: str, password: str
) -> None:
    with pytest.raises(BadUser):
        add_user(users, name, role=role, password=password)

    assert not users.exists()


def test_twelve_characters_are_enough() -> None:
    check_password("olga", "kd83nf02lsp4")


def test_a_name_is_not_taken_twice(users: Path) -> None:
    add_user(users, "olga", role="viewer", password=PASSWORD)

    with pytest.raises(BadUser, match="there already"):
        add_user(users, "olga", role="engineer", password=PASSWORD)

    assert load_users(users)["olga"].role == "viewer"


def test_a_password_can_be_changed(users: Path) -> None:
    add_user(users, "olga", role="operator", password=PASSWORD)
    before = load_users(users)["olga"]

    change_password(users, "olga", password="another battery of horses")

    after = load_users(users)["olga"]
    assert (after.name, after.role) == (before.name, before.role)
    assert after.hash != before.hash
    with pytest.raises(BadUser, match="no user"):
        change_password(users, "emil", password="another battery of horses")


def test_a_person_can_be_removed(users: Path) -> None:
    add_user(users, "olga", role="operator", password=PASSWORD)

    remove_user(users, "olga")

    assert load_users(users) == {}
    with pytest.raises(BadUser, match="no user"):
        remove_user(users, "olga")
