"""One validator a file, all of one shape. `VALIDATORS` is the list; nothing registers itself."""

from devops_orchestrator.validation import (
    actionlint,
    amtool,
    hadolint,
    helm,
    kubeconform,
    kubernetes_schema,
    kustomize,
    parse,
    promql,
    promtool,
    schemas,
    terraform,
    zizmor,
)
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator

VALIDATORS: tuple[Validator, ...] = (
    parse.VALIDATOR,
    schemas.VALIDATOR,
    kubernetes_schema.VALIDATOR,
    promql.VALIDATOR,
    hadolint.VALIDATOR,
    actionlint.VALIDATOR,
    zizmor.VALIDATOR,
    kubeconform.VALIDATOR,
    kustomize.VALIDATOR,
    helm.VALIDATOR,
    terraform.FMT,
    terraform.VALIDATE,
    promtool.RULES,
    promtool.TESTS,
    promtool.CONFIG,
    amtool.VALIDATOR,
)
EMBEDDED: tuple[Validator, ...] = tuple(validator for validator in VALIDATORS if validator.program is None)

__all__ = ["EMBEDDED", "VALIDATORS", "Batch", "DidNotRun", "Problem", "Validator"]
