"""The limits of params.yaml: beyond them a version is not even registered. What is promoted, the portal decides."""

from .errors import QualityFailure
from .facts import Fact
from .settings import Settings


def enforce(settings: Settings, stage: str, *facts: Fact) -> None:
    """Raises QualityFailure that names every limit of the stage that the measurements break."""
    broken = []
    for limit in settings.params["limits"].get(stage, []):
        fact_name, metric = limit["metric"].split(".")
        fact = next((fact for fact in facts if fact.name == fact_name), None)
        if fact is None or not any(m["name"] == metric for m in fact.metrics):
            broken.append(f"{limit['metric']} was not measured")
            continue
        value = fact.value(metric)
        if "min" in limit and not value >= limit["min"]:
            broken.append(f"{limit['metric']} is {value:.4g}, below the minimum of {limit['min']}")
        if "max" in limit and not value <= limit["max"]:
            broken.append(f"{limit['metric']} is {value:.4g}, above the maximum of {limit['max']}")
    if broken:
        raise QualityFailure("; ".join(broken))
