"""Runs the stages, and says of each what became of it."""

import os
import sys
import traceback

from .errors import PipelineError, QualityFailure
from .run_state import Run
from .settings import load_settings

# The first five of seven; staging validation and production deployment are the portal's
STAGES = ["code-validation", "data-validation", "training", "evaluation", "registration"]

EXIT_FAILURE, EXIT_ERROR = 1, 2


def run_stage(stage: str) -> int:
    """
    Runs one stage.

    Returns 0; 1 when quality said no; 2 when something around it is broken.
    """
    try:
        settings = load_settings()
        run = Run.current(settings, stage, STAGES)
    except PipelineError as trouble:
        print(f"{stage}: error: {trouble}", file=sys.stderr)
        return EXIT_ERROR
    print(f"== {stage} ({run.id})", flush=True)
    run.start(stage)
    try:
        message = _function_of(stage)(settings, run)
    except QualityFailure as failure:
        run.finish(stage, "failure", str(failure))
        print(f"{stage}: failure: {failure}", file=sys.stderr)
        return EXIT_FAILURE
    except PipelineError as trouble:
        run.finish(stage, "error", str(trouble))
        print(f"{stage}: error: {trouble}", file=sys.stderr)
        return EXIT_ERROR
    except BaseException as trouble:
        run.finish(stage, "error", f"{type(trouble).__name__}: {trouble}")
        traceback.print_exc()
        return EXIT_ERROR
    run.finish(stage, "success", message)
    print(f"{stage}: success: {message}", flush=True)
    if stage != last_stage():
        return 0
    try:
        run.succeed()
        return 0
    except PipelineError as trouble:
        print(f"{stage}: error: every stage succeeded, but {trouble}", file=sys.stderr)
        return EXIT_ERROR


def last_stage() -> str:
    """The stage that the run ends with: `PIPELINE_LAST_STAGE` on branches that make no version."""
    return os.environ.get("PIPELINE_LAST_STAGE") or STAGES[-1]


def run_all() -> int:
    """Runs the stages in their order, up to the first that does not succeed."""
    for stage in STAGES:
        if code := run_stage(stage):
            return code
        if stage == last_stage():
            break
    return 0


def _function_of(stage: str):
    # Imported when needed: code validation should not wait for MLflow to load
    if stage == "code-validation":
        from .code_validation import run
    elif stage == "data-validation":
        from .data_validation import run
    elif stage == "training":
        from .training import run
    elif stage == "evaluation":
        from .evaluation import run
    else:
        from .registration import run

        return run
    return lambda settings, _run: run(settings)
