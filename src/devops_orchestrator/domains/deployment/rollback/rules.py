"""Deployments that cannot go back, or that stay half done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
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
    for thing in cluster.objects(source, project):
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


@rule(
    "rollback/floating-image-deployed", Severity.ERROR, on=("github-workflow", "gitlab-ci"),
    url="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment",
    title=Text("A deployment of an image that has no fixed version", "Un déploiement d'une image sans version fixe"),
    advice=Text(
        "Where `latest` runs already, setting it again changes nothing and no pod is replaced; and `kubectl rollout undo` goes back to the "
        "same name, that is to the same new code. Set the commit's own tag.",
        "Si `latest` tourne déjà, le fixer de nouveau ne change rien et aucun pod n'est remplacé ; et `kubectl rollout undo` revient au même "
        "nom, donc au même nouveau code. Fixez le tag propre au commit.",
    ),
)  # fmt: skip
def floating_image_deployed(source: Source, project: Project) -> Iterator[Hit]:
    """`kubectl set image …:latest`, or `helm upgrade --set image.tag=latest`."""
    for node in _scripts(source):
        for start, words in _commands(node):
            sets = _follows(words, "kubectl", "set", "image")
            upgrades = _follows(words, "helm", "upgrade")
            found = next(
                (w.strip("\"'") for w in words if (sets and w.strip("\"'").endswith(":latest")) or (upgrades and re.search(r"tag=latest\b", w))), None,
            )  # fmt: skip
            if found is None:
                continue
            at = node.text.find(found, start)
            place = (at, at + len(found)) if at >= 0 else (start, start + len(words[0]))
            yield Hit(*place, Text(f"{found} is no fixed version.", f"{found} n'est pas une version fixe."))


@rule(
    "rollback/no-remediation", Severity.WARNING, on="kubernetes",
    url="https://fluxcd.io/flux/components/helm/helmreleases/#upgrade-remediation",
    title=Text("A HelmRelease that stays failed", "Une HelmRelease qui reste en échec"),
    advice=Text(
        "Without remediation a failed upgrade is neither tried again nor taken back: old and new pods stay side by side until somebody looks.",
        "Sans remédiation, un upgrade raté n'est ni retenté ni annulé : anciens et nouveaux pods restent côte à côte jusqu'à ce que quelqu'un regarde.",
    ),
)  # fmt: skip
def no_remediation(source: Source, project: Project) -> Iterator[Hit]:
    """A HelmRelease of Flux without `upgrade.remediation` and without a `strategy` of its own."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "HelmRelease"):
        spec = thing.node.pair("spec")
        if thing.group != "helm.toolkit.fluxcd.io" or spec is None or thing.at("spec", "suspend") is True:
            continue
        fragments = [
            one.object for one in manifests.placed if one.path in manifests.patches and one.object.name == thing.name
        ]
        if any(
            one.get("spec", "upgrade", key) is not None
            for one in (thing, *fragments)
            for key in ("remediation", "strategy")
        ):
            continue
        yield Hit(
            spec[0].start, spec[0].end,
            Text(
                f"HelmRelease {thing.called} does nothing after a failed upgrade.",
                f"La HelmRelease {thing.called} ne fait rien après un upgrade raté.",
            ),
            _remediation(source, spec[1]),
        )  # fmt: skip


def _remediation(source: Source, spec: Node) -> Fix | None:
    if spec.flow or spec.get("upgrade") is not None or spec.pair("interval") is None:
        return None
    edit = source.edit(*yaml.insert_after_key(spec, "interval", "upgrade:\n  remediation:\n    retries: 3"))
    return Fix(
        (edit,), safe=False, title=Text("Try three times, then go back", "Réessayer trois fois, puis revenir en arrière"),
        needs=Text(
            "The former version must still work with the data that the new one has written.",
            "L'ancienne version doit encore fonctionner avec les données écrites par la nouvelle.",
        ),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (no_history, upgrade_not_atomic, rollout_not_awaited, floating_image_deployed, no_remediation)
