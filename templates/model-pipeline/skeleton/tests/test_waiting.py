"""Waiting for a processor is told from computing and from sleeping."""

import os
import sys
import time

import pytest

from pipeline.waiting import Spent, processes_of, spent_by, without_waiting


@pytest.mark.parametrize(
    ("elapsed", "running", "waiting", "left"),
    [
        # A quiet machine
        (10, 8, 0, 10),
        # Half of it waited
        (20, 8, 10, 10),
        # Other threads waited as well: not below what was computed
        (20, 8, 30, 8),
        # Several threads computed at once
        (20, 50, 0, 20),
        # A database was waited for
        (150, 5, 1, 149),
        # Nothing is known
        (20, 0, 0, 20),
    ],
)
def test_waiting_is_taken_off_but_computing_is_not(elapsed, running, waiting, left):
    assert without_waiting(elapsed, Spent(100, 100), Spent(100 + running, 100 + waiting)) == left


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts")
def test_computing_is_counted_and_sleeping_is_not():
    own = [os.getpid()]
    assert own[0] in processes_of(os.getpgid(0))
    before = spent_by(own)
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        pass
    computed = spent_by(own)
    time.sleep(0.2)
    slept = spent_by(own)
    assert computed.running - before.running > 190
    assert slept.running - computed.running < 100


def test_what_is_not_there_spent_nothing():
    assert spent_by([2**30]) == Spent(0, 0)
