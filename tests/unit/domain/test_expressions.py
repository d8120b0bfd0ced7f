import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.expression_values import to_number, to_text
from survey_service.domain.expressions import ExpressionRefused, parse_expression
from survey_service.domain.patterns import PatternRefused, compile_pattern


@pytest.mark.parametrize(
    ("source", "values", "current", "expected"),
    [
        ("${a} = 'x'", {"a": "x"}, "", True),
        ("${a} = 'x'", {}, "", False),
        ("${a} != 'x'", {}, "", True),
        ("${a} = ''", {}, "", True),
        ('${a} = "it\'s"', {"a": "it's"}, "", True),
        ("${a} > 18", {"a": "19"}, "", True),
        ("${a} > 18", {"a": "9"}, "", False),
        ("${a} > 18", {}, "", False),
        ("${a} < 18", {}, "", False),
        ("${a} != 18", {}, "", True),
        ("${a} = 1", {"a": "01"}, "", True),
        (". >= 5 and . <= 72", {}, "5", True),
        (". >= 5 and . <= 72", {}, "73", False),
        ("1 = 2 or 3 = 3 and 4 = 5", {}, "", False),
        ("(1 = 2 or 3 = 3) and 4 = 4", {}, "", True),
        ("2 + 3 * 4 = 14", {}, "", True),
        ("(2 + 3) * 4 = 20", {}, "", True),
        ("7 mod 4 = 3 and -7 mod 4 = -3", {}, "", True),
        ("7 div 2 = 3.5", {}, "", True),
        ("1 div 0 > 1000000", {}, "", True),
        ("0 div 0 = 0 div 0", {}, "", False),
        ("- -1 = 1 and ${a}-1 = 1", {"a": "2"}, "", True),
        (".5 < 1 and 5. = 5", {}, "", True),
        ("selected(${m}, 'b')", {"m": "a b"}, "", True),
        ("selected(${m}, 'b')", {"m": "ab"}, "", False),
        ("count-selected(.) > 1", {}, "a b", True),
        ("count-selected(.) = 0", {}, "", True),
        ("not(selected(., 'none') and count-selected(.) > 1)", {}, "a none", False),
        ("string-length(.) <= 3", {}, "উ ন", True),
        ("regex(., '[0-9]{3}')", {}, "123", True),
        ("regex(., '[0-9]{3}')", {}, "1234", False),
        ("coalesce(${a}, ${b}) = 'y'", {"b": "y"}, "", True),
        ("if(${a} = 'x', ${b}, '') = 'y'", {"a": "x", "b": "y"}, "", True),
        ("true() = (${a} = 'x')", {"a": "x"}, "", True),
        ("false()", {}, "", False),
        ("${a}", {"a": "anything"}, "", True),
        ("0", {}, "", False),
        ("${a}\u00a0=\n'x'", {"a": "x"}, "", True),
    ],
)
def test_a_condition_is_evaluated_as_xpath_would(
    source: str, values: dict[str, str], current: str, expected: bool
) -> None:
    assert parse_expression(source).is_true(values, current) is expected


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "a value is missing"),
        ("1 +", "a value is missing"),
        ("now() > 3", "now() is not supported"),
        ("date(5) = 3", "takes a date in quotes"),
        ("date(${a}) = 3", "takes a date in quotes"),
        ("pulldata('f', 'a')", "pulldata() is not supported"),
        ("/data/a = 1", "XPath path"),
        ("${a} = ‘x’", "straight quotes"),
        ("${a = 1", "${name}"),
        ("a = 1", "The word a is not understood"),
        ("'x", "not closed"),
        ("(1 = 1", "lacks a )"),
        ("${a} ${b}", "goes on where it should end"),
        ("selected('a', 'b')", "starts with a question"),
        ("selected(${a})", "takes 2 values"),
        ("regex(., ${a})", "as a text in quotes"),
        ("${a} = 1 # 2", "The sign # is not understood"),
        ("(" * 60 + "1" + ")" * 60, "brackets"),
        ("1" + "+1" * 300, "parts"),
        ("1" * 3_000, "longer than"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(ExpressionRefused) as refusal:
        parse_expression(source)
    assert reason in str(refusal.value)


def test_a_condition_tells_which_questions_and_choices_it_reads() -> None:
    expression = parse_expression("${b} = 'x' and selected(${a}, 'y') and . != ${b}")

    assert expression.references == ("b", "a")
    assert expression.uses_current
    assert [(use.question, use.choice) for use in expression.choice_uses] == [("b", "x"), ("a", "y")]


def test_the_longest_chain_that_is_accepted_can_be_evaluated() -> None:
    assert parse_expression("0" + "+1" * 198 + "= 198").is_true({}) is True


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_text_breaks_the_parser(source: str, value: str) -> None:
    try:
        expression = parse_expression(source)
    except SurveyServiceError:
        return
    assert expression.is_true({"a": value}, value) in (True, False)


tokens = st.sampled_from(
    [
        "${a}",
        ".",
        "1",
        "0.5",
        "'x'",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "and",
        "or",
        "+",
        "-",
        "*",
        "div",
        "mod",
        "(",
        ")",
        ",",
        "true()",
        "not(",
        "selected(${a},'x')",
        "if(",
    ]
)


@given(st.lists(tokens, max_size=14), st.text(max_size=10))
def test_no_sequence_of_known_parts_breaks_it(parts: list[str], value: str) -> None:
    try:
        expression = parse_expression(" ".join(parts))
    except SurveyServiceError:
        return
    assert expression.is_true({"a": value}, value) in (True, False)


@given(st.floats())
def test_a_number_becomes_a_text_and_the_same_number_again(number: float) -> None:
    text = to_text(number)
    if math.isfinite(number) and "e" not in text:
        assert to_number(text) == number
    assert not text.endswith(".0")


@pytest.mark.parametrize(
    "pattern",
    [
        "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}",
        "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,4}",
        "(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])",
        "(?:abc)+",
        "[]a]x",
        "[^\\]]*",
        "colou?r",
        "(and so on)?",
    ],
)
def test_patterns_of_everyday_use_are_accepted(pattern: str) -> None:
    assert compile_pattern(pattern).pattern == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a|a)*",
        "(a?){20}",
        ".*.*.*x",
        "a?a?a?a?a?a?a?",
        "(a)\\1",
        "(?=a)b",
        "(?<name>a)",
        "[[a]",
        "[a&&b]",
        "\\p{L}",
        "a**",
        "(a",
        "a)",
        "[a",
        "*",
        "a{99999}",
        "a{3,1}",
        "x" * 300,
        "(" * 20 + "a" + ")" * 20,
    ],
)
def test_patterns_that_could_run_away_or_make_no_sense_are_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        compile_pattern(pattern)


