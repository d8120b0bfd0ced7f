"""The two Jinja environments: respondents' pages and staff pages, which differ in their catalogue.

A name that a template misspells is an error (StrictUndefined). The GOV.UK macros count on missing keys
being empty, so they live in an environment of their own and are offered to every template as functions:
write `{{ govukButton({...}) }}`, without an import.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from survey_service.domain.brand import Brand
from survey_service.i18n import formatting
from survey_service.i18n.locales import KNOWN_LOCALES
from survey_service.i18n.translate import Translator, current_locale
from survey_service.resources import templates_dir
from survey_service.web.brand_files import brand_css_url, brand_icon_url
from survey_service.web.static_assets import StaticAssets

Component = Callable[..., Markup]


def respondent_environment(brand: Brand, assets: StaticAssets) -> Environment:
    """For pages of the public: texts from the catalogue `messages`."""
    return _build(brand, assets, Translator("messages"))


def staff_environment(brand: Brand, assets: StaticAssets) -> Environment:
    """For pages behind the sign-in: texts from the catalogue `staff`, shared parts from `messages`."""
    return _build(brand, assets, Translator("staff"))


def _build(brand: Brand, assets: StaticAssets, translator: Translator) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translator.gettext,
        translator.ngettext,
        newstyle=True,
        pgettext=translator.pgettext,
        npgettext=translator.npgettext,
    )
    environment.globals.update(
        asset=assets.url,
        brand=brand,
        brand_css_url=brand_css_url(brand),
        brand_icon_url=brand_icon_url(brand),
        current_locale=current_locale,
        is_accepted=lambda: True,
        known_locales=tuple(KNOWN_LOCALES.values()),
        **govuk_components(),
    )
    environment.filters.update(
        date=formatting.format_date,
        month=formatting.format_month,
        moment=formatting.format_moment,
        number=formatting.format_number,
        percent=formatting.format_percent,
        minutes=formatting.format_minutes,
    )
    return environment


def govuk_components() -> dict[str, Any]:
    """The GOV.UK macros by their names, `govukButton` for components/button, each loaded at its first use."""
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    files = [name for name in loader.list_templates() if name.endswith("/macro.html")]
    return {name: _component(environment, file, name) for file in files for name in [_macro_name(file)]}


def _macro_name(file: str) -> str:
    folder = file.split("/")[-2]
    return "govuk" + "".join(word.capitalize() for word in folder.split("-"))


def _component(environment: Environment, file: str, name: str) -> Component:
    def component(*arguments: Any, **named: Any) -> Markup:
        macro: Component = getattr(environment.get_template(file).module, name)
        return macro(*arguments, **named)

    return component
