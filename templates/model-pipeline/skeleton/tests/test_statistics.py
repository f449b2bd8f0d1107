"""Intervals and drift."""

import numpy as np

from pipeline import statistics


def test_an_interval_holds_the_estimate_and_narrows_with_data():
    def interval(size):
        values = np.random.default_rng(1).normal(size=size)
        return statistics.bootstrap_interval(lambda rows: float(values[rows].mean()), size, seed=1)

    few, many = interval(50), interval(5000)
    assert few["low"] < 0.3
    assert few["high"] > -0.3
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 5
    assert interval(50) == few


def test_drift_is_zero_for_the_same_and_large_for_a_shift():
    values = np.random.default_rng(1).normal(size=5000)
    edges = statistics.bin_edges(values)
    expected = statistics.shares(values, edges)
    assert statistics.psi(expected, expected) == 0
    assert statistics.psi(expected, statistics.shares(values + 1, edges)) > 0.2
    assert abs(sum(expected) - 1) < 1e-12
