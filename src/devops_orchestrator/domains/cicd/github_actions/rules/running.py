"""How jobs run: runners, time limits, superseded runs, triggers."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import branches as git_branches
from devops_orchestrator.domains.cicd.github_actions import reach
from devops_orchestrator.domains.cicd.github_actions.rules.edits import edit, insert, section
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Job
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

# Labels that no longer have a runner → the one to move to.
RETIRED = {
    "ubuntu-16.04": "ubuntu-24.04", "ubuntu-18.04": "ubuntu-24.04", "ubuntu-20.04": "ubuntu-24.04", "macos-10.15": "macos-15",
    "macos-11": "macos-15", "macos-12": "macos-15", "macos-13": "macos-15", "windows-2016": "windows-2025", "windows-2019": "windows-2025",
}  # fmt: skip
MINUTES = 30
QUIET = {"pull_request", "push", "merge_group", "workflow_dispatch", "schedule"}


@rule(
    "github-actions/retired-runner", Severity.ERROR, on="github-workflow",
    title=Text("Runner label that no longer exists", "Étiquette de runner qui n'existe plus"),
    advice=Text(
        "No runner takes the job: it waits in the queue until GitHub cancels it after 24 hours.",
        "Aucun runner ne prend le job : il attend dans la file jusqu'à son annulation par GitHub au bout de 24 heures.",
    ),
    url="https://github.com/actions/runner-images#available-images",
)  # fmt: skip
def retired_runner(source: Source, project: Project) -> Iterator[Hit]:
    """A retired label in `runs-on`, or in the matrix that feeds it."""
    for job in source.parsed(workflow.parse).jobs:
        for label in _labels(job):
            new = RETIRED.get(label.scalar)
            if new is None or label.alias:
                continue
            quote = source.text[label.start] if source.text[label.start] in "'\"" else ""
            yield Hit(
                label.start, label.end,
                Text(f"{label.scalar} has been retired: the job {job.id} never starts.", f"{label.scalar} a été retiré : le job {job.id} ne démarre jamais."),
                Fix(
                    (source.edit(label.start, label.end, f"{quote}{new}{quote}"),), False, Text(f"run on {new}", f"exécuter sur {new}"),
                    Text("The tools that come with the runner have other versions there.", "Les outils fournis avec ce runner y ont d'autres versions."),
                ),
            )  # fmt: skip


def _labels(job: Job) -> Iterator[Node]:
    """The labels of `runs-on`; those of the matrix where it says `${{ matrix.x }}`."""
    for runner in job.runners:
        expressions = list(workflow.expressions_in(runner.scalar))
        if not expressions:
            yield runner
        for name in (ref for e in expressions for ref in e.references if ref.startswith("matrix.")):
            key = name.split(".")[1]
            matrix = job.get("strategy", "matrix")
            values = matrix.get(key) if matrix is not None else None
            yield from values.children() if values is not None else ()
            included = matrix.get("include") if matrix is not None else None
            for entry in included.children() if included is not None else ():
                found = entry.get(key)
                if found is not None:
                    yield found


@rule(
    "github-actions/missing-timeout", Severity.INFO, on="github-workflow",
    title=Text("Job without a time limit", "Job sans limite de durée"),
    advice=Text(
        "A job that hangs runs for six hours, GitHub's default: it costs minutes and holds a runner and its concurrency group.",
        "Un job bloqué tourne six heures, la limite par défaut de GitHub : il consomme des minutes et occupe un runner et son groupe de concurrence.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes",
)  # fmt: skip
def missing_timeout(source: Source, project: Project) -> Iterator[Hit]:
    """A job with steps and without `timeout-minutes`."""
    for job in source.parsed(workflow.parse).jobs:
        if job.uses or not job.steps or job.get("timeout-minutes") is not None or job.get("runs-on") is None:
            continue
        edits = insert(source, job.node, "runs-on", f"timeout-minutes: {MINUTES}")
        yield Hit(
            job.key.start, job.key.end,
            Text(f"The job {job.id} may run for six hours before GitHub ends it.", f"Le job {job.id} peut tourner six heures avant que GitHub ne l'arrête."),
            Fix(
                edits, False, Text(f"end it after {MINUTES} minutes", f"l'arrêter au bout de {MINUTES} minutes"),
                Text("Choose two to three times what the job usually takes.", "Choisissez deux à trois fois sa durée habituelle."),
            ) if edits else None,
        )  # fmt: skip


@rule(
    "github-actions/missing-concurrency", Severity.INFO, on="github-workflow",
    title=Text("Superseded runs go on", "Les exécutions dépassées continuent"),
    advice=Text(
        "Each push to a pull request starts a run and leaves the one before it running: minutes and runners are spent on code that nobody will merge.",
        "Chaque push sur une pull request lance une exécution et laisse tourner la précédente : des minutes et des runners pour du code que personne ne fusionnera.",
    ),
    url="https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency",
)  # fmt: skip
def missing_concurrency(source: Source, project: Project) -> Iterator[Hit]:
    """A workflow on pull requests without `concurrency`."""
    found = source.parsed(workflow.parse)
    if "pull_request" not in found.triggers or found.on is None or found.root.get("concurrency") is not None:
        return
    if any(job.get("concurrency") is not None for job in found.jobs):
        return
    after = "permissions" if found.root.get("permissions") is not None else found.on[0].scalar
    block = (
        "concurrency:\n  group: ${{ github.workflow }}-${{ github.event.pull_request.number || github.run_id }}\n"
        "  cancel-in-progress: true"
    )
    edits = section(source, found.root, after, block)
    unclear = [reason for job in found.jobs for reason in reach.reasons(found, job)]
    # Runs that write nothing leave nothing half done; every run outside pull requests has a group of its own.
    safe = not unclear and set(found.triggers) <= QUIET
    needs = None if safe else Text(
        "Check that no job of a pull request may be interrupted (a deployment, a comment).",
        "Vérifiez qu'aucun job de pull request ne doit aller au bout (déploiement, commentaire).",
    )  # fmt: skip
    yield Hit(
        found.on[0].start, found.on[0].end,
        Text("A new push to a pull request does not end its earlier runs.", "Un nouveau push sur une pull request n'arrête pas ses exécutions précédentes."),
        Fix(edits, safe, Text("end the earlier run of a pull request", "arrêter l'exécution précédente d'une pull request"), needs) if edits else None,
    )  # fmt: skip


@rule(
    "github-actions/duplicate-runs", Severity.INFO, on="github-workflow",
    title=Text("Each commit of a pull request runs twice", "Chaque commit d'une pull request s'exécute deux fois"),
    advice=Text(
        "`push` without branches and `pull_request` both fire for a branch of this repository: twice the minutes for one answer.",
        "`push` sans branches et `pull_request` se déclenchent tous deux pour une branche du dépôt : deux fois les minutes pour une seule réponse.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#push",
)  # fmt: skip
def duplicate_runs(source: Source, project: Project) -> Iterator[Hit]:
    """`push` without a filter beside `pull_request`."""
    found = source.parsed(workflow.parse)
    if found.on is None or not {"push", "pull_request"} <= set(found.triggers):
        return
    push = found.triggers["push"]
    if push is not None and any(push.get(key) is not None for key in ("branches", "branches-ignore", "tags", "paths")):
        return
    fix = _only_default(source, found.on[1], git_branches.default(project))
    yield Hit(
        found.on[0].start, found.on[0].end,
        Text("A push to a branch with an open pull request starts this workflow twice.", "Un push sur une branche avec une pull request ouverte lance ce workflow deux fois."),
        fix,
    )  # fmt: skip


def _only_default(source: Source, on: Node, branch: str | None) -> Fix | None:
    """`push` on the default branch alone; None where `on` has a form that cannot take it."""
    if not branch:
        return None
    indent = " " * (on.column if on.kind == "map" and not on.flow else 2)
    if on.kind == "list":
        events = [child.scalar for child in on.children()]
        eol = "\r\n" if "\r\n" in source.text else "\n"
        lines = [
            f"{indent}push:",
            f"{indent}  branches: [{branch}]",
            *(f"{indent}{event}:" for event in events if event != "push"),
        ]
        start = on.start
        while on.flow and source.text[start - 1] == " ":
            start -= 1
        change = (start, on.end, eol + eol.join(lines)) if on.flow else (on.start - on.column, on.end, eol.join(lines))
    else:
        pair = on.pair("push")
        if pair is None or on.flow or pair[1].kind != "scalar" or pair[1].alias:
            return None
        eol = "\r\n" if "\r\n" in source.text else "\n"
        change = (pair[1].start, pair[1].end, f"{eol}{indent}  branches: [{branch}]")
    return Fix(
        (edit(source, change),), False, Text(f"run pushes to {branch} alone", f"n'exécuter que les push sur {branch}"),
        Text("Branches without a pull request are then not checked.", "Les branches sans pull request ne sont alors plus vérifiées."),
    )  # fmt: skip


@rule(
    "github-actions/branch-without-default", Severity.WARNING, on="github-workflow",
    title=Text("The branch filter names another default branch", "Le filtre de branches nomme une autre branche par défaut"),
    advice=Text(
        "Nothing that is merged is checked or deployed: the branch that the filter waits for gets no more pushes.",
        "Rien de ce qui est fusionné n'est vérifié ni déployé : la branche attendue par le filtre ne reçoit plus de push.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onpushbranchestagsbranches-ignoretags-ignore",
)  # fmt: skip
def branch_without_default(source: Source, project: Project) -> Iterator[Hit]:
    """`branches: [master]` in a repository whose default branch is `main`, or the other way round."""
    default = git_branches.default(project)
    other = {"main": "master", "master": "main"}.get(default or "")
    if other is None or project.vcs.evidence.get("default_branch", "git").startswith("convention"):
        return
    found = source.parsed(workflow.parse)
    for event in ("push", "pull_request", "workflow_run", "pull_request_target"):
        settings = found.triggers.get(event)
        branches = settings.get("branches") if settings is not None else None
        if branches is None or branches.kind != "list":
            continue
        names = {node.scalar: node for node in branches.children()}
        if other not in names or default in names or any(set("*?[") & set(name) for name in names):
            continue
        node = names[other]
        quote = source.text[node.start] if source.text[node.start] in "'\"" else ""
        yield Hit(
            node.start, node.end,
            Text(f"{event} waits for {other}; the default branch is {default}.", f"{event} attend {other} ; la branche par défaut est {default}."),
            Fix(
                (source.edit(node.start, node.end, f"{quote}{default}{quote}"),), False, Text(f"name {default}", f"nommer {default}"),
                Text(f"Check that no work goes on on {other}.", f"Vérifiez que plus rien ne se fait sur {other}."),
            ),
        )  # fmt: skip
