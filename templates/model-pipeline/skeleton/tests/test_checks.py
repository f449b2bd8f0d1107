"""Randomness that nobody fixed is found."""

import pytest

from pipeline import checks


@pytest.mark.parametrize(
    "code",
    ["train_test_split(x, y)", "np.random.default_rng()", "np.random.shuffle(x)", "RandomForestClassifier()"],
)
def test_a_fault_is_found_with_its_place(tmp_path, code):
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline/bad.py").write_text(f"\n{code}\n")
    assert checks.find_faults(tmp_path)[0].startswith("pipeline/bad.py:2: ")


def test_this_pipeline_has_none(repository):
    assert checks.find_faults(repository.root) == []
