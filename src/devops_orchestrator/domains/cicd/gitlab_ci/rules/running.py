"""How a pipeline runs: images that move, pipelines that run twice, keywords that GitLab refuses, deployments side by side."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.gitlab_ci.pipeline import REFERENCE, STAGES, Whole, jobs, pipeline, whole
from devops_orchestrator.formats import shell, yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import checks
from devops_orchestrator.text import Text

# Tags that name no version: each release of the image takes them along.
MOVING = ("", "latest", "dind", "stable", "alpine", "slim", "lts", "current", "mainline", "edge", "nightly", "rolling")


@rule(
    "gitlab-ci/moving-image", Severity.WARNING, on="gitlab-ci", url=REFERENCE + "#image",
    title=Text("A job image that moves", "Une image de job qui bouge"),
    advice=Text(
        "The same commit passes today and fails tomorrow. Name at least the version of the language.",
        "Le même commit passe aujourd'hui et échoue demain. Nommez au moins la version du langage.",
    ),
)  # fmt: skip
def moving_image(source: Source, project: Project) -> Iterator[Hit]:
    """`image` without a tag or with `latest`, in a job, in `default` or at the top."""
    document = pipeline(source)
    if document is None:
        return
    places = [document.get("image"), document.get("default", "image")]
    places += [value.get("image") for _, value in document.items() if value.kind == "map"]
    for place in places:
        node = place.get("name") if place is not None and place.kind == "map" else place
        if node is None or node.kind != "scalar" or "$" in str(node.value) or "@" in str(node.value):
            continue
        if str(node.value).rpartition("/")[2].partition(":")[2] in MOVING:
            yield Hit(
                node.start, node.end,
                Text(f"{node.value} has no version.", f"{node.value} n'a pas de version."),
            )  # fmt: skip


@rule(
    "gitlab-ci/archived-kaniko", Severity.WARNING, on="gitlab-ci", url="https://docs.gitlab.com/ci/docker/using_buildkit/",
    title=Text("Kaniko is archived", "Kaniko est archivé"),
    advice=Text(
        "Its repository takes no more fixes, security ones included. BuildKit (rootless) or Buildah build without a daemon too.",
        "Son dépôt ne reçoit plus de correctifs, même de sécurité. BuildKit (rootless) ou Buildah construisent aussi sans démon.",
    ),
)  # fmt: skip
def archived_kaniko(source: Source, project: Project) -> Iterator[Hit]:
    """A job on `gcr.io/kaniko-project/executor`."""
    document = pipeline(source)
    for _, job in jobs(document) if document else ():
        place = job.get("image")
        node = place.get("name") if place is not None and place.kind == "map" else place
        if node is not None and "kaniko-project/executor" in str(node.value):
            yield Hit(
                node.start, node.end,
                Text("This image is no longer maintained.", "Cette image n'est plus maintenue."),
            )  # fmt: skip


@rule(
    "gitlab-ci/moving-service", Severity.WARNING, on="gitlab-ci", url=REFERENCE + "#services",
    title=Text("A service that moves", "Un service qui bouge"),
    advice=Text(
        "The tests run on whatever was released last: they break on a day when nothing was changed.",
        "Les tests tournent sur la dernière version parue : ils cassent un jour où rien n'a changé.",
    ),
)  # fmt: skip
def moving_service(source: Source, project: Project) -> Iterator[Hit]:
    """`services` without a tag or with `latest`, in a job, in `default` or at the top."""
    document = pipeline(source)
    if document is None:
        return
    places = [document.get("services"), document.get("default", "services")]
    places += [
        value.get("services") for key, value in document.items() if value.kind == "map" and key.scalar != "default"
    ]
    for place in places:
        for entry in place.children() if place is not None and place.kind == "list" else ():
            node = entry.get("name") if entry.kind == "map" else entry
            if node is None or node.kind != "scalar" or "$" in node.scalar or "@" in node.scalar:
                continue
            if node.scalar.rpartition("/")[2].partition(":")[2] in MOVING:
                yield Hit(
                    node.start, node.end,
                    Text(f"{node.scalar} has no version.", f"{node.scalar} n'a pas de version."),
                )  # fmt: skip


@rule(
    "gitlab-ci/mixed-rules", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#only--except",
    title=Text("`only` beside `rules`", "`only` à côté de `rules`"),
    advice=Text("GitLab refuses a job that has both.", "GitLab refuse un job qui a les deux."),
)  # fmt: skip
def mixed_rules(source: Source, project: Project) -> Iterator[Hit]:
    """`only` or `except` in a job that has `rules`."""
    document = pipeline(source)
    for name, job in jobs(document) if document is not None else ():
        for field in ("only", "except"):
            pair = job.pair(field)
            if pair is not None and job.get("rules") is not None:
                yield Hit(
                    pair[0].start, pair[0].end,
                    Text(f"{name} has {field} and rules: only one of the two is allowed.", f"{name} a {field} et rules : un seul des deux est permis."),
                )  # fmt: skip


_MERGE = lazy(r"""CI_PIPELINE_SOURCE\s*==\s*['"]merge_request_event['"]|CI_MERGE_REQUEST_I?ID""")


