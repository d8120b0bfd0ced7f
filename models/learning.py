"""What is used of scikit-learn and skops, loaded at its first use.

Together they take longer to load than all the rest of the service, and most processes never fit a model.
"""

import pkgutil
from typing import Any

_HOMES = {
    "brier_score_loss": "sklearn.metrics.brier_score_loss",
    "ColumnTransformer": "sklearn.compose.ColumnTransformer",
    "HistGradientBoostingClassifier": "sklearn.ensemble.HistGradientBoostingClassifier",
    "log_loss": "sklearn.metrics.log_loss",
    "LogisticRegression": "sklearn.linear_model.LogisticRegression",
    "make_pipeline": "sklearn.pipeline.make_pipeline",
    "MinMaxScaler": "sklearn.preprocessing.MinMaxScaler",
    "OneHotEncoder": "sklearn.preprocessing.OneHotEncoder",
    "Pipeline": "sklearn.pipeline.Pipeline",
    "QuantileTransformer": "sklearn.preprocessing.QuantileTransformer",
    "roc_auc_score": "sklearn.metrics.roc_auc_score",
    "SimpleImputer": "sklearn.impute.SimpleImputer",
    "sklearn": "sklearn",
    "skops_io": "skops.io",
    "SplineTransformer": "sklearn.preprocessing.SplineTransformer",
    "StandardScaler": "sklearn.preprocessing.StandardScaler",
    "StratifiedGroupKFold": "sklearn.model_selection.StratifiedGroupKFold",
    "StratifiedKFold": "sklearn.model_selection.StratifiedKFold",
}


def load() -> None:
    """Load all of it now: a limit on threads holds only for what is loaded when it is set."""
    for name in _HOMES:
        __getattr__(name)


def __getattr__(name: str) -> Any:
    """Load what is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = pkgutil.resolve_name(_HOMES[name])
    return found
