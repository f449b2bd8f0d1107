"""Stage 3: trains, and logs the environment, every parameter, metric, data set and artifact to MLflow."""

import hashlib
import json
import logging
import os
import shutil
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from . import data, features, git, limits
from .data_validation import describe
from .facts import Fact
from .serving import ServedClassifier
from .settings import Settings

PACKED = ["mlflow", "scikit-learn", "pandas", "numpy", "joblib"]


def run(settings: Settings) -> str:
    """Returns what to say of it."""
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    # MLflow's hints on whole numbers and input examples do not concern this model
    warnings.filterwarnings("ignore", category=UserWarning, module="mlflow")
    frame = data.load()
    parts = data.split(frame, settings.params["data"]["test_share"], settings.seed)
    started = time.monotonic()
    bundle = fit(parts.train, settings.params, settings.seed)
    seconds = time.monotonic() - started

    fact = Fact("training", "training", "mlflow", dataset=describe(settings, frame))
    measure(fact, bundle, parts.train)
    fact.add("duration_seconds", seconds, unit="s")
    fact.add("rows", len(parts.train))

    logged = log(settings, bundle, parts, fact)
    (settings.build / "training.json").write_text(json.dumps(logged, indent=2), "utf-8")
    fact.save(settings)
    limits.enforce(settings, "training", fact)
    return f"accuracy {fact.value('accuracy'):.3f} on {len(parts.train)} rows; MLflow run {logged['run_id']}"


def fit(train: pd.DataFrame, params: dict[str, Any], seed: int) -> dict[str, Any]:
    """The trained estimator with everything that serving it needs."""
    names = features.resolve(params["features"], data.columns(train))
    estimator: Pipeline = make_pipeline(
        StandardScaler(),
        LogisticRegression(C=params["training"]["C"], max_iter=params["training"]["max_iter"], random_state=seed),
    )
    estimator.fit(features.build(train, names), train[data.TARGET])
    return {
        "estimator": estimator,
        "features": names,
        "threshold": params["serving"]["threshold"],
        "guard": guard_ranges(train, params),
    }


def guard_ranges(train: pd.DataFrame, params: dict[str, Any]) -> dict[str, tuple[float, float]] | None:
    """What `serving.outlier_guard: reject` holds requests against: the middle 98 % of each measurement in training."""
    if params["serving"]["outlier_guard"] != "reject":
        return None
    return {
        name: (float(train[name].quantile(0.01)), float(train[name].quantile(0.99)))
        for name in data.columns(train)
    }


def predict(bundle: dict[str, Any], frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Probability and decision for each row."""
    probability = bundle["estimator"].predict_proba(features.build(frame, bundle["features"]))[:, 1]
    decision = (probability >= bundle["threshold"]).astype(int)
    return pd.Series(probability, frame.index), pd.Series(decision, frame.index)


def measure(fact: Fact, bundle: dict[str, Any], frame: pd.DataFrame) -> None:
    """Adds accuracy, F1 and the area under the ROC curve."""
    probability, decision = predict(bundle, frame)
    truth = frame[data.TARGET]
    fact.add("accuracy", accuracy_score(truth, decision), sampleSize=len(frame), higherIsBetter=True)
    fact.add("f1", f1_score(truth, decision), sampleSize=len(frame), higherIsBetter=True)
    fact.add("roc_auc", roc_auc_score(truth, probability), sampleSize=len(frame), higherIsBetter=True)


def parameters(settings: Settings, bundle: dict[str, Any]) -> dict[str, str]:
    """Every parameter as text, as MLflow and the portal keep them."""
    flat = {
        f"{section}.{key}": str(value)
        for section in ("data", "training", "serving")
        for key, value in settings.params[section].items()
    }
    names = settings.params["features"]
    return {
        **flat,
        "features": names if isinstance(names, str) else ", ".join(names),
        "feature_count": str(len(bundle["features"])),
        "seed": str(settings.seed),
        "algorithm": "logistic regression",
    }


def log(settings: Settings, bundle: dict[str, Any], parts: data.Split, fact: Fact) -> dict[str, str]:
    """Logs the run and the model to MLflow. Returns where they are."""
    mlflow.set_tracking_uri(settings.tracking_uri)
    mlflow.set_experiment(settings.registered_name)
    bundle_file = settings.build / "bundle.joblib"
    joblib.dump(bundle, bundle_file)
    commit = git.head(settings.root)
    inputs = parts.train[data.columns(parts.train)]
    with mlflow.start_run(tags={"slipway.commit": commit, "mlflow.source.git.commit": commit}) as active:
        mlflow.log_params(parameters(settings, bundle))
        mlflow.log_metrics({f"train_{m['name']}": m["value"] for m in fact.metrics})
        for frame, context in ((parts.train, "training"), (parts.test, "evaluation")):
            # The portal and MLflow name the same data by the same digest
            mlflow.log_input(
                mlflow.data.from_pandas(
                    frame, name=settings.dataset_name, targets=data.TARGET, digest=data.digest(frame)[7:39]
                ),
                context=context,
            )
        mlflow.log_artifact(str(settings.root / "params.yaml"))
        info = mlflow.pyfunc.log_model(
            name="model",
            python_model=ServedClassifier(),
            artifacts={"bundle": str(bundle_file)},
            code_paths=[str(settings.root / "pipeline")],
            pip_requirements=[f"{name}=={version(name)}" for name in PACKED],
            signature=infer_signature(
                inputs, pd.DataFrame({"probability": [0.5], "malignant": [1]})
            ),
        )
        run_id = active.info.run_id
    folder = settings.build / "model"
    shutil.rmtree(folder, ignore_errors=True)
    mlflow.artifacts.download_artifacts(artifact_uri=info.model_uri, dst_path=str(folder))
    return {
        "run_id": run_id,
        "model_id": info.model_id,
        "model_uri": info.model_uri,
        "artifact_digest": digest_of(folder),
    }


def digest_of(folder: Path) -> str:
    """
    SHA-256 of the model's files: of one line `<sha256>  <path>` for each, sorted by path, as `sha256sum` prints them.
    What MLflow adds when one downloads a registered version is left out.
    """
    lines = []
    for path in sorted(folder.rglob("*"), key=lambda p: p.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != "registered_model_meta" and "__pycache__" not in name:
            lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n")
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def load_bundle(settings: Settings) -> dict[str, Any]:
    """What the stage of training stored."""
    return joblib.load(settings.build / "bundle.joblib")


def load_training(settings: Settings) -> dict[str, str]:
    """Where the stage of training logged to."""
    return json.loads((settings.build / "training.json").read_text("utf-8"))


# Counting who uses MLflow is nobody's business here, and would slow an offline machine down
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
