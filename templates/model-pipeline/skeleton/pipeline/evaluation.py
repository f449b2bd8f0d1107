"""Stage 4: quality with intervals, fairness by group, robustness, known examples, comparison, the server's latency."""

import json
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from sklearn.metrics import accuracy_score

from . import data, limits, statistics, training
from .data_validation import describe
from .facts import Fact
from .measure import serve_and_measure
from .settings import Settings


def run(settings: Settings) -> str:
    """Returns what to say of it."""
    frame = data.load()
    parts = data.split(frame, settings.params["data"]["test_share"], settings.seed)
    bundle, logged = training.load_bundle(settings), training.load_training(settings)

    candidate = Fact("candidate", "evaluation", "pipeline", dataset=describe(settings, frame))
    training.measure(candidate, bundle, parts.test)
    add_intervals(candidate, bundle, parts.test, settings.seed)
    add_fairness(candidate, bundle, parts, settings)
    add_robustness(candidate, bundle, parts, settings)
    candidate.add(
        "regression_failures", len(regression_failures(settings, bundle)), higherIsBetter=False
    )
    add_comparison(candidate, settings)
    candidate.save(settings)

    serving, cost = serve_and_measure(settings, parts.test, bundle)
    serving.save(settings)
    cost.save(settings)

    mlflow.set_tracking_uri(settings.tracking_uri)
    with mlflow.start_run(run_id=logged["run_id"]):
        mlflow.log_metrics({
            m["name"]: m["value"]
            for fact in (candidate, serving, cost) for m in fact.metrics if "slice" not in m
        })
    limits.enforce(settings, "evaluation", candidate, serving)
    f1 = next(m for m in candidate.metrics if m["name"] == "f1")
    return (
        f"F1 {f1['value']:.3f} ({f1['interval']['low']:.3f} to {f1['interval']['high']:.3f}), "
        f"fairness gap {candidate.value('fairness_gap'):.3f}, p95 {serving.value('latency_p95_ms'):.1f} ms"
    )


def add_intervals(fact: Fact, bundle: dict[str, Any], test: pd.DataFrame, seed: int) -> None:
    """Adds 95 % intervals to accuracy and F1."""
    truth = test[data.TARGET].to_numpy()
    decision = training.predict(bundle, test)[1].to_numpy()
    for metric, score in (("accuracy", accuracy_of), ("f1", f1_of)):
        found = next(m for m in fact.metrics if m["name"] == metric)
        found["interval"] = statistics.bootstrap_interval(
            lambda rows, score=score: score(truth[rows], decision[rows]), len(truth), seed
        )


def accuracy_of(truth: np.ndarray, decision: np.ndarray) -> float:
    """As sklearn's, which takes most of its time to check what it is given: too long for thousands of resamples."""
    return float(np.mean(truth == decision))


def f1_of(truth: np.ndarray, decision: np.ndarray) -> float:
    """As sklearn's, of ones and zeros, for thousands of resamples; 0 where there is no one in either."""
    ones = truth.sum() + decision.sum()
    return float(2 * np.count_nonzero(truth & decision) / ones) if ones else 0.0


def groups_of(frame: pd.DataFrame, rule: dict[str, Any], edges: list[float]) -> np.ndarray:
    """The group of each row: which range of the attribute it falls into."""
    return np.array(rule["labels"])[np.searchsorted(edges, frame[rule["attribute"]].to_numpy(), side="right")]


def add_fairness(fact: Fact, bundle: dict[str, Any], parts: data.Split, settings: Settings) -> None:
    """Adds the accuracy of each group, and the largest difference between two groups with its interval."""
    rule = settings.params["fairness"]
    count = len(rule["labels"])
    edges = [float(e) for e in parts.train[rule["attribute"]].quantile(np.linspace(0, 1, count + 1)[1:-1])]
    group = groups_of(parts.test, rule, edges)
    right = (training.predict(bundle, parts.test)[1] == parts.test[data.TARGET]).to_numpy()

    def gap(rows: np.ndarray) -> float:
        rates = [right[rows][group[rows] == label].mean() for label in rule["labels"] if (group[rows] == label).any()]
        return float(max(rates) - min(rates))

    for label in rule["labels"]:
        rows = group == label
        fact.add(
            "accuracy", right[rows].mean(), sampleSize=int(rows.sum()), higherIsBetter=True,
            slice={"attribute": rule["attribute"], "value": label},
        )
    fact.add(
        "fairness_gap", gap(np.arange(len(right))), sampleSize=len(right), higherIsBetter=False,
        interval=statistics.bootstrap_interval(gap, len(right), settings.seed),
    )


def add_robustness(fact: Fact, bundle: dict[str, Any], parts: data.Split, settings: Settings) -> None:
    """Adds how much accuracy is lost when every measurement is off by noise, on average of repeated draws."""
    rule = settings.params["robustness"]
    generator = np.random.default_rng(settings.seed)
    names = data.columns(parts.test)
    scale = parts.train[names].std().to_numpy() * rule["noise"]
    truth = parts.test[data.TARGET]
    accuracies = []
    for _ in range(rule["repeats"]):
        noisy = parts.test.copy()
        noisy[names] += generator.normal(size=noisy[names].shape) * scale
        accuracies.append(accuracy_score(truth, training.predict(bundle, noisy)[1]))
    fact.add("robustness_drop", fact.value("accuracy") - float(np.mean(accuracies)), higherIsBetter=False)


def regression_failures(settings: Settings, bundle: dict[str, Any]) -> list[str]:
    """Known examples that are no longer right."""
    examples = json.loads((settings.root / "data/regression_examples.json").read_text("utf-8"))
    frame = pd.DataFrame([example["measurements"] for example in examples])
    decision = training.predict(bundle, frame)[1]
    return [
        example["id"]
        for example, answer in zip(examples, decision, strict=True)
        if answer != example["malignant"]
    ]


def add_comparison(fact: Fact, settings: Settings) -> None:
    """Adds the difference in F1 to the version registered last, when there is one."""
    client = MlflowClient(settings.tracking_uri)
    versions = client.search_model_versions(
        f"name = '{settings.registered_name}'", max_results=1, order_by=["version_number DESC"]
    )
    if versions and versions[0].run_id:
        previous = client.get_run(versions[0].run_id).data.metrics.get("f1")
        if previous is not None:
            fact.add("f1_change", fact.value("f1") - previous, higherIsBetter=True)
