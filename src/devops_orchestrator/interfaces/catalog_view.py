"""The map of agents; of one agent its actions and parameters."""

from __future__ import annotations

from typing import Any

import click

from devops_orchestrator import catalog
from devops_orchestrator.core.params import describe
from devops_orchestrator.core.specialist import ACTIONS, Specialist
from devops_orchestrator.text import Text

NOT_BUILT = Text("not built yet", "pas encore construit")


def as_text(agent: str, language: str) -> str:
    """The whole map for `""`, else one domain or agent."""
    if not agent:
        return _map(language)
    if agent in [domain.id for domain in catalog.CATALOG.domains] or agent.endswith("/orchestrator"):
        return _domain(agent, language)
    return _agent(catalog.specialist(agent), language)


def _map(language: str) -> str:
    lines = [click.style("devops-orchestrator", bold=True)]
    for domain in catalog.CATALOG.domains:
        lines.append(f"├── {click.style(domain.id, bold=True)}  {domain.title.to(language)}")
        rows = [(domain.orchestrator, domain.summary, True)]
        rooms = [catalog.specialist(f"{domain.id}/{name}") for name in domain.specialists]
        rows += [(room.id, room.summary, room.create is not None) for room in rooms]
        for index, (name, summary, built) in enumerate(rows):
            branch = "└──" if index == len(rows) - 1 else "├──"
            missing = "" if built else click.style(f"  (create: {NOT_BUILT.to(language)})", fg="yellow")
            lines.append(f"│   {branch} {name:<26} {click.style(summary.to(language), dim=True)}{missing}")
    told = Text(
        "authorities: their decisions are prepared, never taken",
        "autorités : leurs décisions sont préparées, jamais prises",
    )
    lines.append(f"└── {click.style(told.to(language), bold=True)}")
    authorities = catalog.CATALOG.authorities
    for index, authority in enumerate(authorities):
        branch = "└──" if index == len(authorities) - 1 else "├──"
        topics = ", ".join(f"{topic.id} ({topic.title.to(language)})" for topic in authority.topics)
        lines.append(f"    {branch} {authority.id:<22} {authority.path}  {click.style(topics, dim=True)}")
    return "\n".join(lines)


def _domain(agent: str, language: str) -> str:
    domain = catalog.domain(agent)
    lines = [click.style(domain.orchestrator, bold=True), domain.summary.to(language), ""]
    lines.append(
        Text(
            "It picks the specialist from what the repository shows:",
            "Il choisit le spécialiste d'après ce que montre le dépôt :",
        ).to(language)
    )
    lines += [f"  {domain.id}/{name}" for name in domain.specialists]
    return "\n".join(lines)


def _agent(room: Specialist, language: str) -> str:
    lines = [f"{click.style(room.id, bold=True)}  {room.title.to(language)}", room.summary.to(language), ""]
    lines.append(click.style("Actions", bold=True))
    for action in ACTIONS:
        built = action != "create" or room.create is not None
        lines.append(
            f"  {action:<10}{_action(action, room, language)}"
            + ("" if built else click.style(f"  {NOT_BUILT.to(language)}", fg="yellow"))
        )
    lines += [
        "",
        click.style(Text("Parameters (--set NAME=VALUE)", "Paramètres (--set NOM=VALEUR)").to(language), bold=True),
    ]
    for name, slot in room.params.slots().items():
        info = room.params.model_fields[name]
        kind = describe(info) + (f", {slot.unit}" if slot.unit else "")
        example = (
            click.style(f"{Text('e.g.', 'p. ex.').to(language)} {name}={slot.example}", dim=True)
            if slot.example
            else ""
        )
        lines.append(f"  {name:<18}{slot.label.to(language)}  [{kind}]  {example}".rstrip())
    if room.examples:
        lines += ["", click.style(Text("Examples", "Exemples").to(language), bold=True)]
        lines += [f'  devops "{example.to(language)}"' for example in room.examples]
    return "\n".join(lines)


def _action(action: str, room: Specialist, language: str) -> str:
    told = {
        "create": Text(", ".join(room.files) or "—", ", ".join(room.files) or "—"),
        "improve": Text(
            "safe fixes as edits, the others proposed", "corrections sûres appliquées par touches, les autres proposées"
        ),
        "review": Text(
            f"{len(room.rules)} rules, and the linters that are there",
            f"{len(room.rules)} règles, et les linters présents",
        ),
        "answer": Text("symptoms, choices, commands", "symptômes, choix, commandes"),
    }
    return told[action].to(language)


def as_data(agent: str, language: str) -> Any:
    """The map, or one agent, as plain data."""
    if agent:
        return _data(catalog.specialist(agent), language)
    return {
        "domains": [
            {
                "id": domain.id, "title": domain.title.to(language), "orchestrator": domain.orchestrator,
                "specialists": [_data(catalog.specialist(f"{domain.id}/{name}"), language) for name in domain.specialists],
            }
            for domain in catalog.CATALOG.domains
        ],
        "authorities": [
            {"id": a.id, "path": a.path, "topics": [topic.id for topic in a.topics]} for a in catalog.CATALOG.authorities
        ],
    }  # fmt: skip


def _data(room: Specialist, language: str) -> dict[str, Any]:
    actions = [action for action in ACTIONS if action != "create" or room.create is not None]
    parameters = {
        name: {
            "label": slot.label.to(language), "type": describe(room.params.model_fields[name]), "unit": slot.unit,
            "example": slot.example,
        }
        for name, slot in room.params.slots().items()
    }  # fmt: skip
    return {
        "id": room.id, "title": room.title.to(language), "summary": room.summary.to(language), "actions": actions,
        "files": list(room.files), "parameters": parameters, "rules": [rule.id for rule in room.rules],
    }  # fmt: skip
