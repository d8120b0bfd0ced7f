"""Every type of question in a browser: answered with and without JavaScript, at a desk and on a phone."""

from datetime import date

import msgspec
from playwright.async_api import Page, Request, expect

from survey_service.db.engine import connection
from survey_service.domain.answers import read_answers
from survey_service.domain.questionnaire import Block, Form
from tests.support.browser import PHONE, check_accessibility
from tests.support.every_type import CORE, ask, make_every_type, make_person
from tests.support.make import MadeInvitation, make_invitation, make_survey
from tests.support.make_answers import make_answers, make_sample
from tests.support.staff import PASSWORD, make_staff

FORM = Form(key="all", block_names=(), share=1.0, points=30, planned_seconds=300)


async def make_link(*names: str) -> MadeInvitation:
    """To a form of every type on several pages, or with these questions on one."""
    whole = make_every_type(is_one_page=True)
    questions = tuple(
        one for one in whole.core.questions if not names or {part.name for part in one.parts} & {*names}
    )
    core = msgspec.structs.replace(whole.core, questions=questions)
    survey = await make_survey(questionnaire=msgspec.structs.replace(whole, core=core), forms=[FORM])
    return await make_invitation(survey=survey)


async def stored(invitation: MadeInvitation) -> dict[str, list[tuple[str | None, str | None, float | None]]]:
    """What the database holds, by question."""
    async with connection() as lent:
        rows = await lent.fetch(
            """SELECT a.question, a.option, a.text_value, a.number_value
               FROM answer a JOIN response r ON r.id = a.response WHERE r.invitation = $1 ORDER BY a.id""",
            invitation.id,
        )
    found: dict[str, list[tuple[str | None, str | None, float | None]]] = {}
    for question, option, text, number in rows:
        found.setdefault(question, []).append((option, text, number))
    return found


async def reach(page: Page, name: str) -> None:
    """Go on to the page of this question."""
    while not await page.locator(f'#survey-form :not([type=hidden])[name="{name}"]').count():
        await send(page)
        await expect(page.locator(".govuk-error-summary")).to_have_count(0)


async def choose(page: Page, name: str, value: str) -> None:
    await reach(page, name)
    await page.locator(f'input[name="{name}"][value="{value}"]').check()


