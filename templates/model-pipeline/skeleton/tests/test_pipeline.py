"""The stages together, against a real MLflow store and a portal that writes down what it is told."""

import json
import re
import shutil

import pytest
import yaml
from conftest import commit

from pipeline import data, evaluation, git, limits, registration, training
from pipeline.errors import PipelineError
from pipeline.facts import Fact, load_facts
from pipeline.run_state import Run
from pipeline.stages import STAGES, run_all, run_stage


@pytest.fixture
def quick(repository, portal, mlflow_store, monkeypatch):
    """The pipeline without the parts that take long: its own tests, and the model's server."""

    def tested(settings):
        for path in settings.build.glob("fact-*.json"):
            path.unlink()
        fact = Fact("tests", "code-validation", "pytest")
        fact.add("failed", 0)
        fact.save(settings)
        return "tested"

    def served(settings, *_):
        serving, cost = Fact("serving", "evaluation", "pipeline"), Fact("cost", "evaluation", "pipeline")
        serving.add("latency_p95_ms", 9)
        cost.add("cpu_ms_per_prediction", 1)
        return serving, cost

    shutil.copy(mlflow_store, repository.root / "mlflow.db")
    monkeypatch.setattr("pipeline.code_validation.run", tested)
    monkeypatch.setattr(evaluation, "serve_and_measure", served)
    monkeypatch.setenv("SLIPWAY_URL", portal.url)
    monkeypatch.setenv("SLIPWAY_TOKEN", "secret")
    return repository


def change_params(settings, **changes):
    path = settings.root / "params.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}))


def test_two_versions_are_made_and_reported(quick, portal):
    assert run_all() == 0
    name = quick.registered_name
    first = portal.bodies("POST", "/versions")[0]
    assert first["version"] == "1"
    assert first["parts"]["artifact"]["uri"] == f"models:/{name}/1"
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", first["parts"]["artifact"]["digest"])
    assert first["parts"]["code"]["commit"] == git.head(quick.root)
    assert first["parts"]["data"][0]["digest"] == data.digest(data.load())
    assert first["parts"]["parameters"]["training.C"] == "0.1"
    assert first["parts"]["trainedBy"] == "ada@example.com"
    assert [c["message"] for c in first["commits"]] == ["First version"]
    assert first["changeKinds"] == ["code", "data"]

    facts = {body["fact"]: body for body in portal.bodies("POST", "/versions/1/evaluations")}
    assert set(facts) == {"candidate", "card", "cost", "data", "serving", "tests", "training"}
    candidate = {m["name"]: m for m in facts["candidate"]["metrics"] if "slice" not in m}
    assert {"accuracy", "f1", "roc_auc", "fairness_gap", "robustness_drop", "regression_failures"} <= set(candidate)
    assert candidate["f1"]["interval"]["low"] < candidate["f1"]["value"] < candidate["f1"]["interval"]["high"]
    assert facts["card"]["metrics"][0] == {"name": "completeness", "value": 1.0, "higherIsBetter": True}

    runs = portal.bodies("PUT", "/runs/")
    assert runs[0]["outcome"] == "running"
    assert runs[-1]["outcome"] == "success"
    assert runs[-1]["version"] == "1"
    assert [stage["outcome"] for stage in runs[-1]["stages"]] == ["success"] * 5

    portal.requests.clear()
    change_params(quick, features="all")
    commit(quick.root, "Learn from all measurements")
    assert run_all() == 0
    second = portal.bodies("POST", "/versions")[0]
    assert second["version"] == "2"
    assert second["changeKinds"] == ["configuration"]
    assert [c["message"] for c in second["commits"]] == ["Learn from all measurements"]
    assert second["parts"]["artifact"]["digest"] != first["parts"]["artifact"]["digest"]
    better = {m["name"]: m["value"] for m in portal.bodies("POST", "/versions/2/evaluations")[0]["metrics"]}
    assert better["f1"] > candidate["f1"]["value"]
    assert better["f1_change"] == pytest.approx(better["f1"] - candidate["f1"]["value"])


