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

from . import data, training, waiting
from .errors import PipelineError, QualityFailure
from .facts import Fact
from .settings import Settings

# Requests that are not measured, then those of each round, of which the quietest count
WARM_UP, REQUESTS, ROUNDS, QUIETEST = 20, 50, 8, 4
# Predictions whose time of the processor is measured
COMPUTED = 200


def serve_and_measure(settings: Settings, test: pd.DataFrame, bundle: dict[str, Any]) -> tuple[Fact, Fact]:
    """Checks the server's contract and measures its latency, and the processor's time for a prediction."""
    serving, cost = Fact("serving", "evaluation", "pipeline"), Fact("cost", "evaluation", "pipeline")
    # Typical requests: nearest to the middle of the data
    typical = test[data.columns(test)]
    distance = ((typical - typical.median()) / typical.std()).abs().max(axis=1)
    rows = typical.loc[distance.sort_values().index[:WARM_UP]]
    with model_server(settings.build / "model", settings.build / "server.log") as (url, group):
        check_contract(url, rows, training.predict(bundle, rows)[0])
        # A server that breaks it is no version to measure
        serving.add("contract_failures", 0, higherIsBetter=False)
        bodies = [request_of(rows.iloc[[number]]) for number in range(len(rows))]
        involved = [os.getpid(), *waiting.processes_of(group)]
        time_requests(url, bodies, WARM_UP, involved)
        measured = quietest([time_requests(url, bodies, REQUESTS, involved) for _ in range(ROUNDS)])
    for name, quantile in (("latency_p50_ms", 0.5), ("latency_p95_ms", 0.95)):
        serving.add(name, np.quantile(measured, quantile), unit="ms", sampleSize=len(measured), higherIsBetter=False)

    started = time.process_time()
    for number in range(COMPUTED):
        training.predict(bundle, rows.iloc[[number % len(rows)]])
    cost.add(
        "cpu_ms_per_prediction", (time.process_time() - started) * 1000 / COMPUTED,
        unit="ms", sampleSize=COMPUTED, higherIsBetter=False,
    )
    return serving, cost


def time_requests(url: str, bodies: list[bytes], count: int, involved: list[int]) -> np.ndarray:
    """
    Milliseconds that the server takes for each of so many requests, one after the other, without the time in which the
    processes involved waited for a processor.
    """
    latencies = np.empty(count)
    for number in range(count):
        before = waiting.spent_by(involved)
        started = time.perf_counter()
        ask(url, bodies[number % len(bodies)])
        elapsed = (time.perf_counter() - started) * 1000
        latencies[number] = waiting.without_waiting(elapsed, before, waiting.spent_by(involved))
    return latencies


def quietest(rounds: list[np.ndarray]) -> np.ndarray:
    """
    The latencies of the quietest rounds: those with the lowest medians.

    What else a machine does can only add to a latency, and machines of pipelines are shared. So the rounds that were
    disturbed least are the nearest to what the model and its server take themselves. They are chosen by their medians,
    because a version's own slow requests hardly move those: chosen by what is reported, they would be chosen away.
    """
    return np.concatenate(sorted(rounds, key=np.median)[:QUIETEST])


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
def model_server(model: Path, log_file: Path) -> Iterator[tuple[str, int]]:
    """The address of a running server of the model in this folder, and the group of its processes."""
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
        yield url, server.pid
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
