"""From HTML to a tagged PDF, with WeasyPrint and fonts of our own for every script.

WeasyPrint needs the system's Pango. Where that is missing everything else works, and whoever asks for a
document is told what to install. Nothing is fetched: a document may only use the fonts that came with the
service.
"""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from survey_service.domain.errors import Unavailable
from survey_service.resources import fonts_dir

FAMILY = "Form"

_HAN = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
_ARABIC = ((0x0600, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
SIGNS: dict[str, tuple[tuple[int, int], ...]] = {
    "noto-sans-latin": ((0x0020, 0x00FF), (0x2000, 0x206F)),
    "noto-sans-latin-ext": ((0x0100, 0x02FF), (0x1E00, 0x1EFF), (0x20A0, 0x20CF)),
    "noto-sans-greek": ((0x0370, 0x03FF),),
    "noto-sans-greek-ext": ((0x1F00, 0x1FFF),),
    "noto-sans-cyrillic": ((0x0400, 0x04FF),),
    "noto-sans-cyrillic-ext": ((0x0460, 0x052F),),
    "noto-sans-arabic": _ARABIC,
    "noto-nastaliq-urdu": _ARABIC,
    "noto-sans-devanagari": ((0x0900, 0x097F),),
    "noto-sans-bengali": ((0x0980, 0x09FF),),
    "noto-sans-gurmukhi": ((0x0A00, 0x0A7F),),
    "noto-sans-gujarati": ((0x0A80, 0x0AFF),),
    "noto-sans-tamil": ((0x0B80, 0x0BFF),),
    "noto-sans-jp": _HAN,
    "noto-sans-sc": _HAN,
    "noto-sans-tc": _HAN,
}
"""Which signs each font is for."""

PDF_VARIANT = "pdf/ua-1"

HAN_FONTS = {
    "zh_Hans": ("noto-sans-sc",),
    "zh_Hant": ("noto-sans-tc", "noto-sans-sc"),
    "ja": ("noto-sans-jp",),
}
"""The first that has a sign draws it: the traditional one lacks the full-width comma and its like."""

ARABIC_FONT = {"ar": "noto-sans-arabic", "ur": "noto-nastaliq-urdu"}
"""Urdu is read in Nastaliq."""


class WeasyPrintMissing(Unavailable):
    """The system lacks what WeasyPrint needs."""

    code = "no_documents"


def write_pdf(html: str, *, locale: str) -> bytes:
    """Return the document as a PDF that screen readers can follow (PDF/UA-1).

    Raises `WeasyPrintMissing` where the system's Pango is not installed.
    """
    weasyprint = _weasyprint()
    fetcher = _font_fetcher(weasyprint)
    fonts = weasyprint.text.fonts.FontConfiguration()
    faces = _font_faces(locale, frozenset(_scripts_of(html)))
    sheet = weasyprint.CSS(string=faces, font_config=fonts, url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    written: bytes = document.write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_variant=PDF_VARIANT, pdf_tags=True
    )
    return written


def _weasyprint() -> Any:
    """The library, loaded when the first document is made: it loads Pango, which nothing else needs."""
    try:
        import weasyprint
        import weasyprint.text.fonts
        import weasyprint.urls
    except OSError as error:
        raise WeasyPrintMissing(
            "Documents cannot be made on this machine.",
            expected="the libraries Pango and HarfBuzz",
            hint="Install them. Debian: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0.",
        ) from error
    return weasyprint


def _font_fetcher(weasyprint: Any) -> Any:
    """The only way out of a document: into the folder of fonts. Anything else stops the rendering."""

    class FontFetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            parsed = urlparse(url)
            path = Path(url2pathname(parsed.path)).resolve()
            if parsed.scheme != "file" or path.parent != fonts_dir().resolve():
                raise ValueError("a document uses nothing but the fonts that came with the service")
            return weasyprint.urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})

    return FontFetcher(fail_on_errors=True)


def _scripts_of(text: str) -> set[str]:
    """The fonts whose signs stand in a text: reading every font takes three seconds."""
    signs = {ord(sign) for sign in text}
    return {
        stem
        for stem, ranges in SIGNS.items()
        if any(low <= sign <= high for sign in signs for low, high in ranges)
    }


@cache
def _font_faces(locale: str, stems: frozenset[str]) -> str:
    """The style sheet that names the fonts, that of Latin letters before those of other scripts."""
    files = sorted(fonts_dir().glob("*.woff2"))
    own = [stem for stem in stems if _is_wanted(stem, locale)]
    han = HAN_FONTS.get(locale, ())
    wanted = sorted(own, key=lambda stem: ("latin" not in stem, han.index(stem) if stem in han else -1, stem))
    rules = [
        f"@font-face {{ font-family: '{FAMILY} {stem}'; font-weight: {weight}; src: url('{file.as_uri()}') }}"
        for file in files
        for stem, _, weight in [file.stem.rpartition("-")]
        if stem in wanted
    ]
    families = ", ".join(f"'{FAMILY} {stem}'" for stem in wanted)
    return "\n".join([*rules, f"html {{ font-family: {families}, sans-serif }}"])


def _is_wanted(stem: str, locale: str) -> bool:
    """Han signs are drawn in three ways and Arabic letters in two; the language says which."""
    if any(stem in fonts for fonts in HAN_FONTS.values()):
        return stem in HAN_FONTS.get(locale, ())
    if stem in ARABIC_FONT.values():
        return stem == ARABIC_FONT.get(locale, ARABIC_FONT["ar"])
    return True
