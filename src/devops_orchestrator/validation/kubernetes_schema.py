"""Kubernetes' own schemas (strict) and those of the custom resources that we write. Embedded.

Core schemas: the package kubernetes-validate. Custom resources: `facts/crds`, read strictly as its README explains.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text
from devops_orchestrator.validation.json_schema import package_folder
from devops_orchestrator.validation.objects import patches
from devops_orchestrator.validation.validator import Batch, Problem, Validator

DEFINITIONS = "https://kubernetes.io/api/_definitions.json"  # an identifier: nothing is fetched
VERSION = "1.35.0"  # the oldest that is supported upstream on the day of the facts: what it accepts, newer ones do too


def schema_folder() -> Path:
    """The strict schemas of `VERSION`, as kubernetes-validate bundles them."""
    return package_folder("kubernetes_validate") / "kubernetes-json-schema" / f"v{VERSION}-local-strict"


@lru_cache(maxsize=1)
def _core() -> tuple[Any, Any]:
    import referencing
    import referencing.jsonschema

    folder = schema_folder()
    definitions = json.loads(folder.joinpath("_definitions.json").read_text(encoding="utf-8"))
    resource = referencing.Resource.from_contents(definitions, referencing.jsonschema.DRAFT202012)
    return folder, referencing.Registry().with_resource(DEFINITIONS, resource)


@lru_cache(maxsize=128)
def core_validator(api_version: str, kind: str) -> Any | None:
    """A strict validator of a built-in kind, None where this Kubernetes does not serve it."""
    import jsonschema

    group, _, version = api_version.rpartition("/")
    short = f"{group.split('.')[0]}-{version}" if group else version
    folder, registry = _core()
    file = folder.joinpath(f"{kind.lower()}-{short}.json")
    if not file.is_file():
        return None
    schema = json.loads(file.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, registry=registry)


@lru_cache(maxsize=128)
def custom_validator(api_version: str, kind: str) -> Any | None:
    """A strict validator of a custom resource of `facts/crds`, None for one that is not there."""
    import jsonschema

    group, _, version = api_version.rpartition("/")
    file = files("devops_orchestrator.facts").joinpath("crds", group, f"{kind.lower()}_{version}.json")
    if not group or not file.is_file():
        return None
    schema = json.loads(file.read_text(encoding="utf-8"))["schema"]
    _, registry = _core()
    return jsonschema.Draft202012Validator(_strict(schema, top=True), registry=registry)


def _strict(schema: Any, *, top: bool = False, branch: bool = False) -> Any:
    """A CRD schema that also refuses misspelt fields: custom resources prune them silently."""
    if isinstance(schema, list):
        return [_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") == "k8s:PodTemplateSpec":
        return {"$ref": DEFINITIONS + "#/$defs/io.k8s.api.core.v1.PodTemplateSpec"}
    strict: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            strict[key] = {
                name: value[name] if top and name == "metadata" else _strict(below) for name, below in value.items()
            }
        elif key in ("oneOf", "anyOf", "allOf"):
            strict[key] = [_strict(part, branch=True) for part in value]
        elif key == "not":
            strict[key] = _strict(value, branch=True)
        elif key in ("items", "additionalProperties"):
            strict[key] = _strict(value)
        else:
            strict[key] = value
    if schema.get("x-kubernetes-int-or-string"):
        strict.pop("type", None)
        strict["type"] = ["integer", "string"]
    if schema.get("nullable") and isinstance(strict.get("type"), str):
        strict["type"] = [strict["type"], "null"]
    is_open = "additionalProperties" in schema or schema.get("x-kubernetes-preserve-unknown-fields")
    if "properties" in schema and not is_open and not branch:
        strict["additionalProperties"] = False
        if top:
            strict["properties"] = {"apiVersion": {}, "kind": {}, "metadata": {}, **strict["properties"]}
    return strict


_PART = Text("a part that a kustomization lays over an object", "un morceau qu'une kustomization pose sur un objet")


def run(batch: Batch) -> list[Problem]:
    """Objections of the schemas, each at its node. A kind without a schema is told as not judged."""
    from devops_orchestrator.formats import yaml
    from devops_orchestrator.validation import json_schema

    found: list[Problem] = []
    parts = patches(batch.repository)
    for path, text in batch.files.items():
        if path in parts:
            batch.unjudged[path] = _PART
            continue
        unknown: dict[str, None] = {}
        try:
            documents = yaml.parse(text)
        except ParseError:
            batch.unjudged[path] = Text("it does not parse", "il n'est pas lisible")
            continue
        for document in documents:
            for thing in _objects(document):
                api_version, kind = thing.at("apiVersion"), thing.at("kind")
                if not isinstance(api_version, str) or not isinstance(kind, str):
                    continue
                validator = core_validator(api_version, kind) or custom_validator(api_version, kind)
                if validator is None:
                    unknown[f"{kind} ({api_version})"] = None
                else:
                    found += json_schema.problems(validator, thing, path)
        if unknown:
            told = ", ".join(unknown)
            batch.unjudged[path] = Text(f"no schema here for {told}", f"pas de schéma ici pour {told}")
    return found


def _objects(document: Node) -> Iterator[Node]:
    """The objects of a document: itself, or those of a List."""
    if document.at("kind") == "List" and document.at("apiVersion") == "v1":
        items = document.get("items")
        yield from items.children() if items is not None else ()
    else:
        yield document


VALIDATOR = Validator(
    id="kubernetes-schema", level="schema", kinds=("kubernetes",), run=run,
    adds=Text(
        f"Kubernetes {VERSION.rpartition('.')[0]} schemas, strict, and those of 43 custom resources",
        f"les schémas stricts de Kubernetes {VERSION.rpartition('.')[0]} et ceux de 43 ressources personnalisées",
    ),
)  # fmt: skip
