"""Pipelines of CircleCI, Azure and Travis that move, that name what is not there, or that nobody looks at any more."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.text import Text


@rule(
    "pipelines/moving-image", Severity.WARNING, on="circleci", url="https://circleci.com/docs/guides/execution-managed/using-docker/",
    title=Text("A job image that moves", "Une image de job qui bouge"),
    advice=Text(
        "The same commit passes today and fails tomorrow. Name at least the version of the language.",
        "Le même commit passe aujourd'hui et échoue demain. Nommez au moins la version du langage.",
    ),
)  # fmt: skip
def moving_image(source: Source, project: Project) -> Iterator[Hit]:
    """A Docker image of a CircleCI job or executor without a tag, or with `latest`."""
    for document in source.parsed(yaml.parse)[:1]:
        for part in ("jobs", "executors"):
            entries = document.get(part)
            for _, entry in entries.items() if entries else ():
                images = entry.get("docker")
                for image in images.children() if images else ():
                    node = image.get("image")
                    if node is None or "<<" in str(node.value) or "@" in str(node.value):
                        continue
                    if str(node.value).rpartition("/")[2].partition(":")[2] in ("", "latest"):
                        yield Hit(
                            node.start, node.end,
                            Text(f"{node.value} has no version.", f"{node.value} n'a pas de version."),
                        )  # fmt: skip


@rule(
    "pipelines/unknown-job", Severity.ERROR, on="circleci", url="https://circleci.com/docs/reference/configuration-reference/#requires",
    title=Text("A workflow that names a job that is not there", "Un workflow qui nomme un job absent"),
    advice=Text("CircleCI refuses the whole configuration.", "CircleCI refuse toute la configuration."),
)  # fmt: skip
def unknown_job(source: Source, project: Project) -> Iterator[Hit]:
    """A job of a workflow that neither `jobs` nor an orb declares."""
    for document in source.parsed(yaml.parse)[:1]:
        jobs = document.get("jobs")
        known = {str(key.value) for key, _ in jobs.items()} if jobs else set()
        workflows = document.get("workflows")
        for _, workflow in workflows.items() if workflows else ():
            entries = workflow.get("jobs")
            for entry in entries.children() if entries else ():
                node = entry if entry.kind == "scalar" else next((key for key, _ in entry.items()), None)
                approval = entry.kind == "map" and any(value.at("type") == "approval" for _, value in entry.items())
                if node is not None and not approval and "/" not in str(node.value) and str(node.value) not in known:
                    yield Hit(
                        node.start, node.end,
                        Text(f"There is no job {node.value}.", f"Il n'y a pas de job {node.value}."),
                    )  # fmt: skip


@rule(
    "pipelines/forgotten-travis", Severity.WARNING, on="travis", url="https://docs.travis-ci.com/user/migrate/open-source-repository-migration/",
    title=Text("A Travis file beside another CI", "Un fichier Travis à côté d'une autre CI"),
    advice=Text(
        "Two CIs with two truths: the one that is not watched still holds credentials and badges.",
        "Deux CI, deux vérités : celle que personne ne regarde garde pourtant des identifiants et des badges.",
    ),
)  # fmt: skip
def forgotten_travis(source: Source, project: Project) -> Iterator[Hit]:
    """`.travis.yml` in a repository that has another CI's files."""
    others = project.of_kind("github-workflow", "gitlab-ci", "circleci", "azure-pipelines", "jenkinsfile")
    if others:
        yield Hit(
            0, min(len(source.text), max(1, source.text.find("\n"))),
            Text(f"{others[0]} is there too.", f"{others[0]} est là aussi."),
            related=(Related(others[0], 1, Text("the other CI", "l'autre CI")),),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (moving_image, unknown_job, forgotten_travis)
