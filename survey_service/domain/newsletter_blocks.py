"""Blocks that editors paste into an issue: shown to whom has a link, and to nobody else.

`*|IF:…|*` holds for a field that is not empty. In the plain text too: many read that.
"""

from collections.abc import Sequence
from html import escape

import msgspec


class Blocks(msgspec.Struct, frozen=True, kw_only=True):
    """One invitation, as HTML for a code block and as plain text."""

    html: str
    text: str


_BUTTON = (
    "display:inline-block;padding:12px 22px;background:{colour};color:#ffffff;font-weight:bold;"
    "text-decoration:none;border-radius:3px"
)


def make_blocks(*, tag: str, title: str, minutes: int, organisation: str, colour: str) -> Blocks:
    """Return the block that leads to the form."""
    time = "1 minute" if minutes <= 1 else f"{minutes} minutes"
    says = f"You have been chosen at random to answer a short survey. It takes about {time}."
    trust = f"The link is yours alone. {organisation} asks, and nobody sees your name beside your answers."
    button = _BUTTON.format(colour=colour)
    html = (
        f"*|IF:{tag}|*\n"
        '<div style="border:1px solid #cccccc;padding:18px;margin:18px 0">\n'
        f'<h2 style="margin:0 0 8px">{escape(title)}</h2>\n<p>{escape(says)}</p>\n'
        f'<p><a href="*|{tag}|*" style="{button}">Answer the survey</a></p>\n'
        f'<p style="font-size:14px;color:#555555">{escape(trust)}</p>\n</div>\n*|END:IF|*'
    )
    text = f"*|IF:{tag}|*\n{title}\n\n{says}\n\n*|{tag}|*\n\n{trust}\n*|END:IF|*"
    return Blocks(html=html, text=text)


def make_question_blocks(
    *, tag: str, question: str, choices: Sequence[str], organisation: str, colour: str
) -> Blocks:
    """Return the variant for one question: it is read in the issue, and answered on the page that opens.

    The choices are no links: an answer never travels in an address, where programs that check mails would
    give it. The page has this question first, and one button.
    """
    button = _BUTTON.format(colour=colour)
    listed_html = "\n".join(f"<li>{escape(one)}</li>" for one in choices)
    says = "One question. The page that opens begins with it: choose there, and press the button below it."
    html = (
        f"*|IF:{tag}|*\n"
        '<div style="border:1px solid #cccccc;padding:18px;margin:18px 0">\n'
        f'<h2 style="margin:0 0 8px">{escape(question)}</h2>\n<ul>\n{listed_html}\n</ul>\n'
        f'<p><a href="*|{tag}|*" style="{button}">Answer this question</a></p>\n'
        f'<p style="font-size:14px;color:#555555">{escape(says)} Asked by {escape(organisation)}.</p>\n'
        "</div>\n*|END:IF|*"
    )
    listed = "\n".join(f"- {one}" for one in choices)
    text = f"*|IF:{tag}|*\n{question}\n\n{listed}\n\n{says}\n\nAnswer here: *|{tag}|*\n*|END:IF|*"
    return Blocks(html=html, text=text)
