"""Stage 5: registers the version in MLflow with card and lineage, and reports it to the portal with its evidence."""

import json
import os
import time
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from . import card, data, git, limits, training
from .data_validation import describe
from .errors import PipelineError, QualityFailure
from .facts import Fact, load_facts
from .report import portal_of
from .run_state import Run
from .settings import Settings


def run(settings: Settings, current: Run) -> str:
    """Returns what to say of it."""
    changed = git.uncommitted(settings.root)
    if changed:
        raise QualityFailure(
            "a version is made of a commit, and these files are not committed: " + ", ".join(changed[:10])
        )
    logged, bundle = training.load_training(settings), training.load_bundle(settings)
    parameters = training.parameters(settings, bundle)
    text, fact = card.build_card(settings, load_facts(settings), parameters)
    fact.save(settings)
    (settings.build / "model-card.md").write_text(text, "utf-8")
    limits.enforce(settings, "registration", fact)

    mlflow.set_tracking_uri(settings.tracking_uri)
    client = MlflowClient()
    with mlflow.start_run(run_id=logged["run_id"]):
        mlflow.log_artifact(str(settings.build / "model-card.md"))
    previous = previous_version(client, settings.registered_name, logged["run_id"])
    registered = register(client, settings, logged, text)
    # Over HTTP MLflow gives text, from a file a number
    version = str(registered.version)
    current.name_version(version)

    portal = portal_of(settings)
    if not portal:
        return f"models:/{registered.name}/{registered.version}; not reported, because SLIPWAY_URL is not set"
    portal.post_version(registration_of(settings, current, logged, parameters, registered, previous))
    for measured in load_facts(settings):
        portal.post_evaluation(version, evaluation_of(current, measured))
    return f"models:/{registered.name}/{registered.version}, reported to the portal"


def previous_version(client: MlflowClient, name: str, run_id: str) -> ModelVersion | None:
    """The version registered before this run's own."""
    versions = client.search_model_versions(
        f"name = '{name}'", max_results=5, order_by=["version_number DESC"]
    )
    return next((version for version in versions if version.run_id != run_id), None)


def register(client: MlflowClient, settings: Settings, logged: dict[str, str], text: str) -> ModelVersion:
    """The registered version; one that an interrupted attempt of this run made already is taken again."""
    name = settings.registered_name
    try:
        client.create_registered_model(name, description=settings.model["spec"].get("intendedUse"))
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    own = client.search_model_versions(f"name = '{name}' and run_id = '{logged['run_id']}'")
    version = own[0] if own else client.create_model_version(
        name, logged["model_uri"], run_id=logged["run_id"], model_id=logged["model_id"], description=text[:5000]
    )
    for _ in range(60):
        version = client.get_model_version(name, version.version)
        if version.status == "READY":
            break
        time.sleep(1)
    else:
        raise PipelineError(f"MLflow did not make version {version.version} ready within a minute: {version.status}")
    for key, value in {
        "slipway.commit": git.head(settings.root),
        "slipway.data": data.digest(data.load()),
        "slipway.params": settings.params_digest,
        "slipway.artifact": logged["artifact_digest"],
    }.items():
        client.set_model_version_tag(name, version.version, key, value)
    return version


def registration_of(
    settings: Settings,
    current: Run,
    logged: dict[str, str],
    parameters: dict[str, str],
    registered: ModelVersion,
    previous: ModelVersion | None,
) -> dict[str, Any]:
    """The version as the portal keeps it."""
    frame = data.load()
    uri = f"models:/{registered.name}/{registered.version}"
    code: dict[str, str] = {"commit": git.head(settings.root)}
    if repository := git.remote(settings.root):
        code["repository"] = repository[:1000]
    return {
        "version": str(registered.version),
        "parts": {
            "code": code,
            "data": [{**describe(settings, frame), "rows": len(frame)}],
            "artifact": {"digest": logged["artifact_digest"], "uri": uri},
            "configuration": [{"name": "params.yaml", "digest": settings.params_digest}],
            "parameters": parameters,
            "trainedBy": trained_by(settings),
        },
        "commits": git.commits_since(settings.root, previous.tags.get("slipway.commit") if previous else None),
        "run": current.id,
        "registryUri": uri,
        "changeKinds": change_kinds(settings, previous),
    }


def change_kinds(settings: Settings, previous: ModelVersion | None) -> list[str]:
    """What changed since the version before: code, data, configuration. The first version is new in code and data."""
    if previous is None:
        return ["code", "data"]
    kinds = []
    commit = previous.tags.get("slipway.commit")
    files = git.files_changed_since(settings.root, commit) if commit else ["?"]
    if any(name == "?" or name.endswith(".py") or name == "requirements.txt" for name in files):
        kinds.append("code")
    if previous.tags.get("slipway.data") != data.digest(data.load()):
        kinds.append("data")
    if previous.tags.get("slipway.params") != settings.params_digest:
        kinds.append("configuration")
    # A retraining of the very same parts is a change of code as far as anybody can tell
    return kinds or ["code"]


def trained_by(settings: Settings) -> str:
    """Who started the training: an entity reference or an e-mail address, which the portal resolves to a person."""
    return (
        os.environ.get("SLIPWAY_TRAINED_BY")
        or (os.environ.get("GITLAB_USER_EMAIL") if os.environ.get("GITLAB_CI") == "true" else None)
        or git.author_of_head(settings.root)
    )


def evaluation_of(current: Run, fact: Fact) -> dict[str, Any]:
    """Measurements as the portal keeps them."""
    report = {
        "id": f"{current.id}-{fact.name}",
        "fact": fact.name,
        "stage": fact.stage,
        "measuredAt": fact.measuredAt,
        "run": current.id,
        "source": fact.source,
        "metrics": json.loads(json.dumps(fact.metrics)),
    }
    return {**report, "dataset": fact.dataset} if fact.dataset else report
