"""What a simulation's policies, measures and assumptions are called, on the page and on the command line."""

import msgspec

from survey_service.domain.scenario import Scenario
from survey_service.i18n.formatting import format_number, format_percent
from survey_service.i18n.translate import Translator
from survey_service.services.simulation.simulation_measures import Measure

_staff = Translator("staff")
gettext, ngettext = _staff.gettext, _staff.ngettext


class MeasureWords(msgspec.Struct, frozen=True):
    """How a measure is written."""

    label: str
    decimals: int
    in_picture: bool = False
    hint: str = ""

    def write(self, measure: Measure) -> str:
        """The figure with its standard error: 19.6 ± 0.1."""
        if measure.value is None or measure.se is None:
            return "–"
        return f"{measure.value:,.{self.decimals}f} ± {measure.se:,.{self.decimals}f}"


def policy_words() -> dict[str, str]:
    """Each policy's name on screen."""
    return {
        "everyone": gettext("Ask everyone"),
        "random": gettext("Random sample"),
        "rotation": gettext("Stratified rotation"),
        "likelihood": gettext("Rotation + likelihood"),
        "split": gettext("Likelihood + split form"),
    }


def measure_words() -> dict[str, MeasureWords]:
    """Each measure's words, in the order in which they are shown."""
    return _burden_words() | _result_words()


def _burden_words() -> dict[str, MeasureWords]:
    worst = gettext("The person asked most, over all surveys, the first ones included.")
    return {
        "completes_per_100": MeasureWords(gettext("Completes per 100 invitations"), 1, in_picture=True),
        "completes": MeasureWords(gettext("Completes of one survey"), 0),
        "invitations": MeasureWords(gettext("Invitations of one survey"), 0),
        "missing": MeasureWords(
            gettext("Invitations nobody was available for"),
            1,
            hint=gettext("Of one survey: everybody else was resting or had reached a limit."),
        ),
        "invitations_worst": MeasureWords(
            gettext("Invitations a year, worst case"), 1, in_picture=True, hint=worst
        ),
        "invitations_p95": MeasureWords(gettext("Invitations a year, 95th percentile"), 1),
        "minutes_mean": MeasureWords(gettext("Minutes a year, mean"), 1),
        "minutes_worst": MeasureWords(
            gettext("Minutes a year, worst case"),
            1,
            in_picture=True,
            hint=gettext("Of answering, the person who gave most."),
        ),
        "minutes_p95": MeasureWords(gettext("Minutes a year, 95th percentile"), 1),
    }


def _result_words() -> dict[str, MeasureWords]:
    return {
        "participation_cv": MeasureWords(
            gettext("Unevenness of participation"),
            3,
            in_picture=True,
            hint=gettext("Coefficient of variation: 0 means that everybody answers equally often."),
        ),
        "r_indicator": MeasureWords(
            gettext("R-indicator"),
            3,
            hint=gettext(
                "1 means that all answer alike. It flatters low response: read it with the line above."
            ),
        ),
        "opted_out": MeasureWords(gettext("Left the register, per cent"), 2, in_picture=True),
        "raw_bias": MeasureWords(
            gettext("Bias before weighting, points"),
            1,
            hint=gettext("How far the result is off on average, in percentage points."),
        ),
        "weighted_bias": MeasureWords(gettext("Bias after weighting, points"), 1, in_picture=True),
        "weighted_rmse": MeasureWords(
            gettext("Error of one weighted result, points"),
            1,
            hint=gettext("Bias and chance together: root mean square error."),
        ),
    }


def assumption_words(scenario: Scenario) -> list[str]:
    """Everything a reader must know before believing a figure."""
    return [
        *_surveys_words(scenario),
        *_people_words(scenario),
        gettext(
            "Results are weighted by design and to audience and age. The people are made up: every policy "
            "meets the same %(count)s communities, with the same luck. ± is the standard error of the "
            "simulation; it says nothing about whether the assumptions are right."
        )
        % {"count": format_number(scenario.replications)},
    ]


def _surveys_words(scenario: Scenario) -> list[str]:
    surveys, limits = scenario.surveys, scenario.limits
    audiences = ", ".join(f"{one.name} {format_number(one.members)}" for one in scenario.audiences)
    numbers = {
        "number": surveys.number, "a_year": surveys.a_year, "minutes": surveys.minutes,
        "burn_in": surveys.burn_in, "sample": surveys.sample, "least": surveys.least,
        "split": surveys.split_minutes,
        "rest": limits.rest_days, "invitations": limits.invitations_a_year, "cap": limits.minutes_a_year,
        "members": scenario.members,
    }  # fmt: skip
    shown = {name: format_number(number) for name, number in numbers.items()} | {"audiences": audiences}
    return [
        text % shown
        for text in (
            gettext("The register holds %(members)s people: %(audiences)s. Nobody joins."),
            gettext(
                "There are %(number)s surveys of %(minutes)s minutes, %(a_year)s a year. The first "
                "%(burn_in)s count as burden, but their response and results are not scored."
            ),
            gettext("Ask everyone: each survey goes to everybody who has not left. Nobody rests."),
            gettext("Random sample: each survey draws %(sample)s people anew. Nobody rests."),
            gettext(
                "Stratified rotation: each survey draws the next %(sample)s in the queues, %(least)s or "
                "more of each audience, with the code that draws real surveys. Everybody rests %(rest)s "
                "days and is asked %(invitations)s times and %(cap)s minutes a year at most."
            ),
            gettext(
                "Rotation + likelihood: as many, but response likelihood decides how many of each audience "
                "and age, so that answers come in proportion to people. It learns from the surveys before, "
                "with the code that plans real ones. Who is asked stays the queue's turn."
            ),
            gettext(
                "Likelihood + split form: the same with forms of %(split)s minutes, each with a part of the "
                "questions. The opinion is asked of everybody; a question that is on half of the forms gets "
                "half of the answers."
            ),
        )
    ]


def _people_words(scenario: Scenario) -> list[str]:
    answering = scenario.answering
    shown = {
        "rate": format_percent(answering.rate),
        "usual": format_number(answering.usual_minutes),
        "fatigue": format_number(answering.fatigue),
        "days": format_number(answering.decay_days),
        "a_minute": format_number(answering.a_minute),
        "willingness": format_number(answering.willingness),
        "opinion": format_number(scenario.opinion.willingness),
        "opt_out": format_percent(answering.opt_out, decimals=2),
    }
    return [
        text % shown
        for text in (
            gettext("If nobody were tired, %(rate)s would answer a form of %(usual)s minutes."),
            gettext(
                "Each recent survey takes %(fatigue)s off the log-odds of answering; after %(days)s days "
                "it weighs about a third of that. The built-in figure comes from students asked back to "
                "back: yours may be less."
            ),
            gettext("Each minute above the usual length changes the log-odds by %(a_minute)s."),
            gettext(
                "Some people like to answer and no register knows who (spread %(willingness)s in "
                "log-odds). They also think differently (%(opinion)s in log-odds a standard deviation): no "
                "weighting mends that."
            ),
            gettext(
                "An invitation that is not answered makes somebody leave for good with a chance of "
                "%(opt_out)s for each recent survey."
            ),
        )
    ]
