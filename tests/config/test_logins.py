"""The file of miners' accounts: who may read it, what it must say, and that nobody repeats it."""

from pathlib import Path

import pytest

from controller.config.logins import BadLogins, read_logins

GOOD = '[trim]\naccount = "super"\npassword = "geheim 12"\n'


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "logins.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_login_is_an_account_and_a_password(tmp_path: Path) -> None:
    logins = read_logins(written(tmp_path, GOOD))

    assert (logins["trim"].account, logins["trim"].password) == ("super", "geheim 12")
    assert "geheim" not in repr(logins)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_logins(tmp_path / "logins.toml") == {}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_that_others_may_read_is_not_believed(tmp_path: Path, mode: int) -> None:
    with pytest.raises(BadLogins, match="may be read by others"):
        read_logins(written(tmp_path, GOOD, mode))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[trim]\naccount = "super"\n', "exactly account and password"),
        (f"{GOOD}port = 4433\n", "exactly account and password"),
        ("trim = 7\n", "exactly account and password"),
        (GOOD.replace("super", "admin"), "account must be one of super"),
        (GOOD.replace('"geheim 12"', '""'), "password must be a text"),
        (GOOD.replace('"geheim 12"', "12"), "password must be a text"),
        (GOOD.replace("geheim 12", "gehe\u00efm"), "password must be a text"),
        ("[trim\npassword = geheim", "is no TOML"),
    ],
)
def test_what_is_wrong_is_told_and_the_password_is_not(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(BadLogins, match=told) as bad:
        read_logins(written(tmp_path, text))

    assert "gehe" not in str(bad.value)


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadLogins, match="cannot be read: IsADirectoryError"):
        read_logins(tmp_path)
