"""The short forms of a questionnaire, and what each block and pair of blocks can be known to."""

import msgspec

from sampling.errors import SamplingError
from sampling.precision import margin_of_error
from sampling.split_forms import SplitPlan, split_forms, warn_of_few
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.forms import make_balanced_forms
from survey_service.domain.length import count_points, plan_seconds, seconds_per_point
from survey_service.domain.questionnaire import Form, Questionnaire
from survey_service.services.questionnaires.manage_survey import get_newest_version, get_survey

BLOCKS_PER_FORM = 2


class BlockPrecision(msgspec.Struct, frozen=True, kw_only=True):
    """One block: who is asked it, how many will have answered, and how precise a share will be."""

    share: float
    answers: float
    margin: float | None
    """Half the width of the 95 % interval of a share of one half; null where nobody answers."""


class SplitPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a limit in minutes makes of a questionnaire."""

    survey: str
    limit_minutes: float
    forms: dict[str, float]
    """Key of each form to its share."""
    longest_seconds: int
    blocks: dict[str, BlockPrecision]
    pairs: dict[str, BlockPrecision]
    """By the two names, joined by a plus."""
    never_meet: list[str]
    warnings: list[str]


def make_forms(questionnaire: Questionnaire, limit_minutes: float | None = None) -> tuple[Form, ...]:
    """Return the forms that fit a limit, as balanced as can be; without one, those of two blocks each."""
    if limit_minutes is None or not questionnaire.blocks:
        return make_balanced_forms(questionnaire, blocks_per_form=BLOCKS_PER_FORM)
    core = count_points(questionnaire.core.questions)
    points = {block.name: count_points(block.questions) for block in questionnaire.blocks}
    made = []
    for one in _split(questionnaire, limit_minutes).forms:
        length = core + sum(points[name] for name in one.blocks)
        made.append(
            Form(
                key="+".join(one.blocks),
                block_names=one.blocks,
                share=one.share,
                points=length,
                planned_seconds=plan_seconds(length),
            )
        )
    return tuple(made)


async def preview_split(slug: str, *, limit_minutes: float, completes: int) -> SplitPreview:
    """Show the forms of a survey under a limit, and the precision that so many completed forms give."""
    questionnaire = (await get_newest_version(await get_survey(slug))).questionnaire
    if not questionnaire.blocks:
        raise SurveyServiceError(
            f"The survey {slug} has only a core, so there is nothing to split.",
            hint="Put questions into groups in the workbook: each group is a block.",
        )
    plan = _split(questionnaire, limit_minutes)
    return SplitPreview(
        survey=slug,
        limit_minutes=limit_minutes,
        forms={"+".join(one.blocks): one.share for one in plan.forms},
        longest_seconds=max(one.planned_seconds for one in make_forms(questionnaire, limit_minutes)),
        blocks={name: _precision(share, completes) for name, share in plan.block_share.items()},
        pairs={"+".join(pair): _precision(share, completes) for pair, share in plan.pair_share.items()},
        never_meet=["+".join(pair) for pair in plan.never_meet],
        warnings=list(warn_of_few(plan, completes)),
    )


def _split(questionnaire: Questionnaire, limit_minutes: float) -> SplitPlan:
    minutes_of_point = seconds_per_point / 60
    try:
        return split_forms(
            {block.name: count_points(block.questions) * minutes_of_point for block in questionnaire.blocks},
            core_minutes=count_points(questionnaire.core.questions) * minutes_of_point,
            limit_minutes=limit_minutes,
        )
    except SamplingError as error:
        raise SurveyServiceError(
            error.message, expected=error.expected, got=error.got, hint=error.hint
        ) from error


def _precision(share: float, completes: int) -> BlockPrecision:
    answers = share * completes
    margin = margin_of_error(int(answers)) if answers >= 1 else None
    return BlockPrecision(share=share, answers=answers, margin=margin)
