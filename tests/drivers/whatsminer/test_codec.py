"""Frames, replies and their error codes, and the token."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadReply, Busy, DeviceError, Misasked, Refused
from drivers.whatsminer.codec import NoPermission, decode, encode, length_of
from drivers.whatsminer.login import Login

COMMAND = "get.miner.status"


def body(**said: object) -> bytes:
    return json.dumps({"code": 0, "when": 1, "msg": {}, "desc": COMMAND} | said).encode()


def test_a_request_has_its_length_before_it_lowest_byte_first() -> None:
    assert encode(COMMAND, "summary") == b'\x2c\0\0\0{"cmd":"get.miner.status","param":"summary"}'


def test_an_order_carries_what_signs_it() -> None:
    made = encode("set.miner.power", 3500, ts=5, token="Y0Ijoro/", account="super")

    assert json.loads(made[4:]) == {
        "cmd": "set.miner.power",
        "param": 3500,
        "ts": 5,
        "token": "Y0Ijoro/",
        "account": "super",
    }


def test_a_request_that_no_unit_would_read_is_not_made() -> None:
    with pytest.raises(ValueError, match="at most 4096"):
        encode(COMMAND, "x" * 5_000)


def test_the_token_is_what_another_program_computes() -> None:
    # printf 'set.miner.servicesupers3xkGSq11700000000' | openssl dgst -sha256 -binary | base64
    made = Login("super", "super").token("set.miner.service", "s3xkGSq1", 1_700_000_000)

    assert made == "dLkuxrp8"


def test_a_password_shows_up_in_no_text() -> None:
    login = Login("user1", "hunter2")

    assert "hunter2" not in f"{login} {login!r}"


def test_an_account_that_the_api_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="'admin': expected one of super, user1, user2, user3"):
        Login("admin", "x")


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        (-1, Refused, "fail"),
        (-2, Misasked, "invalid command"),
        (-3, Misasked, "invalid json item"),
        (-4, NoPermission, "no permission"),
        (-5, Busy, "out of memory"),
        (77, Refused, "a code that is not documented"),
    ],
)
def test_every_code_has_its_name(code: int, kind: type[Refused], name: str) -> None:
    with pytest.raises(kind) as refused:
        decode(body(code=code, msg="its own words"), COMMAND)

    assert type(refused.value) is kind
    assert str(refused.value) == f"{COMMAND}: code {code} ({name}): its own words"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "expected one JSON object"),
        (b"[]", "expected one JSON object, got list"),
        (b'{"code":0,', "expected one JSON object"),
        (b"[" * 9_999, "expected one JSON object"),
        (b'{"msg":{}}', "expected a code number"),
        (body(code=True), "expected a code number"),
        (body(code="0"), "expected a code number"),
        (body(desc="get.device.info"), "got one to 'get.device.info'"),
        (body(desc=None), "got one to 'NoneType'"),
    ],
)
def test_what_is_no_reply_to_this_is_a_bad_one(raw: bytes, told: str) -> None:
    with pytest.raises(BadReply, match=told):
        decode(raw, COMMAND)


def test_a_clock_that_is_none_is_none() -> None:
    assert decode(body(when=-1), COMMAND).when_s is None
    assert decode(body(when="1"), COMMAND).when_s is None
    assert decode(body(when=1_700_000_000), COMMAND).when_s == 1_700_000_000.0


def test_a_text_where_an_object_is_expected_is_a_bad_reply() -> None:
    with pytest.raises(BadReply, match="expected an object in msg, got str"):
        _ = decode(body(msg="ok"), COMMAND).sections


def test_a_frame_longer_than_any_reply_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadReply, match="announced 4294967295"):
        length_of(b"\xff\xff\xff\xff")


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_raise_a_device_error(raw: bytes) -> None:
    with contextlib.suppress(DeviceError):
        decode(raw, COMMAND)
