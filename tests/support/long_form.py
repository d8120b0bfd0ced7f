"""A questionnaire too long for one page, and the walk through it as a browser without a script makes it."""

import re
from html import unescape

from survey_service.domain.questionnaire import Block, Questionnaire
from tests.support.client import CheckingClient
from tests.support.make import MadeSurvey, make_question, make_questionnaire, make_survey
from tests.support.make_questionnaire import texts

_hidden = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def long_questionnaire() -> Questionnaire:
    """Seven numbered questions on three pages; s5 applies to those who said yes on the page before."""
    return make_questionnaire(
        core=Block(
            name="core",
            label=texts("Core"),
            questions=(
                make_question("s1", is_required=True),
                make_question("s2", type="select_multiple"),
                make_question("s3", type="text"),
            ),
        ),
        blocks=(
            Block(
                name="b1",
                label=texts("Block 1"),
                questions=(
                    make_question("s4", type="integer"),
                    make_question("s5", relevant="${s1} = 'yes'"),
                ),
            ),
            Block(
                name="b2",
                label=texts("Block 2"),
                questions=(
                    make_question("s6", is_required=True),
                    make_question("s7", type="text"),
                    make_question("s8"),
                ),
            ),
        ),
    )


async def make_long_survey(**overrides: str) -> MadeSurvey:
    """An open survey of one form with all of it."""
    return await make_survey(questionnaire=long_questionnaire(), **overrides)


def hidden_fields(html: str) -> list[tuple[str, str]]:
    """What a page carries unseen."""
    return [(unescape(name), unescape(value)) for name, value in _hidden.findall(html)]


class Walk:
    """Somebody at a form: sends what the page carries and what is typed on it."""

    def __init__(self, client: CheckingClient, address: str) -> None:
        self.client = client
        self.address = address
        self.html = ""
        self.status = 0

    async def open(self) -> "Walk":
        self.html = (await self.client.get(self.address)).text
        return self

    async def send(self, **typed: str) -> "Walk":
        fields: dict[str, list[str]] = {}
        for name, value in hidden_fields(self.html):
            fields.setdefault(name, []).append(value)
        sent = await self.client.post(
            self.address, data=fields | {name.replace("__", "-"): value for name, value in typed.items()}
        )
        self.html, self.status = sent.text, sent.status_code
        return self

    async def back(self, **typed: str) -> "Walk":
        return await self.send(form__go="back", **typed)

    @property
    def key(self) -> str:
        """The resume key the page carries."""
        return dict(hidden_fields(self.html))["resume-key"]
