"""Model files: what is read is what was written, and nothing else is read."""

from functools import partial
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import skops.io

from models.candidates import CANDIDATES, make_candidate
from models.errors import ModelError
from models.features import Features
from models.likelihood import History, Likelihood, fit_likelihood
from models.model_file import ModelCard, load_model, save_model
from tests.unit.models.histories import make_history

CARD = ModelCard(
    chosen="logistic", trained_from="2025-01-01", trained_until="2026-01-01", rows=3000, answered=800,
    features=("one", "two"), categories={"channel": ("mail", "text")}, scores={"auc": 0.7},
    calibration=({"n": 900.0, "expected": 0.2, "answered": 0.2},), wave_spread=0.1, minutes=(1.0, 3.0),
    permitted={"language": "DPIA 4"}, by_stratum={"resident": {"invitations": 900.0, "rate": 0.2}},
    limits=("Never chooses whom.",),
)  # fmt: skip


def with_audience(history: History) -> History:
    """The same with a category, which the trees keep in another way than numbers."""
    features, audience = history.features, np.arange(history.answered.size) % 3.0
    return History(
        Features(
            (*features.names, "audience"), np.column_stack([features.matrix, audience]),
            np.array([False, False, True]), {"audience": ("resident", "visitor", "worker")},
        ),
        history.answered,
    )  # fmt: skip


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_model_predicts_the_same_after_it_was_stored(tmp_path: Path, name: str) -> None:
    history = with_audience(make_history())
    model = make_candidate(name, history.features, stratum=None, seed=0)
    model.fit(history.features.matrix, history.answered)
    fitted = Likelihood(name, model, 0.9, -0.1, {name: 0.5})
    save_model(tmp_path / "model.skops", fitted, CARD)
    again, card = load_model(tmp_path / "model.skops")
    assert card == CARD
    assert again.chosen == fitted.chosen
    assert np.array_equal(again.predict(history.features.matrix), fitted.predict(history.features.matrix))
    assert [path.name for path in tmp_path.iterdir()] == ["model.skops"]


def test_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.skops"
    save_model(path, fit_likelihood(make_history(60)), CARD)
    with monkeypatch.context() as patch:
        patch.setattr("models.model_file.FORMAT", 3)
        with pytest.raises(ModelError, match="another format"):
            load_model(path)
    monkeypatch.setattr("sklearn.__version__", "0.1")
    with pytest.raises(ModelError, match="another version of scikit-learn"):
        load_model(path)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    with pytest.raises(ModelError, match="not a model file"):
        load_model(path)
    path.write_bytes(b"PK no zip")
    with pytest.raises(ModelError, match="not a model file"):
        load_model(path)
    with ZipFile(path, "w") as archive:
        archive.writestr("schema.json", "{}")
    with pytest.raises(ModelError, match="not a model file"):
        load_model(path)
    for unwanted in (print, partial(print, "read")):
        skops.io.dump({"format": 2, "model": unwanted}, path)
        with pytest.raises(ModelError, match="what no model holds"):
            load_model(path)
