"""`/s/<token>/<language>/experience`: one question about the survey itself, after it, for whoever likes."""

from datetime import UTC, datetime

from litestar import post
from litestar.types import ASGIApp

from survey_service.db.experience import add_experience
from survey_service.domain.errors import NotFound
from survey_service.domain.experience import choose_item, read_score
from survey_service.web.forgery import check_same_site
from survey_service.web.respondent.desk import AnyRequest, Reception
from survey_service.web.respondent.page_answer import GoTo
from survey_service.web.respondent.personal_form import RATED, no_such_link
from survey_service.web.respondent.posted import read_posted

SCORE_FIELD = "score"


@post("/s/{token:str}/{language:str}/experience", include_in_schema=False)
async def take_experience(request: AnyRequest) -> ASGIApp:
    """Keep the score, if there is one, and thank once more."""
    check_same_site(request)
    reception: Reception = request.app.state.reception
    token, language = request.path_params["token"], request.path_params["language"]
    reception.answers_a_minute.count(token)
    try:
        visit = await reception.desk.visit(token, datetime.now(UTC))
    except NotFound as error:
        return no_such_link(request, language, error)
    score = read_score((await read_posted(request)).get(SCORE_FIELD, [""])[0])
    if visit.standing != "answered" or visit.token_hash is None or visit.is_anonymous or score is None:
        return GoTo(f"/s/{token}/{language}/thanks")
    await add_experience(visit.token_hash, choose_item(visit.token_hash), score)
    return GoTo(f"/s/{token}/{language}/thanks?{RATED}")


ROUTES = [take_experience]
