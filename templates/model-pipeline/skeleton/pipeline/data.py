"""The data set. To bring your own, change `load` and data/schema.yaml; all else follows."""

import hashlib
from dataclasses import dataclass

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

TARGET = "malignant"


@dataclass(frozen=True)
class Split:
    """One division of the data: what is learned from, and what is held out to judge by."""

    train: pd.DataFrame
    test: pd.DataFrame


def load() -> pd.DataFrame:
    """569 biopsies of the Wisconsin data: 30 measurements of cell nuclei, and whether it is malignant."""
    frame = load_breast_cancer(as_frame=True).frame
    # scikit-learn has 0 for malignant; here the class that matters is 1
    return frame.drop(columns="target").assign(**{TARGET: (frame["target"] == 0).astype(int)})


def columns(frame: pd.DataFrame) -> list[str]:
    """The measurements: what a request for a prediction must bring."""
    return [name for name in frame.columns if name != TARGET]


def digest(frame: pd.DataFrame) -> str:
    """SHA-256 of names and values in their order, the same on every machine."""
    text = frame.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def split(frame: pd.DataFrame, test_share: float, seed: int) -> Split:
    """Holds a share out, with as many malignant ones in proportion as in the rest."""
    train, test = train_test_split(frame, test_size=test_share, stratify=frame[TARGET], random_state=seed)
    return Split(train, test)
