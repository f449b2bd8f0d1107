"""Static analysis for the faults of machine-learning code: randomness that nobody fixed."""

import ast
from pathlib import Path

NEED_RANDOM_STATE = {
    "train_test_split", "KFold", "StratifiedKFold", "ShuffleSplit", "RandomForestClassifier",
    "RandomForestRegressor", "GradientBoostingClassifier", "SGDClassifier", "MLPClassifier",
}


def find_faults(root: Path) -> list[str]:
    """Each fault as `file:line: what is wrong`, in the pipeline's own code."""
    faults: list[str] = []
    for path in sorted((root / "pipeline").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            if isinstance(node, ast.Call) and (fault := _fault_of(node)):
                faults.append(f"{path.relative_to(root)}:{node.lineno}: {fault}")
    return faults


def _fault_of(call: ast.Call) -> str | None:
    name = ast.unparse(call.func)
    last = name.rsplit(".", 1)[-1]
    keywords = {keyword.arg for keyword in call.keywords}
    if last in NEED_RANDOM_STATE and "random_state" not in keywords:
        return f"{last} without random_state gives another result each time"
    if last == "default_rng" and not call.args and not keywords:
        return "default_rng without a seed gives another result each time"
    if name.startswith(("np.random.", "numpy.random.")) and last not in ("default_rng", "Generator"):
        return f"{name} uses the global random state; pass a generator"
    return None
