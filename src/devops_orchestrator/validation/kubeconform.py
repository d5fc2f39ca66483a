"""kubeconform: a second reader of Kubernetes manifests, on the same bundled schemas (it never asks the network)."""

from __future__ import annotations

import json
from importlib.resources import as_file, files

from devops_orchestrator.text import Text
from devops_orchestrator.validation.kubernetes_schema import VERSION
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call

# The names that kubernetes-validate gives its files: deployment-apps-v1.json.
LAYOUT = "{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"


def run(batch: Batch) -> list[Problem]:
    """Objections to built-in kinds; custom resources are left to kubernetes-schema."""
    bundled = files("kubernetes_validate").joinpath("kubernetes-json-schema", f"v{VERSION}-local-strict")
    with as_file(bundled) as folder, batch.tree() as root:
        done = call(
            "kubeconform", "-output", "json", "-strict", "-ignore-missing-schemas", "-schema-location",
            LAYOUT.format(folder=folder), *batch.paths, cwd=root,
        )  # fmt: skip
    found = []
    for entry in json.loads(done.stdout or "{}").get("resources") or []:
        if entry.get("status") in ("statusInvalid", "statusError"):
            found.append(
                Problem(entry["filename"], 1, f"{entry['kind']}/{entry['name']}: {entry['msg']}", "kubeconform")
            )
    return found


VALIDATOR = Validator(
    id="kubeconform", level="schema", kinds=("kubernetes",), run=run, program="kubeconform", version_arguments=("-v",),
    adds=Text("a second opinion on Kubernetes manifests", "un second avis sur les manifestes Kubernetes"),
)  # fmt: skip
