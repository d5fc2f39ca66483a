"""kube-linter: practice and contradictions of Kubernetes objects, over all files in one call."""

from __future__ import annotations

from typing import Any

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation import objects
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, json_of

CONFIGURATION = (".kube-linter.y*ml",)
AROUND = ("**/*.yaml", "**/*.yml", "**/*.tpl")
# What breaks or opens; the others are practice.
_WARN = frozenset(
    {
        "cluster-admin-role-binding", "docker-sock", "duplicate-env-var", "env-var-secret", "host-ipc", "host-network",
        "host-pid", "invalid-target-ports", "latest-tag", "liveness-port", "mismatching-selector", "no-extensions-v1beta",
        "non-existent-service-account", "privileged-container", "privilege-escalation-container", "readiness-port",
        "sensitive-host-mounts", "ssh-port", "startup-port", "unsafe-proc-mount", "unsafe-sysctls", "wildcard-in-rules",
        "deprecated-service-account-field", "pdb-max-unavailable", "pdb-min-available",
    }
)  # fmt: skip
_NOTHING = Text("it found no object that it knows", "il n'a trouvé aucun objet qu'il connaisse")
# Not among its own defaults, and clear defects all the same; a configuration of the repository decides for itself.
_BESIDES = (
    "cluster-admin-role-binding", "dangling-horizontalpodautoscaler", "dangling-ingress", "scc-deny-privileged-container",
    "unsafe-proc-mount",
)  # fmt: skip
# These compare objects: where a kustomization makes them, the files alone do not tell.
_ACROSS = ("dangling-", "mismatching-selector", "non-existent-service-account", "non-isolated-pod")


def run(batch: Batch) -> list[Problem]:
    """kube-linter's findings on this batch's files, seen beside the other manifests of the repository."""
    with batch.tree(*CONFIGURATION, *AROUND) as root:
        more = () if batch.repository.glob(*CONFIGURATION) else ("--include", ",".join(_BESIDES))
        done = call("kube-linter", "lint", "--format", "json", *more, ".", cwd=root)
    if "no valid objects found" in done.stderr:
        raise DidNotRun(_NOTHING)
    said = json_of("kube-linter", done)
    advice = {check["name"]: check.get("remediation", "") for check in said.get("Checks") or ()}
    parts, made = objects.patches(batch.repository), objects.kustomized(batch.repository, batch.paths)
    found = []
    for report in said.get("Reports") or ():
        file = report["Object"]["Metadata"]["FilePath"].removeprefix("./")
        if file not in batch.files or file in parts or _mistaken(report):
            continue
        if file in made and report["Check"].startswith(_ACROSS):
            continue
        found.append(_problem(file, batch.files[file], report, advice.get(report["Check"], "")))
    return found


def _mistaken(report: dict[str, Any]) -> bool:
    """Whether it takes another group for `extensions/v1beta1`: it compares the ends of words."""
    return report["Check"] == "no-extensions-v1beta" and report["Object"]["K8sObject"]["GroupVersionKind"][
        "Group"
    ] not in ("extensions", "apps")


def _problem(file: str, text: str, report: dict[str, Any], advice: str) -> Problem:
    thing, check, message = report["Object"]["K8sObject"], report["Check"], report["Diagnostic"]["Message"]
    kind = thing["GroupVersionKind"]["Kind"]
    node = objects.named(text, kind, thing["Name"])
    line, column, end = objects.span(text, objects.about(node, message)) if node is not None else (1, 1, 0)
    return Problem(
        file, line, f"{kind} {thing['Name']}: {message.rstrip('.')}. {advice}".strip(), check, column, end_line=end,
        severity=Severity.WARNING if check in _WARN else Severity.INFO,
    )  # fmt: skip


VALIDATOR = Validator(
    id="kube-linter", level="lint", kinds=("kubernetes",), run=run, program="kube-linter", version_arguments=("version",),
    adds=Text("practice and contradictions of Kubernetes objects", "les bonnes pratiques et les contradictions des objets Kubernetes"),
)  # fmt: skip