@rule(
    "gitlab-ci/duplicate-pipelines", Severity.WARNING, on="gitlab-ci", url="https://docs.gitlab.com/ci/jobs/job_rules/#avoid-duplicate-pipelines",
    title=Text("Two pipelines for one commit", "Deux pipelines pour un commit"),
    advice=Text(
        "A push to a branch with a merge request starts a branch pipeline and a merge request pipeline: twice the minutes, and two answers. "
        "`workflow: rules` chooses one.",
        "Un push sur une branche qui a une merge request lance un pipeline de branche et un pipeline de merge request : deux fois les minutes, et deux "
        "réponses. `workflow: rules` en choisit un.",
    ),
)  # fmt: skip
def duplicate_pipelines(source: Source, project: Project) -> Iterator[Hit]:
    """A job whose rules let it into both kinds of pipeline, in a file without `workflow`."""
    document, found = pipeline(source), whole(source, project)
    if (
        document is None
        or found is None
        or not found.seen
        or "workflow" in found.names
        or source.path != ".gitlab-ci.yml"
    ):
        return
    for name, job in jobs(document):
        rules = job.get("rules")
        if rules is None or rules.kind != "list":
            continue
        entries = [entry for entry in rules.children() if entry.kind == "map"]
        merge = next(
            (
                e
                for e in entries
                if _MERGE.search(str(e.at("if", default=""))) and e.at("when") not in ("never", "manual")
            ),
            None,
        )
        branch = next((e for e in entries if e is not merge and _any_branch(e)), None)
        if merge is None or branch is None:
            continue
        yield Hit(
            rules.start, rules.end,
            Text(f"{name} runs in the merge request's pipeline and in the branch's, for the same commit.", f"{name} tourne dans le pipeline de la merge request et dans celui de la branche, pour le même commit."),
        )  # fmt: skip
        return


def _any_branch(entry: Node) -> bool:
    """Whether a rule lets every branch in: no condition, or that there is a branch at all."""
    if entry.at("when") in ("never", "manual"):
        return False
    condition = entry.at("if")
    if condition is None:
        return entry.get("changes") is None and entry.get("exists") is None
    text = str(condition).strip()
    return text in ("$CI_COMMIT_BRANCH", "$CI_COMMIT_REF_NAME") or bool(
        text.replace('"', "'") == "$CI_PIPELINE_SOURCE == 'push'"
    )


