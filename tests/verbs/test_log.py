"""The log is the least of what a plant needs."""

import io
import os
import sys

import pytest
import structlog

from controller.verbs.common import log_to_stderr


def test_a_log_line_is_json_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_to_stderr()
    structlog.get_logger().warning("order failed", miner="A1")

    line = capsys.readouterr().err
    assert '"event": "order failed"' in line
    assert '"miner": "A1"' in line


def test_a_log_that_is_closed_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    log_to_stderr()
    stream.close()

    structlog.get_logger().warning("order failed")


def test_a_log_whose_reader_is_gone_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", buffering=1) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        log_to_stderr()

        structlog.get_logger().warning("order failed")

        # The stream cannot be flushed by its end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)
