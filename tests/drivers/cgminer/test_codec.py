"""CGMiner bytes: what is taken, and what is refused by name."""

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.cgminer.codec import MAX_REPLY_BYTES, decode, encode, status
from drivers.errors import BadReply, Refused

OK = {"STATUS": "S", "When": 7, "Code": 11, "Msg": "Summary", "Description": "cgminer 4.11.1"}


def reply(**sections: object) -> bytes:
    return json.dumps({"STATUS": [OK], **sections, "id": 1}).encode() + b"\0"


def test_a_request_is_one_json_object_without_a_newline() -> None:
    assert encode("estats") == b'{"command":"estats"}'
    assert encode("ascset", "0,softoff") == b'{"command":"ascset","parameter":"0,softoff"}'


def test_a_request_longer_than_a_miner_reads_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 4095"):
        encode("ascset", "0," + "x" * 4095)


def test_a_single_reply_stands_under_its_command() -> None:
    replies = decode(reply(SUMMARY=[{"Elapsed": 155}]), "summary")

    assert replies["summary"]["SUMMARY"] == [{"Elapsed": 155}]
    assert status(replies["summary"]).short == "S11"


@pytest.mark.fault(27)
def test_a_reply_without_nul_is_taken() -> None:
    assert decode(reply()[:-1], "summary").keys() == {"summary"}


def test_a_code_written_as_text_is_a_code() -> None:
    raw = b'{"STATUS":[{"STATUS":"S","When":"7","Code":"119","Msg":"ASC 0 set OK"}]}'

    assert status(decode(raw, "ascset")["ascset"]).short == "S119"


def test_a_joined_reply_has_every_command_that_was_asked() -> None:
    one = {"STATUS": [OK], "SUMMARY": [{}], "id": 1}
    raw = json.dumps({"summary": [one], "estats": [one], "id": 1}).encode()

    assert decode(raw, "summary+estats").keys() == {"summary", "estats"}
    with pytest.raises(BadReply, match="reply to version"):
        decode(raw, "summary+version")


def test_nan_outside_a_string_is_none_and_inside_a_string_stays() -> None:
    raw = reply(SUMMARY=[{"a": "NUMBER", "b": 'say \\"nan\\", nan'}]).replace(b'"NUMBER"', b"-nan")

    summary = decode(raw, "summary")["summary"]["SUMMARY"]

    assert summary == [{"a": None, "b": 'say \\"nan\\", nan'}]


@pytest.mark.fault(27)
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "got nothing"),
        (b"\0", "got nothing"),
        (reply()[:-9], "whole JSON object"),
        (reply() + reply(), "whole JSON object"),
        (b'{"STATUS":[],}\0', "whole JSON object"),
        (b"[1]\0", "got list"),
        (b'"S"', "got str"),
        (b'{"a":1e999}', "out of range"),
        (b'{"a":"\xff\xfe"}', "whole JSON object"),
        (b"[" * 200_000, "whole JSON object"),
        (b'{"a":' * 20_000, "whole JSON object"),
        (b"x" * (MAX_REPLY_BYTES + 1), "at most 262144 bytes"),
        (b"{}", "section STATUS"),
        (b'{"STATUS":[]}', "section STATUS"),
        (b'{"STATUS":[{"STATUS":"S","Code":"nine"}]}', "STATUS with a letter"),
        (b'{"STATUS":[{"STATUS":"S","Code":true}]}', "STATUS with a letter"),
        (b'{"STATUS":[{"STATUS":"Z","Code":9,"Msg":""}]}', "S, I, W, E or F"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_bytes_that_are_not_one_whole_reply_are_refused(raw: bytes, expected: str) -> None:
    with pytest.raises(BadReply, match=expected):
        decode(raw, "summary")


@pytest.mark.parametrize("letter", ["E", "F"])
def test_an_error_is_a_refusal_in_the_miners_own_words(letter: str) -> None:
    raw = json.dumps({"STATUS": [OK | {"STATUS": letter, "Code": 14, "Msg": "Invalid command"}]})

    with pytest.raises(Refused, match=rf"restart: {letter}14 Invalid command"):
        decode(raw.encode(), "restart")


def test_a_joined_request_refused_as_a_whole_is_a_refusal() -> None:
    raw = json.dumps({"STATUS": [OK | {"STATUS": "E", "Code": 45, "Msg": "Access denied"}]})

    with pytest.raises(Refused, match="Access denied"):
        decode(raw.encode(), "summary+estats")


def test_one_refused_command_of_a_joined_reply_is_named() -> None:
    no = {"STATUS": [OK | {"STATUS": "E", "Code": 14, "Msg": "Invalid command"}]}
    raw = json.dumps({"summary": [{"STATUS": [OK]}], "estats": [no], "id": 1})

    with pytest.raises(Refused, match="estats: E14"):
        decode(raw.encode(), "summary+estats")


@pytest.mark.fault(27)
@given(st.binary(max_size=400), st.sampled_from(["summary", "summary+estats"]))
@example(b'{"a":"' + b'\\"' * 100, "summary")
@example(b"nan" * 50, "summary")
def test_no_bytes_raise_anything_but_bad_reply_or_refused(raw: bytes, command: str) -> None:
    try:
        replies = decode(raw, command)
    except (BadReply, Refused):
        return

    assert set(replies) == set(command.split("+"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["STATUS", "Code", "Msg", "summary"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_json_raises_anything_but_bad_reply_or_refused(value: object) -> None:
    raw = json.dumps(value).encode()

    with contextlib.suppress(BadReply, Refused):
        decode(raw, "summary+estats")
