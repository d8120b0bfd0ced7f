"""Values of conditions: the three kinds of XPath 1.0, how they turn into each other, what reads them."""

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import msgspec

from survey_service.domain.patterns import compile_pattern

Value = str | float | bool
Code = str | float | bool | list["Code"] | None
"""A condition for the page's script: a value, or a list of a function's name and its arguments. None cannot
be worked out there."""


class Scope(msgspec.Struct, frozen=True):
    """What a condition can see: the answers so far and the answer of the question itself."""

    values: Mapping[str, str]
    current: str
    today: str = ""
    """The day in ISO's form."""


class Node(msgspec.Struct, frozen=True):
    """One part of a condition, ready to run; `question` and `text` say what it is where that matters."""

    run: Callable[[Scope], Value]
    question: str = ""
    text: str | None = None
    code: Code = None


function_arguments: dict[str, tuple[int, int]] = {
    "true": (0, 0),
    "false": (0, 0),
    "not": (1, 1),
    "selected": (2, 2),
    "count-selected": (1, 1),
    "string-length": (1, 1),
    "regex": (2, 2),
    "today": (0, 0),
    "date": (1, 1),
    "coalesce": (2, 2),
    "if": (3, 3),
}
"""Each function with the least and the most values it takes."""

_number = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
_date = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_first_day = date(1970, 1, 1)
_orders: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def to_number(value: Value) -> float:
    """XPath number(): a text that is no number gives NaN, which no comparison but != satisfies.

    A date counts the days since 1970, as in other programs for XLSForm, so that dates can be compared.
    """
    if not isinstance(value, str):
        return float(value)
    if _number.fullmatch(value):
        return float(value)
    return _count_days(value) if _date.fullmatch(value) else math.nan


def _count_days(text: str) -> float:
    try:
        return float((date.fromisoformat(text) - _first_day).days)
    except ValueError:
        return math.nan


def to_boolean(value: Value) -> bool:
    """XPath boolean(): a text is true when it is not empty, a number when it is neither 0 nor NaN."""
    if isinstance(value, str):
        return value != ""
    return bool(value) and not math.isnan(value)


def to_text(value: Value) -> str:
    """XPath string(): whole numbers without a decimal point."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() else repr(value)


def compare(sign: str, left: Node, right: Node) -> Node:
    """A comparison; = and != compare as truth values, numbers or texts, whichever XPath prescribes."""
    if sign in _orders:
        order = _orders[sign]
        return Node(
            lambda scope: order(to_number(left.run(scope)), to_number(right.run(scope))),
            code=make_code(sign, left, right),
        )
    wanted = sign == "="
    return Node(
        lambda scope: _is_equal(left.run(scope), right.run(scope)) is wanted,
        code=make_code(sign, left, right),
    )


def make_code(name: str, *arguments: Node) -> Code:
    """The script's form of a function of these arguments; None when one of them has none."""
    codes = [argument.code for argument in arguments]
    return None if None in codes else [name, *codes]


def _is_equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) is to_boolean(right)
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return left == right


def arithmetic(sign: str, left: Node, right: Node) -> Node:
    calculate = _calculations[sign]
    return Node(
        lambda scope: calculate(to_number(left.run(scope)), to_number(right.run(scope))),
        code=make_code(sign, left, right),
    )


def _divide(left: float, right: float) -> float:
    if right == 0:
        sign = math.copysign(1, left) * math.copysign(1, right)
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, sign)
    return left / right


def _remainder(left: float, right: float) -> float:
    if right == 0 or math.isinf(left):
        return math.nan
    return math.fmod(left, right)


_calculations: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": _divide,
    "mod": _remainder,
}


def call_function(name: str, arguments: Sequence[Node]) -> Node:
    """A function whose name and number of values were checked before."""
    if name == "regex":
        pattern = compile_pattern(arguments[1].text or "")
        subject = arguments[0]
        return Node(lambda scope: pattern.fullmatch(to_text(subject.run(scope))) is not None)
    if name == "if":
        condition, yes, no = arguments
        return Node(
            lambda scope: (yes if to_boolean(condition.run(scope)) else no).run(scope),
            code=make_code("if", *arguments),
        )
    if name == "today":
        return Node(lambda scope: scope.today)
    function = _functions[name]
    return Node(
        lambda scope: function(*(argument.run(scope) for argument in arguments)),
        code=make_code(name, *arguments),
    )


_functions: dict[str, Callable[..., Value]] = {
    "true": lambda: True,
    "false": lambda: False,
    "not": lambda value: not to_boolean(value),
    "selected": lambda names, name: to_text(name) in to_text(names).split(),
    "count-selected": lambda names: float(len(to_text(names).split())),
    "string-length": lambda value: float(len(to_text(value))),
    "date": lambda value: to_text(value),
    "coalesce": lambda first, second: first if to_text(first) else second,
}
