"""Writes src/fixtures/scipyCases.jsonl: what SciPy and NumPy answer for thousands of generated cases, one a line.

Run with any Python that has scipy 1.17 or newer:
    python scripts/generateCases.py
Deterministic: the same SciPy writes the same file.
"""

import json
import pathlib
import statistics
import warnings

import numpy as np
from scipy import optimize, special, stats

LEVELS = [0.8, 0.9, 0.95, 0.99, 0.999]
TARGET = pathlib.Path(__file__).parents[1] / "src" / "fixtures" / "scipyCases.jsonl"

rng = np.random.default_rng(20261121)


def some(most):
    """A number from 1 to `most`, small ones as likely as large ones."""
    return int(np.exp(rng.uniform(0, np.log(most + 0.999))))


def proportion(most):
    samples = some(most)
    rate = rng.choice([0.0, 0.001, 0.01, 0.05, 0.5, 0.99, 1.0])
    return [int(rng.binomial(samples, rate)), samples]


def values(size):
    """Latencies, scores, small whole numbers full of ties, or values around zero."""
    kind = rng.integers(4)
    if kind == 0:
        return rng.lognormal(3, 0.5, size).round(2)
    if kind == 1:
        return rng.beta(2, 5, size).round(4)
    if kind == 2:
        return rng.integers(0, 6, size).astype(float)
    return rng.normal(0, 3, size).round(3)


def pair(most):
    """Two samples of one kind, the second one moved in half of the cases."""
    size = some(most)
    both = values(size + some(most))
    a, b = both[:size], both[size:]
    if rng.integers(2):
        b = (b + both.std() * rng.choice([-1, 0.5, 1])).round(4)
    return a, b


def wilson(count, samples, level):
    interval = stats.binomtest(count, samples).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


def wilson_case():
    (count, samples), level = proportion(1_000_000), float(rng.choice(LEVELS))
    return {"count": count, "samples": samples, "level": level, "interval": wilson(count, samples, level)}


def difference_case():
    """Method 10 of Newcombe (1998), on top of SciPy's Wilson intervals."""
    control, candidate, level = proportion(100_000), proportion(100_000), float(rng.choice(LEVELS))
    (l1, u1), (l2, u2) = wilson(*candidate, level), wilson(*control, level)
    p1, p2 = candidate[0] / candidate[1], control[0] / control[1]
    interval = [p1 - p2 - np.hypot(p1 - l1, u2 - p2), p1 - p2 + np.hypot(u1 - p1, p2 - l2)]
    return {"control": control, "candidate": candidate, "level": level, "interval": interval}


def rank_case():
    control, candidate = pair(20)
    level = float(rng.choice(LEVELS))
    test = stats.mannwhitneyu(candidate, control, method="asymptotic", use_continuity=True)
    n, m = len(candidate), len(control)
    differences = np.sort(np.subtract.outer(candidate, control).ravel())
    z = stats.norm.ppf(1 - (1 - level) / 2)
    rank = int(np.floor(n * m / 2 - z * np.sqrt(n * m * (n + m + 1) / 12)))
    probability = round(float(rng.uniform()), 3)
    return {
        "control": control.tolist(),
        "candidate": candidate.tolist(),
        "u": float(test.statistic),
        # Without any variance SciPy has no answer; the library says 1
        "pValue": 1.0 if np.isnan(test.pvalue) else float(test.pvalue),
        "level": level,
        "shift": float(np.median(differences)),
        "interval": [float(differences[rank - 1]), float(differences[n * m - rank])] if rank >= 1 else None,
        "probability": probability,
        "quantile": float(np.quantile(candidate, probability)),
    }


def smirnov_case():
    reference, current = pair(30)
    test = stats.ks_2samp(reference, current, method="exact")
    return {
        "reference": reference.tolist(),
        "current": current.tolist(),
        "statistic": float(test.statistic),
        "pValue": float(test.pvalue),
    }


def large_smirnov_case():
    """Two grids, which the test can make anew: i and offset + step * i."""
    n, m = (int(rng.integers(3_500, 9_000)) for _ in range(2))
    step, offset = n / m, round(float(n * rng.uniform(0.005, 0.03)), 3)
    test = stats.ks_2samp(np.arange(n), offset + step * np.arange(m), method="asymp")
    return {"n": n, "m": m, "step": step, "offset": offset, "statistic": float(test.statistic), "pValue": float(test.pvalue)}


