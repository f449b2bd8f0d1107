"""Features, by the same code in training and in serving."""

import pandas as pd

DERIVED = {
    # How far the worst nuclei have outgrown the average ones
    "area growth": lambda frame: frame["worst area"] / frame["mean area"],
}


def resolve(names: list[str] | str, available: list[str]) -> list[str]:
    """The features that params.yaml asks for; `all` is every measurement, derived ones are asked for by name."""
    wanted = list(available) if names == "all" else list(names)
    unknown = [name for name in wanted if name not in available and name not in DERIVED]
    if unknown:
        raise ValueError(f"params.yaml asks for features that do not exist: {', '.join(unknown)}")
    return wanted


def build(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The features of these names, row by row: no row depends on another, so one request gives what a table gives."""
    return pd.DataFrame(
        {name: DERIVED[name](frame) if name in DERIVED else frame[name] for name in names},
        index=frame.index,
    ).astype(float)