def test_the_slowest_accepted_pattern_is_done_in_a_moment() -> None:
    pattern = compile_pattern("(a|a)(a|a)(a|a)(a|a)(a|a)(a|a).*.*b")
    started = time.process_time()

    assert pattern.fullmatch("a" * 2_000) is None

    assert time.process_time() - started < 5


@given(st.text(alphabet="ab(|)[]*+?{1,2}\\.^$-&:=<", max_size=16))
def test_no_text_breaks_the_check_of_patterns(pattern: str) -> None:
    try:
        compiled = compile_pattern(pattern)
    except PatternRefused:
        return
    compiled.fullmatch("ab" * 100)


@pytest.mark.parametrize(
    ("source", "current", "expected"),
    [
        (". <= today()", "2026-11-25", True),
        (". <= today()", "2026-11-26", False),
        (". > today() - 7", "2026-11-18", False),
        (". > today() - 7", "2026-11-19", True),
        (". >= date('2026-01-01')", "2025-12-31", False),
        (". >= date('2026-01-01')", "2026-01-01", True),
        (". < '2026-02-30'", "2026-01-01", False),
        (". <= today()", "", False),
    ],
)
def test_dates_are_compared_by_their_days(source: str, current: str, expected: bool) -> None:
    assert parse_expression(source).is_true({}, current, today="2026-11-25") is expected
