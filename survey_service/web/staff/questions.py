"""`/staff/surveys/…/questions`: the questions of a survey in order, to be moved, copied and taken out."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from survey_service.domain.draft_changes import (
    Direction,
    add_block,
    blocks_of,
    copy_question,
    find_question,
    get_block,
    get_question,
    label_block,
    move_block,
    move_question,
    remove_block,
    remove_question,
)
from survey_service.domain.drafts import Draft, change_questionnaire, copy_sources
from survey_service.domain.errors import Conflict, SurveyServiceError
from survey_service.domain.length import seconds_per_point
from survey_service.domain.question_kinds import kind_of
from survey_service.domain.questionnaire import Questionnaire
from survey_service.domain.reading_age import aim
from survey_service.services.questionnaires.edit_draft import Step, change_draft, load_draft, undo_last
from survey_service.services.questionnaires.judge_draft import judge_draft
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import (
    UNPUBLISHED,
    Desk,
    authoring_page,
    preview_languages,
    read_base,
    sit_down,
)
from survey_service.web.staff.done import go_on
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.question_words import change_words, kind_words, wording_words

LONGEST_HEADING = 200


@get("/staff/surveys/{slug:str}/questions", guards=[require_session])
async def show_questions(request: AnyRequest) -> Response[str]:
    """The draft, what is to be said about it, and a look at it."""
    return await _questions_page(request, await sit_down(request))


@post("/staff/surveys/{slug:str}/questions", guards=[refuse_cross_site, require_session], status_code=303)
async def change_order(request: AnyRequest) -> Response[Any]:
    """One step at a question or a block: up, down, copy, remove; a new block; undo."""
    desk, posted = await sit_down(request), await request.form()
    what, _, name = str(posted.get("step", "")).partition(":")
    base = read_base(posted)
    heading = " ".join(str(posted.get("heading", "")).split())[:LONGEST_HEADING]
    try:
        if what == "undo":
            await undo_last(desk.staff, desk.survey, base=base)
            return go_on(f"/staff/surveys/{desk.survey.slug}/questions", "undone")
        step = _find_step((await load_draft(desk.survey)).draft, what, name, heading)
        await change_draft(desk.staff, desk.survey, step, base=base)
        place = "" if what.startswith("remove") else (f"#block-{name}" if "block" in what else f"#q-{name}")
    except SurveyServiceError as refusal:
        return await _questions_page(request, desk, refusal=refusal, seen=base)
    return Redirect(f"/staff/surveys/{desk.survey.slug}/questions{place if name else ''}", status_code=303)


def _find_step(draft: Draft, what: str, name: str, heading: str) -> Step:
    """The step a button stands for."""
    question = find_question(draft.questionnaire, name)
    language = draft.questionnaire.default_language
    if question is not None and what in ("up", "down", "copy", "remove"):
        return _question_step(what, name, question.label.get(language, ""))
    if what.startswith("block_"):
        return _block_step(what, name, heading, language)
    raise Conflict("The question was taken out meanwhile.")


def _question_step(what: str, name: str, subject: str) -> Step:
    """Moving rests on nothing; copying and removing on the question itself."""

    def seen(now: Draft) -> object:
        return get_question(now.questionnaire, name)

    def copy(now: Draft) -> Draft:
        changed, copied = copy_question(now.questionnaire, name)
        return copy_sources(change_questionnaire(now, changed), copied, name)

    if what == "copy":
        return Step(change="question_copied", subject=subject, apply=copy, seen=seen)
    if what == "remove":
        apply = _upon(lambda now: remove_question(now, name))
        return Step(change="question_removed", subject=subject, apply=apply, seen=seen)
    direction: Direction = "up" if what == "up" else "down"
    apply = _upon(lambda now: move_question(now, name, direction))
    return Step(change="question_moved", subject=subject, apply=apply)


def _block_step(what: str, name: str, heading: str, language: str) -> Step:
    def seen(now: Draft) -> object:
        return get_block(now.questionnaire, name)

    def relabel(now: Questionnaire) -> Questionnaire:
        texts = get_block(now, name).label
        return label_block(now, name, {**texts, language: heading} if heading else {})

    if what == "block_add":
        apply = _upon(lambda now: add_block(now, {language: heading} if heading else {})[0])
        return Step(change="block_added", subject=heading, apply=apply)
    if what == "block_name":
        return Step(change="block_changed", subject=heading, apply=_upon(relabel), seen=seen)
    if what == "block_remove":
        return Step(change="block_removed", apply=_upon(lambda now: remove_block(now, name)), seen=seen)
    direction: Direction = "up" if what == "block_up" else "down"
    return Step(change="block_moved", apply=_upon(lambda now: move_block(now, name, direction)))


def _upon(change: Callable[[Questionnaire], Questionnaire]) -> Callable[[Draft], Draft]:
    return lambda now: change_questionnaire(now, change(now.questionnaire))


async def _questions_page(
    request: AnyRequest, desk: Desk, *, refusal: SurveyServiceError | None = None, seen: int | None = None
) -> Response[str]:
    current = await load_draft(desk.survey)
    questionnaire = current.draft.questionnaire
    return await authoring_page(
        request,
        "staff/questions.html",
        desk,
        refusal=refusal,
        seen=seen,
        current=current,
        judgement=judge_draft(current.draft),
        is_sent_here=UNPUBLISHED in request.query_params,
        blocks=blocks_of(questionnaire),
        language_names={locale.code: locale.name for locale in preview_languages(current)},
        kinds={one.name: kind_of(one) for one in questionnaire.questions()},
        kind_words=kind_words(),
        change_words=change_words(),
        wording_words=wording_words(),
        seconds_per_point=seconds_per_point,
        reading_age_aim=aim,
    )


ROUTES = [show_questions, change_order]
