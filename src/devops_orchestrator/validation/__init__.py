"""One validator a file, all of one shape. `VALIDATORS` is the list; nothing registers itself."""

from devops_orchestrator.validation import (
    actionlint,
    amtool,
    checkov,
    hadolint,
    helm,
    image_build,
    kube_linter,
    kubeconform,
    kubernetes_schema,
    kustomize,
    parse,
    promql,
    promtool,
    schemas,
    shellcheck,
    terraform,
    zizmor,
)
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator

ALL: tuple[Validator, ...] = (
    parse.VALIDATOR,
    schemas.VALIDATOR,
    kubernetes_schema.VALIDATOR,
    promql.VALIDATOR,
    hadolint.VALIDATOR,
    actionlint.VALIDATOR,
    zizmor.VALIDATOR,
    shellcheck.VALIDATOR,
    kubeconform.VALIDATOR,
    kube_linter.VALIDATOR,
    kustomize.VALIDATOR,
    helm.VALIDATOR,
    terraform.FMT,
    terraform.VALIDATE,
    promtool.RULES,
    promtool.TESTS,
    promtool.CONFIG,
    amtool.VALIDATOR,
    checkov.VALIDATOR,
    image_build.VALIDATOR,
)
# The inner loop: what every review and every change is judged by. The others run only where they are asked for.
VALIDATORS: tuple[Validator, ...] = tuple(validator for validator in ALL if validator.inner)
EMBEDDED: tuple[Validator, ...] = tuple(validator for validator in VALIDATORS if validator.program is None)

__all__ = ["ALL", "EMBEDDED", "VALIDATORS", "Batch", "DidNotRun", "Problem", "Validator"]
