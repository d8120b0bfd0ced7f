"""What stands between a draft and its respondents: problems, length, languages; and what is worth a look."""

import msgspec

from survey_service.domain import reading_age as reading
from survey_service.domain import wording
from survey_service.domain.draft_changes import blocks_of
from survey_service.domain.drafts import Draft, LanguageStanding, judge_language, publishable
from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.forms import make_balanced_forms
from survey_service.domain.length import LengthVerdict, judge_length, points_of
from survey_service.domain.question_check import Problem
from survey_service.domain.questionnaire import Form, Question, Questionnaire
from survey_service.domain.questionnaire_check import check_questionnaire
from survey_service.domain.wording import WordingNote, check_wording
from survey_service.services.questionnaires.split_survey import make_forms


class QuestionJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """One question as an editor sees it."""

    name: str
    points: int
    problems: tuple[Problem, ...]
    notes: tuple[WordingNote, ...]
    reading_age: int | None


class DraftJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """The whole draft."""

    problems: tuple[Problem, ...]
    """Everything that keeps it from being published, those of single questions included."""
    forms: tuple[Form, ...]
    split_refusal: str
    """Why no forms could be made of it."""
    length: LengthVerdict
    languages: tuple[LanguageStanding, ...]
    questions: dict[str, QuestionJudgement]
    reading_age: int | None

    @property
    def is_publishable(self) -> bool:
        return not self.problems and not self.split_refusal and bool(self.forms)


def judge_draft(draft: Draft) -> DraftJudgement:
    """Look a draft over. Only languages that are whole are published, so only those can have problems."""
    served = publishable(draft)
    problems = check_questionnaire(served)
    forms: tuple[Form, ...] = ()
    refusal = ""
    try:
        forms = make_draft_forms(draft, served)
    except SurveyServiceError as error:
        refusal = str(error)
    longest = max((form.planned_seconds for form in forms), default=0)
    return DraftJudgement(
        problems=problems,
        forms=forms,
        split_refusal=refusal,
        length=judge_length(longest),
        languages=tuple(judge_language(draft, code) for code in draft.questionnaire.languages),
        questions={
            question.name: judge_question(
                question,
                draft.questionnaire.default_language,
                tuple(problem for problem in problems if problem.question == at),
            )
            for at, question in enumerate(draft.questionnaire.questions())
        },
        reading_age=_reading_age(draft.questionnaire),
    )


def judge_question(
    question: Question, language: str, problems: tuple[Problem, ...] = ()
) -> QuestionJudgement:
    """One question by itself; wording and reading age only in languages the rules can read."""
    label = question.label.get(language, "")
    return QuestionJudgement(
        name=question.name,
        points=points_of(question),
        problems=problems,
        notes=check_wording(label) if language in wording.languages and question.takes_answer else (),
        reading_age=reading.reading_age(label) if language in reading.languages else None,
    )


def make_draft_forms(draft: Draft, served: Questionnaire) -> tuple[Form, ...]:
    """The forms of a draft: one with everything, or short ones."""
    if not draft.is_split:
        return make_balanced_forms(served, blocks_per_form=len(served.blocks))
    return make_forms(served, draft.limit_minutes)


def _reading_age(questionnaire: Questionnaire) -> int | None:
    language = questionnaire.default_language
    if language not in reading.languages:
        return None
    texts = [
        text.get(language, "")
        for block in blocks_of(questionnaire)
        for question in block.questions
        for text in (question.label, question.hint)
    ]
    return reading.reading_age("\n".join(filter(None, texts)))
