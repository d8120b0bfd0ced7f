"""Results as they may be shown: every number here has passed disclosure control. None is a hidden number."""

import msgspec

from survey_service.domain.questionnaire import Texts


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How results are shown."""

    small_cell: int
    language: str
    default_language: str
    has_margins: bool
    """False for the open link."""

    def label(self, texts: Texts, name: str) -> str:
        """The author's text in the wanted language, else in the questionnaire's own, else in any."""
        return (
            texts.get(self.language)
            or texts.get(self.default_language)
            or next((text for text in texts.values() if text), name)
        )


class Mean(msgspec.Struct, frozen=True, kw_only=True):
    """The mean of numbers: typed ones, points of a scale, or places in a ranking."""

    value: float
    low: float | None
    high: float | None


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """One option: how many chose it (to the nearest five), their share, and its 95 % interval.

    The open link has no interval: nobody knows who might have answered.
    """

    option: str
    label: str
    n: int | None
    share: float | None
    low: float | None
    high: float | None
    suppressed: bool
    mean: Mean | None = None
    """Of a ranking: the mean place this was given."""
    retired: bool = False
    """True for what earlier versions offered and the newest does not; it is counted all the same."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The results of those who chose one option of another question."""

    option: str
    label: str
    n: int | None
    suppressed: bool
    unreliable: bool
    estimates: tuple[Estimate, ...]
    mean: Mean | None


class QuestionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `n` is its base: those who were asked it and answered it."""

    name: str
    type: str
    label: str
    n: int | None
    suppressed: bool
    unreliable: bool
    estimates: tuple[Estimate, ...]
    mean: Mean | None
    groups: tuple[Group, ...] = ()
    part_of: str = ""
    """Of a grid's row: the label of the grid."""
    declined: int | None = None
    """How many preferred not to say; they are not in the base."""
    retired: bool = False
    """True for what earlier versions asked and the newest does not."""


class StratumResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Response of one stratum; `rate` is AAPOR's RR1, complete answers of all invitations."""

    name: str
    population: int
    invited: int
    answered: int | None
    rate: float | None
    suppressed: bool


class SampleResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Response of the whole sample. `counted` is how many answers, the first ones, results are made of."""

    invited: int
    answered: int | None
    rr1: float | None
    suppressed: bool
    counted: int
    by_stratum: tuple[StratumResponse, ...]


class ChannelResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Answers that came through one channel of the open link; an empty name where none was given."""

    channel: str
    answered: int | None
    suppressed: bool


class ModeResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of the sample that were given in one way: on the web, on paper, …"""

    mode: str
    answered: int | None
    suppressed: bool


class OpenResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What came through the open link. `answered` moves on per ten."""

    answered: int
    by_channel: tuple[ChannelResponse, ...]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one survey; the sample and the open link are never added up."""

    survey: str
    title: str
    state: str
    by: str | None
    by_label: str
    sample: SampleResponse
    open: OpenResponse
    questions: tuple[QuestionResult, ...]
    open_questions: tuple[QuestionResult, ...]
    by_mode: tuple[ModeResponse, ...] = ()
    """Of the sample; empty while everybody has answered in the same way."""
