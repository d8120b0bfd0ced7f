"""A fitted model as a file, with a card that says what it is; opening one runs no code of the file.

Files are of skops, whose loader makes only types that are named here. A file of another format or of
another version of scikit-learn is refused: it may load and predict something else.
"""

import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from models import learning
from models.errors import ModelError
from models.likelihood import Likelihood

FORMAT = 2
_OUR_TYPES = (
    # Of boosting with categories; whatever a partial would call has to be trusted by its own name, too.
    "functools.partial",
    "models.candidates.StratumRates",
    "numpy.dtype",
    "scipy._lib.array_api_compat.numpy._aliases.asarray",
    "scipy.interpolate._bsplines.BSpline",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils.validation.check_array",
)
"""What the candidates are made of beyond the types that skops trusts by itself."""
_FIELDS = ("chosen", "model", "slope", "intercept", "losses")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What somebody must know before using a model.

    Attributes
    ----------
    chosen : str
        One of `candidates.CANDIDATES`.
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
    calibration : tuple of dict
        Groups of equal size in order of the probability, each with n, expected and answered (both shares).
    wave_spread : float
        Standard deviation, in log-odds, of what whole waves answered more or less than was expected.
    minutes : tuple of float
        Least and greatest planned minutes of the forms it learned from.
    send_times : tuple of dict
        Slots of the week in which invitations were sent, with what they brought.
    lengths : tuple of dict
        Planned minutes of a form and the mean probability that it would have had; empty where all forms were
        about as long.
    permitted : dict
        Attribute of people to where it is allowed as a feature.
    """

    chosen: str
    trained_from: str
    trained_until: str
    rows: int
    answered: int
    features: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    scores: dict[str, float]
    by_stratum: dict[str, dict[str, float]]
    limits: tuple[str, ...]
    calibration: tuple[dict[str, float], ...] = ()
    wave_spread: float = 0.0
    minutes: tuple[float, float] = (0.0, 0.0)
    send_times: tuple[dict[str, float], ...] = ()
    lengths: tuple[dict[str, float], ...] = ()
    permitted: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the card as a text."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__})


def save_model(path: Path, fitted: Likelihood, card: ModelCard) -> None:
    """Write a model and its card.

    Parameters
    ----------
    path : Path
        A file that is there is replaced, whole or not at all.
    fitted : Likelihood
    card : ModelCard
    """
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(dump_model(fitted, card))
    part.replace(path)


def dump_model(fitted: Likelihood, card: ModelCard) -> bytes:
    """Return a model and its card as the bytes of a file: the same for the same, whenever it is made."""
    content = {
        "format": FORMAT,
        "scikit-learn": learning.sklearn.__version__,
        "card": card.to_json(),
        **{name: getattr(fitted, name) for name in _FIELDS},
    }
    return _steady(learning.skops_io.dumps(content))


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
        return read_model(path.read_bytes(), path.name)
    except OSError as error:
        raise ModelError(f"{path.name} is not a model file.", hint="Fit the model again.") from error


def read_model(data: bytes, name: str = "The stored model") -> tuple[Likelihood, ModelCard]:
    """Read the bytes of a file; `name` is for what is said of a wrong one. As `load_model`."""
    try:
        unknown = set(learning.skops_io.get_untrusted_types(data=data)) - set(_OUR_TYPES)
        if unknown:
            raise ModelError("The model file holds what no model holds.", got=", ".join(sorted(unknown)))
        content = learning.skops_io.loads(data, trusted=list(_OUR_TYPES))
    except (BadZipFile, KeyError, OSError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ModelError(f"{name} is not a model file.", hint="Fit the model again.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError(
            f"{name} is a model file of another format.",
            expected=str(FORMAT),
            hint="Fit the model again.",
        )
    if content["scikit-learn"] != learning.sklearn.__version__:
        raise ModelError(
            f"{name} was made with another version of scikit-learn.",
            expected=learning.sklearn.__version__,
            got=content["scikit-learn"],
            hint="Fit the model again.",
        )
    fitted = Likelihood(**{field: content[field] for field in _FIELDS})
    return fitted, read_card(content["card"])


def read_card(text: str | bytes) -> ModelCard:
    """Read what `ModelCard.to_json` wrote."""
    card = json.loads(text)
    return ModelCard(
        **card
        | {
            "features": tuple(card["features"]),
            "categories": {name: tuple(known) for name, known in card["categories"].items()},
            "limits": tuple(card["limits"]),
            "calibration": tuple(card["calibration"]),
            "minutes": tuple(card["minutes"]),
            "send_times": tuple(card["send_times"]),
            "lengths": tuple(card["lengths"]),
        }
    )


def _steady(data: bytes) -> bytes:
    """Return a skops file whose names and dates are not those of this process and moment.

    Objects are named by their place in memory; here they are numbered in the order in which they occur.
    """
    with ZipFile(BytesIO(data)) as archive:
        schema = archive.read("schema.json").decode()
        ids = re.findall(r'"__id__": (\d+)|"file": "(\d+)\.npy"', schema)
        numbers = {found: str(place) for place, found in enumerate(dict.fromkeys(a or b for a, b in ids))}
        parts = {
            f"{numbers[one.removesuffix('.npy')]}.npy": archive.read(one)
            for one in archive.namelist()
            if one.endswith(".npy")
        }
    named = re.sub(
        r'("__id__": |"file": ")(\d+)', lambda match: match[1] + numbers[match[2]], schema
    ).encode()
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda one: int(one.removesuffix(".npy"))):
            archive.writestr(_entry(name), parts[name])
        archive.writestr(_entry("schema.json"), named)
    return target.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry
