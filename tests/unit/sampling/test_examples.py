"""Every example in a docstring of the package runs and says what it says."""

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import sampling

MODULES = sorted(module.name for module in pkgutil.iter_modules(sampling.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    module = importlib.import_module(f"sampling.{name}")
    result = doctest.testmod(module, extraglobs={"np": np})
    assert result.failed == 0
    assert result.attempted > 0 or name == "arrays"
