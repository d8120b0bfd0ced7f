"""Regular expressions that authors may write: a subset in which matching cannot run away.

Python's matcher backtracks, so `(a+)+` takes hours on a line of forty letters, and an answer of a
stranger is matched while the server waits. The subset therefore bounds the ways in which a text can
be split: two unbounded repeats at most, few alternatives, no repeat around something that varies.
"""

import re
from functools import lru_cache

from survey_service.domain.errors import SurveyServiceError

longest_pattern = 200
most_unbounded = 2
most_variety = 64
widest_bounded = 20
_quantifier = re.compile(r"[*+?]|\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_class_operators = ("--", "&&", "||", "~~")


class PatternRefused(SurveyServiceError):
    """A regular expression outside the subset."""

    code = "pattern"


@lru_cache(maxsize=1_024)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern ready to match a whole answer, or `PatternRefused` with the reason."""
    if len(pattern) > longest_pattern:
        raise PatternRefused(f"The pattern is longer than {longest_pattern} characters.")
    _PatternCheck(pattern).run()
    try:
        return re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise PatternRefused(f"The pattern cannot be read: {error}.") from error


class _PatternCheck:
    """Walks a pattern once and counts in how many ways a text could be split over it."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.unbounded = 0
        self.variety = 1

    def run(self) -> None:
        self.read_branches(depth=0)
        if self.at < len(self.pattern):
            raise PatternRefused("The pattern closes a bracket that was not opened.")
        if self.unbounded > most_unbounded:
            raise PatternRefused(
                f"The pattern has {self.unbounded} repeats without an upper limit.",
                expected=f"at most {most_unbounded}",
                hint="Give the others a limit, for example {1,20}.",
            )
        if self.variety > most_variety:
            raise PatternRefused("The pattern can match in too many ways.", hint="Use fewer alternatives.")

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def read_branches(self, depth: int) -> bool:
        """Read alternatives up to a closing bracket; true when what they match can vary in length or way."""
        if depth > 10:
            raise PatternRefused("The pattern nests more than ten brackets.")
        varies = False
        branches = 1
        while self.at < len(self.pattern) and self.peek() != ")":
            if self.peek() == "|":
                self.at += 1
                branches += 1
                continue
            varies = self.read_piece(depth) or varies
        self.variety *= branches
        return varies or branches > 1

    def read_piece(self, depth: int) -> bool:
        """Read one atom and its repeat; true when it varies."""
        atom_varies = self.read_atom(depth)
        found = _quantifier.match(self.pattern, self.at)
        if found is None:
            return atom_varies
        self.at = found.end()
        if atom_varies and found[0] != "?":
            raise PatternRefused(
                "The pattern repeats a group that can itself match in several ways.",
                hint="Write the repeat inside the group, or the group without alternatives.",
            )
        repeat_varies = self.count_repeat(found)
        if self.peek() == "?":  # the lazy form matches the same texts
            self.at += 1
        elif self.peek() in ("+", "*"):
            raise PatternRefused("The pattern has two repeats in a row.")
        return atom_varies or repeat_varies

    def count_repeat(self, found: re.Match[str]) -> bool:
        low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(found[0], (0, None))
        if found[1] is not None:
            low = int(found[1])
            high = low if found[2] is None else (int(found[3]) if found[3] else None)
        if high is None or high - low > widest_bounded:
            self.unbounded += 1
            return True
        self.variety *= max(high - low + 1, 1)
        return high != low

    def read_atom(self, depth: int) -> bool:
        sign = self.peek()
        self.at += 1
        if sign == "(":
            return self.read_group(depth)
        if sign == "[":
            self.read_class()
        elif sign == "\\":
            self.read_escape()
        elif sign in "*+?{":
            raise PatternRefused(f"The pattern has {sign} with nothing to repeat.", hint=f"Write \\{sign}.")
        return False

    def read_group(self, depth: int) -> bool:
        if self.peek() == "?":
            if not self.pattern.startswith("?:", self.at):
                raise PatternRefused("The pattern looks ahead or behind, which is not supported.")
            self.at += 2
        varies = self.read_branches(depth + 1)
        if self.peek() != ")":
            raise PatternRefused("The pattern opens a bracket that is not closed.")
        self.at += 1
        return varies

    def read_escape(self) -> None:
        escaped = self.peek()
        if not escaped or (escaped.isalnum() and escaped not in "dDsSwWntr"):
            raise PatternRefused(f"The pattern uses \\{escaped}, which is not supported.")
        self.at += 1

    def read_class(self) -> None:
        start = self.at
        if self.peek() == "^":
            self.at += 1
        first = True
        while self.peek() != "]" or first:
            if not self.peek() or self.peek() == "[":
                raise PatternRefused("The pattern has a [ that is not closed, or one inside another.")
            self.at += 1
            if self.pattern[self.at - 1] == "\\":
                self.read_escape()
            first = False
        self.at += 1
        if any(operator in self.pattern[start : self.at] for operator in _class_operators):
            raise PatternRefused("The pattern combines character classes, which is not supported.")
