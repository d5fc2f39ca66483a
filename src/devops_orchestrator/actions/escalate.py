"""A decision that belongs to an authority becomes a brief: the question, what the repository shows, the options.

The brief is a MADR document. Nothing in it recommends: the system never takes the decision.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files

from devops_orchestrator.actions import evidence
from devops_orchestrator.core.change import Change, ChangeSet
from devops_orchestrator.core.decision import Escalation
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.formats.template import render_text
from devops_orchestrator.text import Text

FOLDER = "docs/decisions"
AUTHORITIES = "devops_orchestrator.authorities"


def propose(escalation: Escalation, request: str, project: Project, language: str) -> ChangeSet:
    """The brief of one escalation as a change set: a new document, or the one that already asks this."""
    title, text = brief(escalation, request, project, language)
    path = _path(project, title, escalation.topic)
    before = project.repository.read(path)
    summary = Text(
        f"{escalation.authority} decides; the brief is {path}.",
        f"{escalation.authority} décide ; la note de décision est {path}.",
    )
    after = text if before is None else before  # a brief that is there may hold somebody's words already
    step = Text(
        f'Once it is decided: devops escalations answer {path.rpartition("/")[2][:4]} "…"',
        f'Une fois la décision prise : devops escalations answer {path.rpartition("/")[2][:4]} "…"',
    )
    return ChangeSet(escalation.authority, summary, changes=(Change(path, before, after),), next_steps=(step,))


def brief(escalation: Escalation, request: str, project: Project, language: str) -> tuple[str, str]:
    """(title, Markdown) of a decision brief, in the request's language."""
    french = language == "fr"
    name = f"{escalation.topic}.{'fr' if french else 'en'}.md"
    source = files(AUTHORITIES).joinpath("briefs", name).read_text(encoding="utf-8")
    services = sorted({service for component in project.components for service in component.services})
    asked = re.sub(r"[\s`<>]+", " ", request).strip()
    body = render_text(
        source,
        name=project.name,
        request=asked if len(asked) <= 300 else asked[:299] + "…",
        facts=_list(_facts(project, french)),
        readiness=_list(_readiness(project, french)),
        services=", ".join(services),
        parts=len(project.deployable) or len(project.components),
    )
    title = body.split("\n", 1)[0].removeprefix("# ").strip()
    front = {
        "status": "proposed",
        "decision-makers": escalation.authority,
        "topic": escalation.topic,
        "request": asked[:300],
    }
    head = "\n".join(
        f"{key}: {json.dumps(value, ensure_ascii=False) if key == 'request' else value}" for key, value in front.items()
    )
    return title, f"---\n{head}\n---\n\n{body}"


def _path(project: Project, title: str, topic: str) -> str:
    """The brief of this topic that still waits, else the next number."""
    numbers = [0]
    for path in project.repository.glob(f"{FOLDER}/*.md"):
        match = re.match(r"(\d{4})-", path.rpartition("/")[2])
        if match:
            numbers.append(int(match[1]))
            text = project.repository.read(path) or ""
            if re.search(
                rf"(?m)\A---\r?\nstatus: proposed\b[^-]*?^decision-makers: [^\n]*\ntopic: {re.escape(topic)}\r?$", text
            ):
                return path
    return f"{FOLDER}/{max(numbers) + 1:04d}-{_slug(title)}.md"


def _slug(title: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", title.lower()) if unicodedata.category(c) != "Mn")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")


def _list(lines: Iterator[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _facts(project: Project, french: bool) -> Iterator[str]:
    for component in project.components:
        yield _component(component, french)
    groups: dict[str, list[str]] = {}
    for file in project.devops_files:
        groups.setdefault(file.kind, []).append(file.path)
    for kind, paths in groups.items():
        shown = ", ".join(f"`{path}`" for path in paths[:3]) + (f" (+{len(paths) - 3})" if len(paths) > 3 else "")
        yield f"{kind} : {shown}" if french else f"{kind}: {shown}"
    for cloud, place in evidence.clouds(project).items():
        yield f"traces de {cloud} : `{place}`" if french else f"signs of {cloud}: `{place}`"
    places = evidence.environments(project)
    if places:
        told = ", ".join(f"{name} (`{path}`)" for name, path in places.items())
        yield f"environnements : {told}" if french else f"environments: {told}"
    if project.vcs.host:
        branch = project.vcs.default_branch or "?"
        yield (
            f"dépôt sur {project.vcs.host}, branche par défaut `{branch}`"
            if french
            else (f"repository on {project.vcs.host}, default branch `{branch}`")
        )
    if not project.components and not project.devops_files:
        yield (
            "rien : le dépôt ne contient ni application, ni fichier DevOps"
            if french
            else ("nothing: the repository holds neither an application nor a DevOps file")
        )


def _component(component: Component, french: bool) -> str:
    what = " ".join(part for part in (component.language, component.framework) if part)
    text = f"**{component.name}** (`{component.path}`): {what or component.kind}"
    if component.port:
        text += f", port {component.port} ({component.evidence.get('port', '?')})"
    if component.services:
        word = "services" if not french else "services utilisés"
        text += f", {word}: {', '.join(component.services)} ({component.evidence.get('services', '?')})"
    return text.replace(": ", " : ") if french else text


READINESS = (
    (Text("CI", "CI"), ("github-workflow", "gitlab-ci", "jenkinsfile", "circleci", "azure-pipelines")),
    (Text("image", "image"), ("dockerfile",)),
    (Text("deployment files", "fichiers de déploiement"), ("kubernetes", "helm-chart", "compose")),
    (Text("monitoring", "supervision"), ("prometheus", "prometheus-rules", "alertmanager")),
)


def _readiness(project: Project, french: bool) -> Iterator[str]:
    """What files can say: yes with its place, or not found."""
    language, absent = ("fr", "non trouvé") if french else ("en", "not found")
    colon = " : " if french else ": "
    for label, kinds in READINESS:
        paths = project.of_kind(*kinds)
        yield label.to(language) + colon + (f"`{paths[0]}`" if paths else absent)
    back = list(evidence.ways_back(project))
    for label, path in back:
        yield f"{label.to(language)}{colon}`{path}`"
    if not back:
        yield (
            Text("way back shown in the manifests", "retour arrière visible dans les manifestes").to(language)
            + colon
            + absent
        )
    for component in project.deployable:
        yield f"{component.name}, tests{colon}" + (f"`{component.test}`" if component.test else absent)
        health = Text("health route", "route de santé").to(language)
        yield f"{component.name}, {health}{colon}" + (f"`{component.health}`" if component.health else absent)
        if component.migrate:
            told = Text("migrations to run", "migrations à exécuter").to(language)
            yield f"{component.name}, {told}{colon}`{component.migrate}`"
