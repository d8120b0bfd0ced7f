"""The scenario of a policy simulation: a community, its surveys, and what is assumed of its people.

The defaults of the structs are the built-in scenario; `docs/scenarios/default.toml` says the same in words
and a test holds the two equal. A file need only hold what it changes.
"""

import re
import tomllib
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from survey_service.domain.errors import SurveyServiceError

Name = Annotated[str, Meta(min_length=1, max_length=100)]
LogOdds = Annotated[float, Meta(ge=-10, le=10)]
Share = Annotated[float, Meta(ge=0, le=1)]
Replications = Annotated[int, Meta(ge=2, le=1_000)]
"""Two at least: with one nothing could be said about the error of the simulation itself."""


class ScenarioRefused(SurveyServiceError):
    """A scenario that cannot be simulated; `field` is the dotted name of the line that is wrong."""

    code = "scenario"

    def __init__(self, field: str, problem: str, *, expected: str | None = None, got: str | None = None):
        where = f"{field}: {problem}" if field else problem
        hint = "Every line is explained in docs/scenarios/default.toml."
        super().__init__(f"The scenario cannot be used. {where}", expected=expected, got=got, hint=hint)
        self.field = field


def planned_seconds(minutes: float) -> int:
    """Planned length of a form, as the contact gate counts it."""
    return round(minutes * 60)


class Surveys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked, how often, of how many."""

    a_year: Annotated[int, Meta(ge=1, le=52)] = 12
    years: Annotated[int, Meta(ge=1, le=10)] = 2
    burn_in: Annotated[int, Meta(ge=0, le=519)] = 6
    """First surveys whose response and results are not scored: nobody is tired yet."""
    sample: Annotated[int, Meta(ge=1, le=1_000_000)] = 1_000
    """Invitations of one survey under every policy that samples."""
    least: Annotated[int, Meta(ge=0, le=1_000_000)] = 20
    """Of them to each audience at least, where strata are kept apart and the sample is large enough."""
    minutes: Annotated[float, Meta(ge=0.5, le=60)] = 10.0
    split_minutes: Annotated[float, Meta(ge=0.5, le=60)] = 5.0
    """Length of one form where blocks are shared out over shorter ones."""

    @property
    def number(self) -> int:
        """How many surveys there are altogether."""
        return self.a_year * self.years

    def day(self, survey: int) -> int:
        """The day on which a survey goes out, counted from the first."""
        return round(survey * 365 / self.a_year)


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the contact gate keeps to. Only policies that have a gate know them."""

    rest_days: Annotated[int, Meta(ge=0, le=3_650)] = 60
    invitations_a_year: Annotated[int, Meta(ge=0, le=52)] = 4
    minutes_a_year: Annotated[float, Meta(ge=0, le=1_000)] = 40.0

    @property
    def seconds_a_year(self) -> int:
        """The cap as the contact gate counts it."""
        return round(self.minutes_a_year * 60)


