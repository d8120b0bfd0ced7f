"""The four kinds of array the package speaks of."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
IdArray: TypeAlias = NDArray[np.str_] | NDArray[np.int64]
"""Ids sort by code point when they are text, by value when they are whole numbers."""
