"""Known inputs give known features, and the same ones in training and in serving."""

from types import SimpleNamespace

import joblib
import numpy as np
import pandas as pd
import pytest
from conftest import PARAMS
from mlflow.exceptions import MlflowException

from pipeline import data, features, training
from pipeline.serving import ServedClassifier
from pipeline.settings import load_settings


@pytest.fixture(scope="module")
def parts():
    return data.split(data.load(), 0.4, 42)


@pytest.fixture
def params():
    return {**load_settings().params, **PARAMS}


def served(bundle, tmp_path):
    joblib.dump(bundle, tmp_path / "bundle.joblib")
    model = ServedClassifier()
    model.load_context(SimpleNamespace(artifacts={"bundle": str(tmp_path / "bundle.joblib")}))
    return model


def test_known_input_gives_known_features():
    frame = pd.DataFrame({"mean radius": [10], "worst area": [900.0], "mean area": [300.0]})
    built = features.build(frame, ["area growth", "mean radius"])
    assert built.to_dict("records") == [{"area growth": 3.0, "mean radius": 10.0}]


def test_a_row_gives_what_the_table_gives(parts):
    names = [*data.columns(parts.train), "area growth"]
    table = features.build(parts.test, names)
    rows = pd.concat([features.build(parts.test.iloc[[i]], names) for i in range(20)])
    pd.testing.assert_frame_equal(table.iloc[:20], rows)


def test_all_takes_every_measurement():
    assert features.resolve("all", ["a", "b"]) == ["a", "b"]


def test_an_unknown_feature_is_refused():
    with pytest.raises(ValueError, match="shoe size"):
        features.resolve(["shoe size"], ["mean radius"])


@pytest.mark.parametrize("names", ["all", ["mean radius", "area growth"]])
def test_serving_predicts_what_training_predicts(parts, params, tmp_path, names):
    bundle = training.fit(parts.train, {**params, "features": names}, 42)
    answer = served(bundle, tmp_path).predict(None, parts.test[data.columns(parts.test)])
    probability, decision = training.predict(bundle, parts.test)
    np.testing.assert_allclose(answer["probability"], probability)
    np.testing.assert_array_equal(answer["malignant"], decision)


def test_the_outlier_guard_refuses_what_training_hardly_knew(parts, params, tmp_path):
    strict = {**params, "serving": {**params["serving"], "outlier_guard": "reject"}}
    model = served(training.fit(parts.train, strict, 42), tmp_path)
    rows = parts.test[data.columns(parts.test)]
    middle = rows.median().to_frame().T
    assert len(model.predict(None, middle)) == 1
    with pytest.raises(MlflowException) as refused:
        model.predict(None, middle.assign(**{"worst area": 99_999.0}))
    assert refused.value.get_http_status_code() == 500


def test_training_twice_gives_the_same_model(parts, params):
    first, second = (training.predict(training.fit(parts.train, params, 42), parts.test)[0] for _ in range(2))
    pd.testing.assert_series_equal(first, second)


def test_a_small_training_learns_something(parts, params):
    bundle = training.fit(parts.train.head(80), params, 42)
    decision = training.predict(bundle, parts.test)[1]
    assert (decision == parts.test[data.TARGET]).mean() > 0.8


def test_nothing_held_out_is_learned_from(parts):
    assert not set(parts.train.index) & set(parts.test.index)
