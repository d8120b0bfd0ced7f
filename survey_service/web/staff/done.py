"""What a post has done, said once at the top of the page it leads to."""

from litestar.response import Redirect

from survey_service.i18n.translate import Translator
from survey_service.web.staff.guards import AnyRequest

FIELD = "done"

gettext = Translator("staff").gettext


def go_on(path: str, done: str) -> Redirect:
    """Lead to a page that says so; the word stands in the address, so nothing is kept for it."""
    if done not in done_words():
        raise KeyError(done)
    address, hash_sign, place = path.partition("#")
    joint = "&" if "?" in address else "?"
    return Redirect(f"{address}{joint}{FIELD}={done}{hash_sign}{place}", status_code=303)


def read_done(request: AnyRequest) -> str:
    """The sentence for the word in the address; empty for none, and for a word that nobody wrote."""
    return done_words().get(request.query_params.get(FIELD, ""), "") if request.method == "GET" else ""


def done_words() -> dict[str, str]:
    """Each thing that can have been done."""
    return {**_of_one_survey(), **_of_everybody()}


def _of_one_survey() -> dict[str, str]:
    return {
        "saved": gettext("Saved."),
        "undone": gettext("The last change is undone."),
        "restored": gettext("That edit is the draft again."),
        "taken_in": gettext("The file is taken in."),
        "accepted": gettext("The words are accepted."),
        "not_accepted": gettext("The acceptance is taken back."),
        "published": gettext("Published. People see this from now on."),
        "opened": gettext("The survey is open. It takes answers from now on."),
        "closed": gettext("The survey is closed. It takes no more answers."),
        "strata": gettext("The strata are saved."),
        "approved": gettext("The plan is approved. The next draw takes what was approved."),
        "withdrawn": gettext("The approval is taken back. What was kept for it is free again."),
        "drawn": gettext("The people are drawn."),
        "released": gettext("What waited is sent."),
        "cancelled": gettext("What was not sent is cancelled and goes back to the budget."),
        "fieldwork_started": gettext("The fieldwork has begun."),
        "fieldwork_run": gettext("The next steps that were due are taken."),
        "fieldwork_stopped": gettext("The fieldwork is stopped."),
        "tablet_started": gettext(
            "The tablet can be used now. Open its link on the tablet, or scan its code."
        ),
        "tablet_ended": gettext("The tablet is ended. It shows no form any more."),
        "counted": gettext("These answers are counted."),
        "set_aside": gettext("These answers are set aside. They can be counted again at any time."),
    }


def _of_everybody() -> dict[str, str]:
    return {
        "divided": gettext("The register is divided like this from now on."),
        "limit_set": gettext("The limit holds from now on."),
        "limit_ended": gettext("The limit is ended."),
        "purpose_set": gettext("The purpose is saved."),
        "frozen": gettext("Frozen. Nothing of this is drawn or sent until the freeze ends."),
        "thawed": gettext("The freeze is ended. What waited goes in its order."),
        "shares_saved": gettext("The shares are saved."),
        "asked": gettext("Your request is noted. Somebody else decides on it."),
        "decided": gettext("The decision is noted."),
        "switched_on": gettext("The model is on: it decides how many are invited."),
        "switched_off": gettext("The model is off: strata are expected to answer as they did before."),
        "training_asked": gettext("The training is ordered. It shows here when it is done."),
        "mapping_saved": gettext("Taken into use. The next pull follows it."),
        "officer_named": gettext("Named. This person sees the notices of the department from now on."),
        "officer_withdrawn": gettext("This person sees the notices of the department no more."),
        "noted": gettext("Noted, with your name and the time."),
    }
