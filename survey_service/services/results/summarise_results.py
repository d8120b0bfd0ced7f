"""The results of a survey, ready to be shown to anybody who may see the survey."""

from collections.abc import Sequence

import msgspec

from survey_service.db import result as result_table
from survey_service.db.questionnaire_version import list_questionnaires
from survey_service.db.result import ReviewedSurvey, StratumRow
from survey_service.domain.asked_questions import AskedQuestions, gather_asked
from survey_service.domain.disclosure import round_count, suppress_table
from survey_service.domain.dispositions import Dispositions, response_rates
from survey_service.domain.errors import NotFound
from survey_service.domain.questionnaire import Questionnaire
from survey_service.domain.results import (
    ChannelResponse,
    Estimate,
    ModeResponse,
    OpenResponse,
    QuestionResult,
    Results,
    Rules,
    SampleResponse,
    StratumResponse,
)
from survey_service.services.results.answer_sums import AnswerSums
from survey_service.services.results.break_down_results import break_down, find_breakdown
from survey_service.services.results.summarise_questions import summarise_questions


async def summarise_results(
    survey: ReviewedSurvey, *, small_cell: int, by: str | None = None, language: str = ""
) -> Results:
    """Results of the sample and, apart from it, of the open link.

    `by` breaks the sample's results down by the answers to that question. Labels are in `language`, or in
    the questionnaire's own where it lacks that.
    """
    versions = await list_questionnaires(survey.id)
    if not versions:
        raise NotFound("The survey has no questionnaire.", hint="Import one first.", code="no_questionnaire")
    asked = gather_asked(versions)
    questionnaire = asked.questionnaire
    breakdown = find_breakdown(questionnaire, by) if by else None
    async with result_table.one_moment():
        rows = await result_table.sum_answers(survey.id)
        crossed_rows = await result_table.sum_answers(survey.id, by=by) if by else []
        strata = await result_table.count_strata(survey.id)
        channels = await result_table.count_channels(survey.id)
        modes = await result_table.count_modes(survey.id)
    sample, open_link = AnswerSums(rows, "sample"), AnswerSums(rows, "open")
    rules = _rules(questionnaire, small_cell, language, has_margins=True)
    questions = summarise_questions(questionnaire, sample, rules)
    if breakdown is not None:
        crossed = AnswerSums(crossed_rows, "sample")
        questions = break_down(
            questions, questionnaire, breakdown, whole=sample, crossed=crossed, rules=rules
        )
    return Results(
        survey=survey.slug,
        title=rules.label(survey.title, survey.slug),
        state=survey.state,
        by=by,
        by_label=rules.label(breakdown.label, breakdown.name) if breakdown else "",
        sample=summarise_response(strata, counted=sample.counted, small_cell=small_cell),
        open=summarise_open_link(channels, small_cell),
        questions=mark_retired(questions, asked),
        open_questions=mark_retired(
            summarise_questions(
                questionnaire, open_link, _rules(questionnaire, small_cell, language, has_margins=False)
            ),
            asked,
        ),
        by_mode=summarise_modes(modes, small_cell),
    )


def mark_retired(questions: tuple[QuestionResult, ...], asked: AskedQuestions) -> tuple[QuestionResult, ...]:
    """The results with a mark at what is no longer asked or offered."""

    def mark(name: str, estimates: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
        return tuple(
            msgspec.structs.replace(one, retired=(name, one.option) in asked.retired_choices)
            for one in estimates
        )

    return tuple(
        msgspec.structs.replace(
            one,
            retired=one.name in asked.retired_questions,
            estimates=mark(one.name, one.estimates),
            groups=tuple(
                msgspec.structs.replace(group, estimates=mark(one.name, group.estimates))
                for group in one.groups
            ),
        )
        for one in questions
    )


def summarise_response(strata: Sequence[StratumRow], *, counted: int, small_cell: int) -> SampleResponse:
    """Response by stratum. Who did not answer is a cell, too: both together are the known invitations."""
    invited, complete = sum(row.invited for row in strata), sum(row.complete for row in strata)
    strata = [row for row in strata if row.stratum]
    answered = [row.complete for row in strata]
    silent = [row.invited - row.complete for row in strata]
    # Where nobody was invited, nobody's silence or answer is told.
    is_hidden = invited > 0 and min(complete, invited - complete) < small_cell
    # A total that may be shown also comes out of the bases of the questions: it is known in any case.
    shown = suppress_table(
        [answered or [0], silent or [0]],
        threshold=small_cell,
        rows="open" if is_hidden else "known",
        columns="known",
        total="known",
    )
    return SampleResponse(
        invited=invited,
        answered=None if is_hidden else round_count(complete),
        rr1=None if is_hidden else _rate(complete, invited),
        suppressed=is_hidden,
        counted=counted,
        by_stratum=tuple(
            StratumResponse(
                name=row.stratum,
                population=row.population,
                invited=row.invited,
                answered=None if hidden else round_count(row.complete),
                rate=None if hidden else _rate(row.complete, row.invited),
                suppressed=hidden,
            )
            for row, is_cell_hidden in zip(strata, shown.cells[0], strict=False)
            for hidden in [is_cell_hidden and row.invited > 0]
        ),
    )


def _rate(complete: int, invited: int) -> float | None:
    """RR1 of the rounded count: a rate with decimals would give the count away."""
    rounded = min(round_count(complete), invited)
    rate = response_rates(Dispositions(complete=rounded, non_contact=invited - rounded)).RR1
    return None if rate is None else round(rate, 3)


def summarise_open_link(channels: dict[str, int], small_cell: int) -> OpenResponse:
    """What may be shown of the open link by channel."""
    counts = list(channels.values())
    # One channel alone is the total, which everybody gets.
    shown = suppress_table([counts], threshold=small_cell, rows="known").cells[0] if counts else ()
    return OpenResponse(
        answered=sum(counts),
        by_channel=tuple(
            ChannelResponse(
                channel=channel, answered=None if hidden else round_count(count), suppressed=hidden
            )
            for (channel, count), hidden in zip(channels.items(), shown, strict=True)
        ),
    )


def summarise_modes(modes: dict[str, int], small_cell: int) -> tuple[ModeResponse, ...]:
    """What may be shown of how the sample answered; the total of all is known."""
    if len(modes) < 2:
        return ()
    shown = suppress_table([list(modes.values())], threshold=small_cell, rows="known").cells[0]
    return tuple(
        ModeResponse(mode=mode, answered=None if hidden else round_count(count), suppressed=hidden)
        for (mode, count), hidden in zip(modes.items(), shown, strict=True)
    )


def _rules(questionnaire: Questionnaire, small_cell: int, language: str, *, has_margins: bool) -> Rules:
    return Rules(
        small_cell=small_cell,
        language=language,
        default_language=questionnaire.default_language,
        has_margins=has_margins,
    )
