"""The JSON schemas that check-jsonschema bundles, for the files whose kind has one. Embedded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator

SCHEMAS = {
    "github-workflow": "github-workflows",
    "github-action": "github-actions",
    "dependabot": "dependabot",
    "gitlab-ci": "gitlab-ci",
    "compose": "compose-spec",
    "circleci": "circle-ci",
    "azure-pipelines": "azure-pipelines",
    "bitbucket-pipelines": "bitbucket-pipelines",
    "buildkite": "buildkite",
    "travis": "travis",
    "drone": "drone-ci",
    "woodpecker": "woodpecker-ci",
    "cloud-build": "cloudbuild",
    "codecov": "codecov",
    "renovate": "renovate",
}


def _number_for_text(error: Any) -> bool:
    return error.validator == "type" and error.validator_value == "string" and type(error.instance) in (int, float)


def _read_by_github(error: Any) -> bool:
    """What GitHub takes: an expression or nothing for anything, one word for a list of them, a strategy without a matrix."""
    path = list(error.absolute_path)
    if error.instance is None or (isinstance(error.instance, str) and "${{" in error.instance):
        return True
    if error.validator == "type" and error.validator_value == "array" and path[:1] == ["on"]:
        return isinstance(error.instance, str)
    return (
        error.message == "'matrix' is a required property"
        or "image_version" in error.message
        or path[-2:] == ["snapshot", "version"]
    )


# What a schema refuses and the program that reads the file takes.
_ALLOWED: dict[str, tuple[Callable[[Any], bool], ...]] = {
    "github-workflow": (_read_by_github,),
    "circleci": (lambda error: list(error.absolute_path) == ["version"] and error.instance in (2, 2.0, "2"),),
    "travis": (_number_for_text, lambda error: list(error.absolute_path)[:1] == ["services"]),
    "azure-pipelines": (lambda error: isinstance(error.instance, bool),),
    "codecov": (lambda error: error.instance is False,),
}
_NO_JSON = Text(
    "JSON with comments, which the schema's reader does not take",
    "du JSON avec commentaires, que le lecteur du schéma ne prend pas",
)
_TEMPLATED = Text("a template, not YAML yet", "un modèle, pas encore du YAML")


def run(batch: Batch) -> list[Problem]:
    """Objections of the schemas, each at its node. A file that does not parse is left to `parse`."""
    from devops_orchestrator.formats import yaml
    from devops_orchestrator.validation import json_schema

    found: list[Problem] = []
    for path, text in batch.files.items():
        kind = batch.kind(path)
        validator = json_schema.schemastore(SCHEMAS[kind])
        as_json = path.endswith((".json", ".json5", ".jsonc")) or text.lstrip().startswith("{")
        try:
            # A tab indents JSON and nothing else: a space in its stead leaves every place where it is.
            documents = yaml.parse(text.replace("\t", " ") if as_json else text)
        except ParseError:
            batch.unjudged[path] = _NO_JSON if as_json else _TEMPLATED
            continue
        for document in documents if kind == "drone" else documents[:1] if kind != "gitlab-ci" else documents[-1:]:
            if kind == "drone" and document.at("kind") != "pipeline":
                continue
            found += json_schema.problems(
                validator, document, path, _plain(kind, document.value), _ALLOWED.get(kind, ())
            )
    return found


def _plain(kind: str, value: Any) -> Any:
    """The value as the schema means it: Azure's compile-time expressions are unfolded."""
    if kind != "azure-pipelines" or not isinstance(value, dict):
        return value
    from check_jsonschema.transforms.azure_pipelines import traverse_dict

    return traverse_dict(value)


def takes(path: str, kind: str) -> bool:
    """Not the parts of which a pipeline is made elsewhere: they have no schema of their own."""
    return kind != "circleci" or path.rpartition("/")[2] in ("config.yml", "config.yaml")


VALIDATOR = Validator(
    id="schema", level="schema", kinds=tuple(SCHEMAS), run=run, takes=takes,
    adds=Text(
        "the published schema of each CI, Compose, Dependabot and Renovate file",
        "le schéma publié de chaque fichier de CI, Compose, Dependabot et Renovate",
    ),
)  # fmt: skip
