"""How far a job visibly reaches: whether it needs more than to read the repository, and its git credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.formats.workflow import Job, Step, Workflow

# Actions that read the repository and write nothing with its token.
READERS = frozenset(
    [
        "actions/checkout",
        "actions/setup-node",
        "actions/setup-python",
        "actions/setup-go",
        "actions/setup-java",
        "actions/setup-dotnet",
        "actions/cache",
        "actions/upload-artifact",
        "actions/download-artifact",
        "astral-sh/setup-uv",
        "pnpm/action-setup",
        "oven-sh/setup-bun",
        "denoland/setup-deno",
        "erlef/setup-beam",
        "ruby/setup-ruby",
        "shivammathur/setup-php",
        "Swatinem/rust-cache",
        "dtolnay/rust-toolchain",
        "gradle/actions",
        "gradle/wrapper-validation-action",
        "docker/setup-buildx-action",
        "docker/setup-qemu-action",
        "hashicorp/setup-terraform",
        "opentofu/setup-opentofu",
        "azure/setup-helm",
        "azure/setup-kubectl",
        "helm/kind-action",
        "hadolint/hadolint-action",
        "golangci/golangci-lint-action",
    ]
)
# Words of scripts that may use the token or the git credentials that the checkout left.
_WRITES = re.compile(
    r"\bgit\s+(?:\S+\s+)*?push\b|\bgh\s|gh-deploy|gh-pages|(?<!-)\brelease\b|\bpublish\b|\bdeploy|\blerna\b|\bbump\b|\bGITHUB_TOKEN\b|\bGH_TOKEN\b|"
    r"api\.github\.com|(?:^|[\s;&|])(?:bash|sh|source|\.)\s+\S|\./\S*\.(?:sh|py|js|ts)\b|\bmake\s+(?!\w*(?:test|lint|check|build|fmt|vet)\b)",
    re.M,
)
_GIT = re.compile(r"\bgit\s+(?:\S+\s+)*?(?:push|fetch|pull|submodule|ls-remote|lfs|clone)\b")
_TOKENS = ("secrets.github_token", "github.token")


def reasons(workflow: Workflow, job: Job) -> Iterator[str]:
    """What may need more than `contents: read`: the actions, scripts and tokens that cannot be seen through."""
    if job.uses:
        yield job.uses.text
    for step in job.steps:
        yield from _step(step)
    for expression in workflow.expressions(job.node):
        if any(reference in _TOKENS for reference in expression.references):
            yield f"${{{{ {expression.body} }}}}"
    env = workflow.root.get("env")
    if env is not None and any(set(e.references) & set(_TOKENS) for e in workflow.expressions(env)):
        yield "env"


def _step(step: Step) -> Iterator[str]:
    if step.uses and (step.uses.kind != "action" or step.uses.repository not in READERS):
        yield step.uses.text
    if step.uses and step.uses.repository == "actions/checkout" and (step.input("token") or step.input("ssh-key")):
        yield f"{step.uses.text} (token)"
    if step.script and (found := _WRITES.search(step.script.plain)):
        yield " ".join(found[0].split())


def uses_git_credentials(job: Job) -> bool:
    """Whether a script of the job talks to a git remote, or something does that cannot be seen through."""
    return any(step.script is not None and _GIT.search(step.script.plain) for step in job.steps)


def publishes(workflow: Workflow) -> bool:
    """Whether the workflow makes what others install: there a restored cache is a way in."""
    on = workflow.triggers
    push = on.get("push")
    if "release" in on or (push is not None and push.get("tags") is not None):
        return True
    return any(
        (step.uses is not None and re.search(r"publish|release|deploy|push|upload-pages|goreleaser", step.uses.name))
        or (step.script is not None and re.search(r"\b(?:publish|twine|docker\s+push|deploy)\b", step.script.plain))
        for _, step in workflow.steps
    )
