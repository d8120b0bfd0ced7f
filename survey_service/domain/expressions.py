"""Conditions as XLSForm writes them: a small subset of XPath, parsed once and evaluated safely.

Understood: `${question}`, `.`, numbers, texts in quotes, = != < <= > >=, and, or, + - * div mod, brackets,
and the functions of `function_arguments`. Dates are compared by their days.
Everything else is refused by name, never guessed. Values follow XPath 1.0: an unanswered question is
the empty text, the answer of a select_multiple is its names with a space between them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from survey_service.domain.errors import SurveyServiceError
from survey_service.domain.expression_values import (
    Code,
    Node,
    Scope,
    arithmetic,
    call_function,
    compare,
    function_arguments,
    make_code,
    to_boolean,
    to_number,
)

longest_expression = 2_000
most_parts = 400  # each operator may cost a frame of Python's stack when the condition is evaluated
deepest_nesting = 40


class ExpressionRefused(SurveyServiceError):
    """A condition outside the subset; the message says which part and why."""

    code = "expression"


class ChoiceUse(msgspec.Struct, frozen=True):
    """A condition names a choice of a question: `selected(${q}, 'x')` or `${q} = 'x'`."""

    question: str
    """Name of the question, or `.` for the question itself."""
    choice: str
    is_selected_call: bool


class Expression(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that was understood."""

    source: str
    references: tuple[str, ...]
    """Names of the questions it reads, in order of appearance."""
    uses_current: bool
    """True when it reads `.`, the answer of the question itself."""
    choice_uses: tuple[ChoiceUse, ...]
    root: Node

    def is_true(self, values: Mapping[str, str], current: str = "", *, today: str = "") -> bool:
        """Evaluate with `values` from question name to answer; a name that is missing is unanswered."""
        return to_boolean(self.root.run(Scope(values, current, today)))

    @property
    def code(self) -> Code:
        """The same condition for the page's script; None when it cannot be worked out there."""
        return self.root.code


@lru_cache(maxsize=4_096)
def parse_expression(source: str) -> Expression:
    """Read a condition, or raise `ExpressionRefused` with the reason."""
    if len(source) > longest_expression:
        raise ExpressionRefused(f"The condition is longer than {longest_expression} characters.")
    tokens = _split(source)
    if len(tokens) > most_parts:
        raise ExpressionRefused(f"The condition has more than {most_parts} parts.")
    parser = _Parser(tokens)
    root = parser.read_or()
    if parser.peek() is not None:
        raise ExpressionRefused(f"The condition goes on where it should end: {parser.rest()!r} is left over.")
    return Expression(
        source=source,
        references=tuple(dict.fromkeys(parser.references)),
        uses_current=parser.uses_current,
        choice_uses=tuple(parser.choice_uses),
        root=root,
    )


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str


token_pattern = re.compile(
    r"""(?P<space>[ \t\r\n\u00a0]+)
      | \$\{\s*(?P<question>[A-Za-z_][A-Za-z0-9_.-]*)\s*\}
      | (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
      | (?P<sign><=|>=|!=|[=<>+*(),.-])""",
    re.VERBOSE,
)


