"""Every captured Avalon reply gives the values that its text shows, or is refused by name."""

from pathlib import Path

import pytest

from drivers.cgminer.codec import Section, decode, section, status
from drivers.cgminer.host import pools_in
from drivers.cgminer.reading import MinerReading, MinerState
from drivers.cgminer.telemetry import reading_of, telemetry
from drivers.errors import BadReply
from tests.wire.avalon_answers import ANSWERS, POOLS, PRINTED, REFUSALS, Answer, Refusal
from tests.wire.avalon_chains import CHAINS
from tests.wire.avalon_home import HOME
from tests.wire.avalon_industrial import INDUSTRIAL
from tests.wire.avalon_row import Row

ROWS = (*INDUSTRIAL, *HOME, *CHAINS)
TRANSCRIPTS = Path(__file__).parent / "transcripts" / "cgminer"
# Excerpts and notes, read by tests of their own: they are not replies as a whole.
EXCERPTS = {
    "avalon-1346-power-states.json",
    "avalon-1346-sleep-wake.json",
    "avalon-104x-privilege.json",
    "avalon-nano3s-mmid0-unit2.txt",
    "SOURCES.md",
}


def told(file: str, command: str, end: bytes = b"\0") -> dict[str, Section]:
    """A captured reply, decoded with the end that the files leave out."""
    return decode((TRANSCRIPTS / file).read_bytes() + end, command)


def same(value: object, expected: object) -> bool:
    """Equal, numbers to within what a sum of decimals loses."""
    return value == (pytest.approx(expected) if isinstance(expected, float) else expected)


def check(answer: Answer, replies: dict[str, Section]) -> None:
    """Assert that a reply holds what stands in the table."""
    reply = replies[answer.command.partition("+")[0]]
    said = status(reply)
    assert said.short == answer.short
    assert said.message.startswith(answer.message)
    if answer.section is not None:
        entry = section(reply, answer.section)
        assert {name: entry.get(name) for name in answer.values} == answer.values


def test_no_capture_is_left_out() -> None:
    read = {row.file for row in ROWS} | {answer.file for answer in ANSWERS} | POOLS.keys()
    refused = {refusal.file for refusal in REFUSALS}

    assert {path.name for path in TRANSCRIPTS.iterdir()} == read | refused | EXCERPTS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
def test_a_captured_reply_gives_what_its_text_shows(row: Row) -> None:
    reading = telemetry(told(row.file, row.command))

    wrong = {
        name: (getattr(reading, name), expected)
        for name, expected in row.reading.items()
        if not same(getattr(reading, name), expected)
    }
    assert not wrong
    assert {name: getattr(reading.details, name) for name in row.details} == row.details


OF_OTHER_MAKES = {"power_pct", "error_codes"}
"""No Avalon tells them."""


def test_the_table_asks_for_every_field_of_a_reading() -> None:
    asked = set(ROWS[0].reading) | {"details"}

    assert asked == set(MinerReading.__struct_fields__)
    every = set(type(telemetry(told(*ROWS[0][:2])).details).__struct_fields__)
    assert set(ROWS[0].details) | OF_OTHER_MAKES == every


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.file)
def test_a_captured_answer_gives_what_its_text_shows(answer: Answer) -> None:
    check(answer, told(answer.file, answer.command))


@pytest.mark.parametrize("answer", PRINTED, ids=lambda answer: answer.file)
def test_a_reply_of_the_manual_is_read_with_the_end_that_a_unit_sends(answer: Answer) -> None:
    check(answer, told(answer.file, answer.command, end=b"|\0"))


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.file)
def test_what_is_no_whole_reply_is_refused_by_name(refusal: Refusal) -> None:
    with pytest.raises(BadReply, match=refusal.because):
        told(refusal.file, refusal.command)


@pytest.mark.parametrize("file", POOLS)
def test_pools_are_told_without_the_account(file: str) -> None:
    pools = pools_in(told(file, "pools")["pools"])

    assert tuple((one.url, one.status, one.active, one.worker) for one in pools) == POOLS[file]


@pytest.mark.parametrize("text_end", [b"|\0", b"|"])
def test_pools_in_text_are_the_same_as_in_json(text_end: bytes) -> None:
    pools = pools_in(told("avalon-1066-pools.txt", "pools", text_end)["pools"])

    assert [(one.url, one.active) for one in pools] == [
        ("stratum+tcp://btc.ss.poolin.com:443", True)
    ]


@pytest.mark.parametrize(
    ("model", "rate_ths"), [("741", 52.12628215), ("841", 38.56709438), ("921", 473.70764951)]
)
def test_the_rate_of_a_chain_is_what_its_control_board_counts(model: str, rate_ths: float) -> None:
    replies = told(f"avalon-{model}-stats.json", "stats")
    replies |= told(f"avalon-{model}-summary.json", "summary")

    reading = telemetry(replies)

    assert reading.hashrate_ths == pytest.approx(rate_ths)
    assert reading.state is MinerState.RUNNING


def test_a_second_nano3s_tells_another_serial_and_a_hotter_chip() -> None:
    text = (TRANSCRIPTS / "avalon-nano3s-mmid0-unit2.txt").read_text(encoding="utf-8")

    reading = reading_of(text)

    assert (reading.serial, reading.chip_c, reading.outlet_c) == ("02010000bd448216", 95.0, 65.0)
    assert (reading.power_kw, reading.hashrate_ths) == (0.133, pytest.approx(6.59884))
    assert (reading.state, reading.elapsed_s) == (MinerState.RUNNING, 10_027.0)
