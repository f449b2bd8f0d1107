"""Intervals and drift."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from pipeline import evaluation, statistics


def test_an_interval_holds_the_estimate_and_narrows_with_data():
    def interval(size):
        values = np.random.default_rng(1).normal(size=size)
        return statistics.bootstrap_interval(lambda rows: float(values[rows].mean()), size, seed=1)

    few, many = interval(50), interval(5000)
    assert few["low"] < 0.3
    assert few["high"] > -0.3
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 5
    assert interval(50) == few


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_accuracy_and_f1_of_resamples_are_those_of_scikit_learn(share):
    generator = np.random.default_rng(1)
    truth, decision = (generator.random(200) < share).astype(int), (generator.random(200) < share).astype(int)
    assert evaluation.accuracy_of(truth, decision) == pytest.approx(accuracy_score(truth, decision))
    assert evaluation.f1_of(truth, decision) == pytest.approx(f1_score(truth, decision, zero_division=0))


def test_drift_is_zero_for_the_same_and_large_for_a_shift():
    values = np.random.default_rng(1).normal(size=5000)
    edges = statistics.bin_edges(values)
    expected = statistics.shares(values, edges)
    assert statistics.psi(expected, expected) == 0
    assert statistics.psi(expected, statistics.shares(values + 1, edges)) > 0.2
    assert abs(sum(expected) - 1) < 1e-12
