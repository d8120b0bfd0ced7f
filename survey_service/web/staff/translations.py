"""`/staff/surveys/…/translations`: how far each language is; side by side; files; who accepted what."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.numerals import read_whole_number
from survey_service.domain.roles import may
from survey_service.i18n.locales import KNOWN_LOCALES, find_locale
from survey_service.services.questionnaires.edit_draft import load_draft
from survey_service.services.questionnaires.review_languages import (
    accept_pages,
    accept_words,
    list_pages,
    refuse_words,
    review_languages,
)
from survey_service.services.questionnaires.translate_survey import (
    FileTaken,
    check_language,
    list_lines,
    list_suggestions,
    save_lines,
    take_file,
    write_file,
)
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import Desk, as_errors, authoring_page, read_base, sit_down
from survey_service.web.staff.done import go_on
from survey_service.web.staff.form_words import text_word
from survey_service.web.staff.guards import AnyRequest, require_session, signed_in_staff
from survey_service.web.staff.page import LANGUAGE, staff_page
from survey_service.web.staff.question_words import change_words
from survey_service.web.staff.start_survey import UPLOAD_LIMIT, read_upload
from survey_service.web.staff.workbook import XLSX, as_file

LONGEST = 5_000
FILE_FIELDS = FileTaken.__struct_fields__
TEXT = "text:"
"""Begins the name of a field; the text's path follows."""


DONE = {"file": "taken_in", "accept": "accepted", "refuse": "not_accepted"}
"""What is said after each step; anything else saves."""


@get("/staff/surveys/{slug:str}/translations", guards=[require_session])
async def show_translations(request: AnyRequest) -> Response[str]:
    """Every language of the survey."""
    desk = await sit_down(request)
    languages = await review_languages(desk.staff, desk.survey, request.app.state.settings)
    return await authoring_page(request, "staff/translations.html", desk, languages=languages)


@get("/staff/surveys/{slug:str}/translations/{language:str}", guards=[require_session])
async def show_translation(request: AnyRequest) -> Response[str]:
    """The texts and their translations, side by side."""
    return await _side_by_side(request, await sit_down(request))


@post(
    "/staff/surveys/{slug:str}/translations/{language:str}",
    guards=[refuse_cross_site, require_session],
    status_code=303,
    request_max_body_size=UPLOAD_LIMIT,
)
async def change_translation(request: AnyRequest) -> Response[Any]:
    """Save what was typed, take a file in, accept the words or take that back."""
    desk, posted = await sit_down(request), await request.form()
    language, base = request.path_params["language"], read_base(posted)
    step = posted.get("step")
    typed, query = _read_typed(posted), ""
    try:
        if step == "file":
            content, name = await read_upload(posted.get("file"))
            taken = await take_file(desk.staff, desk.survey, language, content, name, base=base)
            query = f"?{urlencode(msgspec.structs.asdict(taken))}"
        elif step == "accept":
            await accept_words(desk.staff, desk.survey, language, base=base)
        elif step == "refuse":
            await refuse_words(desk.staff, desk.survey, language)
        else:
            confirmed = frozenset(str(path) for path in posted.getall("confirmed", []))
            await save_lines(desk.staff, desk.survey, language, typed, confirmed=confirmed, base=base)
    except SurveyServiceError as refusal:
        return await _side_by_side(request, desk, refusal=refusal, seen=base, typed=typed)
    return go_on(
        f"/staff/surveys/{desk.survey.slug}/translations/{language}{query}", DONE.get(str(step), "saved")
    )


@get("/staff/surveys/{slug:str}/translations/{language:str}/{kind:str}", guards=[require_session])
async def download_translation(request: AnyRequest) -> Response[Any]:
    """A file for a translator: `xlsx`, or else `po`."""
    desk = await sit_down(request)
    language, is_workbook = request.path_params["language"], request.path_params["kind"] == "xlsx"
    content = await write_file(desk.staff, desk.survey, language, is_workbook=is_workbook)
    name = f"{desk.survey.slug}-{language}.{'xlsx' if is_workbook else 'po'}"
    return as_file(content, XLSX if is_workbook else "text/x-gettext-translation", name)


@get("/staff/languages", guards=[require_session])
async def show_languages(request: AnyRequest) -> Response[str]:
    """The languages of the pages around every survey, and who accepted each."""
    staff = signed_in_staff(request)
    pages = await list_pages(staff)
    return staff_page(
        request,
        "staff/languages.html",
        staff=staff,
        language=LANGUAGE,
        pages=[(KNOWN_LOCALES[code], review) for code, review in pages.items()],
        allows_unreviewed=request.app.state.settings.unreviewed_languages,
        may_accept=may(staff.role, "govern"),
    )


@post("/staff/languages", guards=[refuse_cross_site, require_session], status_code=303)
async def accept_language(request: AnyRequest) -> Response[Any]:
    """Accept the pages in a language, or take that back."""
    what, _, language = str((await request.form()).get("step", "")).partition(":")
    await accept_pages(signed_in_staff(request), language, is_accepted=what == "accept")
    return go_on("/staff/languages", "accepted" if what == "accept" else "not_accepted")


def _read_typed(posted: Any) -> dict[str, str]:
    return {
        str(name).removeprefix(TEXT): str(text).replace("\r\n", "\n").strip()[:LONGEST]
        for name, text in posted.items()
        if str(name).startswith(TEXT)
    }


async def _side_by_side(
    request: AnyRequest,
    desk: Desk,
    *,
    refusal: SurveyServiceError | None = None,
    seen: int | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:
    language = request.path_params["language"]
    current = await load_draft(desk.survey)
    check_language(current.draft, language)
    settings = request.app.state.settings
    reviews = await review_languages(desk.staff, desk.survey, settings)
    return await authoring_page(
        request,
        "staff/translation.html",
        desk,
        current=current,
        refusal=refusal,
        errors=as_errors(refusal, "#texts"),
        seen=seen,
        locale=find_locale(language),
        code=language,
        lines=list_lines(current.draft, language),
        taken={name: read_whole_number(request.query_params.get(name, "")[:9]) for name in FILE_FIELDS},
        typed=typed or {},
        suggested={} if typed else list_suggestions(current.draft, language),
        text_field=TEXT,
        text_word=text_word,
        review=next(one for one in reviews if one.code == language),
        allows_unreviewed=settings.unreviewed_languages,
        change_words=change_words(),
    )


ROUTES = [
    show_translations,
    show_translation,
    change_translation,
    download_translation,
    show_languages,
    accept_language,
]
