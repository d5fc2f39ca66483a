"""CircleCI: images that move or are no longer built, jobs, orbs and caches that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy
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


def _images(document: Node) -> Iterator[Node]:
    """The images of jobs and executors."""
    for part in ("jobs", "executors"):
        entries = document.get(part)
        for _, entry in entries.items() if entries is not None else ():
            images = entry.get("docker")
            for image in images.children() if images is not None else ():
                node = image.get("image")
                if node is not None and node.kind == "scalar":
                    yield node


@rule(
    "pipelines/legacy-image", Severity.WARNING, on="circleci", url="https://circleci.com/docs/reference/next-gen-migration-guide/",
    title=Text("A CircleCI image that is built no more", "Une image CircleCI qui n'est plus construite"),
    advice=Text(
        "The `circleci/…` images have had no updates since 2022: no fixes of the system, of the language, of the browsers. `cimg/…` took their place.",
        "Les images `circleci/…` n'ont plus de mises à jour depuis 2022 : aucun correctif du système, du langage, des navigateurs. `cimg/…` les remplace.",
    ),
)  # fmt: skip
def legacy_image(source: Source, project: Project) -> Iterator[Hit]:
    """An image `circleci/<language>`."""
    for document in source.parsed(yaml.parse)[:1]:
        for node in _images(document):
            found = _LEGACY.match(node.scalar)
            if found is not None and not node.alias:
                new = {"golang": "go", "buildpack-deps": "base"}.get(found[1], found[1])
                yield Hit(
                    node.start, node.end,
                    Text(f"{node.scalar} has had no updates since 2022; its successor is cimg/{new}.", f"{node.scalar} n'a plus de mises à jour depuis 2022 ; cimg/{new} lui succède."),
                )  # fmt: skip


_LEGACY = lazy(
    r"circleci/(node|python|ruby|golang|php|openjdk|elixir|rust|android|postgres|mysql|mariadb|mongo|redis|clojure|buildpack-deps|dynamodb|jruby)(?::|$)"
)


@rule(
    "pipelines/unknown-orb", Severity.ERROR, on="circleci", url="https://circleci.com/docs/orbs/use/orb-intro/",
    title=Text("An orb that is not declared", "Un orb non déclaré"),
    advice=Text("CircleCI refuses the whole configuration.", "CircleCI refuse toute la configuration."),
)  # fmt: skip
def unknown_orb(source: Source, project: Project) -> Iterator[Hit]:
    """A step or job `orb/name` whose orb is not among `orbs`."""
    for document in source.parsed(yaml.parse)[:1]:
        orbs = document.get("orbs")
        known = {key.scalar for key, _ in orbs.items()} if orbs is not None else set()
        for node in _names(document):
            orb, slash, rest = node.scalar.partition("/")
            if slash and rest and orb not in known and "<<" not in node.scalar:
                shown = ", ".join(sorted(known)) or "-"
                yield Hit(
                    node.start, node.end,
                    Text(f"{node.scalar}: no orb {orb} is declared (there are: {shown}).", f"{node.scalar} : aucun orb {orb} n'est déclaré (il y a : {shown})."),
                )  # fmt: skip


def _names(document: Node) -> Iterator[Node]:
    """The names of the steps of jobs and commands, and of the jobs of workflows."""
    lists = []
    for part in ("jobs", "commands"):
        entries = document.get(part)
        lists += [entry.get("steps") for _, entry in entries.items()] if entries is not None else []
    workflows = document.get("workflows")
    lists += (
        [entry.get("jobs") for _, entry in workflows.items() if entry.kind == "map"] if workflows is not None else []
    )
    for found in lists:
        for step in found.children() if found is not None else ():
            node = step if step.kind == "scalar" else next((key for key, _ in step.items()), None)
            if node is not None:
                yield node


@rule(
    "pipelines/unknown-requirement", Severity.ERROR, on="circleci", url="https://circleci.com/docs/reference/configuration-reference/#requires",
    title=Text("A `requires` of a job that the workflow has not", "Un `requires` vers un job absent du workflow"),
    advice=Text("CircleCI refuses the whole configuration.", "CircleCI refuse toute la configuration."),
)  # fmt: skip
def unknown_requirement(source: Source, project: Project) -> Iterator[Hit]:
    """`requires` names that are no job (or `name`) of the same workflow."""
    for document in source.parsed(yaml.parse)[:1]:
        workflows = document.get("workflows")
        for _, workflow in workflows.items() if workflows is not None else ():
            entries = list(jobs.children()) if (jobs := workflow.get("jobs")) is not None else []
            known = {entry.scalar for entry in entries if entry.kind == "scalar"}
            known |= {str(value.at("name", default=key.scalar)) for entry in entries for key, value in entry.items()}
            if any("<<" in name for name in known) or any(
                value.get("matrix") is not None for entry in entries for _, value in entry.items()
            ):
                continue
            for entry in entries:
                for key, value in entry.items():
                    required = value.get("requires")
                    for node in required.children() if required is not None else ():
                        if node.kind == "scalar" and node.scalar not in known and "<<" not in node.scalar:
                            yield Hit(
                                node.start, node.end,
                                Text(f"{key.scalar} requires {node.scalar}, which is no job of this workflow.", f"{key.scalar} attend {node.scalar}, qui n'est pas un job de ce workflow."),
                            )  # fmt: skip


@rule(
    "pipelines/unmatched-cache", Severity.WARNING, on="circleci", url="https://circleci.com/docs/guides/optimize/caching/",
    title=Text("A cache that is saved under another name", "Un cache enregistré sous un autre nom"),
    advice=Text(
        "What is restored is found by the beginning of its key: a key that nothing saves restores nothing, and every run downloads all again.",
        "Un cache se retrouve par le début de sa clé : une clé que rien n'enregistre ne restaure rien, et chaque exécution retélécharge tout.",
    ),
)  # fmt: skip
def unmatched_cache(source: Source, project: Project) -> Iterator[Hit]:
    """`restore_cache` none of whose keys any `save_cache` of the file begins with."""
    for document in source.parsed(yaml.parse)[:1]:
        steps = [
            value
            for node in document.walk()
            if node.kind == "map"
            for key, value in node.items()
            if key.scalar in ("save_cache", "restore_cache")
        ]
        saved = [str(step.at("key")) for step in steps if step.get("paths") is not None and step.get("key") is not None]
        for step in steps:
            listed = step.get("keys")
            keys = (
                list(listed.children()) if listed is not None else [one] if (one := step.get("key")) is not None else []
            )
            keys = [key for key in keys if key.kind == "scalar"]
            if (
                step.get("paths") is not None
                or not keys
                or any("<<" in name for name in (*saved, *(key.scalar for key in keys)))
            ):
                continue
            if not any(name.startswith(key.scalar) for name in saved for key in keys):
                shown = ", ".join(saved) or "-"
                place = keys[0]
                yield Hit(
                    place.start, place.end,
                    Text(f"Nothing saves a cache whose key begins so; saved are: {shown}.", f"Rien n'enregistre de cache dont la clé commence ainsi ; sont enregistrés : {shown}."),
                )  # fmt: skip


@rule(
    "pipelines/static-cache", Severity.INFO, on="circleci", url="https://circleci.com/docs/guides/optimize/caching/",
    title=Text("A cache that is saved once", "Un cache enregistré une seule fois"),
    advice=Text(
        "A key is never overwritten: under one that does not change, the first content is restored for ever.",
        "Une clé n'est jamais réécrite : sous une clé qui ne change pas, le premier contenu est restauré pour toujours.",
    ),
)  # fmt: skip
def static_cache(source: Source, project: Project) -> Iterator[Hit]:
    """`save_cache` with a key without any checksum, revision, epoch or build number."""
    for document in source.parsed(yaml.parse)[:1]:
        steps = [
            step for node in document.walk() if node.kind == "map" and (step := node.get("save_cache")) is not None
        ]
        saved = [str(step.at("key", default="")) for step in steps]
        for step in steps:
            key = step.get("key")
            if key is None or key.alias or _CHANGES.search(key.scalar):
                continue
            if any(name != key.scalar and name.startswith(key.scalar) for name in saved):
                continue  # meant as the last resort of a more exact one
            locks = sorted({c.lockfile for c in project.components if c.lockfile})
            fix = None
            if len(locks) == 1 and key.raw.style in (None, ""):
                fix = Fix(
                    (source.edit(key.end, key.end, f'-{{{{ checksum "{locks[0]}" }}}}'),), False, Text(f"make {locks[0]} part of the key", f"intégrer {locks[0]} à la clé"),
                    Text("Keep the key without it among those that are restored.", "Gardez la clé sans lui parmi celles qui sont restaurées."),
                )  # fmt: skip
            yield Hit(
                key.start, key.end,
                Text(f"The key {key.scalar} never changes: this cache is saved once.", f"La clé {key.scalar} ne change jamais : ce cache n'est enregistré qu'une fois."),
                fix,
            )  # fmt: skip


_CHANGES = lazy(r"checksum|epoch|\.Revision|\.BuildNum|<<|\.Environment")
