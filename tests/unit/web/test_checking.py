"""The checks every page goes through: each finds what it is there for, and none cries wolf."""

import pytest

from tests.support.checking import check_page

HEADERS = {"Content-Security-Policy": "script-src 'nonce-abc' 'strict-dynamic'; style-src 'self'"}

SOUND = """<!DOCTYPE html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><title>Heading – Service</title><link rel="stylesheet" href="/a.css"></head>
<body>
<script nonce="abc">1</script>
<main id="main-content">
<h1>Heading</h1>
<a href="#main-content">Skip</a>
<a href="https://example.org/">Elsewhere</a>
<img src="/x.png" alt="">
<form method="post" action="/x">
<input type="hidden" name="h" value="1">
<label for="a">A</label><input id="a" name="a" aria-describedby="a-hint"><p id="a-hint">Hint</p>
<label>B <input name="b"></label>
<fieldset><legend>C</legend>
<input type="radio" id="c" name="c" value="1"><label for="c">One</label>
<input type="radio" id="c-2" name="c" value="2"><label for="c-2">Two</label>
</fieldset>
<button>Send</button>
</form>
</main>
</body>
</html>
"""

BROKEN = [
    ("<h1>Heading</h1>", "<h1>Heading</h2>", "line 7: "),
    ("<h1>Heading</h1>", "<p>Heading</p>", "there must be one h1"),
    ("<h1>Heading</h1>", "<h1>Heading</h1><h1>Heading</h1>", "there must be one h1"),
    ("<h1>Heading</h1>", "<h1>Another</h1>", "does not begin with the heading"),
    ("<h1>Heading</h1>", "<h1>Heading</h1><h3>Small</h3>", "h3 follows h1"),
    ("<title>", "<title>Oops ", "does not begin with the heading"),
    ("<main", '<div class="govuk-error-summary"></div><main', "does not say that there are errors"),
    (' dir="ltr"', "", "html has no dir"),
    ('lang="en"', 'lang="english"', "html has no proper lang"),
    ('id="c-2"', 'id="c"', "the id 'c' is there 2 times"),
    ('aria-describedby="a-hint"', 'aria-describedby="nothing"', "refers to 'nothing'"),
    ('<label for="a">A</label>', "", "a control has no label"),
    ('<label for="a">A</label>', '<label for="a"> </label>', "a control has no label"),
    ("<legend>C</legend>", "", "choices have no fieldset"),
    ("<button>Send</button>", "<button> </button>", "a button has no text"),
    (' action="/x"', "", "a form needs an action and a method"),
    (' method="post"', "", "a form needs an action and a method"),
    ("<h1>", '<h1 style="color:red">', "inline style"),
    ("</head>", "<style>p{}</style></head>", "inline style"),
    ("<button>", '<button onclick="x()">', "inline script in onclick"),
    ('href="#main-content"', 'href="#nothing"', "a link leads to nothing"),
    ('href="#main-content"', 'href=""', "a link leads nowhere"),
    ('href="#main-content"', 'href="javascript:x()"', "a link leads nowhere"),
    (">Skip<", "><", "a link has no text"),
    ('href="/a.css"', 'href="https://cdn.example.org/a.css"', "an address of somebody else"),
    ('src="/x.png"', 'src="//cdn.example.org/x.png"', "an address of somebody else"),
    (' alt=""', "", "a picture has no alt"),
    ('nonce="abc"', 'nonce="xyz"', "does not carry the nonce"),
    (' nonce="abc"', "", "does not carry the nonce"),
]


def test_a_sound_page_passes() -> None:
    check_page(SOUND, HEADERS)


def test_the_prefix_of_an_error_page_may_be_in_any_language() -> None:
    check_page(SOUND.replace("<title>", "<title>خطأ: "), HEADERS)


@pytest.mark.parametrize(("old", "new", "finding"), BROKEN)
def test_what_is_broken_is_found_and_named(old: str, new: str, finding: str) -> None:
    assert SOUND.count(old) >= 1
    with pytest.raises(AssertionError) as found:
        check_page(SOUND.replace(old, new, 1), HEADERS)
    assert finding in str(found.value)


@pytest.mark.parametrize(
    ("policy", "finding"),
    [
        ("", "has no nonce"),
        ("script-src 'self'", "has no nonce"),
        ("script-src 'nonce-abc' 'unsafe-inline'", "allows what it is there to forbid"),
    ],
)
def test_a_weak_policy_is_found(policy: str, finding: str) -> None:
    with pytest.raises(AssertionError, match=finding):
        check_page(SOUND, {"content-security-policy": policy})
