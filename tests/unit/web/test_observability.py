"""The log lets through what is on its list, and nothing else."""

import json

import pytest
import structlog

from survey_service.web.observability import configure_logging, log_failure, metrics_page, observe


def test_unlisted_fields_never_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    structlog.get_logger().warning("request", status=500, token="secret", answer="typed", email="a@b.c")
    line = json.loads(capsys.readouterr().err)
    assert line["status"] == 500
    assert set(line) == {"event", "level", "timestamp", "status"}
    structlog.reset_defaults()


def test_a_failure_is_logged_by_place_not_by_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    try:
        raise ValueError("what the respondent typed")
    except ValueError as error:
        log_failure(error)
    line = capsys.readouterr().err
    assert "what the respondent typed" not in line
    assert json.loads(line)["where"].startswith("test_observability.py:")
    structlog.reset_defaults()


def test_metrics_name_an_area_never_a_token() -> None:
    observe({"path": "/s/abcdefghijklmnopqrstuv/en", "method": "GET"}, 200, 0.001)
    observe({"path": "/wp-login.php", "method": "GET"}, 200, 0.001)
    text = metrics_page().decode()
    assert 'area="s"' in text
    assert 'area="other"' in text
    assert "abcdefghijklmnopqrstuv" not in text
    assert "wp-login" not in text