@rule(
    "gitlab-ci/static-cache-key", Severity.WARNING, on="gitlab-ci", url="https://docs.gitlab.com/ci/caching/#cache-key-names",
    title=Text("A cache that never follows the lockfile", "Un cache qui ne suit pas le lockfile"),
    advice=Text(
        "Every branch writes the same cache: what one has removed comes back with the next, and it only grows. `key: files:` ties it to the lockfile.",
        "Toutes les branches écrivent le même cache : ce que l'une a retiré revient avec la suivante, et il ne fait que grossir. `key: files:` le lie au lockfile.",
    ),
)  # fmt: skip
def static_cache_key(source: Source, project: Project) -> Iterator[Hit]:
    """A cache of dependencies with a fixed `key`, or without one, in a repository with a lockfile."""
    document = pipeline(source)
    locks = [c.lockfile for c in project.components if c.lockfile]
    if document is None or not locks:
        return
    places = [document.pair("cache"), *((node.pair("cache")) for _, node in document.items() if node.kind == "map")]
    for pair in places:
        caches = () if pair is None else pair[1].children() if pair[1].kind == "list" else (pair[1],)
        for cache in caches:
            key = cache.get("key") if cache.kind == "map" else None
            paths = " ".join(str(path) for path in cache.at("paths", default=[]) or []) if cache.kind == "map" else ""
            if (
                pair is None
                or cache.kind != "map"
                or cache.alias
                or not _DEPENDENCIES.search(paths)
                or (key is not None and (key.kind != "scalar" or "$" in key.scalar))
            ):
                continue
            place = key if key is not None else pair[0]
            lock = _nearest(locks, paths)
            edit = _keyed(source, cache, key, lock)
            yield Hit(
                place.start, place.end,
                Text(f"The cache of {paths} has {'the fixed key ' + key.scalar if key is not None else 'no key'}: {lock} has no part in it.", f"Le cache de {paths} a {'la clé fixe ' + key.scalar if key is not None else 'aucune clé'} : {lock} n'y entre pas."),
                edit,
            )  # fmt: skip


_DEPENDENCIES = lazy(
    r"node_modules|\.npm\b|vendor|\.cache|\.venv|\.m2|\.gradle|\.pnpm|\.yarn|\.cargo|\.composer|go/pkg"
)


def _nearest(locks: list[str], paths: str) -> str:
    """The lockfile in the folder of what is cached, else the first."""
    return next((lock for lock in locks if "/" in lock and f"{lock.rpartition('/')[0]}/" in paths), locks[0])


def _keyed(source: Source, cache: Node, key: Node | None, lock: str) -> Fix | None:
    if cache.flow:
        return None
    indent = " " * (cache.column + 2)
    if key is not None:
        eol = "\r\n" if "\r\n" in source.text else "\n"
        edit = source.edit(key.start, key.end, f"{eol}{indent}files: [{lock}]")
        if source.text[key.start - 1] == " ":
            edit = source.edit(key.start - 1, key.end, f"{eol}{indent}files: [{lock}]")
    else:
        edit = source.edit(*yaml.insert_after_key(cache, None, f"key:\n  files: [{lock}]"))
    return Fix(
        (edit,), False, Text(f"key it on {lock}", f"le lier à {lock}"),
        Text("Check that this lockfile says what the cache holds.", "Vérifiez que ce lockfile décrit bien le contenu du cache."),
    )  # fmt: skip


@rule(
    "gitlab-ci/deploy-without-resource-group", Severity.WARNING, on="gitlab-ci", url=REFERENCE + "#resource_group",
    title=Text("Two deployments at once", "Deux déploiements à la fois"),
    advice=Text(
        "Two pipelines deploy side by side: the older one may end last and put the old version back. `resource_group` makes the second wait.",
        "Deux pipelines déploient en parallèle : le plus ancien peut finir le dernier et remettre l'ancienne version. `resource_group` fait attendre le second.",
    ),
)  # fmt: skip
def deploy_without_resource_group(source: Source, project: Project) -> Iterator[Hit]:
    """A job with a fixed `environment` and a script, started by itself, without `resource_group`."""
    document = pipeline(source)
    for name, job in jobs(document) if document is not None else ():
        node = job.get("environment")
        environment = node if node is None or node.kind == "scalar" else node.get("name")
        if node is None or environment is None or "$" in environment.scalar or not environment.scalar:
            continue
        if (
            job.get("resource_group") is not None
            or job.get("extends") is not None
            or job.get("script") is None
            or job.at("when") == "manual"
        ):
            continue
        action = node.at("action") if node.kind == "map" else None
        rules = job.get("rules")
        manual = rules is not None and any(
            entry.at("when") == "manual" for entry in rules.children() if entry.kind == "map"
        )
        if action in ("stop", "prepare", "verify", "access") or manual:
            continue
        edit = (
            None
            if job.flow or job.alias
            else yaml.insert_after_key(job, "environment", f"resource_group: {environment.scalar}")
        )
        yield Hit(
            environment.start, environment.end,
            Text(f"{name} deploys to {environment.scalar}, and two of its pipelines may overlap.", f"{name} déploie vers {environment.scalar}, et deux de ses pipelines peuvent se chevaucher."),
            Fix((source.edit(*edit),), False, Text("deploy one after the other", "déployer l'un après l'autre"), Text("Waiting deployments then queue up.", "Les déploiements en attente forment alors une file.")) if edit else None,
        )  # fmt: skip


