"""Intervals by bootstrap, and the population stability index."""

from collections.abc import Callable

import numpy as np

LEVEL = 0.95


def bootstrap_interval(
    statistic: Callable[[np.ndarray], float], size: int, seed: int, resamples: int = 1000
) -> dict[str, float]:
    """Percentile interval of a statistic of row numbers, from resampling the rows."""
    generator = np.random.default_rng(seed)
    values = [statistic(generator.integers(0, size, size)) for _ in range(resamples)]
    finite = [value for value in values if np.isfinite(value)]
    low, high = np.quantile(finite, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"low": float(low), "high": float(high), "level": LEVEL}


def bin_edges(values: np.ndarray, bins: int = 10) -> list[float]:
    """Inner edges of bins that hold equal shares of the values."""
    inner = np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1])
    return [float(edge) for edge in np.unique(inner)]


def shares(values: np.ndarray, edges: list[float]) -> list[float]:
    """Share of the values in each bin."""
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return [float(share) for share in counts / max(1, counts.sum())]


def psi(expected: list[float], actual: list[float]) -> float:
    """Population stability index: 0 is no drift; above 0.1 is worth a look, above 0.2 a shift."""
    # An empty bin would make the logarithm infinite
    a, b = (np.maximum(np.asarray(side), 1e-4) for side in (expected, actual))
    return float(np.sum((b - a) * np.log(b / a)))