def stability_case():
    """Bins between NumPy's quantiles of a reference without ties, the index by SciPy's relative entropy."""
    bins = int(rng.integers(2, 13))
    reference = rng.permutation(np.arange(some(60) + bins)) * 0.25
    current = (rng.normal(reference.mean(), reference.std() * rng.choice([0.5, 1, 2]), some(60)) * 8).round() / 8
    inner = np.quantile(reference, [i / bins for i in range(1, bins)])
    before, after = (np.bincount(np.digitize(v, inner, right=True), minlength=bins) for v in (reference, current))
    p, q = ((counts + 0.5) / (counts.sum() + bins / 2) for counts in (before, after))
    return {
        "bins": bins,
        "reference": reference.tolist(),
        "current": current.tolist(),
        "before": before.tolist(),
        "after": after.tolist(),
        "index": float(special.rel_entr(p, q).sum() + special.rel_entr(q, p).sum()),
    }


def bootstrap_case():
    sample = values(int(rng.integers(8, 60)))
    while len(np.unique(sample)) < 0.9 * len(sample):
        # Between few values the ends of two resamplings jump
        sample = values(len(sample))
    statistic, level = rng.choice(["mean", "median"]), float(rng.choice([0.8, 0.9, 0.95]))
    interval = stats.bootstrap(
        (sample,), getattr(np, statistic), n_resamples=100_000, confidence_level=level, method="percentile", batch=5_000, rng=rng
    ).confidence_interval
    return {
        "values": sample.tolist(),
        "statistic": str(statistic),
        "level": level,
        "interval": [float(interval.low), float(interval.high)],
    }


def moments_case():
    sample = values(some(60)) + float(rng.choice([0, 0, 1e6, -1e9]))
    return {
        "values": sample.tolist(),
        "mean": float(np.mean(sample)),
        # Worked out with fractions: NumPy's own loses digits far from zero
        "variance": statistics.variance(sample.tolist()) if len(sample) > 1 else 0.0,
    }


def sequential_means_case():
    """The mixture of normal distributions by their densities, its sequence by looking for where they cross."""
    sides = [
        {"samples": 30 + some(100_000), "mean": round(float(rng.normal(100, 2)), 3), "variance": round(float(rng.lognormal(3, 2)), 4)}
        for _ in range(2)
    ]
    mixture, null, level = round(float(rng.lognormal(1, 2)), 4), float(rng.choice([0, 0, 1.5])), float(rng.choice(LEVELS))
    variance = sum(side["variance"] / side["samples"] for side in sides)
    estimate = sides[1]["mean"] - sides[0]["mean"]

    def log_ratio(difference):
        return stats.norm.logpdf(estimate, difference, np.sqrt(variance + mixture)) - stats.norm.logpdf(
            estimate, difference, np.sqrt(variance)
        )

    reach = 1.0
    while log_ratio(estimate + reach) < -np.log1p(-level):
        reach *= 2
    width = optimize.brentq(lambda w: log_ratio(estimate + w) + np.log1p(-level), 0, reach, xtol=1e-13, rtol=1e-14)
    return {
        "control": sides[0],
        "candidate": sides[1],
        "mixtureVariance": mixture,
        "nullDifference": null,
        "level": level,
        "pValue": float(min(1, np.exp(-log_ratio(null)))),
        "width": float(width),
    }


def sequential_proportions_case():
    """Beta functions by SciPy, the likeliest pair of rates by SciPy's bounded search."""
    control, candidate = proportion(100_000), proportion(100_000)
    null = float(rng.choice([0, 0, 0.01, -0.02, 0.3]))

    def log_likelihood(rate):
        return sum(
            special.xlogy(count, p) + special.xlog1py(samples - count, -p)
            for (count, samples), p in ((control, rate), (candidate, min(max(rate + null, 0), 1)))
        )

    low, high = max(0, -null), min(1, 1 - null)
    inside = optimize.minimize_scalar(lambda rate: -log_likelihood(rate), bounds=(low, high), method="bounded", options={"xatol": 1e-13})
    best = max(-inside.fun, log_likelihood(low), log_likelihood(high))
    mixture = sum(special.betaln(c + 0.5, n - c + 0.5) - special.betaln(0.5, 0.5) for c, n in (control, candidate))
    return {
        "control": control,
        "candidate": candidate,
        "nullDifference": null,
        "pValue": float(min(1, np.exp(best - mixture))),
    }


def power_case():
    margin, level, power = (float(rng.choice(v)) for v in ([0.005, 0.01, 0.05], [0.9, 0.95, 0.99], [0.8, 0.95]))
    control, judgements, ratio = float(rng.choice([0, 0.01, 0.1])), int(rng.integers(1, 9)), float(rng.choice([1, 3, 19]))
    candidate = control + margin * float(rng.choice([1.5, 2, 4]))
    worse = stats.norm.ppf(1 - (1 - max(level, 1 - 2 * (1 - level) / judgements)) / 2)
    surely = stats.norm.ppf(power)
    spread = candidate * (1 - candidate) + control * (1 - control) / ratio
    samples = spread * max(surely / (candidate - control - margin), (worse + surely) / (candidate - control)) ** 2
    return {
        "margin": margin,
        "level": level,
        "power": power,
        "controlRate": control,
        "candidateRate": candidate,
        "judgements": judgements,
        "controlPerCandidate": ratio,
        "samples": float(samples),
    }


