"""Stage 1: lint, unit and feature tests, a small-scale training, and static analysis."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree  # noqa: S405 -- pytest, which we started, wrote what is read

from . import checks, limits
from .errors import PipelineError
from .facts import Fact
from .settings import Settings


def run(settings: Settings) -> str:
    """Returns what to say of it."""
    # What is left of an earlier run is not evidence of this one
    for path in settings.build.glob("fact-*.json"):
        path.unlink()
    lint = _run(settings, "ruff", "check", ".")
    faults = checks.find_faults(settings.root)
    for line in [*lint, *faults]:
        print(line)

    junit, coverage = settings.build / "tests.xml", settings.build / "coverage.json"
    code = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "--cov=pipeline", f"--cov-report=json:{coverage}",
            f"--junitxml={junit}", "tests",
        ],
        cwd=settings.root,
        check=False,
    ).returncode
    # 0: all passed; 1: some failed. Anything else is trouble of pytest itself
    if code not in (0, 1):
        raise PipelineError(f"pytest ended with code {code}, so nothing was tested")

    suites = ElementTree.parse(junit).getroot().iter("testsuite")  # noqa: S314
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        for key in totals:
            totals[key] += int(suite.get(key, 0))
    failed = totals["failures"] + totals["errors"]
    covered = json.loads(coverage.read_text("utf-8"))["totals"]["percent_covered"] / 100

    fact = Fact("tests", "code-validation", "pytest")
    fact.add("failed", failed, higherIsBetter=False)
    fact.add("passed", totals["tests"] - failed - totals["skipped"])
    fact.add("coverage", covered, higherIsBetter=True)
    fact.add("lint_findings", len(lint), higherIsBetter=False)
    fact.add("static_findings", len(faults), higherIsBetter=False)
    fact.save(settings)
    limits.enforce(settings, "code-validation", fact)
    return f"{totals['tests']} tests, {failed} failed; {covered:.0%} of the code covered"


def _run(settings: Settings, module: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments, "--output-format=concise", "--quiet"],
        cwd=settings.root, capture_output=True, text=True, check=False,
    )
    if done.returncode not in (0, 1):
        raise PipelineError(f"{module} failed: {done.stderr.strip()}")
    return [line for line in done.stdout.splitlines() if line]
