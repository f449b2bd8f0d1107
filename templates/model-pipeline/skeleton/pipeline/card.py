"""The model card: what the model is for, what it rests on, how good it is, and what it must not be used for."""

from .facts import Fact
from .settings import Settings

REQUIRED = ["Intended use", "Out of scope", "Owner", "Data", "Features", "Performance", "Fairness", "Limitations"]


def build_card(settings: Settings, facts: list[Fact], parameters: dict[str, str]) -> tuple[str, Fact]:
    """The card in Markdown, and how complete it is: the share of its sections that say something."""
    spec, found = settings.model["spec"], {fact.name: fact for fact in facts}
    card = settings.params["card"]
    data_fact, candidate = found.get("data"), found.get("candidate")
    sections = {
        "Intended use": spec.get("intendedUse", "").strip(),
        "Out of scope": _list(spec.get("outOfScope", [])),
        "Owner": spec.get("owner", ""),
        "Data": _data(settings, data_fact),
        "Features": parameters.get("features", ""),
        "Performance": _table(candidate, lambda m: "slice" not in m) if candidate else "",
        "Fairness": _table(candidate, lambda m: "slice" in m or m["name"] == "fairness_gap") if candidate else "",
        "Limitations": (card.get("limitations") or "").strip(),
    }
    title = settings.model["metadata"].get("title", settings.name)
    text = f"# {title}\n\nRisk: {spec['risk']}. Algorithm: {parameters.get('algorithm', '')}.\n"
    for name in REQUIRED:
        text += f"\n## {name}\n\n{sections[name] or '*Nothing is said of it.*'}\n"

    fact = Fact("card", "registration", "pipeline")
    filled = sum(1 for name in REQUIRED if sections[name])
    fact.add("completeness", filled / len(REQUIRED), higherIsBetter=True)
    fact.add("sections", filled)
    # It is written anew for each version
    fact.add("age_days", 0, unit="days", higherIsBetter=False)
    return text, fact


def _list(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _data(settings: Settings, fact: Fact | None) -> str:
    if not fact or not fact.dataset:
        return ""
    return (
        f"{settings.dataset_name}, version {fact.dataset['version']}, {fact.value('rows'):.0f} rows "
        f"({settings.params['data']['description']})"
    )


def _table(fact: Fact, wanted) -> str:
    rows = ["| measure | value | 95 % interval | of |", "| --- | --- | --- | --- |"]
    for m in filter(wanted, fact.metrics):
        interval = f"{m['interval']['low']:.3f} to {m['interval']['high']:.3f}" if "interval" in m else ""
        name = f"{m['name']} ({m['slice']['value']})" if "slice" in m else m["name"]
        rows.append(f"| {name} | {m['value']:.4g} | {interval} | {m.get('sampleSize', '')} |")
    return "\n".join(rows)
