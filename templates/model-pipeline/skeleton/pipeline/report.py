"""Speaks to the portal. Only the standard library: a report must not depend on what it reports of."""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from .errors import PipelineError
from .settings import Settings

ATTEMPTS = 5
TIMEOUT_SECONDS = 20


class Portal:
    """
    The part of Slipway's API that a pipeline needs.

    `SLIPWAY_URL` is the portal's address, such as https://portal.example.com, and `SLIPWAY_TOKEN` a token that it
    gave to pipelines.
    """

    def __init__(self, settings: Settings, url: str, token: str | None, pause: float = 0.5):
        self._base = (
            f"{url.rstrip('/')}/api/model-delivery/models/"
            f"{urllib.parse.quote(settings.namespace, safe='')}/{urllib.parse.quote(settings.name, safe='')}"
        )
        self._token = token
        self._pause = pause

    def put_run(self, run_id: str, report: dict[str, Any]) -> None:
        """Reports a run as it now stands."""
        self._send("PUT", f"/runs/{urllib.parse.quote(run_id, safe='')}", report)

    def post_version(self, registration: dict[str, Any]) -> dict[str, Any]:
        """Registers a version; the same version once more changes nothing."""
        return self._send("POST", "/versions", registration)

    def post_evaluation(self, version: str, evaluation: dict[str, Any]) -> None:
        """Reports measurements of a version; the same report once more changes nothing."""
        self._send("POST", f"/versions/{urllib.parse.quote(version, safe='')}/evaluations", evaluation)

    def _send(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """
        Sends, and repeats with growing pauses what failed for a passing reason.

        Raises PipelineError, which says what the portal said.
        """
        url = self._base + path
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        # Neither NaN nor infinity is JSON; a report with them would be a lie anyway
        data = json.dumps(body, allow_nan=False).encode()
        trouble = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(self._pause * 2**attempt)
            request = urllib.request.Request(url, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                trouble = _explain(error, method, path)
                if error.code != 429 and error.code < 500:
                    raise PipelineError(trouble) from None
            except (urllib.error.URLError, TimeoutError, ConnectionError, json.JSONDecodeError) as error:
                portal, why = self._base.split("/api/")[0], getattr(error, "reason", error)
                trouble = f"the portal at {portal} cannot be reached: {why}"
        raise PipelineError(f"{trouble} ({ATTEMPTS} attempts)")


def portal_of(settings: Settings) -> Portal | None:
    """The portal that the environment names; None when it names none."""
    url = os.environ.get("SLIPWAY_URL")
    return Portal(settings, url, os.environ.get("SLIPWAY_TOKEN")) if url else None


def _explain(error: urllib.error.HTTPError, method: str, path: str) -> str:
    try:
        said = json.load(error)["error"]
        details = "; ".join(f"{field['path']} {field['message']}" for field in said.get("errors", []))
        message = f"{said['message']}{': ' + details if details else ''}"
    except (ValueError, KeyError, TypeError):
        message = error.reason
    hint = {
        401: "; check SLIPWAY_TOKEN",
        403: "; the token may not report for this model",
        404: "; is the model in the portal's catalog?",
    }.get(error.code, "")
    return f"the portal refused {method} {path} with {error.code}: {message}{hint}"