class Answering(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When people answer, and when they have had enough."""

    rate: Annotated[float, Meta(ge=0.01, le=0.99)] = 0.20
    """Share of the whole register that answers a form of the usual length if nobody is tired."""
    fatigue: Annotated[float, Meta(ge=0, le=5)] = 0.43
    """Log-odds of answering lost for each recent survey."""
    decay_days: Annotated[float, Meta(ge=1, le=3_650)] = 60.0
    """After so many days a survey weighs 1/e of a recent one."""
    usual_minutes: Annotated[float, Meta(ge=0.5, le=60)] = 10.0
    a_minute: LogOdds = -0.02
    """Log-odds of answering for each minute above the usual length."""
    willingness: Annotated[float, Meta(ge=0, le=5)] = 0.9
    """Spread (standard deviation) in log-odds of what no register knows: some like to answer."""
    opt_out: Share = 0.002
    """Chance, for each recent survey, that an invitation not answered makes somebody leave for good."""


class Opinion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The yes-or-no opinion that every survey estimates."""

    share: Annotated[float, Meta(ge=0.01, le=0.99)] = 0.5
    """Share of the register that holds it."""
    willingness: LogOdds = 0.25
    """Log-odds of holding it for one standard deviation of hidden willingness."""


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One stratum of the register."""

    name: Name
    members: Annotated[int, Meta(ge=1, le=1_000_000)]
    answering: LogOdds = 0.0
    """How much likelier than the others, in log-odds, they are to answer."""
    opinion: LogOdds = 0.0


class Age(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An age band, with the same share in every audience."""

    name: Name
    share: Annotated[float, Meta(gt=0, le=1)]
    answering: LogOdds = 0.0
    opinion: LogOdds = 0.0


AUDIENCES = (
    Audience(name="business", members=3_741, answering=0.0, opinion=0.0),
    Audience(name="worker", members=2_264, answering=-0.1, opinion=-0.1),
    Audience(name="resident", members=308, answering=0.4, opinion=0.3),
    Audience(name="visitor", members=96, answering=-0.4, opinion=0.2),
)
AGES = (
    Age(name="18 to 34", share=0.30, answering=-0.45, opinion=-0.25),
    Age(name="35 to 49", share=0.32, answering=-0.10, opinion=-0.05),
    Age(name="50 to 64", share=0.25, answering=0.25, opinion=0.15),
    Age(name="65 and over", share=0.13, answering=0.60, opinion=0.35),
)


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything a simulation depends on."""

    name: Name = "Two years of monthly surveys"
    seed: Name = "alert users"
    """The same scenario with the same seed gives the same numbers."""
    replications: Replications = 10
    surveys: Surveys = Surveys()
    limits: Limits = Limits()
    answering: Answering = Answering()
    opinion: Opinion = Opinion()
    audiences: Annotated[tuple[Audience, ...], Meta(min_length=1, max_length=50)] = AUDIENCES
    ages: Annotated[tuple[Age, ...], Meta(min_length=1, max_length=20)] = AGES

    @property
    def members(self) -> int:
        """Number of people in the register."""
        return sum(audience.members for audience in self.audiences)


def read_scenario(content: bytes) -> Scenario:
    """Read a TOML file; what it leaves out is as in the built-in scenario."""
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ScenarioRefused("", f"It is no TOML: {error}.", expected="lines such as sample = 500") from None
    return build_scenario(values)


def build_scenario(values: dict[str, Any]) -> Scenario:
    """Check values as they come from a file or a form, and put the defaults where there are none."""
    try:
        scenario = msgspec.convert(values, Scenario)
    except msgspec.ValidationError as error:
        raise _explain(str(error), values) from None
    check_scenario(scenario)
    return scenario


def check_scenario(scenario: Scenario) -> None:
    """Refuse what is right line by line but not together."""
    surveys = scenario.surveys
    if surveys.burn_in >= surveys.number:
        raise ScenarioRefused(
            "surveys.burn_in",
            "No survey is left to be scored.",
            expected=f"{surveys.number - 1} or fewer, for {surveys.number} surveys altogether",
            got=str(surveys.burn_in),
        )
    if surveys.sample > scenario.members:
        raise ScenarioRefused(
            "surveys.sample",
            "The sample is larger than the register.",
            expected=f"{scenario.members} or fewer",
            got=str(surveys.sample),
        )
    shares = sum(age.share for age in scenario.ages)
    if abs(shares - 1.0) > 1e-6:
        raise ScenarioRefused(
            "ages.share", "The shares of the age bands do not add up.", expected="1", got=f"{shares:g}"
        )
    for field, names in (
        ("audiences.name", [one.name for one in scenario.audiences]),
        ("ages.name", [one.name for one in scenario.ages]),
    ):
        if len(set(names)) != len(names):
            raise ScenarioRefused(field, "Two have the same name.", got=", ".join(names))


_PLAIN = {
    "int": "a whole number", "float": "a number", "str": "a text", "array": "a list", "object": "a table",
}  # fmt: skip


def _explain(problem: str, values: dict[str, Any]) -> ScenarioRefused:
    """Turn msgspec's sentence ("Expected `int` >= 1 - at `$.surveys.sample`") into ours."""
    what, _, place = problem.partition(" - at `$")
    field = place.strip("`.")
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return ScenarioRefused(f"{field}.{unknown[1]}".lstrip("."), "There is no such line.")
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        return ScenarioRefused(f"{field}.{missing[1]}".lstrip("."), "This line is missing.")
    plain = re.sub(r"`([a-z]+)`", lambda kind: _PLAIN.get(kind[1], kind[1]), what)
    expected = plain.removeprefix("Expected ").partition(", got ")[0]
    return ScenarioRefused(field, "This does not fit.", expected=expected, got=_show(values, field))


def _show(values: Any, field: str) -> str:
    """What stands in a field, shortened; `field` is as in surveys.sample or audiences[0].name."""
    for step in re.findall(r"[^.\[\]]+", field):
        values = values[int(step)] if isinstance(values, list) else values[step]
    return repr(values)[:80]
