"""One error for the package: what happened, what was expected, what came, what to do."""


class SamplingError(ValueError):
    """A plan or an array that cannot be right.

    Parameters
    ----------
    message : str
        What happened.
    expected, got : str, optional
        What would have been right, and what came instead.
    hint : str, optional
        What to do next.

    Examples
    --------
    >>> print(SamplingError("Too few.", expected="3", got="2", hint="Ask for 2."))
    Too few. Expected: 3. Got: 2. Ask for 2.
    """

    def __init__(
        self, message: str, *, expected: str | None = None, got: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.got = got
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.message]
        if self.expected is not None:
            parts.append(f"Expected: {self.expected}.")
        if self.got is not None:
            parts.append(f"Got: {self.got}.")
        if self.hint is not None:
            parts.append(self.hint)
        return " ".join(parts)
