"""Rules over Fluent Bit: tags and the patterns that ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import fluentbit
from devops_orchestrator.formats.fluentbit import Config, Section
from devops_orchestrator.text import Text

ROUTING = "https://docs.fluentbit.io/manual/concepts/data-pipeline/router"
# Inputs whose tags come with what they get.
_FOREIGN = ("forward", "http", "opentelemetry", "in_forward", "prometheus_remote_write", "splunk", "elasticsearch")


def _tags(config: Config) -> dict[str, Section] | None:
    """tag (with something for `*`) → its input; None where tags come from elsewhere or are rewritten."""
    if config.includes or any(f.text("name") in ("rewrite_tag", "lua", "wasm") for f in config.of("filter")):
        return None
    found: dict[str, Section] = {}
    count: dict[str, int] = {}
    for section in config.of("input"):
        name, tag = section.text("name"), section.text("tag")
        if "$" in tag or "<" in tag or (name in _FOREIGN and not tag):
            return None
        number = count.get(name, 0)
        count[name] = number + 1
        found[tag.replace("*", "any.thing") or f"{name}.{number}"] = section
    return found or None


def _takes(section: Section, tag: str) -> bool:
    pattern, expression = section.get("match"), section.get("match_regex")
    if expression is not None:
        try:
            return re.search(expression.value, tag) is not None
        except re.error:
            return True
    if pattern is None:
        return False
    parts = (re.escape(part) for part in pattern.value.split("*"))
    return re.fullmatch(".*".join(parts), tag) is not None


@rule(
    "logging/unmatched-tag", Severity.ERROR, on="fluent-bit", url=ROUTING,
    title=Text("A tag that no pattern takes", "Une étiquette qu'aucun motif ne prend"),
    advice=Text(
        "Fluent Bit sends a record to the outputs whose `Match` fits its tag. What no output takes is dropped without a word; a filter that fits no tag does nothing.",
        "Fluent Bit envoie un enregistrement aux sorties dont le `Match` correspond à son tag. Ce qu'aucune sortie ne prend est jeté sans un mot ; un filtre qui ne correspond à aucun tag ne fait rien.",
    ),
)  # fmt: skip
def unmatched_tag(source: Source, project: Project) -> Iterator[Hit]:
    """An input whose tag no output takes; an output or a filter that takes the tag of no input."""
    config = source.parsed(fluentbit.parse)
    tags = _tags(config)
    outputs = config.of("output")
    if (
        tags is None
        or not outputs
        or any("$" in f.value for s in config.sections for f in s.fields if f.name.lower() == "match")
    ):
        return
    shown = {tag: section.text("tag") or tag for tag, section in tags.items()}
    for tag, section in tags.items():
        if not any(_takes(output, tag) for output in outputs):
            field = section.get("tag")
            start, end = (field.start, field.end) if field else (section.start, section.end)
            listed = ", ".join(output.text("match") or output.text("match_regex") or "—" for output in outputs)
            yield Hit(
                start, end,
                Text(
                    f"No output takes the tag {shown[tag]}: they take {listed}.",
                    f"Aucune sortie ne prend le tag {shown[tag]} : elles prennent {listed}.",
                ),
            )  # fmt: skip
    for section in (*config.of("filter"), *outputs):
        field = section.get("match") or section.get("match_regex")
        if field is not None and not any(_takes(section, tag) for tag in tags):
            listed = ", ".join(shown.values())
            yield Hit(
                field.start, field.end,
                Text(
                    f"No input has a tag that {field.value} takes: there are {listed}.",
                    f"Aucune entrée n'a un tag que {field.value} prend : il y a {listed}.",
                ),
                severity=Severity.WARNING if section.kind == "filter" else None,
            )  # fmt: skip


RULES: tuple[Rule, ...] = (unmatched_tag,)
