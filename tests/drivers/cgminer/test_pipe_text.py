"""The notation with bars: what parts a field from the next, and what is refused by name."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.cgminer.codec import decode, section, status
from drivers.errors import BadReply, Refused

STATUS = "STATUS=S,When=7,Code=70,Msg=CGMiner stats,Description=cgminer 4.11.1|"


def raw(text: str) -> bytes:
    return text.encode() + b"\0"


def test_a_message_may_hold_bars_and_commas() -> None:
    text = "STATUS=I,When=7,Code=118,Msg=ASC 0 set info: help|a,b|softoff|,Description=cgminer 4|"

    said = status(decode(raw(text), "ascset")["ascset"])

    assert said.short == "I118"
    assert said.message == "ASC 0 set info: help|a,b|softoff|"


def test_a_status_without_a_description_is_whole() -> None:
    said = status(decode(raw("STATUS=S,When=478,Code=119,Msg=ASC 0 set OK|"), "ascset")["ascset"])

    assert (said.short, said.message) == ("S119", "ASC 0 set OK")


def test_commas_within_brackets_part_nothing() -> None:
    text = f"{STATUS}STATS=0,MM ID0=A[1,b=2, 3] SYSTEMSTATU[Work: In Work, Hash Board: 3 ],N=2|"

    stats = section(decode(raw(text), "stats")["stats"], "STATS")

    assert stats["MM ID0"] == "A[1,b=2, 3] SYSTEMSTATU[Work: In Work, Hash Board: 3 ]"
    assert stats["N"] == "2"


def test_a_backslash_takes_a_marks_meaning_away() -> None:
    text = STATUS + r"POOL=0,URL=a\|b\,c\=d\\,User=x|"

    pool = section(decode(raw(text), "pools")["pools"], "POOLS")

    assert (pool["URL"], pool["User"]) == ("a|b,c=d\\", "x")


def test_a_serial_number_of_digits_stays_a_text() -> None:
    version = decode(raw(f"{STATUS} VERSION,DNA=0201000012345678,MAC=001122334455|"), "version")

    assert section(version["version"], "VERSION") == {
        "DNA": "0201000012345678",
        "MAC": "001122334455",
    }


def test_several_entries_of_a_section_stand_one_after_another() -> None:
    text = f"{STATUS}POOL=0,URL=a|POOL=1,URL=b|"

    pools = decode(raw(text), "pools")["pools"]["POOLS"]

    assert pools == [{"POOL": "0", "URL": "a"}, {"POOL": "1", "URL": "b"}]


def test_joined_replies_stand_under_their_commands() -> None:
    text = f"CMD=summary|{STATUS}SUMMARY,Elapsed=5|CMD=version|{STATUS}VERSION,MODEL=Q|"

    replies = decode(raw(text), "summary+version")

    assert section(replies["summary"], "SUMMARY") == {"Elapsed": "5"}
    assert section(replies["version"], "VERSION") == {"MODEL": "Q"}


def test_a_joined_reply_that_lacks_a_command_is_refused() -> None:
    with pytest.raises(BadReply, match="one reply to pools"):
        decode(raw(f"CMD=summary|{STATUS}SUMMARY,Elapsed=5|"), "summary+pools")


def test_an_error_is_a_refusal_in_the_miners_own_words() -> None:
    text = "STATUS=E,When=7,Code=14,Msg=Invalid command,Description=cgminer 4.11.1|"

    for command in ("restart", "summary+restart"):
        with pytest.raises(Refused, match="E14 Invalid command"):
            decode(raw(text), command)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (STATUS[:-1], "cut off"),
        (STATUS + "STATS=0,Elapsed=5", "cut off"),
        (STATUS[:20], "cut off"),
        ("STATUS=S,When=7,Code=70|", "expected Msg"),
        ("STATUS=S,When=7,Msg=no code,Description=x|", "Code number"),
        ("CMD=stats|", "section STATUS"),
        (f"{STATUS}STATS,,,\\", "cut off"),
        (f"CMD={STATUS}", "one reply to stats"),
    ],
)
def test_what_is_not_whole_is_refused_by_name(text: str, because: str) -> None:
    with pytest.raises(BadReply, match=because):
        decode(raw(text), "stats")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadReply, match="expected text"):
        decode(b"STATUS=S,\xff\xfe|\0", "stats")


@given(
    st.text(alphabet="STATUSCMD=,|[]\\ Msg1\n", max_size=200),
    st.sampled_from(["stats", "stats+pools"]),
)
@example("STATUS=" * 30, "stats")
@example("STATUS=S,Msg=|" * 30, "stats")
def test_no_text_raises_anything_but_bad_reply_or_refused(tail: str, command: str) -> None:
    for text in (f"STATUS={tail}|", f"CMD=stats|{STATUS}{tail}|", f"{STATUS}{tail}|"):
        try:
            replies = decode(raw(text), command)
        except (BadReply, Refused):
            continue
        assert set(replies) == set(command.split("+"))
