"""kubeconform: a second reader of Kubernetes manifests, on the same bundled schemas (it never asks the network)."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation.json_schema import pointed
from devops_orchestrator.validation.kubernetes_schema import schema_folder
from devops_orchestrator.validation.objects import named, patches
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, json_of

# The names that kubernetes-validate gives its files: deployment-apps-v1.json.
LAYOUT = "{folder}/{{{{.ResourceKind}}}}{{{{.KindSuffix}}}}.json"
_JUDGED = ("statusValid", "statusInvalid", "statusError")
_CUSTOM = Text(
    "only custom resources, which it has no schema for", "que des ressources personnalisées, dont il n'a pas le schéma"
)
_POINTER = re.compile(r"at '(/[^']*|)': ([^\n]*?)(?=\s+- at '|\s*\n|\s*$)")


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
    """Objections to built-in kinds, each at its node. A file with custom resources alone is not judged."""
    with _schemas(_kinds(batch)) as folder, batch.tree() as root:
        done = call(
            "kubeconform", "-output", "json", "-verbose", "-strict", "-ignore-missing-schemas", "-schema-location",
            LAYOUT.format(folder=folder), *batch.arguments, cwd=root,
        )  # fmt: skip
    resources = json_of("kubeconform", done).get("resources") or []
    judged = {entry["filename"] for entry in resources if entry.get("status") in _JUDGED}
    if not judged:
        raise DidNotRun(_CUSTOM)
    batch.unjudged.update({path: _CUSTOM for path in batch.paths if path not in judged})
    parts = patches(batch.repository)
    return [
        problem
        for entry in resources
        if entry.get("status") in ("statusInvalid", "statusError") and entry["filename"] not in parts
        for problem in _problems(entry, batch.files.get(entry["filename"], ""))
    ]


def _problems(entry: dict[str, str], text: str) -> Iterator[Problem]:
    """One problem for each pointer in a message: `at '/spec/replicas': got string, want integer`."""
    who = f"{entry['kind']}/{entry['name']}"
    document = named(text, entry["kind"], entry["name"])
    told = [said for said in _POINTER.finditer(entry["msg"]) if said[2] != "validation failed"]
    if document is None or not told:
        yield Problem(entry["filename"], 1, f"{who}: {entry['msg']}", "kubeconform")
        return
    lines = Lines(text)
    for said in told:
        node = pointed(document, said[1])
        if unknown := re.search(r"additional properties '([^']+)'", said[2]):
            pair = node.pair(unknown[1])
            node = pair[0] if pair else node
        line, column = lines.place(node.start)
        yield Problem(entry["filename"], line, f"{who}: {said[1]}: {said[2].strip()}", "kubeconform", column)


VALIDATOR = Validator(
    id="kubeconform", level="schema", kinds=("kubernetes",), run=run, program="kubeconform", version_arguments=("-v",),
    adds=Text("a second opinion on Kubernetes manifests", "un second avis sur les manifestes Kubernetes"),
)  # fmt: skip
