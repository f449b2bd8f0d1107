"""What was measured, kept in build/ until there is a version to report it of."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any

from .settings import Settings


@dataclass
class Fact:
    """Measurements of one kind, named as the portal's policies do: candidate, training, data, tests and so on."""

    name: str
    stage: str
    source: str
    measuredAt: str = field(default_factory=lambda: datetime.now(timezone.utc).isoformat())
    dataset: dict[str, str] | None = None
    metrics: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, value: float, **more: Any) -> None:
        """Adds a measurement; `more` may hold slice, interval, sampleSize, unit and higherIsBetter."""
        self.metrics.append({"name": name, "value": float(value), **more})

    def value(self, name: str) -> float:
        """A measurement of the whole population."""
        return next(m["value"] for m in self.metrics if m["name"] == name and "slice" not in m)

    def save(self, settings: Settings) -> None:
        """Hands it on to the stage of registration."""
        path = settings.build / f"fact-{self.name}.json"
        path.write_text(json.dumps(asdict(self), indent=2), "utf-8")


def load_fact(settings: Settings, name: str) -> Fact | None:
    """What an earlier stage measured; None when it did not."""
    path = settings.build / f"fact-{name}.json"
    return Fact(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def load_facts(settings: Settings) -> list[Fact]:
    """Everything that was measured in this run."""
    names = sorted(path.stem.removeprefix("fact-") for path in settings.build.glob("fact-*.json"))
    return [fact for name in names if (fact := load_fact(settings, name))]
