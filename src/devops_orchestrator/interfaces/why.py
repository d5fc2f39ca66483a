"""`devops inspect --why FACT`: the candidates for a fact, their evidence, and why one won."""

from __future__ import annotations

import json

import click

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import UsageError
from devops_orchestrator.project.why import FACTS, PRECEDENCE, SOURCES, Reason, reasons
from devops_orchestrator.text import Text


def _checked(fact: str, project: Project) -> tuple[str, tuple[Component, ...]]:
    """(the fact, the components that are meant): `port`, or `port@apps/api` for one component."""
    name, _, place = fact.partition("@")
    name = name.strip().replace("-", "_")
    if name not in FACTS:
        allowed = ", ".join(FACTS)
        raise UsageError(
            Text(f"--why {fact}: no such fact. Facts: {allowed}.", f"--why {fact} : ce fait n'existe pas. Faits : {allowed}.")
        )  # fmt: skip
    if not place:
        return name, project.components
    component = project.component(place.strip())
    if component is None:
        known = ", ".join(c.path for c in project.components) or "–"
        raise UsageError(
            Text(f"--why {fact}: no component {place}. Components: {known}.", f"--why {fact} : pas de composant {place}. Composants : {known}.")
        )  # fmt: skip
    return name, (component,)


def as_text(project: Project, asked: str, language: str) -> str:
    """The candidates of each component, the winner first, and the order in which places are believed."""
    fact, components = _checked(asked, project)
    lines: list[str] = []
    for component in components:
        found = reasons(component, fact)
        lines.append(f"{click.style(component.name, bold=True)}  {component.path}  {click.style(fact, dim=True)}")
        lines += [_line(reason, language) for reason in found]
        if not found:
            lines.append(
                "  " + Text("Nothing in the repository says it.", "Rien dans le dépôt ne le dit.").to(language)
            )
        lines.append("")
    order = Text("Looked for in this order: {order}.", "Cherché dans cet ordre : {order}.")
    lines.append(order.to(language).format(order=PRECEDENCE[fact].to(language)))
    return "\n".join(lines)


def _line(reason: Reason, language: str) -> str:
    mark = click.style("✓", fg="green") if reason.won else "·"
    where = reason.evidence.removeprefix("convention: ")
    return f"  {mark} {reason.value}  {where}  {click.style(SOURCES[reason.source].to(language), dim=True)}"


def as_json(project: Project, asked: str, language: str) -> str:
    """The same as an object: fact, precedence, and each component's candidates."""
    fact, components = _checked(asked, project)
    entries = [
        {
            "path": component.path,
            "name": component.name,
            "candidates": [
                {"value": one.value, "evidence": one.evidence, "source": one.source, "won": one.won}
                for one in reasons(component, fact)
            ],
        }
        for component in components
    ]
    data = {"fact": fact, "precedence": PRECEDENCE[fact].to(language), "components": entries}
    return json.dumps(data, ensure_ascii=False, indent=2)