async def fill(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        await reach(page, name)
        await page.locator(f'[name="{name}"]').fill(text)


async def send(page: Page) -> None:
    await page.locator("form .send button").first.click()


async def miss(page: Page, name: str) -> None:
    """Go on without this one."""
    await send(page)
    links = page.locator(".govuk-error-summary__list a")
    assert await links.evaluate_all("links => links.map(link => link.hash)") == [f"#{name}"]
    await check_accessibility(page)


async def test_every_type_is_answered(page: Page, width: int, has_script: bool) -> None:
    """In Arabic on a phone, in English at a desk."""
    language = "ar" if width == PHONE else "en"
    invitation = await make_link()
    await page.goto(f"/s/{invitation.token}/{language}")
    await check_accessibility(page)
    follow_up, repeated = page.locator('[name="why"]'), page.locator('[data-pipe="role"]')
    await expect(follow_up).to_be_visible(visible=not has_script)

    await choose(page, "role", "work")
    await expect(follow_up).to_be_visible()
    if has_script:
        await expect(repeated).to_have_text({"en": "Work", "ar": "العمل"}[language])
    await fill(page, why="Money")
    await choose(page, "seen", "patrol")
    # What was required is still missing, and what was typed is still there.
    await miss(page, "lives_here")
    await expect(repeated).to_have_text({"en": "Work", "ar": "العمل"}[language])
    await choose(page, "lives_here", "yes")
    await choose(page, "safe", "4")
    await choose(page, "likely", "7")
    await choose(page, "mood", "--declined")
    await choose(page, "at_night", "1")
    await choose(page, "at_station", "--declined")
    await miss(page, "in_park")
    await choose(page, "in_park", "5")
    await fill(page, worse="Noise")
    for name, value in (("first--1", "2"), ("first--2", "1"), ("first--3", "3")):
        await reach(page, name)
        await page.locator(f'[name="{name}"]').select_option(value)
    await fill(page, days={"en": "12", "ar": "١٢"}[language])
    await page.locator('[name="days"]').blur()
    if has_script:
        await expect(page.locator('[data-pipe="days"]')).to_have_text({"en": "12", "ar": "١٢"}[language])
    await fill(page, often="Work", hours={"en": "7.5", "ar": "٧٫٥"}[language])
    day = {"en": ("27", "3", "2007"), "ar": ("٢٧", "٣", "٢٠٠٧")}[language]
    await reach(page, "since")
    for name, part in zip(("since", "since--month", "since--year"), day, strict=True):
        await page.locator(f'[name="{name}"]').fill(part)
    await fill(page, postcode="ec2m 7pp", area="e1", change="One\nTwo")
    await reach(page, "agree")
    await miss(page, "agree")
    await choose(page, "agree", "OK")
    await send(page)

    await expect(page.locator("#survey-form")).to_have_count(0)
    assert await stored(invitation) == {
        "lives_here": [("yes", None, None)],
        "role": [("work", None, None)],
        "why": [(None, "Money", None)],
        "seen": [("patrol", None, None)],
        "safe": [("4", None, 4.0)],
        "likely": [("7", None, 7.0)],
        "mood": [("--declined", None, None)],
        "at_night": [("1", None, 1.0)],
        "at_station": [("--declined", None, None)],
        "in_park": [("5", None, 5.0)],
        "worse": [(None, "Noise", None)],
        "first": [("foot", None, 1.0), ("light", None, 2.0), ("talk", None, 3.0)],
        "days": [(None, None, 12.0)],
        "often": [(None, "Work", None)],
        "hours": [(None, None, 7.5)],
        "since": [("2007-03", "2007-03-27", None)],
        "postcode": [("EC2M", "EC2M 7PP", None)],
        "area": [("E1", None, None)],
        "change": [(None, "One\nTwo", None)],
        "agree": [("OK", None, None)],
    }


async def test_the_script_keeps_answers_from_contradicting_each_other(desk_page: Page) -> None:
    invitation = await make_link("seen", "first", "days")
    await desk_page.goto(f"/s/{invitation.token}/en")
    await choose(desk_page, "seen", "patrol")
    await choose(desk_page, "seen", "--declined")
    await expect(desk_page.locator('[name="seen"][value="patrol"]')).not_to_be_checked()
    await desk_page.locator('[name="first--1"]').select_option("1")
    await desk_page.locator('[name="first--2"]').select_option("1")
    await expect(desk_page.locator('[name="first--1"]')).to_have_value("")
    await desk_page.locator('[name="first--declined"]').check()
    await expect(desk_page.locator('[name="first--2"]')).to_have_value("")
    await desk_page.locator('[name="days--declined"]').check()
    await fill(desk_page, days="3")
    await desk_page.locator('[name="days"]').blur()
    await expect(desk_page.locator('[name="days--declined"]')).not_to_be_checked()
    await desk_page.locator('[name="days--declined"]').check()
    await expect(desk_page.locator('[name="days"]')).to_have_value("")


async def test_scales_grids_and_rankings_are_answered_by_keyboard(desk_page: Page) -> None:
    """With a radio button in focus the arrow keys choose; a list of places takes the number."""
    invitation = await make_link("safe", "likely", "mood", "in_park", "first")
    await desk_page.goto(f"/s/{invitation.token}/en")
    for name, presses, value in (("safe", 2, "3"), ("likely", 4, "4"), ("mood", 1, "2"), ("in_park", 4, "5")):
        await desk_page.locator(f"#{name}").focus()
        await desk_page.keyboard.press("Space")
        for _ in range(presses):
            await desk_page.keyboard.press("ArrowDown")
        await expect(desk_page.locator(f'[name="{name}"][value="{value}"]')).to_be_checked()
        await expect(desk_page.locator(f'[name="{name}"][value="{value}"]')).to_be_focused()
    await desk_page.locator("#first").focus()
    await desk_page.keyboard.type("2")
    await expect(desk_page.locator('[name="first--1"]')).to_have_value("2")
    await desk_page.keyboard.press("Tab")
    await expect(desk_page.locator('[name="first--2"]')).to_be_focused()


async def test_a_first_visit_weighs_little_and_asks_nobody_else(desk_page: Page) -> None:
    """The first page of a long form: at most 30 KB over the wire in at most four requests."""
    invitation = await make_link()
    weights: dict[str, int] = {}
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    desk_page.on("requestfinished", note)
    await desk_page.goto(f"/s/{invitation.token}/en", wait_until="networkidle")
    for request in requests:
        if request.url.startswith("data:"):
            continue
        sizes = await request.sizes()
        weights[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

    assert len(weights) <= 4, weights
    assert sum(weights.values()) <= 30_000, weights
    assert sum(weights.values()) > 5_000, "the sizes were not told"


async def test_staff_see_results_of_every_type(desk_page: Page) -> None:
    questionnaire = make_every_type(is_one_page=True)
    survey = await make_survey(questionnaire=questionnaire, forms=[FORM])
    sample = await make_sample(survey, {"all": (1200, 240)})
    read = [read_answers(make_person(at), questionnaire, FORM, today=date(2026, 11, 25)) for at in range(120)]
    await make_answers(survey, [{"all": one.rows} for one in read], invitations=sample["all"])
    await make_staff("types@journeys.example.org", role="admin", department="Parks")
    await desk_page.goto("/staff/sign-in")
    await desk_page.locator("#email").fill("types@journeys.example.org")
    await desk_page.locator("#password").fill(PASSWORD)
    await desk_page.locator("main button").first.click()

    await desk_page.goto(f"/staff/surveys/{survey.slug}")

    await check_accessibility(desk_page)
    page = desk_page.locator("main")
    await expect(page).to_contain_text("How safe do you feel … at night?")
    await expect(page).to_contain_text("Mean place 2")
    await expect(page).to_contain_text("Mean: 14.5")
    await expect(page).to_contain_text("30 people preferred not to say.")


async def test_a_later_page_repeats_and_reads_what_was_answered_before(desk_page: Page) -> None:
    """On page two stands a text that repeats page one, and a question whose condition reads both pages."""
    core = (
        ask("role", "select_one", "What brings you?", "ما الذي يأتي بك؟", choices=CORE[2].choices),
        ask("seen", "select_multiple", "What have you seen?", "ماذا رأيت؟", choices=CORE[4].choices),
        ask("days", "integer", "How many days?", "كم يوما؟"),
    )
    both = "selected(${seen}, 'stand') and ${days} > 9 and ${again} = 'yes'"
    later = (
        ask("again", "select_one", "Again for ${role}?", "مجددا من أجل ${role}؟", choices=CORE[1].choices),
        ask("when", "text", "When, after ${days} days?", "متى، بعد ${days} يوما؟", relevant=both),
        *(ask(f"more{at}", "text", "More?", "المزيد؟") for at in range(3)),
    )
    questionnaire = msgspec.structs.replace(
        make_every_type(),
        core=Block(name="core", label={}, questions=core),
        blocks=(Block(name="later", label={}, questions=later),),
    )
    form = Form(key="all", block_names=("later",), share=1.0, points=30, planned_seconds=300)
    invitation = await make_invitation(survey=await make_survey(questionnaire=questionnaire, forms=[form]))
    page = desk_page
    await page.goto(f"/s/{invitation.token}/en")
    await choose(page, "role", "work")
    await choose(page, "seen", "patrol")
    await choose(page, "seen", "stand")
    await fill(page, days="١٢")
    await send(page)

    await expect(page.locator('[data-pipe="role"]')).to_have_text("Work")
    await expect(page.locator('[name="when"]')).to_be_hidden()
    await choose(page, "again", "yes")
    await expect(page.locator('[name="when"]')).to_be_visible()
    await expect(page.locator('[data-pipe="days"]')).to_have_text("12")
    await fill(page, when="Soon")
    await send(page)
    await expect(page.locator("#survey-form")).to_have_count(0)
    answers = await stored(invitation)
    assert answers["when"] == [(None, "Soon", None)]
    assert answers["days"] == [(None, None, 12.0)]