def seeded_random(seed):
    """The numbers of the library's `seededRandom` (mulberry32), so that a case need not hold its values."""
    word = 0xFFFFFFFF
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & word
        mixed = ((state ^ (state >> 15)) * (state | 1)) & word
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & word)) & word
        yield (mixed ^ (mixed >> 14)) / 2**32


# How scores may lie, by operations that give the same bits everywhere; `cases.test.ts` has the same
SCORE_SHAPES = {
    "even": lambda draw: draw(),
    "skewed": lambda draw: (lambda u: u * u * u)(draw()),
    "bell": lambda draw: draw() + draw() + draw(),
    "labels": lambda draw: float(np.floor(draw() * 4)),
    "rounded": lambda draw: float(np.floor(draw() * 30)) / 100,
    "mostly-none": lambda draw: (lambda u: u if u < 0.3 else 0.0)(draw()),
    "constant": lambda draw: 0.4,
}


def scores_of(seed, side):
    numbers = seeded_random(seed)
    draw, shape = (lambda: next(numbers)), SCORE_SHAPES[side["shape"]]
    return np.array([shape(draw) * side["spread"] + side["shift"] for _ in range(side["samples"])])


def digits(*numbers):
    """As many as the comparison looks at."""
    return [float(f"{each:.12g}") for each in numbers]


class Undecided(Exception):
    """A comparison so close that the last digit of a number decides it."""


def exceeds(value, bound, apart=1e-9):
    if abs(value - bound) <= apart * max(abs(value), abs(bound)) and not value == bound == 0:
        raise Undecided
    return value > bound


def verdict(few, sure, estimate, margin, constant, low, high, unsuspicious):
    """The order in which all three judges decide."""
    if few:
        return "too-few-samples"
    if sure and exceeds(estimate, margin):
        return "beyond-margin"
    if constant:
        return "constant-series"
    furthest = max(abs(low), abs(high))
    spotless = low <= 0 <= high and not exceeds(unsuspicious, margin / 2) and not exceeds(furthest, 2 * margin)
    return "within-margin" if not exceeds(furthest, margin) or spotless else "straddles-margin"


def shift_of(control, candidate, rule, failing):
    spread = np.quantile(control, 0.75) - np.quantile(control, 0.25)
    differences = np.sort(np.subtract.outer(candidate, control).ravel())
    pairs, total = len(differences), len(control) + len(candidate)

    def moses(level):
        rank = int(np.floor(pairs / 2 - stats.norm.ppf((1 + level) / 2) * np.sqrt(pairs * (total + 1) / 12)))
        return (differences[rank - 1], differences[pairs - rank]) if rank >= 1 else (-np.inf, np.inf)

    few = min(len(control), len(candidate)) < rule["minimumSamples"]
    low, high = moses(rule["level"])
    if spread == 0 or not np.isfinite(low):
        return {"reason": "constant-series" if spread == 0 and not few else "too-few-samples"}
    surely_low, surely_high = moses(failing)
    estimate, low, high = (float(each / spread) for each in (np.median(differences), low, high))
    hidden = low == high and stats.mannwhitneyu(candidate, control, method="asymptotic").pvalue < 1 - rule["level"]
    reason = verdict(
        few,
        surely_low > 0 or surely_high < 0,
        abs(estimate),
        rule["margin"],
        np.ptp(candidate) == 0,
        low,
        high,
        abs(estimate),
    )
    return {
        "reason": "straddles-margin" if hidden and reason == "within-margin" else reason,
        "difference": digits(estimate, low, high),
    }


def distance_of(control, candidate, rule, failing):
    scale = np.sqrt(1 / len(control) + 1 / len(candidate))
    reach, sure = (np.sqrt(np.log(2 / (1 - level)) / 2) * scale for level in (rule["level"], failing))
    estimate = float(stats.ks_2samp(control, candidate, method="asymp").statistic)
    low, high = max(0.0, estimate - reach), min(1.0, estimate + reach)
    reason = verdict(
        min(len(control), len(candidate)) < rule["minimumSamples"],
        exceeds(estimate, sure),
        estimate,
        rule["margin"],
        np.ptp(control) == 0 or np.ptp(candidate) == 0,
        low,
        high,
        estimate - stats.kstwobign.mean() * scale,
    )
    return {"reason": reason, "difference": digits(estimate, low, high)}


