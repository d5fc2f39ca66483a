"""The JSON schemas that check-jsonschema bundles, for the files whose kind has one. Embedded."""

from __future__ import annotations

import json

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
    "travis": "travis",
    "renovate": "renovate",
}


def run(batch: Batch) -> list[Problem]:
    """Objections of the schemas, each at its node. A file that does not parse is left to `parse`."""
    from devops_orchestrator.formats import yaml
    from devops_orchestrator.validation import json_schema

    found: list[Problem] = []
    for path, text in batch.files.items():
        validator = json_schema.schemastore(SCHEMAS[batch.kind(path)])
        try:
            documents = yaml.parse(text)
        except ParseError:
            continue
        for document in documents[:1]:
            value = document.value
            json.dumps(value, default=str)  # the schemas know JSON only: dates and other tags stay words
            found += json_schema.problems(validator, document, path, value)
    return found


VALIDATOR = Validator(
    id="schema", level="schema", kinds=tuple(SCHEMAS), run=run,
    adds=Text("the published schema of each CI, Compose and Dependabot file", "le schéma publié de chaque fichier de CI, Compose et Dependabot"),
)  # fmt: skip
