"""Deployments that cannot go back, or that stay half done."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import objects
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

ATOMIC = ("--atomic", "--rollback-on-failure", "--cleanup-on-fail")


@rule(
    "rollback/no-history", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#clean-up-policy",
    title=Text("No revision to go back to", "Aucune révision où revenir"),
    advice=Text(
        "`kubectl rollout undo` needs the ReplicaSet of before; with 0 it is deleted at once.",
        "`kubectl rollout undo` a besoin du ReplicaSet précédent ; avec 0, il est supprimé aussitôt.",
    ),
)  # fmt: skip
def no_history(source: Source, project: Project) -> Iterator[Hit]:
    """`revisionHistoryLimit: 0`."""
    for thing in objects(source.text):
        node = thing.get("spec", "revisionHistoryLimit")
        if thing.kind in ("Deployment", "StatefulSet", "DaemonSet", "Rollout") and node is not None and node.value == 0:
            yield Hit(
                node.start, node.end,
                Text(f"{thing.name} keeps no earlier revision.", f"{thing.name} ne garde aucune révision antérieure."),
                fix=Fix(
                    (source.edit(node.start, node.end, "5"),), safe=True,
                    title=Text("keep five revisions", "garder cinq révisions"),
                ),
            )  # fmt: skip


def _scripts(source: Source) -> Iterator[Node]:
    """The scalars that hold shell lines of a workflow or of a GitLab pipeline."""
    for document in source.parsed(yaml.parse)[-1:]:
        if source.kind == "github-workflow":
            jobs = document.get("jobs")
            for _, job in jobs.items() if jobs else ():
                steps = job.get("steps")
                for step in steps.children() if steps else ():
                    run = step.get("run")
                    if run is not None:
                        yield run
        else:
            for _, job in document.items():
                script = job.get("script") if job.kind == "map" else None
                if script is not None:
                    yield from script.children() if script.kind == "list" else (script,)


def _commands(node: Node) -> Iterator[tuple[int, list[str]]]:
    """(offset, words) of each shell command of a scalar; lines that end with a backslash go on."""
    words: list[str] = []
    offset = start = node.start
    for line in node.text[node.start : node.end].splitlines(keepends=True):
        bare = line.strip().strip("\"'")
        if not words:
            start = offset + (len(line) - len(line.lstrip()))
        words += bare.rstrip("\\").split()
        if not bare.endswith("\\"):
            if words:
                yield start, words
            words = []
        offset += len(line)
    if words:
        yield start, words


def _follows(words: list[str], *wanted: str) -> bool:
    """Whether the words of a command begin with these, options in between left aside."""
    plain = [word for word in words if not word.startswith("-")]
    return any(plain[i : i + len(wanted)] == list(wanted) for i in range(len(plain)))


@rule(
    "rollback/upgrade-not-atomic", Severity.WARNING, on=("github-workflow", "gitlab-ci"),
    url="https://helm.sh/docs/helm/helm_upgrade/",
    title=Text("A failed upgrade stays half done", "Un upgrade raté reste à moitié fait"),
    advice=Text(
        "The release is left `failed`, with old and new pods side by side. `--atomic` (Helm 4: `--rollback-on-failure`) goes back by itself.",
        "La release reste `failed`, anciens et nouveaux pods côte à côte. `--atomic` (Helm 4 : `--rollback-on-failure`) revient en arrière tout seul.",
    ),
)  # fmt: skip
def upgrade_not_atomic(source: Source, project: Project) -> Iterator[Hit]:
    """`helm upgrade` in a pipeline without a flag that goes back."""
    for node in _scripts(source):
        for start, words in _commands(node):
            if (
                _follows(words, "helm", "upgrade")
                and not any(word.startswith(ATOMIC) for word in words)
                and "--dry-run" not in words
            ):
                yield Hit(
                    start, start + len("helm upgrade"),
                    Text("This upgrade does not go back when it fails.", "Cet upgrade ne revient pas en arrière s'il échoue."),
                )  # fmt: skip


@rule(
    "rollback/rollout-not-awaited", Severity.WARNING, on=("github-workflow", "gitlab-ci"),
    url="https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/",
    title=Text("Deployed, and nobody looks whether it started", "Déployé, sans vérifier que cela a démarré"),
    advice=Text(
        "`kubectl apply` succeeds as soon as the manifest is stored: the job is green while pods crash. `kubectl rollout status --timeout` waits, "
        "and fails.",
        "`kubectl apply` réussit dès que le manifeste est enregistré : le job est vert pendant que les pods tombent. "
        "`kubectl rollout status --timeout` attend, et échoue.",
    ),
)  # fmt: skip
def rollout_not_awaited(source: Source, project: Project) -> Iterator[Hit]:
    """`kubectl apply` or `set image` in a pipeline file that never waits (`rollout status`, `wait`)."""
    commands = [found for node in _scripts(source) for found in _commands(node)]
    waits = any(
        _follows(words, "kubectl", "rollout", "status") or _follows(words, "kubectl", "wait") for _, words in commands
    )
    for start, words in commands:
        applies = _follows(words, "kubectl", "set", "image") or _follows(words, "kubectl", "apply")
        if applies and not waits and not any(word.startswith("--dry-run") for word in words):
            yield Hit(
                start, start + len("kubectl"),
                Text("Nothing waits for this rollout.", "Rien n'attend la fin de ce déploiement."),
            )  # fmt: skip
            return


RULES: tuple[Rule, ...] = (no_history, upgrade_not_atomic, rollout_not_awaited)
