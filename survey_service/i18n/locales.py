"""The languages of the pages, and which of them a reader gets.

To add one: a line in `_own_names`, then `make translations`, then fill in
locales/<code>/LC_MESSAGES/messages.po. The tests refuse a catalogue that is not complete.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale as CldrLocale

SOURCE_LOCALE = "en"
"""The language the texts are written in; it has no catalogue."""

_own_names = {
    "en": "English",
    "cy": "Cymraeg",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "lt": "Lietuvių",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "so": "Soomaali",
    "tr": "Türkçe",
    "el": "Ελληνικά",
    "bg": "Български",
    "ru": "Русский",
    "uk": "Українська",
    "ar": "العربية",
    "fa": "فارسی",
    "ur": "اردو",
    "bn": "বাংলা",
    "gu": "ગુજરાતી",
    "hi": "हिन्दी",
    "pa": "ਪੰਜਾਬੀ",
    "ta": "தமிழ்",
    "ja": "日本語",
    "zh_Hans": "简体中文",
    "zh_Hant": "繁體中文",
}
"""In the order of the language switch: the two of this country, then by script, for people to find theirs."""

_aliases = {
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "cmn": "zh-hans",
    "yue": "zh-hant",
    "zh-yue": "zh-hant",
    "pa-arab": "ur",
    "pa-pk": "ur",
    "pnb": "ur",
    "prs": "fa",
    "mo": "ro",
    "no": "nb",
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "tl": "fil",
}
"""Tags that browsers send for languages we would have under another code: written in lower case.

Panjabi of Pakistan is written in Arabic letters: who reads those can read Urdu, but not our Panjabi.
"""


@dataclass(frozen=True)
class Locale:
    """One language of the pages."""

    code: str
    """As in locales/ and in addresses, for example `fr` or `zh_Hant`."""
    name: str
    """In the language itself."""
    direction: str
    """`ltr` or `rtl`."""

    @property
    def tag(self) -> str:
        """As in HTML's lang attribute, for example `zh-Hant`."""
        return self.code.replace("_", "-")


KNOWN_LOCALES: dict[str, Locale] = {
    code: Locale(code=code, name=name, direction=CldrLocale.parse(code).text_direction)
    for code, name in _own_names.items()
}


def find_locale(code: str) -> Locale | None:
    """The language with this code, as it comes in an address; None for anything else."""
    return KNOWN_LOCALES.get(code)


def negotiate(
    accept_language: str | None,
    offered: Sequence[str] = tuple(KNOWN_LOCALES),
    *,
    default: str = SOURCE_LOCALE,
) -> str:
    """The offered language a browser's Accept-Language header asks for most, else `default`.

    A wish for a variety is met by its language (`fr-CA` by `fr`), a wish for a language by its variety
    (`pt` by `pt_BR`), and one variety stands in for another (`pt-PT` by `pt_BR`).
    """
    by_tag = {code.replace("_", "-").lower(): code for code in offered}
    for wish in _wishes(accept_language or ""):
        tag = wish
        while tag:
            tag = _aliases.get(tag, tag)
            if tag in by_tag:
                return by_tag[tag]
            tag = tag.rpartition("-")[0]
        language = wish.partition("-")[0]
        variety = next((code for known, code in by_tag.items() if known.startswith(f"{language}-")), None)
        if variety:
            return variety
    return default


def _wishes(accept_language: str) -> list[str]:
    """The tags of the header in lower case, the most wanted first; ones refused with q=0 are left out."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language[:1_000].split(",")):
        tag, _, parameter = part.strip().partition(";")
        wanted = _quality(parameter)
        if tag and tag != "*" and wanted > 0:
            wishes.append((-wanted, place, tag.strip().lower().replace("_", "-")))
    return [tag for _, _, tag in sorted(wishes)]


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
