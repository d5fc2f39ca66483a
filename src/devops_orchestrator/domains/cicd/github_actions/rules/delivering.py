"""Images, packages and environments: what is delivered before its tests have passed, or twice at once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import delivery, existing
from devops_orchestrator.domains.cicd.github_actions.delivery import Delivery
from devops_orchestrator.domains.cicd.github_actions.rules.edits import insert
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Job, Workflow
from devops_orchestrator.text import Text

_SYNTAX = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"


def _delivering(found: Workflow) -> Iterator[tuple[Job, Delivery]]:
    """The jobs that deliver on a push to a branch, with their first delivery."""
    if not delivery.on_branches(found):
        return
    for job in found.jobs:
        for each in delivery.deliveries(job):
            if not delivery.skips_branches(delivery.conditions(job, each.step)):
                yield job, each
                break


@rule(
    "github-actions/delivered-untested", Severity.WARNING, on="github-workflow",
    title=Text("Delivered without waiting for the tests", "Livré sans attendre les tests"),
    advice=Text(
        "The tests of the same commit run beside it: when they fail, what they would have stopped is already out. `needs` (in one workflow) or "
        "`workflow_run` (across two) makes the delivery wait.",
        "Les tests du même commit tournent à côté : quand ils échouent, ce qu'ils auraient arrêté est déjà dehors. `needs` (dans un même workflow) ou "
        "`workflow_run` (entre deux workflows) fait attendre la livraison.",
    ),
    url=f"{_SYNTAX}#jobsjob_idneeds",
)  # fmt: skip
def delivered_untested(source: Source, project: Project) -> Iterator[Hit]:
    """A job that publishes or deploys on a push, while the tests run on the same push in a job that it does not need."""
    found = source.parsed(workflow.parse)
    for job, what in _delivering(found):
        earlier = found.before(job)
        if any(delivery.opaque(other) or delivery.tests(other, project, found) for other in (job, *earlier)):
            continue
        place = _tests_beside(source, found, job, delivery.folder(what, job, found), project)
        if place is None:
            continue
        path, line, name, same = place
        where = Text(name, name) if same else Text(f"{name} ({path})", f"{name} ({path})")
        deploys = what.kind == "deploy"
        verb = ("deploys", "déploie") if deploys else ("publishes", "publie")
        fix = _wait(source, job, name) if same else None
        yield Hit(
            job.key.start, job.key.end,
            Text(
                f"{job.id} {verb[0]} ({what.what}) on each push; the tests run in {where.en}, which it does not wait for.",
                f"{job.id} {verb[1]} ({what.what}) à chaque push ; les tests sont dans {where.fr}, que ce job n'attend pas.",
            ),
            fix, (Related(path, line, Text("the tests", "les tests")),),
        )  # fmt: skip


def _tests_beside(
    source: Source, found: Workflow, job: Job, folder: str, project: Project
) -> tuple[str, int, str, bool] | None:
    """(file, line, job, whether in this workflow) of tests that the same push starts."""
    for other in found.jobs:
        waits = any(
            before.id == job.id or any(each.kind == "deploy" for each in delivery.deliveries(before))
            for before in found.before(other)
        )
        if (
            other.id != job.id
            and not waits
            and not delivery.skips_branches(delivery.conditions(other))
            and delivery.tests(other, project, found)
            and not delivery.apart(folder, delivery.tested_folders(other, project, found))
        ):
            return source.path, source.lines.place(other.key.start)[0], other.id, True
    for path in project.of_kind("github-workflow"):
        read = existing.read(project, path) if path != source.path else None
        if (
            read is None
            or not delivery.on_branches(read)
            or not _share_branches(found, read)
            or not _share_paths(found, read)
        ):
            continue
        for other in read.jobs:
            apart = delivery.apart(folder, delivery.tested_folders(other, project, read))
            if (
                not apart
                and not delivery.skips_branches(delivery.conditions(other))
                and delivery.tests(other, project, read)
            ):
                line = other.key.text.count("\n", 0, other.key.start) + 1
                return path, line, other.id, False
    return None


def _branches(found: Workflow) -> set[str] | None:
    push = found.triggers.get("push")
    listed = push.get("branches") if push is not None else None
    return {node.scalar for node in listed.children()} if listed is not None and listed.kind == "list" else None


def _share_branches(one: Workflow, other: Workflow) -> bool:
    """Whether one push can start both, by the names that they list (patterns count as names: unsure is no)."""
    first, second = _branches(one), _branches(other)
    if first is None or second is None:
        return True
    return bool({name for name in first if not name.startswith("!")} & second) or "**" in second


def _share_paths(one: Workflow, other: Workflow) -> bool:
    """Whether each push that starts the one starts the tests of the other: those have no filter, or the same patterns."""
    push, tests = one.triggers.get("push"), other.triggers.get("push")
    filtered = tests.get("paths") if tests is not None else None
    if filtered is None:
        return True
    mine = push.get("paths") if push is not None else None
    return mine is not None and {n.scalar for n in mine.children()} <= {n.scalar for n in filtered.children()}


def _wait(source: Source, job: Job, name: str) -> Fix | None:
    if job.get("needs") is not None:
        return None
    first = next(job.node.items(), None)
    edits = insert(source, job.node, first[0].scalar, f"needs: {name}") if first is not None else None
    if edits is None:
        return None
    return Fix(
        edits, False, Text(f"wait for {name}", f"attendre {name}"),
        Text(
            f"It is then skipped where {name} is skipped or fails.",
            f"Le job est alors ignoré quand {name} est ignoré ou échoue.",
        ),
    )  # fmt: skip


@rule(
    "github-actions/deploy-without-concurrency", Severity.WARNING, on="github-workflow",
    title=Text("Two deployments at once", "Deux déploiements à la fois"),
    advice=Text(
        "Two pushes close together deploy side by side: the older one may end last and put the old version back. A concurrency group makes the second wait.",
        "Deux push rapprochés déploient en parallèle : le plus ancien peut finir le dernier et remettre l'ancienne version. Un groupe de concurrence fait attendre le second.",
    ),
    url=f"{_SYNTAX}#jobsjob_idconcurrency",
)  # fmt: skip
def deploy_without_concurrency(source: Source, project: Project) -> Iterator[Hit]:
    """A job that deploys on pushes, without `concurrency` of its own or of the workflow."""
    found = source.parsed(workflow.parse)
    if found.root.get("concurrency") is not None:
        return
    for job, what in _delivering(found):
        trial = re.search(r"test|e2e|preview|smoke", job.id, re.I)
        if what.kind != "deploy" or trial or job.get("concurrency") is not None or _called_once(found, job):
            continue
        group = (
            job.environment
            if job.environment and "${{" not in job.environment
            else posixpath.basename(source.path).split(".")[0]
        )
        name = group if group.startswith("deploy") else f"deploy-{group}"
        edits = (
            insert(source, job.node, "runs-on", f"concurrency:\n  group: {name}\n  cancel-in-progress: false")
            if job.get("runs-on") is not None
            else None
        )
        fix = Fix(
            edits, False, Text("deploy one after the other", "déployer l'un après l'autre"),
            Text("Of several waiting runs only the newest is kept.", "De plusieurs exécutions en attente, seule la plus récente est gardée."),
        ) if edits else None  # fmt: skip
        yield Hit(
            job.key.start, job.key.end,
            Text(f"{job.id} deploys ({what.what}) on each push, and two of its runs may overlap.", f"{job.id} déploie ({what.what}) à chaque push, et deux exécutions peuvent se chevaucher."),
            fix,
        )  # fmt: skip


def _called_once(found: Workflow, job: Job) -> bool:
    return any(other.get("concurrency") is not None for other in found.before(job))


@rule(
    "github-actions/shared-concurrency-group", Severity.WARNING, on="github-workflow",
    title=Text("Pushes cancel each other", "Les push s'annulent entre eux"),
    advice=Text(
        "`github.head_ref` is empty outside pull requests: all pushes, to all branches, share one group and cancel each other's checks.",
        "`github.head_ref` est vide hors des pull requests : tous les push, de toutes les branches, partagent un groupe et annulent leurs vérifications.",
    ),
    url="https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency",
)  # fmt: skip
def shared_concurrency_group(source: Source, project: Project) -> Iterator[Hit]:
    """A group made of `github.head_ref` alone, cancelled, in a workflow that pushes start too."""
    found = source.parsed(workflow.parse)
    if not {"push", "merge_group"} & set(found.triggers):
        return
    for place in (found.root.get("concurrency"), *(job.get("concurrency") for job in found.jobs)):
        group = place.get("group") if place is not None and place.kind == "map" else None
        if place is None or group is None or place.at("cancel-in-progress") is not True:
            continue
        expressions = list(workflow.expressions_in(group.scalar))
        names = {name for each in expressions for name in each.references}
        varying = {
            n
            for n in names
            if n.startswith("github.")
            and n not in ("github.workflow", "github.repository", "github.job", "github.event_name")
        }
        if varying not in ({"github.head_ref"}, {"github.event.pull_request.number"}, {"github.event.number"}):
            continue
        fixed = next(each for each in expressions if varying & set(each.references))
        if fixed.body.lower() not in varying or any(n.startswith(("inputs.", "matrix.")) for n in names) or group.alias:
            continue
        at = source.text.find(fixed.body, group.start, group.end)
        fix = Fix(
            (source.edit(at + len(fixed.body), at + len(fixed.body), " || github.ref"),), True,
            Text("a group for each branch", "un groupe par branche"),
        ) if at >= 0 else None  # fmt: skip
        yield Hit(
            group.start, group.end,
            Text(f"On a push {fixed.body} is empty: every push is in the group {_left(group.scalar, fixed.start, fixed.end)} and ends the one before.", f"Sur un push, {fixed.body} est vide : chaque push est dans le groupe {_left(group.scalar, fixed.start, fixed.end)} et arrête le précédent."),
            fix,
        )  # fmt: skip


def _left(text: str, start: int, end: int) -> str:
    return f"« {text[:start]}{text[end:]} »".replace("« ", "“").replace(" »", "”")


@rule(
    "github-actions/deploy-anywhere", Severity.ERROR, on="github-workflow",
    title=Text("A deployment from every branch", "Un déploiement depuis toutes les branches"),
    advice=Text(
        "`push` without branches starts it for every branch, tags included: unfinished work goes out with its first push.",
        "`push` sans branches le lance pour toutes les branches, et les tags : un travail inachevé part dès son premier push.",
    ),
    url=f"{_SYNTAX}#onpushbranchestagsbranches-ignoretags-ignore",
)  # fmt: skip
def deploy_anywhere(source: Source, project: Project) -> Iterator[Hit]:
    """A job that deploys in a workflow on `push` without a branch or tag filter, and without a condition that looks at the ref."""
    found = source.parsed(workflow.parse)
    if "push" not in found.triggers:
        return
    push = found.triggers["push"]
    if push is not None and any(
        push.get(key) is not None for key in ("branches", "branches-ignore", "tags", "tags-ignore")
    ):
        return
    for job in found.jobs:
        for each in delivery.deliveries(job):
            said = delivery.conditions(job, each.step)
            earlier = " ".join(delivery.conditions(other) for other in found.before(job))
            if (
                each.kind != "deploy"
                or re.search(r"ref|branch|outputs|inputs|event_name|false", f"{said} {earlier}")
                or re.search(
                    r"ref_name|GITHUB_REF|github\.ref|BRANCH|preview",
                    each.step.node.text[each.step.node.start : each.step.node.end],
                )
            ):
                continue
            if (job.environment and "${{" in job.environment) or re.search(r"test|e2e|preview|review", job.id, re.I):
                continue
            yield Hit(
                job.key.start, job.key.end,
                Text(f"{job.id} deploys ({each.what}) on a push to any branch.", f"{job.id} déploie ({each.what}) lors d'un push sur n'importe quelle branche."),
            )  # fmt: skip
            break
