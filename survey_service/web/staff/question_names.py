"""`/staff/surveys/…/questions/<name>/names`: what a question and its answers are called in tables."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from survey_service.domain.draft_changes import get_question
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.question_check import Problem
from survey_service.domain.question_kinds import is_scale
from survey_service.domain.questionnaire import Question
from survey_service.domain.renaming import Renames, names_of
from survey_service.services.questionnaires.edit_draft import load_draft
from survey_service.services.questionnaires.rename_question import check_renaming, rename_for, try_renaming
from survey_service.web.forgery import refuse_cross_site
from survey_service.web.staff.authoring import Desk, authoring_page, read_base, sit_down
from survey_service.web.staff.guards import AnyRequest, require_session
from survey_service.web.staff.question_words import change_words

LONGEST_NAME = 80
PATH = "/staff/surveys/{slug:str}/questions/{name:str}/names"


@get(PATH, guards=[require_session])
async def show_names(request: AnyRequest) -> Response[Any]:
    """The names as they stand; why they stay where the survey is open."""
    desk = await sit_down(request)
    current = await load_draft(desk.survey)
    return await _page(request, desk, names_of(current.draft.questionnaire, request.path_params["name"]))


@post(PATH, guards=[refuse_cross_site, require_session], status_code=303)
async def change_names(request: AnyRequest) -> Response[Any]:
    """Rename, and let everything that reads the names follow."""
    desk, posted = await sit_down(request), await request.form()
    name, base = request.path_params["name"], read_base(posted)
    draft = (await load_draft(desk.survey)).draft
    renames = _read(posted, get_question(draft.questionnaire, name))
    try:
        check_renaming(desk.survey)
        problems = try_renaming(draft, name, renames).problems
        if problems:
            return await _page(request, desk, renames, problems=problems, base=base)
        await rename_for(desk.staff, desk.survey, name, renames, base=base)
    except SurveyServiceError as refusal:
        return await _page(request, desk, renames, refusal=refusal, base=base)
    return Redirect(f"/staff/surveys/{desk.survey.slug}/questions#q-{renames.name}", status_code=303)


def fixed_choices(question: Question) -> frozenset[str]:
    """The points of a scale are called by their numbers, which are their order."""
    scale = is_scale(question.type, question.appearance)
    return frozenset(one.name for one in question.choices if scale and one.point is not None)


def _read(posted: Any, question: Question) -> Renames:
    fixed = fixed_choices(question)
    return Renames(
        name=_text(posted, "name") or question.name,
        rows={row.name: _text(posted, f"row:{row.name}") or row.name for row in question.rows},
        choices={
            one.name: one.name if one.name in fixed else _text(posted, f"choice:{one.name}") or one.name
            for one in question.choices
        },
    )


def _text(posted: Any, field: str) -> str:
    return str(posted.get(field, "")).strip()[:LONGEST_NAME]


def _errors(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    """Lines of the error summary, each once, beside the field it is about."""
    lines = []
    for problem in problems:
        place = "name"
        if problem.choice is not None:
            place = f"choice-{problem.choice + 1}"
        elif problem.row is not None:
            place = f"row-{problem.row + 1}"
        lines.append({"text": problem.reason, "href": f"#{place}"})
    return list({line["text"]: line for line in lines}.values())


async def _page(
    request: AnyRequest,
    desk: Desk,
    renames: Renames,
    *,
    problems: tuple[Problem, ...] = (),
    refusal: SurveyServiceError | None = None,
    base: int | None = None,
) -> Response[Any]:
    current = await load_draft(desk.survey)
    question = get_question(current.draft.questionnaire, request.path_params["name"])
    is_open = desk.survey.state == "open"
    return await authoring_page(
        request,
        "staff/question_names.html",
        desk,
        current=current,
        seen=base,
        refusal=refusal,
        errors=_errors(problems) if refusal is None else None,
        base=current.number if base is None or refusal else base,
        question=question,
        renames=renames,
        fixed=fixed_choices(question),
        is_open=is_open,
        change_words=change_words(),
    )


ROUTES = [show_names, change_names]