def _split(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(source):
        found = token_pattern.match(source, at)
        if found is None:
            raise ExpressionRefused(_explain_sign(source[at]))
        at = found.end()
        kind = found.lastgroup or ""
        if kind != "space":
            tokens.append(_Token(kind, found[kind]))
    return tokens


def _explain_sign(sign: str) -> str:
    if sign in "‘’“”":
        return f"The quote {sign} is a typographic one. Write straight quotes: 'x'."
    if sign in "'\"":
        return "A text is opened with a quote and not closed."
    if sign == "$":
        return "A question is named like this: ${name}."
    if sign in "/@[]:":
        return f"The sign {sign} (an XPath path) is not supported. Name a question like this: ${{name}}."
    return f"The sign {sign} is not understood."


class _Parser:
    """Recursive descent in the order of XPath: or, and, = !=, < >, + -, * div mod, minus, value."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.references: list[str] = []
        self.choice_uses: list[ChoiceUse] = []
        self.uses_current = False

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def rest(self) -> str:
        return " ".join(token.text for token in self.tokens[self.at :])[:60]

    def take(self, *texts: str) -> str | None:
        """The next token when it is one of these signs or words."""
        token = self.peek()
        if token is not None and token.kind in ("sign", "name") and token.text in texts:
            self.at += 1
            return token.text
        return None

    def expect(self, sign: str) -> None:
        if self.take(sign) is None:
            raise ExpressionRefused(f"The condition lacks a {sign} before {self.rest() or 'its end'!r}.")

    def read_or(self) -> Node:
        self.depth += 1
        if self.depth > deepest_nesting:
            raise ExpressionRefused(f"The condition nests brackets more than {deepest_nesting} deep.")
        left = self.read_and()
        while self.take("or"):
            left = _either(left, self.read_and())
        self.depth -= 1
        return left

    def read_and(self) -> Node:
        left = self.read_equality()
        while self.take("and"):
            left = _both(left, self.read_equality())
        return left

    def read_equality(self) -> Node:
        left = self.read_order()
        while sign := self.take("=", "!="):
            right = self.read_order()
            self.note_choice(left, right)
            self.note_choice(right, left)
            left = compare(sign, left, right)
        return left

    def read_order(self) -> Node:
        left = self.read_sum()
        while sign := self.take("<=", ">=", "<", ">"):
            left = compare(sign, left, self.read_sum())
        return left

    def read_sum(self) -> Node:
        left = self.read_product()
        while sign := self.take("+", "-"):
            left = arithmetic(sign, left, self.read_product())
        return left

    def read_product(self) -> Node:
        left = self.read_minus()
        while sign := self.take("*", "div", "mod"):
            left = arithmetic(sign, left, self.read_minus())
        return left

    def read_minus(self) -> Node:
        is_negative = False
        while self.take("-"):
            is_negative = not is_negative
        value = self.read_value()
        if not is_negative:
            return value
        return Node(lambda scope: -to_number(value.run(scope)), code=make_code("negative", value))

    def read_value(self) -> Node:
        token = self.peek()
        if token is None:
            raise ExpressionRefused("The condition ends where a value is missing.")
        self.at += 1
        match token.kind:
            case "question":
                self.references.append(token.text)
                name = token.text
                return Node(lambda scope: scope.values.get(name, ""), question=name, code=["$", name])
            case "number":
                number = float(token.text)
                return Node(lambda _: number, code=number)
            case "text":
                text = token.text[1:-1]
                return Node(lambda _: text, text=text, code=text)
            case "name":
                return self.read_call(token.text)
        return self.read_sign(token.text)

    def read_sign(self, sign: str) -> Node:
        if sign == ".":
            self.uses_current = True
            return Node(lambda scope: scope.current, question=".")
        if sign == "(":
            value = self.read_or()
            self.expect(")")
            return Node(value.run, code=value.code)
        raise ExpressionRefused(f"The condition has {sign} where a value is missing.")

    def read_call(self, name: str) -> Node:
        if self.take("(") is None:
            raise ExpressionRefused(
                f"The word {name} is not understood.",
                hint=f"A question is named like this: ${{{name}}}; a text stands in quotes: '{name}'.",
            )
        if name not in function_arguments:
            raise ExpressionRefused(
                f"The function {name}() is not supported.",
                expected="one of " + ", ".join(f"{known}()" for known in function_arguments),
            )
        arguments = self.read_arguments()
        least, most = function_arguments[name]
        if not least <= len(arguments) <= most:
            raise ExpressionRefused(f"The function {name}() takes {least} values, not {len(arguments)}.")
        if name in ("selected", "count-selected") and not arguments[0].question:
            raise ExpressionRefused(
                f"The function {name}() starts with a question (${{name}}) or with a dot."
            )
        if name == "date" and len(arguments[0].text or "") != 10:
            raise ExpressionRefused("The function date() takes a date in quotes: date('2026-03-27').")
        if name == "regex" and arguments[1].text is None:
            raise ExpressionRefused("The function regex() takes its pattern as a text in quotes.")
        if name == "selected":
            self.note_choice(arguments[0], arguments[1], is_selected_call=True)
        return call_function(name, arguments)

    def read_arguments(self) -> list[Node]:
        arguments: list[Node] = []
        if self.take(")"):
            return arguments
        arguments.append(self.read_or())
        while self.take(","):
            arguments.append(self.read_or())
        self.expect(")")
        return arguments

    def note_choice(self, reference: Node, literal: Node, *, is_selected_call: bool = False) -> None:
        if reference.question and literal.text:
            self.choice_uses.append(ChoiceUse(reference.question, literal.text, is_selected_call))


def _either(left: Node, right: Node) -> Node:
    return Node(
        lambda scope: to_boolean(left.run(scope)) or to_boolean(right.run(scope)),
        code=make_code("or", left, right),
    )


def _both(left: Node, right: Node) -> Node:
    return Node(
        lambda scope: to_boolean(left.run(scope)) and to_boolean(right.run(scope)),
        code=make_code("and", left, right),
    )