def stability_of(control, candidate, rule, failing):
    quantiles = np.quantile(control, np.arange(11) / 10)
    frequent = set(quantiles[1:][np.diff(quantiles) == 0])
    # A bin ends with a value, or just below it where that value has one of its own
    ends = sorted({(v, True) for v in quantiles[1:-1]} | {(v, own) for v in frequent for own in (False, True)})
    for end, _ in ends:
        if any(0 < abs(v - end) < 1e-9 for v in np.concatenate([control, candidate])):
            raise Undecided
    counts = [
        np.bincount(sum((v > end) | ((v == end) & (not own)) for end, own in ends), minlength=len(ends) + 1)
        for v in (control, candidate)
    ]
    p, q = ((each + 0.5) / (each.sum() + len(each) / 2) for each in counts)
    unit, degrees = 1 / len(control) + 1 / len(candidate), len(ends)

    def index(before, after):
        return ((before - after) * np.log(before / after)).sum()

    def spread_of(shares, samples, at):
        """By the covariance of a multinomial and the slopes of the index, which complex steps give exactly."""
        slopes = np.array([at(shares + 1e-30j * each).imag / 1e-30 for each in np.eye(len(shares))])
        return slopes @ (np.diag(shares) - np.outer(shares, shares)) @ slopes / samples

    variance = spread_of(p, len(control), lambda x: index(x, q)) + spread_of(q, len(candidate), lambda x: index(p, x))
    measured = special.rel_entr(p, q).sum() + special.rel_entr(q, p).sum()
    estimate = max(0.0, float(measured - degrees * unit))
    reach = stats.norm.ppf((1 + rule["level"]) / 2) * np.sqrt(2 * degrees * unit**2 + max(0, variance))
    low, high = max(0.0, estimate - reach), estimate + reach
    reason = verdict(
        min(len(control), len(candidate)) < max(100, rule["minimumSamples"]),
        # The library approximates the quantile, by less than a hundredth
        exceeds(measured / unit, stats.chi2.ppf(failing, degrees), 0.03 if degrees < 5 else 0.01),
        estimate,
        rule["margin"],
        np.ptp(control) == 0 or np.ptp(candidate) == 0,
        low,
        high,
        estimate,
    )
    return {"reason": reason, "difference": digits(estimate, low, high)}


def scores_case():
    """Scores of two versions, and what each of the three judges of scores has to say of them."""
    while True:
        shape = str(rng.choice(list(SCORE_SHAPES), p=[0.2, 0.2, 0.2, 0.12, 0.12, 0.12, 0.04]))
        sides = {
            name: {
                "shape": shape if rng.random() < 0.95 else "constant",
                "samples": some(300) + int(rng.choice([0, 100, 250])),
                "shift": 0.0,
                "spread": 1.0,
            }
            for name in ("control", "candidate")
        }
        if rng.integers(3):
            sides["candidate"]["shift"] = float(rng.choice([-0.5, -0.1, 0.02, 0.06, 0.2]))
        if rng.integers(4) == 0:
            sides["candidate"]["spread"] = float(rng.choice([0.5, 1.5, 2]))
        rule = {
            "margin": float(rng.choice([0.02, 0.1, 0.1, 0.2, 0.3, 1])),
            "minimumSamples": int(rng.choice([1, 1, 50, 200])),
            "level": float(rng.choice([0.9, 0.95, 0.95, 0.99])),
            "judgements": int(rng.choice([1, 6, 20])),
        }
        seed = int(rng.integers(2**32))
        control, candidate = scores_of(seed, sides["control"]), scores_of((seed + 1) % 2**32, sides["candidate"])
        failing = 1 - (1 - rule["level"]) / rule["judgements"]
        try:
            judged = {
                name: judge(control, candidate, rule, failing)
                for name, judge in (("shift", shift_of), ("distance", distance_of), ("stability", stability_of))
            }
        except Undecided:
            continue
        medians = digits(*(np.quantile(each, 0.5) for each in (control, candidate)))
        return {"seed": seed, **sides, "rule": rule, "medians": medians, **judged}


CASES = [
    ("wilson", 1_000, wilson_case),
    ("difference", 1_000, difference_case),
    ("rank", 600, rank_case),
    ("smirnov", 800, smirnov_case),
    ("largeSmirnov", 12, large_smirnov_case),
    ("stability", 400, stability_case),
    ("bootstrap", 60, bootstrap_case),
    ("moments", 300, moments_case),
    ("sequentialMeans", 500, sequential_means_case),
    ("sequentialProportions", 500, sequential_proportions_case),
    ("power", 300, power_case),
    ("scores", 1_500, scores_case),
]


def main():
    warnings.simplefilter("ignore")
    with TARGET.open("w") as target:
        for test, number, make in CASES:
            for _ in range(number):
                target.write(json.dumps({"test": test, **make()}, separators=(",", ":")) + "\n")


main()
