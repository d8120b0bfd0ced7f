"""Messages as files: each once, none without a receipt, no formula, and the report read back."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey_service.domain.errors import FileRefused
from survey_service.integrations.message_files.formats import load_formats
from survey_service.services.gate.freeze_contact import freeze_contact, thaw_contact
from survey_service.services.messages.export_messages import (
    ResultsRead,
    export_messages,
    read_message_results,
)
from survey_service.services.rotation.draw_wave import draw_wave
from survey_service.settings import Settings
from tests.support.register import contact_rows, fill_register, open_new_survey
from tests.support.rows import fetch

NOW = datetime.now(UTC)


async def invite_by_text(settings: Settings, tmp_path: Path, count: int) -> None:
    people = contact_rows(count, audience="worker", channel="text")
    for number, one in enumerate(people):
        one["mobile"] = f"+4477009{number:05}"
    await fill_register(tmp_path, settings, people)
    await draw_wave(await open_new_survey(tmp_path), settings, n=count)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("Reference,Status\n" + "".join(f"{a},{b}\n" for a, b in rows), encoding="utf-8-sig")
    return path


def test_the_formats_say_where_they_come_from_and_that_nobody_tried_them() -> None:
    formats = load_formats()
    assert {"notify_text", "notify_email", "everbridge"} <= set(formats)
    for name, one in formats.items():
        assert "reference" in one.columns.values(), name
        assert "link" in one.columns.values(), name
        assert set(one.report) == {"reference", "status"}


async def test_a_file_holds_each_waiting_message_once(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    await invite_by_text(settings, tmp_path, 4)
    await freeze_contact("A major incident")
    path = tmp_path / "messages.csv"
    assert (await export_messages("notify_text", path, settings, NOW)).messages == 0
    await thaw_contact()
    assert (await export_messages("notify_email", path, settings, NOW)).messages == 0
    assert (await export_messages("notify_text", path, settings, NOW)).messages == 4
    rows = read(path)
    assert len({row["phone number"] for row in rows}) == 4
    assert all(row["phone number"].startswith("+44") for row in rows)
    for row in rows:
        assert row["link"] in row["text"]
        assert re.search(r"/me/[\w-]{22}$", row["text"])
        assert "&" not in row["text"]
    states = await fetch("SELECT state, count(receipt)::int AS n FROM message GROUP BY state")
    assert states == [{"state": "sent", "n": 4}]
    assert (await export_messages("notify_text", path, settings, NOW)).messages == 0
    assert not path.with_name("messages.csv.new").exists()


async def test_a_report_marks_who_was_not_reached(database: str, settings: Settings, tmp_path: Path) -> None:
    await invite_by_text(settings, tmp_path, 4)
    path = tmp_path / "messages.csv"
    await export_messages("notify_text", path, settings, NOW)
    one, two, three, four = [row["reference"] for row in read(path)]
    result = report(
        tmp_path / "report.csv",
        [
            (one, "Delivered"), (two, "Phone number doesn’t exist"), (three, "Not delivered"),
            (four, "Sending"), ("00000-00000", "Not delivered"),
        ],
    )  # fmt: skip
    read_now = await read_message_results("notify_text", result, settings, NOW)
    assert read_now == ResultsRead(delivered=1, pending=1, not_delivered=2, unreachable=1, unknown=1)
    again = await read_message_results("notify_text", result, settings, NOW)
    assert (again.not_delivered, again.unreachable) == (0, 0)
    facts = await fetch(
        "SELECT c.has_mobile, i.undelivered_at IS NOT NULL AS came_back FROM message m "
        "JOIN contact c ON c.id = m.contact JOIN invitation i ON i.id = m.invitation ORDER BY m.id"
    )
    assert [tuple(row.values()) for row in facts] == [
        (True, False), (False, True), (True, True), (True, False)
    ]  # fmt: skip
    await fetch("UPDATE contact_detail SET mobile = mobile || '0' RETURNING id")
    assert all(row["has_mobile"] for row in await fetch("SELECT has_mobile FROM contact"))


async def test_a_report_with_an_unknown_word_is_refused_whole(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    await invite_by_text(settings, tmp_path, 2)
    path = tmp_path / "messages.csv"
    await export_messages("notify_text", path, settings, NOW)
    one, two = [row["reference"] for row in read(path)]
    result = report(tmp_path / "report.csv", [(one, "Not delivered"), (two, "Eaten by the dog")])
    with pytest.raises(FileRefused) as refused:
        await read_message_results("notify_text", result, settings, NOW)
    assert refused.value.rows[0].row == 3
    assert await fetch("SELECT count(bounced_at)::int AS n FROM message") == [{"n": 0}]


def test_nothing_in_a_file_is_taken_for_a_formula() -> None:
    values = dict.fromkeys(("address", "reference", "text", "link"), "=HYPERLINK(1)")
    row = load_formats()["notify_text"].row(values | {"address": "+447700900000"})
    assert row == ["+447700900000", *["'=HYPERLINK(1)"] * 3]
