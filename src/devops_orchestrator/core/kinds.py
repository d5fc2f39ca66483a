"""Which DevOps file a path is. The path decides where it can; YAML and JSON elsewhere are told by their content."""

from __future__ import annotations

import re

from devops_orchestrator.core.repository import matches

# kind → patterns, the first that matches wins.
BY_PATH: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("dockerignore", ("**/.dockerignore", "**/*.dockerignore")),
    ("dockerfile", ("**/Dockerfile", "**/Dockerfile.*", "**/*.Dockerfile", "**/*.dockerfile", "**/Containerfile")),
    ("compose", ("**/compose.y*ml", "**/compose.*.y*ml", "**/docker-compose.y*ml", "**/docker-compose*.y*ml")),
    ("github-workflow", (".github/workflows/*.yml", ".github/workflows/*.yaml")),
    ("github-action", ("action.y*ml", ".github/actions/**/action.y*ml")),
    ("dependabot", (".github/dependabot.y*ml",)),
    ("renovate", ("renovate.json", ".github/renovate.json", ".renovaterc", ".renovaterc.json", "renovate.json5")),
    ("gitlab-ci", ("**/.gitlab-ci.y*ml", "**/*.gitlab-ci.y*ml")),
    ("jenkinsfile", ("**/Jenkinsfile", "**/Jenkinsfile.*", "**/*.jenkinsfile")),
    ("circleci", (".circleci/config.y*ml",)),
    ("azure-pipelines", ("**/azure-pipelines*.y*ml",)),
    ("travis", (".travis.yml",)),
    ("helm-chart", ("**/Chart.yaml",)),
    ("terraform-vars", ("**/*.tfvars",)),
    ("terraform", ("**/*.tf", "**/*.tofu")),
    ("terraform-lock", ("**/.terraform.lock.hcl",)),
    ("kustomization", ("**/kustomization.y*ml", "**/Kustomization")),
    ("sonar", ("sonar-project.properties",)),
)  # fmt: skip

_KIND_LINE = re.compile(r"^kind:\s*['\"]?(\w+)", re.M)
_API_LINE = re.compile(r"^apiVersion:\s*['\"]?([\w./-]+)", re.M)
_ACTION = re.compile(
    r"\{\{-?\s*(?:\.|\$|/\*|if |range |with |define |include |template |toYaml |tpl |end\b)"
)  # of a Go template
_TOP_KEYS = re.compile(r"^([A-Za-z_][\w-]*):", re.M)


# A path without any of these words matches no pattern: most of 50,000 files are told by one search.
_WORDS = re.compile(
    r"[Dd]ocker|Containerfile|compose|\.github/|action\.y|renovate|gitlab-ci|[Jj]enkinsfile|circleci|azure-pipelines|"
    r"\.travis|Chart\.yaml|\.tf|\.tofu|terraform|[Kk]ustomization|sonar-project"
)


def of_path(path: str) -> str | None:
    """The kind that the path alone shows, or None."""
    if not _WORDS.search(path):
        return None
    return next((kind for kind, patterns in BY_PATH if matches(path, *patterns)), None)


def may_be_devops(path: str) -> bool:
    """Whether the content of a file without a telling path is worth a look."""
    return path.endswith((".yaml", ".yml", ".json")) and not path.endswith(("package.json", "package-lock.json"))


def of(path: str, text: str | None) -> str | None:
    """The kind of a DevOps file, or None for another file. `text` may be None where the path suffices.

    Content kinds: `kubernetes` (any object with apiVersion and kind), `helm-template`, `helm-values`, `prometheus`,
    `prometheus-rules`, `prometheus-tests`, `alertmanager`, `grafana-dashboard`.
    """
    kind = of_path(path)
    if kind:
        return kind
    if "/templates/" in f"/{path}" and (_in_chart(path) or (text is not None and _ACTION.search(text))):
        return "helm-template"
    if text is None or not may_be_devops(path):
        return None
    if path.endswith(".json"):
        return "grafana-dashboard" if '"schemaVersion"' in text and '"panels"' in text else None
    if _KIND_LINE.search(text) and _API_LINE.search(text):
        return "kubernetes"
    keys = set(_TOP_KEYS.findall(text))
    if "scrape_configs" in keys or {"global", "rule_files"} <= keys:
        return "prometheus"
    if "rule_files" in keys and "tests" in keys:
        return "prometheus-tests"
    if "groups" in keys and re.search(r"^\s+-?\s*(record|alert|expr):", text, re.M):
        return "prometheus-rules"
    if "route" in keys and "receivers" in keys:
        return "alertmanager"
    if re.fullmatch(r"(.*/)?values[\w.-]*\.ya?ml", path):
        return "helm-values"
    return None


def _in_chart(path: str) -> bool:
    return path.endswith((".yaml", ".yml", ".tpl", ".txt")) and bool(re.search(r"(^|/)(charts?|helm)/", path))
