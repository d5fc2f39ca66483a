"""What a job delivers, and whether its tests come first: images and packages published, environments deployed to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.cicd.github_actions import existing
from devops_orchestrator.formats import shell
from devops_orchestrator.formats.workflow import Job, Step, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import checks, ci

_DEPLOYS = frozenset(
    [
        "superfly/flyctl-actions",
        "cloudflare/wrangler-action",
        "cloudflare/pages-action",
        "amondnet/vercel-action",
        "azure/webapps-deploy",
        "azure/functions-action",
        "azure/k8s-deploy",
        "azure/container-apps-deploy-action",
        "aws-actions/amazon-ecs-deploy-task-definition",
        "google-github-actions/deploy-cloudrun",
        "google-github-actions/deploy-appengine",
        "google-github-actions/deploy-cloud-functions",
        "akhileshns/heroku-deploy",
        "appleboy/ssh-action",
        "johnbeynon/render-deploy-action",
        "nwtgck/actions-netlify",
        "einaregilsson/beanstalk-deploy",
        "digitalocean/app_action",
        "bervproject/railway-deploy",
        "FirebaseExtended/action-hosting-deploy",
    ]
)
_PUBLISHES = frozenset({"pypa/gh-action-pypi-publish", "JS-DevTools/npm-publish"})
# Program → words that make it a deployment.
_COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "flyctl": (("deploy",),), "fly": (("deploy",),), "kamal": (("deploy",), ("redeploy",)), "vercel": (("deploy", "--prod"), ("--prod",)),
    "wrangler": (("deploy",), ("publish",)), "serverless": (("deploy",),), "sls": (("deploy",),), "sam": (("deploy",),), "cdk": (("deploy",),),
    "kubectl": (("apply",), ("set", "image"), ("rollout", "restart")), "helm": (("upgrade",),), "helmfile": (("apply",), ("sync",)),
    "gcloud": (("run", "deploy"), ("app", "deploy"), ("functions", "deploy")), "railway": (("up",),), "eb": (("deploy",),),
    "aws": (("ecs", "update-service"), ("s3", "sync"), ("lambda", "update-function-code")), "firebase": (("deploy",),), "netlify": (("deploy", "--prod"),),
    "heroku": (("container:release",),), "az": (("webapp", "deploy"), ("containerapp", "update")), "cap": (("production", "deploy"),), "dep": (("deploy",),),
    "fastapi": (("deploy",),), "ansible-playbook": ((),),
}  # fmt: skip
_PACKAGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "docker": (("push",), ("buildx", "build", "--push")), "npm": (("publish",),), "pnpm": (("publish",),), "yarn": (("publish",), ("npm", "publish")),
    "twine": (("upload",),), "uv": (("publish",),), "poetry": (("publish",),), "cargo": (("publish",),), "gem": (("push",),), "mvn": (("deploy",),),
    "mvnw": (("deploy",),), "gradlew": (("publish",),), "goreleaser": (("release",),), "podman": (("push",),), "ko": (("build",),),
}  # fmt: skip
_LOCAL = re.compile(r"minikube|kind|k3d|localhost|127\.0\.0\.1|local")


@dataclass(frozen=True)
class Delivery:
    """What a step delivers: `kind` is `deploy` or `publish`, `what` names it, `node` is its place."""

    kind: str
    what: str
    step: Step
    node: Node


def deliveries(job: Job) -> Iterator[Delivery]:
    """The steps of a job that deliver for real (not those that build without pushing, or deploy to a cluster of the job)."""
    local = any(step.uses and re.search(r"kind-action|minikube|k3d|k3s", step.uses.name) for step in job.steps)
    local = local or any(_creates_cluster(step) for step in job.steps)
    for step in job.steps:
        if step.uses is not None and (kind := _of_action(step)):
            yield Delivery(kind, step.uses.name, step, step.uses.node)
        if step.script is not None and not local:
            for command in shell.commands(step.script.plain):
                found = _of_command(checks.unwrapped(command.values))
                if found:
                    yield Delivery(found[0], found[1], step, step.script.node)
                    break


def _creates_cluster(step: Step) -> bool:
    return step.script is not None and any(
        command.name in ("kind", "minikube", "k3d") for command in shell.commands(step.script.plain)
    )


def _of_action(step: Step) -> str | None:
    assert step.uses is not None
    name = step.uses.name
    if step.uses.repository == "docker/build-push-action" or step.uses.repository == "docker/bake-action":
        push = step.input("push")
        pushed = push.lower() == "true" or ("${{" in push and "pull_request" in push)
        return "publish" if pushed and "localhost" not in step.input("tags") else None
    if step.uses.repository in _DEPLOYS or (
        name.startswith("superfly/flyctl-actions") and "deploy" in step.input("args")
    ):
        if name == "cloudflare/wrangler-action" and not step.input("command").startswith(
            ("deploy", "publish", "pages deploy")
        ):
            return None
        if name.startswith("superfly/flyctl-actions"):
            return None
        return "deploy"
    return "publish" if step.uses.repository in _PUBLISHES else None


def _of_command(words: tuple[str, ...]) -> tuple[str, str] | None:
    if (
        not words
        or any(word.startswith("--dry-run") and word not in ("--dry-run=none",) for word in words)
        or {"--help", "--build-only"} & set(words)
    ):
        return None
    name = words[0].rpartition("/")[2]
    for kind, table in (("deploy", _COMMANDS), ("publish", _PACKAGES)):
        for wanted in table.get(name, ()):
            if wanted and wanted[0] not in words[1:4]:
                continue
            if all(word in words for word in wanted) and not (name == "docker" and _LOCAL.search(" ".join(words))):
                return kind, " ".join((name, *wanted))
    return None


def on_branches(found: Workflow) -> bool:
    """Whether pushes to branches start it (tags alone do not)."""
    if "push" not in found.triggers:
        return False
    push = found.triggers["push"]
    if push is None:
        return True
    return push.get("branches") is not None or push.get("branches-ignore") is not None or push.get("tags") is None


def skips_branches(condition: str) -> bool:
    """Whether an `if` keeps pushes to branches out: it wants a tag, a release, or another event."""
    text = condition.lower()
    if re.search(
        r"refs/tags|ref_type\s*==\s*'tag'|github\.event\.release|startswith\(github\.ref_name,\s*'v|\bfalse\b|repository_owner\s*!=",
        text,
    ):
        return True
    events = re.findall(r"github\.event_name\s*==\s*'(\w+)'", text)
    return bool(events) and "push" not in events


def conditions(job: Job, step: Step | None = None) -> str:
    """The `if` of a job, and of one of its steps."""
    return f"{job.node.at('if', default='')} {step.node.at('if', default='') if step is not None else ''}"


def tests(job: Job, project: Project, found: Workflow) -> bool:
    """Whether a job runs tests, by its scripts, an action that does, or a workflow of this repository that it calls."""
    if any(_step_tests(step, job, project, found) for step in job.steps):
        return True
    if job.uses is not None and job.uses.kind == "local":
        called = existing.read(project, posixpath.normpath(job.uses.text))
        return called is not None and any(tests(other, project, called) for other in called.jobs if other is not job)
    return False


def _step_tests(step: Step, job: Job, project: Project, found: Workflow) -> bool:
    if step.uses is not None:
        return re.search(r"cypress-io/github-action|test", step.uses.name) is not None
    if step.script is None:
        return False
    folder = ci.folder((found, job), step) or "."
    if re.search(r"\b(?:npm|pnpm|yarn|bun|composer)\s+(?:run\s+)?[\w:-]*test", step.script.plain):
        return True
    return existing.tests(step.script.plain, project) or any(
        check.kind == "test" for _, check in checks.of_script(step.script.plain, folder, project)
    )


def tested_folders(job: Job, project: Project, found: Workflow) -> set[str]:
    """The folders in which a job's tests run, as far as its own steps show them."""
    return {ci.folder((found, job), step) or "." for step in job.steps if _step_tests(step, job, project, found)}


