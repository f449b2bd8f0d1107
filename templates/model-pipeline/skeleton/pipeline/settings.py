"""What this pipeline is told: params.yaml, catalog-info.yaml, and the environment."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .errors import PipelineError


@dataclass(frozen=True)
class Settings:
    """Everything that one run is decided by, but for the data and the code."""

    root: Path
    params: dict[str, Any]
    """params.yaml as it is."""
    model: dict[str, Any]
    """The Model of catalog-info.yaml."""

    @property
    def name(self) -> str:
        """Name of the model in the catalog."""
        return self.model["metadata"]["name"]

    @property
    def namespace(self) -> str:
        """Namespace of the model in the catalog."""
        return self.model["metadata"].get("namespace", "default")

    @property
    def registered_name(self) -> str:
        """Name of the model in MLflow, from the annotation `slipway.dev/registry`."""
        annotation = self.model["metadata"]["annotations"]["slipway.dev/registry"]
        return annotation.split("/", 3)[3]

    @property
    def dataset_name(self) -> str:
        """Reference of the data set in the catalog."""
        return self.model["spec"]["trainedOn"][0]

    @property
    def build(self) -> Path:
        """Folder for what stages hand on to later ones."""
        folder = self.root / "build"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def seed(self) -> int:
        """The one seed of all randomness, so that the same inputs give the same model."""
        return int(self.params["seed"])

    @property
    def params_digest(self) -> str:
        """SHA-256 of params.yaml."""
        return "sha256:" + hashlib.sha256((self.root / "params.yaml").read_bytes()).hexdigest()

    @property
    def tracking_uri(self) -> str:
        """The MLflow server; a file in this folder unless MLFLOW_TRACKING_URI is set."""
        return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{self.root / 'mlflow.db'}"


def load_settings(root: Path | None = None) -> Settings:
    """Reads the settings of the repository at `root`, the current folder unless given."""
    folder = (root or Path.cwd()).resolve()
    try:
        params = yaml.safe_load((folder / "params.yaml").read_text("utf-8"))
        entities = yaml.safe_load_all((folder / "catalog-info.yaml").read_text("utf-8"))
        model = next(entity for entity in entities if entity and entity.get("kind") == "Model")
    except FileNotFoundError as missing:
        raise PipelineError(f"{missing.filename} is missing; run this at the top of the repository") from missing
    except StopIteration:
        raise PipelineError("catalog-info.yaml describes no entity of kind Model") from None
    # A server that is down is noticed in half a minute rather than in four
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "30")
    return Settings(folder, params, model)
