"""Stage 2: schema, missing values, ranges, volume, and drift against a reference."""

import json
from typing import Any

import numpy as np
import pandas as pd
import yaml

from . import data, limits, statistics
from .facts import Fact
from .settings import Settings


def run(settings: Settings) -> str:
    """Returns what to say of it."""
    frame = data.load()
    schema = yaml.safe_load((settings.root / "data/schema.yaml").read_text("utf-8"))
    reference = json.loads((settings.root / "data/reference.json").read_text("utf-8"))

    violations = find_violations(frame, schema)
    for violation in violations:
        print(violation)
    drift = drift_by_column(frame, reference)
    worst = max(drift, key=lambda name: drift[name])

    fact = Fact("data", "data-validation", "pipeline", dataset=describe(settings, frame))
    fact.add("rows", len(frame))
    fact.add("schema_violations", len(violations), higherIsBetter=False)
    fact.add("null_share", frame.isna().to_numpy().mean(), higherIsBetter=False)
    fact.add("duplicate_share", frame.duplicated().mean(), higherIsBetter=False)
    fact.add("volume_change", len(frame) / reference["rows"] - 1)
    fact.add("drift_psi", drift[worst], higherIsBetter=False)
    fact.add("positive_share", frame[data.TARGET].mean())
    fact.save(settings)
    limits.enforce(settings, "data-validation", fact)
    return f"{len(frame)} rows, {len(violations)} violations; most drift in {worst} ({drift[worst]:.3f})"


def find_violations(frame: pd.DataFrame, schema: dict[str, Any]) -> list[str]:
    """Everything in which the data break their schema."""
    columns = schema["columns"]
    violations = [f"{name}: the column is missing" for name in columns if name not in frame]
    violations += [f"{name}: the column is not in the schema" for name in frame if name not in columns]
    for name, rule in columns.items():
        if name not in frame:
            continue
        series = frame[name]
        if not pd.api.types.is_numeric_dtype(series):
            violations.append(f"{name}: is {series.dtype}, not a number")
            continue
        present = series.dropna()
        if len(present) < len(series) and not rule.get("nullable", False):
            violations.append(f"{name}: {len(series) - len(present)} values are missing")
        outside = present[(present < rule["min"]) | (present > rule["max"])]
        if len(outside):
            violations.append(f"{name}: {len(outside)} values are not in {rule['min']} to {rule['max']}")
        if "values" in rule and not present.isin(rule["values"]).all():
            violations.append(f"{name}: has values other than {rule['values']}")
    return violations


def profile(frame: pd.DataFrame) -> dict[str, Any]:
    """What later data are compared with. `python -m pipeline.make_reference` writes it."""
    return {
        "rows": len(frame),
        "columns": {
            name: {
                "edges": (edges := statistics.bin_edges(frame[name].to_numpy())),
                "shares": statistics.shares(frame[name].to_numpy(), edges),
            }
            for name in data.columns(frame)
        },
    }


def drift_by_column(frame: pd.DataFrame, reference: dict[str, Any]) -> dict[str, float]:
    """Population stability index of each column against the reference."""
    return {
        name: statistics.psi(bins["shares"], statistics.shares(values, bins["edges"]))
        for name, bins in reference["columns"].items()
        # A column that is gone has drifted as far as can be
        for values in [frame[name].dropna().to_numpy() if name in frame else np.array([])]
    }


def describe(settings: Settings, frame: pd.DataFrame) -> dict[str, str]:
    """The data set as an evaluation names it."""
    digest = data.digest(frame)
    return {"name": settings.dataset_name, "version": digest.removeprefix("sha256:")[:12], "digest": digest}
