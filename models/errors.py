"""One error for the package: what happened, what was expected, what came, what to do."""


class ModelError(ValueError):
    """A table or a model file that nothing can be learned from.

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
    >>> print(ModelError("Too few rows.", expected="200", got="12"))
    Too few rows. Expected: 200. Got: 12.
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
