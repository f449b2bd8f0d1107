"""The model as it is served. MLflow packs this package with it; nothing but features may be imported from it."""

from typing import Any

import joblib
import mlflow.pyfunc
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INTERNAL_ERROR

from .features import build


class ServedClassifier(mlflow.pyfunc.PythonModel):
    """Answers each row of measurements with the probability that it is malignant, and the decision."""

    def load_context(self, context: Any) -> None:
        """Loads what training stored."""
        self._bundle = joblib.load(context.artifacts["bundle"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Predicts. With `serving.outlier_guard: reject`, refuses rows unlike those it was trained on."""
        self._guard(model_input)
        bundle = self._bundle
        probability = bundle["estimator"].predict_proba(build(model_input, bundle["features"]))[:, 1]
        return pd.DataFrame({
            "probability": probability,
            "malignant": (probability >= bundle["threshold"]).astype(int),
        })

    def _guard(self, rows: pd.DataFrame) -> None:
        ranges = self._bundle.get("guard")
        if not ranges:
            return
        for name, (low, high) in ranges.items():
            outside = rows[(rows[name] < low) | (rows[name] > high)]
            if len(outside):
                # A request that the model should answer and does not is a fault of the server: monitoring must see it
                raise MlflowException(
                    f"{name} = {outside[name].iloc[0]:g} is outside of {low:g} to {high:g}, which the model knows",
                    error_code=INTERNAL_ERROR,
                )
