"""Starts the model's own server, as production does, and measures it over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import data, training
from .errors import PipelineError, QualityFailure
from .facts import Fact
from .settings import Settings

WARM_UP, REQUESTS = 20, 200


def serve_and_measure(settings: Settings, test: pd.DataFrame, bundle: dict[str, Any]) -> tuple[Fact, Fact]:
    """Checks the server's contract and measures its latency, and the processor's time for a prediction."""
    serving, cost = Fact("serving", "evaluation", "pipeline"), Fact("cost", "evaluation", "pipeline")
    # Typical requests: nearest to the middle of the data
    typical = test[data.columns(test)]
    distance = ((typical - typical.median()) / typical.std()).abs().max(axis=1)
    rows = typical.loc[distance.sort_values().index[:WARM_UP]]
    with model_server(settings.build / "model", settings.build / "server.log") as url:
        check_contract(url, rows, training.predict(bundle, rows)[0])
        # A server that breaks it is no version to measure
        serving.add("contract_failures", 0, higherIsBetter=False)
        latencies = []
        for number in range(WARM_UP + REQUESTS):
            body = request_of(rows.iloc[[number % len(rows)]])
            started = time.perf_counter()
            ask(url, body)
            latencies.append((time.perf_counter() - started) * 1000)
    measured = np.array(latencies[WARM_UP:])
    for name, quantile in (("latency_p50_ms", 0.5), ("latency_p95_ms", 0.95)):
        serving.add(name, np.quantile(measured, quantile), unit="ms", sampleSize=REQUESTS, higherIsBetter=False)

    started = time.process_time()
    for number in range(REQUESTS):
        training.predict(bundle, rows.iloc[[number % len(rows)]])
    cost.add(
        "cpu_ms_per_prediction", (time.process_time() - started) * 1000 / REQUESTS,
        unit="ms", sampleSize=REQUESTS, higherIsBetter=False,
    )
    return serving, cost


def request_of(rows: pd.DataFrame) -> bytes:
    """A request for predictions of these rows."""
    return json.dumps({"dataframe_split": rows.to_dict(orient="split", index=False)}).encode()


def ask(url: str, body: bytes) -> tuple[int, Any]:
    """Status and answer to a request for predictions."""
    request = urllib.request.Request(f"{url}/invocations", body, {"Content-Type": "application/json"})
    try:
        with _opener.open(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None


def check_contract(url: str, rows: pd.DataFrame, expected: pd.Series) -> None:
    """The server gives what training gives for the same rows, and refuses a request that lacks a measurement."""
    status, answer = ask(url, request_of(rows))
    if status != 200:
        raise QualityFailure(f"the model's server answered a typical request with {status}")
    served = [row["probability"] for row in answer["predictions"]]
    if not np.allclose(served, expected, atol=1e-9):
        raise QualityFailure("the model's server does not predict what training predicts for the same rows")
    status, _ = ask(url, request_of(rows.drop(columns=rows.columns[0])))
    if status != 400:
        raise QualityFailure(f"a request without {rows.columns[0]} was answered with {status} instead of 400")


@contextmanager
def model_server(model: Path, log_file: Path) -> Iterator[str]:
    """The address of a running server of the model in this folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # The server starts uvicorn, which lies beside this Python
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [
        sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(model),
        "--env-manager", "local", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
    ]
    with log_file.open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, "PATH": path}, start_new_session=True
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(server, url, log_file)
        yield url
    finally:
        # Its whole group: the command starts the server as a child
        try:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_until_ready(server: subprocess.Popen, url: str, log_file: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with _opener.open(f"{url}/ping", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    end = log_file.read_text("utf-8", "replace")[-1500:]
    raise PipelineError(f"the model's server did not start; the end of its log:\n{end}")


# A proxy of the company has no business between this process and its own child
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
