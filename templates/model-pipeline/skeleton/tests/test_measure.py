"""The server's contract is checked over HTTP."""

import json
import os
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline import data, measure, training
from pipeline.errors import PipelineError, QualityFailure


@contextmanager
def server(answer):
    """A model server that answers rows as it is told to."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["dataframe_split"]
            status, body = answer(rows)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def model(repository, monkeypatch):
    """A trained bundle, rows to ask for, and how a right server answers."""
    parts = data.split(data.load(), 0.4, 42)
    bundle = training.fit(parts.train, repository.params, 42)

    def answer(rows):
        if "mean radius" not in rows["columns"]:
            return 400, {}
        frame = data.pd.DataFrame(rows["data"], columns=rows["columns"])
        return 200, {"predictions": [{"probability": p} for p in training.predict(bundle, frame)[0]]}

    monkeypatch.setattr(measure, "REQUESTS", 10)
    monkeypatch.setattr(measure, "ROUNDS", 2)
    monkeypatch.setattr(measure, "QUIETEST", 1)
    monkeypatch.setattr(measure, "COMPUTED", 10)
    return repository, parts.test, bundle, answer


def test_a_right_server_is_measured(model, monkeypatch):
    settings, test, bundle, answer = model
    with server(answer) as url:
        monkeypatch.setattr(measure, "model_server", lambda *_: _always(url))
        serving, cost = measure.serve_and_measure(settings, test, bundle)
    assert 0 < serving.value("latency_p50_ms") <= serving.value("latency_p95_ms")
    assert serving.value("contract_failures") == 0
    assert cost.value("cpu_ms_per_prediction") > 0


def test_a_machine_that_is_busy_for_a_while_makes_no_version_slow(model, monkeypatch):
    settings, test, bundle, answer = model
    asked = 0

    def disturbed(rows):
        nonlocal asked
        asked += 1
        # Six of the ten requests of the first of two rounds
        time.sleep(0.5 if 1 < asked - measure.WARM_UP < 8 else 0)
        return answer(rows)

    with server(disturbed) as url:
        monkeypatch.setattr(measure, "model_server", lambda *_: _always(url))
        serving, _ = measure.serve_and_measure(settings, test, bundle)
    assert asked > measure.WARM_UP + 2 * measure.REQUESTS
    assert serving.value("latency_p95_ms") < 500


def test_a_server_that_is_slow_now_and_then_is_found_slow():
    generator = measure.np.random.default_rng(1)
    # One request in ten is slow, by chance more in some rounds than in others
    rounds = [
        generator.normal(10, 1, measure.REQUESTS) + 300 * (generator.random(measure.REQUESTS) < 0.1)
        for _ in range(measure.ROUNDS)
    ]
    assert measure.np.quantile(measure.quietest(rounds), 0.95) > 300


def test_what_a_server_waits_for_other_than_a_processor_counts():
    def answer(_):
        time.sleep(0.3)
        return 200, {}

    with server(answer) as url:
        latencies = measure.time_requests(url, [b'{"dataframe_split": {}}'], 3, [os.getpid()])
    assert latencies.min() > 150


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda rows, right: (500, {}), "typical request with 500"),
        (lambda rows, right: (200, {"predictions": [{"probability": 0.5}] * len(rows["data"])}), "does not predict"),
        (lambda rows, right: right(rows) if "mean radius" in rows["columns"] else (200, {"predictions": []}), "400"),
    ],
)
def test_a_wrong_server_is_refused(model, wrong, message):
    _, test, bundle, answer = model
    rows = test[data.columns(test)].head(3)
    with server(lambda asked: wrong(asked, answer)) as url, pytest.raises(QualityFailure, match=message):
        measure.check_contract(url, rows, training.predict(bundle, rows)[0])


def test_a_server_that_does_not_start_is_an_error_with_its_log(repository, monkeypatch):
    monkeypatch.setattr(measure.sys, "executable", "/bin/false")
    with pytest.raises(PipelineError, match="did not start"), measure.model_server(
        repository.root / "no-model", repository.build / "server.log"
    ):
        pass


@contextmanager
def _always(url):
    # In this very process, which counts already
    yield url, -1