@rule(
    "gitlab-ci/delivered-untested", Severity.WARNING, on="gitlab-ci", url=REFERENCE + "#needs",
    title=Text("Delivered without waiting for the tests", "Livré sans attendre les tests"),
    advice=Text(
        "`needs` takes the job out of the order of stages: it starts as soon as what it names has ended, the tests red or still running.",
        "`needs` sort le job de l'ordre des stages : il démarre dès que ce qu'il nomme est fini, que les tests soient rouges ou encore en cours.",
    ),
)  # fmt: skip
def delivered_untested(source: Source, project: Project) -> Iterator[Hit]:
    """A job with an `environment` whose `needs` lead to no job that tests, in a pipeline that has one of an earlier stage."""
    document, found = pipeline(source), whole(source, project)
    if document is None or found is None or not found.seen:
        return
    order = [".pre", *(found.stages if found.stages is not None else STAGES[1:-1]), ".post"]
    every = {name: job for _, each in found.documents for name, job in jobs(each)}
    stages = {name: _stage(found, job, order) for name, job in every.items()}
    tested = {name for name, job in every.items() if _tests(found.field(job, "script"), project)}
    for name, job in jobs(document):
        needs = job.pair("needs")
        quiet = job.at("environment", "action") in ("stop", "prepare", "verify")
        if needs is None or job.get("environment") is None or not tested or quiet:
            continue
        earlier = [test for test in tested if stages[test] < stages.get(name, -1)]
        if name in tested or not earlier or _reaches(name, every, tested, stages, found):
            continue
        yield Hit(
            needs[0].start, needs[1].end,
            Text(f"{name} deploys as soon as its needs have ended; {earlier[0]}, which tests, is not among them.", f"{name} déploie dès que ses `needs` sont finis ; {earlier[0]}, qui teste, n'en fait pas partie."),
        )  # fmt: skip


def _stage(found: Whole, job: Node, order: list[str]) -> int:
    """The place of a job's stage; -1 for one that is not seen."""
    node = found.field(job, "stage")
    stage = node.scalar if node is not None else "test"
    return order.index(stage) if stage in order else -1


def _tests(script: Node | None, project: Project) -> bool:
    lines = (
        [node.scalar for node in script.children()]
        if script is not None and script.kind == "list"
        else [script.scalar]
        if script is not None
        else []
    )
    text = "\n".join(lines)
    return any(check.kind == "test" for _, check in checks.of_script(text, ".", project)) or any(
        command.name in ("make", "just", "task", "rake")
        and any("test" in word or "check" in word for word in command.values[1:])
        for command in shell.commands(text)
    )


def _reaches(name: str, every: dict[str, Node], tested: set[str], stages: dict[str, int], found: Whole) -> bool:
    """Whether the needs of a job lead to one that tests; one without needs waits for all earlier stages."""
    todo, known = [name], set[str]()
    while todo:
        here = todo.pop()
        known.add(here)
        if here in tested:
            return True
        needs = found.field(every[here], "needs")
        if needs is None and any(stages[test] < stages[here] for test in tested):
            return True
        for entry in needs.children() if needs is not None else ():
            place = entry if entry.kind == "scalar" else entry.get("job")
            if place is None or place.scalar not in every:
                return True  # another project's job, or one that is not seen
            if place.scalar not in known:
                todo.append(place.scalar)
    return False
