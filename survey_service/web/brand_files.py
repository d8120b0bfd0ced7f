"""The brand's style sheet and icon: made from settings when the service starts, never written into a page.

The sheet's address carries a hash of its content, so it can be cached for ever like the built files.
"""

from hashlib import sha256
from html import escape
from urllib.parse import quote

from survey_service.domain.brand import Brand, mix

BRAND_CSS_PATH = "/brand.css"
BRAND_ICON_PATH = "/brand.svg"


def brand_css(brand: Brand) -> str:
    """The custom properties that the built style sheets read, with the shades made from the two colours."""
    dark = mix(brand.colour, "#000000", 0.35)
    properties = {
        "--brand-colour": brand.colour,
        "--brand-colour-dark": dark,
        "--brand-accent-colour": brand.accent_colour,
        "--brand-tint": mix(brand.colour, "#ffffff", 0.9),
        "--govuk-brand-colour": brand.colour,
        "--govuk-link-colour": brand.colour,
        "--govuk-link-hover-colour": dark,
        "--govuk-link-visited-colour": mix(brand.colour, "#4c2c92", 0.5),
        "--govuk-success-colour": brand.accent_colour,
    }
    return ":root{" + ";".join(f"{name}:{value}" for name, value in properties.items()) + "}\n"


def brand_icon(brand: Brand) -> str:
    """The icon of the browser's tab: the mark of the header, in the brand's colours."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f"<title>{escape(brand.name)}</title>"
        f'<rect width="32" height="32" rx="7" fill="{brand.colour}"/>'
        '<path fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round" '
        'd="M9 16.5l5 5 9-11"/></svg>\n'
    )


def brand_css_url(brand: Brand) -> str:
    return f"{BRAND_CSS_PATH}?v={_fingerprint(brand_css(brand))}"


def brand_icon_url(brand: Brand) -> str:
    """The icon inside its own address: a page needs no request of its own for it."""
    return "data:image/svg+xml," + quote(brand_icon(brand).strip())


def _fingerprint(content: str) -> str:
    return sha256(content.encode()).hexdigest()[:10]
