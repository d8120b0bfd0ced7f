"""Every example in a docstring of the two pure packages runs and says what it says."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import models
import sampling

MODULES = sorted(
    f"{package.__name__}.{module.name}"
    for package in (models, sampling)
    for module in pkgutil.iter_modules(package.__path__)
)
WITHOUT_EXAMPLES = {
    "models.arrays",
    "models.candidates",
    "models.evaluation",
    "models.learning",
    "models.likelihood",
    "models.model_file",
    "sampling.arrays",
}
"""Nothing to call, or what takes a table of hundreds of rows to show: `tests/unit/models` does."""


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, extraglobs={"np": np})
    assert result.failed == 0
    assert result.attempted > 0 or name in WITHOUT_EXAMPLES
