"""What several tests need: a repository of one's own, and a portal that writes down what it is told."""

import json
import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from pipeline.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent

# The tests are of the code, so they hold whatever params.yaml says today
PARAMS = {
    "features": ["mean radius", "mean texture", "mean smoothness"],
    "training": {"C": 0.1, "max_iter": 1000},
    "serving": {"threshold": 0.5, "outlier_guard": "answer"},
    "limits": {
        "data-validation": [{"metric": "data.volume_change", "min": -0.5}],
        "evaluation": [{"metric": "candidate.f1", "min": 0.8}],
        "registration": [{"metric": "card.completeness", "min": 1}],
    },
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch):
    """No test speaks to the real portal or the real MLflow, whatever the pipeline around it does."""
    for name in list(os.environ):
        if name.startswith(("SLIPWAY_", "MLFLOW_TRACKING", "CI_", "GITHUB_", "GITLAB_", "PIPELINE_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def mlflow_store(tmp_path_factory) -> Path:
    """An empty MLflow store, made once: its tables take a while."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_registered_models(max_results=1)
    return path


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Settings:
    """A copy of this repository with one commit, as the current folder."""
    for name in ("catalog-info.yaml", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "params.yaml").write_text(yaml.safe_dump({**load_settings(ROOT).params, **PARAMS}))
    for name in ("pipeline", "data"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    commit(tmp_path, "First version")
    monkeypatch.chdir(tmp_path)
    return load_settings()


def commit(folder: Path, message: str) -> None:
    """Commits everything as Ada."""
    run = lambda *words: subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)  # noqa: E731
    if not (folder / ".git").exists():
        run("init", "--initial-branch=main")
    run("add", "--all")
    run("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--message", message)


class Recorder:
    """A portal: keeps the requests, and answers what it is told to answer."""

    def __init__(self):
        self.requests: list[tuple[str, str, dict]] = []
        self.authorizations: list[str | None] = []
        self.answers: list[tuple[int, dict]] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                recorder.requests.append((self.command, self.path, json.loads(body)))
                recorder.authorizations.append(self.headers["Authorization"])
                status, answer = recorder.answers.pop(0) if recorder.answers else (201, {})
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            do_PUT = do_POST = _answer

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        # Looks that often whether it is told to end; half a second, unless told, is long after every single test
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def bodies(self, method: str, end: str) -> list[dict]:
        """What was sent by a method to the paths with this end, or with it before the last part."""
        return [body for verb, path, body in self.requests if verb == method and end in path]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def portal():
    """A running portal."""
    recorder = Recorder()
    yield recorder
    recorder.close()
