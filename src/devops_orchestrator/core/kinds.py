"""Which DevOps file a path is. The path decides where it can; elsewhere the content does (`core.contents`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from devops_orchestrator.core.repository import matches
from devops_orchestrator.patterns import lazy

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node

# kind → patterns, the first that matches wins.
BY_PATH: tuple[tuple[str, tuple[str, ...]], ...] = (
    # Told by their folder, whatever they are called
    ("github-workflow", (".github/workflows/*.yml", ".github/workflows/*.yaml")),
    ("gitea-workflow", (".gitea/workflows/*.y*ml", ".forgejo/workflows/*.y*ml")),
    ("circleci", (".circleci/**/*.y*ml",)),
    ("woodpecker", (".woodpecker.y*ml", ".woodpecker/**/*.y*ml")),
    # Containers
    ("dockerignore", ("**/.dockerignore", "**/*.dockerignore", "**/.containerignore")),
    ("dockerfile", (
        "**/Dockerfile", "**/dockerfile", "**/Dockerfile.*", "**/Dockerfile-*", "**/Dockerfile_*", "**/*.Dockerfile",
        "**/*.dockerfile", "**/Containerfile", "**/Containerfile.*", "**/*.Containerfile", "**/*.containerfile",
    )),
    ("compose", (
        "**/compose.y*ml", "**/compose.*.y*ml", "**/compose-*.y*ml", "**/*.compose.y*ml", "**/docker-compose*.y*ml",
        "**/*docker-compose.y*ml", "**/podman-compose*.y*ml",
    )),
    ("docker-bake", ("**/docker-bake*.hcl", "**/docker-bake*.json")),
    ("hadolint", ("**/.hadolint.y*ml", "hadolint.y*ml")),
    ("trivy", ("trivy.y*ml", "**/.trivyignore", "**/.trivyignore.y*ml")),
    ("devcontainer", (".devcontainer/**/devcontainer.json", ".devcontainer.json")),
    # CI and releases
    ("github-action", ("action.y*ml", ".github/actions/**/action.y*ml")),
    ("dependabot", (".github/dependabot.y*ml",)),
    ("renovate", (
        "renovate.json*", ".github/renovate.json*", ".gitlab/renovate.json*", ".renovaterc", ".renovaterc.json*",
    )),
    ("gitlab-ci", ("**/.gitlab-ci.y*ml", "**/*.gitlab-ci.y*ml", "**/.gitlab/ci/**/*.y*ml")),
    ("jenkinsfile", ("**/Jenkinsfile", "**/Jenkinsfile.*", "**/Jenkinsfile-*", "**/*.jenkinsfile", "**/*.Jenkinsfile")),
    ("azure-pipelines", ("**/azure-pipelines*.y*ml", "**/.azure-pipelines*.y*ml")),
    ("bitbucket-pipelines", ("bitbucket-pipelines.y*ml",)),
    ("travis", (".travis.yml",)),
    ("appveyor", ("appveyor.yml", ".appveyor.yml")),
    ("drone", (".drone.y*ml",)),
    ("buildkite", (".buildkite/**/pipeline*.y*ml", "buildkite.y*ml")),
    ("cirrus-ci", (".cirrus.yml",)),
    ("cloud-build", ("**/cloudbuild*.y*ml",)),
    ("codebuild", ("**/buildspec*.y*ml",)),
    ("earthfile", ("**/Earthfile",)),
    ("pre-commit", (".pre-commit-config.y*ml",)),
    ("codecov", ("codecov.y*ml", ".codecov.y*ml", ".github/codecov.y*ml", ".github/.codecov.y*ml", "dev/codecov.y*ml")),
    ("goreleaser", ("**/.goreleaser*.y*ml", "goreleaser.y*ml", ".config/goreleaser.y*ml")),
    ("semantic-release", ("**/.releaserc", "**/.releaserc.*", "**/release.config.[cm]js", "**/release.config.[jt]s")),
    ("release-please", ("release-please-config.json",)),
    ("sonar", ("**/sonar-project.properties", ".sonarcloud.properties")),
    # Kubernetes
    ("helm-chart", ("**/Chart.yaml",)),
    ("helm-lock", ("**/Chart.lock",)),
    ("helmfile", ("**/helmfile.y*ml", "**/helmfile.y*ml.gotmpl", "**/helmfile.d/*.y*ml", "**/helmfile.d/*.y*ml.gotmpl")),
    ("kustomization", ("**/kustomization.y*ml", "**/Kustomization")),
    ("skaffold", ("**/skaffold.y*ml",)),
    ("tilt", ("**/Tiltfile",)),
    ("sops", ("**/.sops.y*ml",)),
    # Infrastructure
    ("terraform-vars", ("**/*.tfvars",)),
    ("terraform", ("**/*.tf", "**/*.tofu")),
    ("terraform-lock", ("**/.terraform.lock.hcl",)),
    ("terraform-test", ("**/*.tftest.hcl", "**/*.tofutest.hcl")),
    ("terragrunt", ("**/terragrunt.hcl", "**/terragrunt.stack.hcl")),
    ("packer", ("**/*.pkr.hcl", "**/*.pkrvars.hcl")),
    ("nomad", ("**/*.nomad", "**/*.nomad.hcl")),
    ("pulumi", ("**/Pulumi.y*ml", "**/Pulumi.*.y*ml")),
    ("vagrant", ("**/Vagrantfile",)),
    ("ansible", ("**/ansible.cfg",)),
    # Platforms
    ("procfile", ("**/Procfile", "**/Procfile.*")),
    ("fly", ("**/fly.toml", "**/fly.*.toml")),
    ("render", ("render.yaml",)),
    ("heroku", ("heroku.yml",)),
    ("railway", ("**/railway.json", "**/railway.toml")),
    ("vercel", ("**/vercel.json",)),
    ("netlify", ("**/netlify.toml",)),
    ("wrangler", ("**/wrangler.toml", "**/wrangler.json*")),
    ("kamal", ("config/deploy.yml", "config/deploy.*.yml")),
    # Web servers in front of applications
    ("nginx", ("**/nginx*.conf", "**/*.nginx.conf", "**/nginx/**/*.conf", "**/nginx*.conf.template", "**/nginx/**/*.conf.template")),
    ("caddy", ("**/Caddyfile", "**/Caddyfile.*", "**/*.Caddyfile")),
    ("haproxy", ("**/haproxy*.cfg",)),
    ("traefik", ("**/traefik.toml",)),
    # Logs
    ("alloy", ("**/*.alloy",)),
    ("fluent-bit", ("**/fluent-bit*.conf", "**/fluentbit*.conf", "**/fluent-bit/**/*.conf")),
    ("fluentd", ("**/fluent.conf", "**/fluentd*.conf", "**/td-agent.conf", "**/fluentd/**/*.conf")),
    ("logstash", ("**/logstash*.conf", "**/logstash/**/*.conf", "**/logstash.yml")),
)  # fmt: skip

# A finer kind → what rules, validators and rooms know it as: all that reads the family reads it too.
FAMILY = {
    "argo-cd": "kubernetes", "argo-rollouts": "kubernetes", "argo-workflows": "kubernetes", "flux": "kubernetes",
    "prometheus-operator": "kubernetes", "tekton": "kubernetes",
}  # fmt: skip

# Endings of code, documentation and pictures: no DevOps file but those whose names begin so.
_CODE = frozenset(
    {
        "c", "cc", "cpp", "cs", "css", "csv", "dart", "ejs", "erb", "ex", "exs", "gif", "go", "h", "html", "ico", "java",
        "jpeg", "jpg", "js", "jsx", "kt", "less", "lock", "lua", "map", "md", "mdx", "mjs", "mp4", "pdf", "php", "png",
        "py", "rb", "rs", "rst", "scala", "scss", "sh", "snap", "sql", "svelte", "svg", "swift", "ts", "tsx", "txt", "vue",
        "webp", "woff", "woff2", "xml",
    }
)  # fmt: skip
_EVEN_SO = ("Dockerfile", "Jenkinsfile", "Procfile", "Chart.lock", "release.config.", ".releaserc.")
# What lies beside a file and is named after it without being one: its documentation, its template.
_BESIDE = lazy(r"\.(md|mdx|rst|txt|html|j2|jinja2?|tmpl|tpl|template|erb|hbs|mustache|ejs|in|snap|png|svg|bak|orig)$")
_CODE_BESIDE = lazy(r"(.*/)?Dockerfile[.\w-]*\.(py|js|ts|rb|go|java|cs|sh|php|rs)")  # of Python, or in Python?
_ACTION = lazy(
    r"\{\{-?\s*(?:\.|\$|/\*|if |range |with |define |include |template |toYaml |tpl |end\b)"
)  # of a Go template
_NEVER = (
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "composer.json",
    "pnpm-lock.yaml",
    "pnpm-workspace.yaml",
)


def _word(pattern: str) -> str:
    """The longest part of a pattern that stands in every path that it matches."""
    return max(re.split(r"\*\*/|\*+|\?|\[[^]]*\]", pattern), key=len)


_BY_WORD = tuple((_word(pattern), pattern, kind) for kind, patterns in BY_PATH for pattern in patterns)
# A path without any of these words matches no pattern: most are told by one search.
_WORDS = lazy("|".join(sorted({re.escape(word) for word, _, _ in _BY_WORD})))


def family(kind: str) -> str:
    """The kind that rules and validators are written for: `kubernetes` for an Argo CD application."""
    return FAMILY.get(kind, kind)


def of_path(path: str) -> str | None:
    """The kind that the path alone shows, or None."""
    name = path[path.rfind("/") + 1 :]
    if name[name.rfind(".") + 1 :] in _CODE and not name.startswith(_EVEN_SO):
        return None
    if not _WORDS.search(path):
        return None
    found = next((kind for word, pattern, kind in _BY_WORD if word in path and matches(path, pattern)), None)
    if found is None or (found != "nginx" and _BESIDE.search(path)):
        return None
    return None if found == "dockerfile" and _CODE_BESIDE.fullmatch(path) else found


def may_be_devops(path: str) -> bool:
    """Whether the content of a file without a telling path is worth a look."""
    if path.endswith((".yaml", ".yml", ".json")):
        return not path.endswith(_NEVER)
    return (path.endswith(".toml") and "vector" in path) or bool(_CODE_BESIDE.fullmatch(path))


def of(path: str, text: str | None, documents: Callable[[str], list[Node]] | None = None) -> str | None:
    """The kind of a DevOps file, or None for another file. `text` may be None where the path suffices.

    `documents` parses a YAML text (one that remembers spares a second parsing). Kinds that the content tells:
    `core.contents`.
    """
    kind = of_path(path)
    if kind:
        return kind
    if "/templates/" in f"/{path}" and (_in_chart(path) or (text is not None and _ACTION.search(text))):
        return "helm-template"
    if text is None or not may_be_devops(path):
        return None
    from devops_orchestrator.core import contents

    return contents.kind(path, text, documents)


def _in_chart(path: str) -> bool:
    return path.endswith((".yaml", ".yml", ".tpl", ".txt")) and bool(re.search(r"(^|/)(charts?|helm)/", path))
