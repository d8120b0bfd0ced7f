"""Contact files and registers for tests, made through the import itself."""

import csv
from pathlib import Path

from survey_service.domain.questionnaire import Block, Questionnaire
from survey_service.integrations.xlsform import write_xlsform
from survey_service.services.contacts.contact_rows import NEEDED
from survey_service.services.contacts.import_contacts import ImportResult, import_contacts
from survey_service.services.questionnaires.import_survey import import_survey
from survey_service.services.questionnaires.manage_survey import open_survey
from survey_service.settings import Settings
from tests.support.make import make_question, make_questionnaire, texts

AUDIENCES = ("resident", "worker", "business", "visitor")


def contact_row(number: int, **overrides: str) -> dict[str, str]:
    """One row that is right, of the audience its number falls on."""
    row = {
        "reference": f"R{number:05d}",
        "audience": AUDIENCES[number % 4],
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        "mobile": "",
        "language": "en",
        "channel": "email",
        "unit": "",
        "consent_survey": "yes",
        "consent_newsletter": "no",
        "consent_source": "sign-up page",
        "consent_date": "2025-03-01",
    }
    return row | overrides


def contact_rows(count: int, **overrides: str) -> list[dict[str, str]]:
    """So many rows, numbered from 1 as their references are."""
    return [contact_row(number, **overrides) for number in range(1, count + 1)]


def write_contacts(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write the rows as a file for import."""
    columns = list(dict.fromkeys([*NEEDED, *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


async def fill_register(folder: Path, settings: Settings, rows: list[dict[str, str]]) -> ImportResult:
    """Import the rows."""
    return await import_contacts(write_contacts(folder / "contacts.csv", rows), settings)


def six_blocks(name: str = "parks") -> Questionnaire:
    """A core question and three blocks of two, so that there are three forms of 53 seconds."""
    blocks = tuple(
        Block(
            name=f"b{number}",
            label=texts(f"Block {number}"),
            questions=(make_question(f"q{number}a"), make_question(f"q{number}b")),
        )
        for number in (1, 2, 3)
    )
    return make_questionnaire(name=name, blocks=blocks)


async def open_new_survey(
    folder: Path, slug: str = "parks", questionnaire: Questionnaire | None = None
) -> str:
    """Import a workbook and open the survey; return its slug."""
    path = folder / f"{slug}.xlsx"
    path.write_bytes(write_xlsform(questionnaire or six_blocks()))
    await import_survey(path, department_name="Parks", slug=slug)
    await open_survey(slug, repeat_reason="tests ask the same again")
    return slug
