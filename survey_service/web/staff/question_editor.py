"""`/staff/surveys/…/questions/<name>/edit` and `…/questions/new`: one question, and a look at it."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect
from litestar.types import ASGIApp

from survey_service.domain.draft_changes import block_of, find_question, get_block, get_question
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.length import seconds_per_point
from survey_service.domain.plain_rules import questions_to_depend_on
from survey_service.domain.question_kinds import Kind, begin_question, kind_of, kinds, marks_of
from survey_service.domain.questionnaire import Questionnaire, QuestionType, appearances_of_type
from survey_service.services.questionnaires.compare_versions import load_asked
from survey_service.services.questionnaires.edit_draft import CurrentDraft, change_draft, load_draft
from survey_service.services.questionnaires.judge_draft import judge_question
from survey_service.services.questionnaires.standard_answers import answers_in
from survey_service.services.questionnaires.try_form import make_trial, trial_path
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.respondent.page_answer import PageAnswer
from survey_service.web.respondent.trial_form import render_trial
from survey_service.web.staff.authoring import Desk, authoring_page, is_overtaken, read_base, sit_down
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.question_errors import change_errors, find_errors, show_half_written
from survey_service.web.staff.question_form import change_rows, form_of
from survey_service.web.staff.question_words import change_words, kind_words, look_words, wording_words
from survey_service.web.staff.question_writing import (
    Writing,
    changes_of_meaning,
    look_at,
    make_question,
    put_in_place,
    read_writing,
    saving_step,
)

CHECK = "check"
BEING_WRITTEN = "being_written"
"""What a question without a name is called in its preview, so that the frame can show it first."""


@get("/staff/surveys/{slug:str}/questions/new", guards=[require_session])
async def begin_new(request: AnyRequest) -> Response[Any]:
    """An empty question of the kind that was chosen."""
    desk = await sit_down(request)
    current = await load_draft(desk.survey)
    questionnaire = current.draft.questionnaire
    kind: Kind = next((one for one in kinds if one == request.query_params.get("kind")), "one")
    block = get_block(questionnaire, request.query_params.get("block", questionnaire.core.name))
    question = begin_question(
        kind, questionnaire.default_language, answers_in(questionnaire.default_language)
    )
    form = form_of(question, questionnaire.default_language)
    writing = Writing(name="", block=block.name, original=question, form=form)
    return await _editor_page(request, desk, writing, current=current)


@get("/staff/surveys/{slug:str}/questions/{name:str}/edit", guards=[require_session])
async def show_editor(request: AnyRequest) -> Response[Any]:
    """A question as it stands."""
    desk = await sit_down(request)
    current, asked = await load_draft(desk.survey), await load_asked(desk.survey)
    questionnaire = current.draft.questionnaire
    question = get_question(questionnaire, request.path_params["name"])
    writing = Writing(
        name=question.name,
        block=block_of(questionnaire, question.name).name,
        original=question,
        form=form_of(question, questionnaire.default_language),
        asked=asked,
    )
    return await _editor_page(request, desk, writing, current=current)


@post(
    ["/staff/surveys/{slug:str}/questions/new", "/staff/surveys/{slug:str}/questions/{name:str}/edit"],
    guards=[refuse_cross_site, require_session],
    status_code=303,
)
async def save_question(request: AnyRequest) -> Response[Any]:
    """Save the question; or look it over, add, move and take out an answer, which saves nothing yet."""
    desk, posted = await sit_down(request), await request.form()
    current = await load_draft(desk.survey)
    asked = await load_asked(desk.survey)
    writing = read_writing(posted, current.draft, request.path_params.get("name", ""), asked)
    step, base = str(posted.get("step", "")), read_base(posted)
    if step == CHECK or step.startswith(("choices:", "rows:")):
        writing = msgspec.structs.replace(writing, form=change_rows(writing.form, step))
        return await _editor_page(request, desk, writing, current=current, base=base)
    question = make_question(writing, current.draft)
    try:
        changed = put_in_place(current.draft, writing, question).questionnaire
        errors = change_errors(changes_of_meaning(writing, question, changed.default_language))
        errors = errors or find_errors(changed, question)
        if errors:
            return await _editor_page(request, desk, writing, current=current, base=base, errors=errors)
        await change_draft(desk.staff, desk.survey, saving_step(writing, question), base=base)
    except SurveyServiceError as refusal:
        return await _editor_page(request, desk, writing, refusal=refusal, base=base)
    pages = f"/staff/surveys/{desk.survey.slug}/questions"
    if step == "another":
        kind = kind_of(question)
        return Redirect(f"{pages}/new?block={writing.block}&kind={kind}", status_code=303)
    return Redirect(f"{pages}#q-{question.name}", status_code=303)


@post(
    "/staff/surveys/{slug:str}/questions/preview",
    guards=[refuse_cross_site, require_session],
    status_code=200,
)
async def preview_question(request: AnyRequest) -> ASGIApp:
    """The whole form with the question as it is typed at this moment, for the frame beside it."""
    desk, posted = await sit_down(request), await request.form()
    draft = (await load_draft(desk.survey)).draft
    writing = read_writing(posted, draft, str(posted.get("name", "")))
    question = show_half_written(make_question(writing, draft), draft.questionnaire.default_language)
    if not writing.name:
        question = msgspec.structs.replace(question, name=BEING_WRITTEN)
    shown = look_at(draft, writing, question)
    language = str(posted.get("preview_language", ""))
    trial = make_trial(shown, language)
    action = trial_path(request.app.state.secret_key, desk.survey, trial.language)
    return PageAnswer(render_trial(request, trial, action=action, is_whole=True))


async def _editor_page(
    request: AnyRequest,
    desk: Desk,
    writing: Writing,
    *,
    current: CurrentDraft | None = None,
    base: int | None = None,
    errors: list[dict[str, str]] | None = None,
    refusal: SurveyServiceError | None = None,
) -> Response[Any]:
    current = current or await load_draft(desk.survey)
    questionnaire = current.draft.questionnaire
    overtaken = refusal is not None and is_overtaken(refusal)
    question = make_question(writing, current.draft)
    return await authoring_page(
        request,
        "staff/question_editor.html",
        desk,
        current=current,
        seen=base,
        refusal=refusal,
        errors=errors,
        # Whoever was overtaken has seen now what the other wrote, so a second save goes through.
        base=current.number if base is None or overtaken else base,
        writing=writing,
        being_written=BEING_WRITTEN,
        form=writing.form,
        theirs=find_question(questionnaire, writing.name) if overtaken else None,
        kind=kind_words()[kind_of(question)],
        looks=_looks(writing.form.type),
        marks=marks_of(writing.form.type),
        sources=_sources(writing, questionnaire),
        judgement=judge_question(question, questionnaire.default_language),
        has_translations=len(questionnaire.languages) > 1,
        wording_words=wording_words(),
        seconds_per_point=seconds_per_point,
        change_words=change_words(),
    )


def _looks(question_type: QuestionType) -> list[dict[str, str]]:
    words = look_words()
    looks = appearances_of_type.get(question_type, ())
    return [{"value": look, "text": words[question_type, look]} for look in ("", *looks)] if looks else []


def _sources(writing: Writing, questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The questions this one can depend on, with their answers to be ticked."""
    language = questionnaire.default_language
    found = questions_to_depend_on(questionnaire, block=writing.block, before=writing.name)
    return [
        {
            "name": source.name,
            "label": source.label.get(language, source.name),
            "items": [
                {
                    "value": f"{source.name} {choice.name}",
                    "text": choice.label.get(language, choice.name),
                    "checked": f"{source.name} {choice.name}" in writing.form.shown_by,
                }
                for choice in source.choices
            ],
        }
        for source in found
    ]


ROUTES = [begin_new, show_editor, save_question, preview_question]
