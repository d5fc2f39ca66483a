"""kubeconform: a second reader of Kubernetes manifests, on the same bundled schemas (it never asks the network)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text
from devops_orchestrator.validation.kubernetes_schema import schema_folder
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call

# The names that kubernetes-validate gives its files: deployment-apps-v1.json.
LAYOUT = "{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"


@contextmanager
def _schemas(wanted: set[tuple[str, str]]) -> Iterator[Path]:
    """A folder with the schemas of these (apiVersion, kind).

    The bundled files carry absolute ids, which would send kubeconform to the network: it gets copies without them.
    """
    bundled = schema_folder()
    with tempfile.TemporaryDirectory(prefix="devops-schemas-") as name:
        folder = Path(name)
        definitions = bundled.joinpath("_definitions.json").read_text(encoding="utf-8")
        (folder / "_definitions.json").write_text(definitions, encoding="utf-8")
        for api_version, kind in wanted:
            group, _, version = api_version.rpartition("/")
            file = f"{kind.lower()}-{group.split('.')[0] + '-' if group else ''}{version}.json"
            if bundled.joinpath(file).is_file():
                schema = json.loads(bundled.joinpath(file).read_text(encoding="utf-8"))
                schema.pop("$id", None)
                schema.pop("$schema", None)
                text = json.dumps(schema).replace('"/api/_definitions.json', '"_definitions.json')
                (folder / file).write_text(text, encoding="utf-8")
        yield folder


def _kinds(batch: Batch) -> set[tuple[str, str]]:
    from devops_orchestrator.formats import yaml

    found: set[tuple[str, str]] = set()
    for text in batch.files.values():
        try:
            found |= {(str(d.at("apiVersion")), str(d.at("kind"))) for d in yaml.parse(text)}
        except ParseError:
            continue
    return found


def run(batch: Batch) -> list[Problem]:
    """Objections to built-in kinds. Raises DidNotRun where none of the objects has a schema here."""
    with _schemas(_kinds(batch)) as folder, batch.tree() as root:
        done = call(
            "kubeconform", "-output", "json", "-verbose", "-strict", "-ignore-missing-schemas", "-schema-location",
            LAYOUT.format(folder=folder), *batch.paths, cwd=root,
        )  # fmt: skip
    resources = json.loads(done.stdout or "{}").get("resources") or []
    if all(entry.get("status") == "statusSkipped" for entry in resources):
        raise DidNotRun("only custom resources, which it has no schema for")
    return [
        Problem(entry["filename"], 1, f"{entry['kind']}/{entry['name']}: {entry['msg']}", "kubeconform")
        for entry in resources
        if entry.get("status") in ("statusInvalid", "statusError")
    ]


VALIDATOR = Validator(
    id="kubeconform", level="schema", kinds=("kubernetes",), run=run, program="kubeconform", version_arguments=("-v",),
    adds=Text("a second opinion on Kubernetes manifests", "un second avis sur les manifestes Kubernetes"),
)  # fmt: skip
