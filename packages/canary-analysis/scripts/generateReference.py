"""Writes src/fixtures/scipyReference.json: what SciPy and NumPy answer for the cases of the tests.

Run with any Python that has scipy 1.17 or newer:
    python scripts/generateReference.py
Deterministic: the same SciPy writes the same file.
"""

import json
import pathlib

import numpy as np
import scipy
from scipy import stats

LEVELS = [0.8, 0.95, 0.99]
COUNTS = [(0, 10), (1, 10), (10, 10), (3, 37), (0, 500), (12, 5000), (4999, 5000)]


def wilson(count, samples, level):
    interval = stats.binomtest(count, samples).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def newcombe(control, candidate, level):
    """Method 10 of Newcombe (1998), on top of SciPy's Wilson intervals."""
    (l1, u1), (l2, u2) = wilson(*candidate, level), wilson(*control, level)
    p1, p2 = candidate[0] / candidate[1], control[0] / control[1]
    d = p1 - p2
    return d, d - np.hypot(p1 - l1, u2 - p2), d + np.hypot(u1 - p1, p2 - l2)


def hodges_lehmann(control, candidate, level):
    """By brute force over all pairs; the rank by Hollander and Wolfe's normal approximation."""
    n, m = len(candidate), len(control)
    differences = np.sort(np.subtract.outer(candidate, control).ravel())
    z = stats.norm.ppf(1 - (1 - level) / 2)
    rank = int(np.floor(n * m / 2 - z * np.sqrt(n * m * (n + m + 1) / 12)))
    bounded = rank >= 1
    return (
        float(np.median(differences)),
        float(differences[rank - 1]) if bounded else None,
        float(differences[n * m - rank]) if bounded else None,
    )


def samples(rng):
    yield "small", [1.5, 2.25, 7.0], [3.0, 1.0]
    yield "ties", [1, 2, 2, 3, 3, 3, 4], [2, 3, 3, 4, 4, 5]
    yield "all equal", [5.0] * 6, [5.0] * 9
    yield "separated", [float(v) for v in range(20)], [100.0 + v for v in range(15)]
    control = rng.lognormal(3, 0.4, 60).round(2)
    yield "latencies", control.tolist(), (rng.lognormal(3, 0.4, 45) + 4).round(2).tolist()
    yield "unbalanced", rng.normal(50, 9, 150).round(1).tolist(), rng.normal(50, 9, 12).round(1).tolist()
    yield "negative", rng.normal(-5, 3, 25).round(3).tolist(), rng.normal(-6, 3, 31).round(3).tolist()


def main():
    rng = np.random.default_rng(20261121)
    reference = {
        "scipy": scipy.__version__,
        "wilson": [
            {"count": c, "samples": n, "level": level, "low": wilson(c, n, level)[0], "high": wilson(c, n, level)[1]}
            for c, n in COUNTS
            for level in LEVELS
        ],
        "differences": [],
        "distributions": [],
    }
    for control in COUNTS:
        for candidate in COUNTS:
            estimate, low, high = newcombe(control, candidate, 0.95)
            reference["differences"].append(
                {"control": control, "candidate": candidate, "level": 0.95, "estimate": estimate, "low": low, "high": high}
            )
    for name, control, candidate in samples(rng):
        test = stats.mannwhitneyu(candidate, control, method="asymptotic", use_continuity=True)
        reference["distributions"].append(
            {
                "name": name,
                "control": control,
                "candidate": candidate,
                "u": float(test.statistic),
                # Without any variance SciPy has no answer; the library says 1
                "pValue": None if np.isnan(test.pvalue) else float(test.pvalue),
                "p95": [float(np.quantile(control, 0.95)), float(np.quantile(candidate, 0.95))],
                "shifts": [
                    dict(zip(("level", "estimate", "low", "high"), (level, *hodges_lehmann(control, candidate, level))))
                    for level in LEVELS
                ],
            }
        )
    target = pathlib.Path(__file__).parents[1] / "src" / "fixtures" / "scipyReference.json"
    target.write_text(json.dumps(reference, indent=1) + "\n")


main()
