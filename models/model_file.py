"""A fitted model as a file, with a card that says what it is; opening one runs no code of the file.

Files are of skops, whose loader makes only types that are named here. A file of another format or of
another version of scikit-learn is refused: it may load and predict something else.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import sklearn
import skops.io

from models.errors import ModelError
from models.likelihood import Likelihood

FORMAT = 1
_OUR_TYPES = (
    "models.candidates.StratumRates",
    "numpy.dtype",
    "scipy._lib.array_api_compat.numpy._aliases.asarray",
    "scipy.interpolate._bsplines.BSpline",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)
"""What the candidates are made of beyond the types that skops trusts by itself."""
_FIELDS = ("chosen", "model", "slope", "intercept", "losses")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What somebody must know before using a model.

    Attributes
    ----------
    trained_from, trained_until : str
        First and last day of the invitations it learned from, as in 2026-11-24.
    rows, answered : int
    features : tuple of str
        In the order of the matrix.
    categories : dict
        Texts of each category in the order of their codes.
    scores : dict
        By name, over rows it was not taught.
    by_stratum : dict
        Name of the stratum to invitations, rate and mean probability; strata with few are left out.
    limits : tuple of str
        What it must not be used for.
    """

    trained_from: str
    trained_until: str
    rows: int
    answered: int
    features: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    scores: dict[str, float]
    by_stratum: dict[str, dict[str, float]]
    limits: tuple[str, ...]


def save_model(path: Path, fitted: Likelihood, card: ModelCard) -> None:
    """Write a model and its card.

    Parameters
    ----------
    path : Path
        A file that is there is replaced, whole or not at all.
    fitted : Likelihood
    card : ModelCard
    """
    content = {
        "format": FORMAT,
        "scikit-learn": sklearn.__version__,
        "card": json.dumps({name: getattr(card, name) for name in card.__slots__}),
        **{name: getattr(fitted, name) for name in _FIELDS},
    }
    part = path.with_name(f"{path.name}.part")
    skops.io.dump(content, part)
    part.replace(path)


def load_model(path: Path) -> tuple[Likelihood, ModelCard]:
    """Read a model and its card.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Likelihood
    ModelCard

    Raises
    ------
    ModelError
        If it is no model file, or one of another version, or holds types that no model has.
    """
    try:
        unknown = set(skops.io.get_untrusted_types(file=path)) - set(_OUR_TYPES)
        if unknown:
            raise ModelError("The model file holds what no model holds.", got=", ".join(sorted(unknown)))
        content = skops.io.load(path, trusted=list(_OUR_TYPES))
    except (BadZipFile, KeyError, OSError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ModelError(f"{path.name} is not a model file.", hint="Fit the model again.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError(
            f"{path.name} is a model file of another format.",
            expected=str(FORMAT),
            hint="Fit the model again.",
        )
    if content["scikit-learn"] != sklearn.__version__:
        raise ModelError(
            f"{path.name} was made with another version of scikit-learn.",
            expected=sklearn.__version__,
            got=content["scikit-learn"],
            hint="Fit the model again.",
        )
    return Likelihood(**{name: content[name] for name in _FIELDS}), _read_card(content["card"])


def _read_card(text: str) -> ModelCard:
    card = json.loads(text)
    return ModelCard(
        **card
        | {
            "features": tuple(card["features"]),
            "categories": {name: tuple(known) for name, known in card["categories"].items()},
            "limits": tuple(card["limits"]),
        }
    )
