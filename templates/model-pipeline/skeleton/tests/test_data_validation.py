"""Data that broke upstream are noticed."""

import json

import numpy as np
import pytest
import yaml

from pipeline import data, data_validation
from pipeline.errors import QualityFailure
from pipeline.facts import load_fact


@pytest.fixture
def schema(repository):
    return yaml.safe_load((repository.root / "data/schema.yaml").read_text())


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("the column is missing", lambda f: f.drop(columns="mean area")),
        ("not in the schema", lambda f: f.assign(surprise=1.0)),
        ("values are missing", lambda f: f.assign(**{"mean area": f["mean area"].where(f.index > 3)})),
        ("values are not in", lambda f: f.assign(**{"mean area": -f["mean area"]})),
        ("not a number", lambda f: f.assign(**{"mean area": f["mean area"].astype(str)})),
        ("values other than", lambda f: f.assign(malignant=0.5)),
    ],
)
def test_a_broken_schema_is_found(schema, name, damage):
    assert any(name in violation for violation in data_validation.find_violations(damage(data.load()), schema))


def test_the_data_keep_to_their_schema(schema):
    assert data_validation.find_violations(data.load(), schema) == []


def test_a_normalised_column_is_drift(repository):
    reference = json.loads((repository.root / "data/reference.json").read_text())
    frame = data.load()
    assert max(data_validation.drift_by_column(frame, reference).values()) < 0.01
    normalised = frame.assign(**{"mean area": (frame["mean area"] / frame["mean area"].max())})
    assert data_validation.drift_by_column(normalised, reference)["mean area"] > 1
    assert data_validation.drift_by_column(frame.drop(columns="mean area"), reference)["mean area"] > 1


def test_the_digest_is_that_of_the_values():
    frame = data.load()
    assert data.digest(frame) == data.digest(frame.copy())
    assert data.digest(frame) != data.digest(frame.assign(**{"mean area": np.nextafter(frame["mean area"], 0) - 1}))


def test_half_of_the_data_missing_stops_the_pipeline(repository, monkeypatch):
    half = data.load().head(200)
    monkeypatch.setattr(data, "load", lambda: half)
    with pytest.raises(QualityFailure, match="data.volume_change is -0.6"):
        data_validation.run(repository)
    assert load_fact(repository, "data").value("rows") == 200