def test_a_limit_that_is_broken_is_a_failure(quick, portal, monkeypatch):
    def evaluated(settings):
        fact = Fact("candidate", "evaluation", "pipeline")
        fact.add("f1", 0.9)
        limits.enforce(settings, "evaluation", fact)

    monkeypatch.setattr(evaluation, "run", evaluated)
    rules = {"evaluation": [{"metric": "candidate.f1", "min": 0.999}, {"metric": "candidate.nonsense", "max": 1}]}
    change_params(quick, limits=rules)
    assert run_stage("evaluation") == 1
    last = portal.bodies("PUT", "/runs/")[-1]
    assert last["outcome"] == "failure"
    assert "below the minimum of 0.999" in last["stages"][-1]["message"]
    assert "candidate.nonsense was not measured" in last["stages"][-1]["message"]
    assert portal.bodies("POST", "/versions") == []


def test_what_is_not_committed_makes_no_version(quick, portal):
    (quick.root / "notes.txt").write_text("later")
    assert run_stage("registration") == 1
    assert "notes.txt" in portal.bodies("PUT", "/runs/")[-1]["stages"][-1]["message"]


def test_trouble_around_the_pipeline_is_an_error(quick, portal, monkeypatch):
    def broken(_settings):
        raise OSError("disk full")

    monkeypatch.setattr(training, "run", broken)
    assert run_stage("training") == 2
    last = portal.bodies("PUT", "/runs/")[-1]
    assert last["outcome"] == "error"
    assert "disk full" in last["stages"][0]["message"]


def test_a_portal_that_is_away_stops_no_stage_but_the_last(quick, portal, monkeypatch):
    monkeypatch.setattr("pipeline.report.ATTEMPTS", 1)
    portal.close()
    assert run_stage("data-validation") == 0
    monkeypatch.setenv("PIPELINE_LAST_STAGE", "data-validation")
    assert run_stage("data-validation") == 2


def test_a_branch_ends_where_it_is_told_to(quick, portal, monkeypatch):
    monkeypatch.setenv("PIPELINE_LAST_STAGE", "data-validation")
    assert run_all() == 0
    assert portal.bodies("PUT", "/runs/")[-1]["outcome"] == "success"
    assert {fact.name for fact in load_facts(quick)} == {"tests", "data"}


def test_the_digest_of_an_artifact_is_that_of_its_files(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/two").write_text("2")
    (tmp_path / "one").write_text("1")
    before = training.digest_of(tmp_path)
    (tmp_path / "registered_model_meta").write_text("added by MLflow")
    assert training.digest_of(tmp_path) == before
    (tmp_path / "one").write_text("other")
    assert training.digest_of(tmp_path) != before


def test_who_trained_is_taken_from_the_environment_first(repository, monkeypatch):
    assert registration.trained_by(repository) == "ada@example.com"
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("GITLAB_USER_EMAIL", "bo@example.com")
    assert registration.trained_by(repository) == "bo@example.com"
    monkeypatch.setenv("SLIPWAY_TRAINED_BY", "user:default/cleo")
    assert registration.trained_by(repository) == "user:default/cleo"


@pytest.mark.parametrize(
    ("environment", "trigger", "start", "url"),
    [
        ({}, "manual", "run-", None),
        ({"PIPELINE_TRIGGER": "drift"}, "drift", "run-", None),
        (
            {
                "GITLAB_CI": "true", "CI_PIPELINE_ID": "77", "CI_PIPELINE_SOURCE": "push",
                "CI_PIPELINE_URL": "https://gitlab.example.com/a/b/-/pipelines/77",
            },
            "code", "gitlab-77-", "https://gitlab.example.com/a/b/-/pipelines/77",
        ),
        (
            {
                "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "8", "GITHUB_EVENT_NAME": "schedule",
                "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b",
            },
            "schedule", "github-8-", "https://github.com/a/b/actions/runs/8",
        ),
    ],
)
def test_a_run_knows_where_it_runs(repository, monkeypatch, environment, trigger, start, url):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run = Run.current(repository, "code-validation", STAGES)
    run.start("code-validation")
    report = json.loads((repository.build / "run.json").read_text())["report"]
    assert report["trigger"] == trigger
    assert run.id.startswith(start)
    assert run.url == url


def test_a_folder_that_is_no_repository_is_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_stage("training") == 2
    with pytest.raises(PipelineError, match="git rev-parse failed"):
        git.head(tmp_path)
