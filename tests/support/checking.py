"""What every page must keep to. A test that fetches a page gets all of this with it.

`check_page` raises one AssertionError that names everything it found, each with its line or element.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS

Finding = Iterator[str]

REFERRING = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-aria-controls", "form")
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "form": "action"}


def check_page(html: str, headers: Mapping[str, str]) -> None:
    """Raise AssertionError unless the page is sound; `headers` are those it was answered with."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    found = [*_check_parsed(html, parser, page), *_check_policy(page, headers)]
    assert not found, "The page is not sound:\n" + "\n".join(f"- {finding}" for finding in found)


def check_html(html: str) -> list[str]:
    """Everything that is wrong with a page apart from its headers."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return _check_parsed(html, parser, parser.parse(html))


def _check_parsed(html: str, parser: html5lib.HTMLParser, page: Element) -> list[str]:
    lines = html.splitlines()
    found = [
        f"line {line}: {PARSE_ERRORS[code] % details} | {lines[min(line, len(lines)) - 1].strip()}"
        for (line, _), code, details in parser.errors
    ]
    for rule in RULES:
        found += rule(page)
    return found


def _check_policy(page: Element, headers: Mapping[str, str]) -> Finding:
    """The content security policy has a nonce, and every script carries it."""
    policy = {name.lower(): value for name, value in headers.items()}.get("content-security-policy", "")
    nonces = re.findall(r"'nonce-([^']+)'", policy)
    if not nonces:
        yield f"the Content-Security-Policy has no nonce: {policy!r}"
    if "unsafe-inline" in policy or "unsafe-eval" in policy:
        yield f"the Content-Security-Policy allows what it is there to forbid: {policy!r}"
    for script in page.iter("script"):
        if script.get("nonce") not in nonces:
            yield f"a script does not carry the nonce of the policy: {describe(script)}"


def heading(page: Element) -> Finding:
    """One h1, and the title begins with it, after "Error: " where something is wrong."""
    headings = [text_of(element) for element in page.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"there must be one h1 with a text, not {headings}"
        return
    title = next((text_of(element) for element in page.iter("title")), "")
    has_errors = any("govuk-error-summary" in classes_of(element) for element in page.iter("div"))
    prefix, found, _ = title.partition(headings[0])
    if not found or (prefix and not prefix.rstrip().endswith((":", "："))):
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"
    elif has_errors and not prefix:
        yield f"the title {title!r} does not say that there are errors"


def heading_levels(page: Element) -> Finding:
    """No level is skipped on the way down."""
    before = 0
    for element in page.iter():
        if isinstance(element.tag, str) and re.fullmatch("h[1-6]", element.tag):
            level = int(element.tag[1])
            # The error summary stands before the page's heading, as the design system has it.
            if level > before + 1 and not (before == 0 and "error-summary" in classes_of(element)):
                yield f"h{level} follows h{before}: {text_of(element)!r}"
            before = level


def language(page: Element) -> Finding:
    """Language and direction are said."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Z]{2})?", page.get("lang", "")):
        yield f"html has no proper lang: {page.get('lang')!r}"
    if page.get("dir") not in ("ltr", "rtl"):
        yield f"html has no dir: {page.get('dir')!r}"


def identifiers(page: Element) -> Finding:
    """Ids are unique, and what refers to one finds it."""
    ids = Counter(element.get("id") for element in page.iter() if element.get("id") is not None)
    for name, count in ids.items():
        if count > 1 or not name or re.search(r"\s", name):
            yield f"the id {name!r} is there {count} times or is no id"
    for element in page.iter():
        for attribute in REFERRING:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} refers to {name!r}, which is not on the page: {describe(element)}"


def controls(page: Element) -> Finding:
    """Every control has a label, every group of choices a legend, every button a text."""
    parents = {child: parent for parent in page.iter() for child in parent}
    labels = {element.get("for"): text_of(element) for element in page.iter("label")}
    groups: Counter[str | None] = Counter()
    for element in [*page.iter("input"), *page.iter("select"), *page.iter("textarea")]:
        if element.get("type") in UNLABELLED_TYPES:
            continue
        wrapping = next((text_of(above) for above in _above(element, parents) if above.tag == "label"), "")
        if not (labels.get(element.get("id")) or wrapping or _has_own_name(element, page)):
            yield f"a control has no label: {describe(element)}"
        if element.get("type") in ("radio", "checkbox"):
            groups[element.get("name")] += 1
            if groups[element.get("name")] == 2 and not _is_in_named_group(element, parents, page):
                yield f"choices have no fieldset with a legend: {describe(element)}"
    for element in page.iter("button"):
        if not (text_of(element) or _has_own_name(element, page)):
            yield f"a button has no text: {describe(element)}"


def forms(page: Element) -> Finding:
    """A form says where it goes and how."""
    for element in page.iter("form"):
        if not element.get("action") or element.get("method", "").lower() not in ("get", "post"):
            yield f"a form needs an action and a method: {describe(element)}"


def inline_code(page: Element) -> Finding:
    """Nothing inline that the policy would have to allow."""
    for element in page.iter():
        if element.tag == "style" or element.get("style") is not None:
            yield f"inline style: {describe(element)}"
        for attribute, _ in element.items():
            if attribute.startswith("on"):
                yield f"inline script in {attribute}: {describe(element)}"


def links(page: Element) -> Finding:
    """A link has a text and a goal; one inside the page finds it."""
    ids = {element.get("id") for element in page.iter()}
    for element in page.iter("a"):
        goal = element.get("href", "")
        if not goal or goal == "#" or goal.lower().startswith("javascript:"):
            yield f"a link leads nowhere: {describe(element)}"
        elif goal.startswith("#") and goal[1:] not in ids:
            yield f"a link leads to nothing on this page: {describe(element)}"
        if not (text_of(element) or element.get("aria-label")):
            yield f"a link has no text: {describe(element)}"


def loaded(page: Element) -> Finding:
    """Whatever is loaded or posted to is ours; a picture has a text in its place."""
    for element in page.iter():
        address = element.get(LOADED.get(str(element.tag), ""), "")
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", address) and not address.startswith("data:"):
            yield f"an address of somebody else: {describe(element)}"
        if element.tag == "img" and element.get("alt") is None:
            yield f"a picture has no alt: {describe(element)}"


RULES: tuple[Callable[[Element], Finding], ...] = (
    heading, heading_levels, language, identifiers, controls, forms, inline_code, links, loaded,
)  # fmt: skip


def text_of(element: Element) -> str:
    """What a reader reads of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def classes_of(element: Element) -> str:
    return element.get("class", "")


def describe(element: Element) -> str:
    """The element's opening tag and the beginning of its text."""
    attributes = "".join(f' {name}="{value}"' for name, value in element.items())
    return f"<{element.tag}{attributes}> {text_of(element)[:60]}"


def _above(element: Element, parents: Mapping[Element, Element]) -> Iterator[Element]:
    while element in parents:
        element = parents[element]
        yield element


def _has_own_name(element: Element, page: Element) -> bool:
    if element.get("aria-label"):
        return True
    named_by = (element.get("aria-labelledby") or "").split()
    return any(text_of(other) for other in page.iter() if other.get("id") in named_by)


def _is_in_named_group(element: Element, parents: Mapping[Element, Element], page: Element) -> bool:
    for above in _above(element, parents):
        if above.tag == "fieldset" and any(text_of(legend) for legend in above.findall("legend")):
            return True
        if above.get("role") in ("group", "radiogroup") and _has_own_name(above, page):
            return True
    return False