def folder(each: Delivery, job: Job, found: Workflow) -> str:
    """The folder of what is delivered: of the build's context or Dockerfile, or where its command runs."""
    step = each.step
    if step.uses is not None:
        said = posixpath.dirname(step.input("file")) or step.input("context") or step.input("workingDirectory")
    else:
        words = " ".join(step.script.plain.split()) if step.script is not None else ""
        config = re.search(r"--config[= ](\S+/)\S+", words)
        said = config[1] if config else ci.folder((found, job), step) or "."
    plain = "." if "${{" in said or "://" in said or said.startswith("/") else posixpath.normpath(said or ".")
    return plain if plain != "." else _filtered(found)


def _filtered(found: Workflow) -> str:
    """The one folder whose changes start a workflow, `.` where there are several or no filter."""
    push = found.triggers.get("push")
    paths = push.get("paths") if push is not None else None
    names = [node.scalar for node in paths.children()] if paths is not None else []
    folders = {
        re.split(r"[*?\[]", name)[0].rpartition("/")[0] for name in names if not name.startswith((".github", "!"))
    }
    return next(iter(folders)) if len(folders) == 1 and "" not in folders else "."


def apart(one: str, others: set[str]) -> bool:
    """Whether a folder has nothing to do with others: both of components, none above the other."""
    return (
        one != "."
        and bool(others)
        and all(
            other not in (".", one) and not other.startswith(f"{one}/") and not one.startswith(f"{other}/")
            for other in others
        )
    )


def opaque(job: Job) -> bool:
    """Whether a job calls what cannot be seen through: another repository's workflow."""
    return job.uses is not None and job.uses.kind != "local"
