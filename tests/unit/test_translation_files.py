"""Translators' files as they come back: damaged, or made to do harm, they are refused and nothing more."""

import io
import zipfile

import pytest

from survey_service.domain.errors import FileRefused
from survey_service.integrations.translation_files import (
    TextToTranslate,
    read_translations,
    write_translation_workbook,
)

HEADER = 'msgid ""\nmsgstr "{}"\n\n'


def archive(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return target.getvalue()


def spoilt() -> bytes:
    """A workbook whose packed parts were damaged on the way."""
    text = TextToTranslate(path="q1", about="", text="Where? " * 400, translation="", is_stale=False)
    content = write_translation_workbook([text])
    return content[:200] + b"\xff" * 400 + content[600:]


@pytest.mark.parametrize(
    "content",
    [
        archive({"xl/workbook.xml": "<a><b></a>"}),
        archive({}),
        b"PK\x03\x04 no archive",
        spoilt(),
        bytes(range(256)),
        b'msgid "a\nmsgstr',
        b'msgid "a"\nmsgid_plural "b"\nmsgstr[99999999] "x"\n',
        HEADER.format("Content-Type: text/plain; charset=nothing\\n").encode(),
        # So many plural forms were made at once that the process was killed for want of memory.
        (
            HEADER.format("Plural-Forms: nplurals=99999999999; plural=0;\\n")
            + 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\n'
        ).encode(),
        # The same, hidden behind a character set that spells letters otherwise.
        (
            HEADER.format(
                "Content-Type: text/plain; charset=utf-7\\nPlural-Forms: nplurals=99999999999; plural=0;\\n"
            )
            + 'msgid "a"\n+AG0-sgid_plural "b"\nmsgstr[0] "x"\n'
        ).encode(),
    ],
)
def test_what_cannot_be_read_is_refused_whatever_it_is(content: bytes) -> None:
    with pytest.raises(FileRefused):
        read_translations(content, "from the translator")


def test_a_text_that_begins_like_a_formula_goes_out_and_comes_back_as_text() -> None:
    text = TextToTranslate(path="q1", about="", text="=1+1", translation="=2+2", is_stale=False)
    [back] = read_translations(write_translation_workbook([text]), "x.xlsx")
    assert (back.text, back.translation) == ("=1+1", "=2+2")
