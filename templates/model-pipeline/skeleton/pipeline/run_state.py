"""The run and its stages, kept in build/run.json from one stage to the next, and reported as they change."""

import json
import os
import secrets
import sys
from datetime import datetime, timezone
from typing import Any

from . import git
from .errors import PipelineError
from .report import Portal, portal_of
from .settings import Settings


def now() -> str:
    """This moment, in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


class Run:
    """One execution of the pipeline."""

    def __init__(self, settings: Settings, state: dict[str, Any], portal: Portal | None):
        self._settings = settings
        self._state = state
        self._portal = portal

    @staticmethod
    def current(settings: Settings, stage: str, stages: list[str]) -> "Run":
        """The run that a stage belongs to; the first stage begins one, and so does any after the last has finished."""
        portal = portal_of(settings)
        path = settings.build / "run.json"
        if stage != stages[0] and path.exists():
            state = json.loads(path.read_text("utf-8"))
            if state["report"]["outcome"] == "running":
                return Run(settings, state, portal)
        return Run(settings, {"id": _new_id(), "report": _new_report(settings)}, portal)

    @property
    def id(self) -> str:
        """Its name at the portal."""
        return self._state["id"]

    @property
    def url(self) -> str | None:
        """Its page in the CI system."""
        return self._state["report"].get("url")

    def start(self, stage: str) -> None:
        """A stage begins."""
        self._stage(stage, {"stage": stage, "outcome": "running", "startedAt": now()})
        self._report()

    def finish(self, stage: str, outcome: str, message: str) -> None:
        """A stage ended, and the run with it unless it was a success."""
        entry = next(s for s in self._state["report"]["stages"] if s["stage"] == stage)
        entry.update(outcome=outcome, finishedAt=now(), message=message[:2000])
        if outcome != "success":
            self._state["report"].update(outcome=outcome, finishedAt=now())
        self._report()

    def succeed(self) -> None:
        """All stages are done. Raises PipelineError when the portal does not take it."""
        self._state["report"].update(outcome="success", finishedAt=now())
        self._save()
        if self._portal:
            self._portal.put_run(self.id, self._state["report"])

    def name_version(self, version: str) -> None:
        """The run made this version."""
        self._state["report"]["version"] = version
        self._save()

    def _stage(self, stage: str, entry: dict[str, Any]) -> None:
        report = self._state["report"]
        report["stages"] = [s for s in report["stages"] if s["stage"] != stage] + [entry]

    def _save(self) -> None:
        (self._settings.build / "run.json").write_text(json.dumps(self._state, indent=2), "utf-8")

    def _report(self) -> None:
        self._save()
        if not self._portal:
            return
        try:
            self._portal.put_run(self.id, self._state["report"])
        except PipelineError as trouble:
            # Progress is worth a warning; what a version rests on is reported later, and must arrive
            print(f"Warning: {trouble}", file=sys.stderr)


def _new_id() -> str:
    chance = secrets.token_hex(3)
    if _in_gitlab():
        return f"gitlab-{os.environ['CI_PIPELINE_ID']}-{chance}"
    if _in_github():
        return f"github-{os.environ['GITHUB_RUN_ID']}-{chance}"
    return f"run-{datetime.now(timezone.utc):%Y%m%d-%H%M%S}-{chance}"


def _new_report(settings: Settings) -> dict[str, Any]:
    report: dict[str, Any] = {
        "trigger": _trigger(),
        "outcome": "running",
        "startedAt": now(),
        "commit": git.head(settings.root),
        "stages": [],
    }
    url = _page()
    if url.startswith(("http://", "https://")):
        report["url"] = url
    return report


def _page() -> str:
    if _in_gitlab():
        return os.environ.get("CI_PIPELINE_URL", "")
    if _in_github():
        part = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"
        return part.format_map(os.environ)
    return ""


def _in_gitlab() -> bool:
    return os.environ.get("GITLAB_CI") == "true" and "CI_PIPELINE_ID" in os.environ


def _in_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _trigger() -> str:
    if chosen := os.environ.get("PIPELINE_TRIGGER"):
        return chosen
    source = os.environ.get("CI_PIPELINE_SOURCE") or os.environ.get("GITHUB_EVENT_NAME", "")
    if source == "schedule":
        return "schedule"
    return "code" if source in ("push", "merge_request_event", "pull_request") else "manual"
