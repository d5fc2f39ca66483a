"""How images are pushed and pulled: credentials, tags, pull policies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.kubernetes import objects
from devops_orchestrator.formats.workflow import Step
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


def _steps(source: Source) -> Iterator[Node]:
    for document in source.parsed(yaml.parse)[:1]:
        jobs = document.get("jobs")
        for _, job in jobs.items() if jobs else ():
            steps = job.get("steps")
            yield from steps.children() if steps else ()


def _action(step: Node) -> str:
    return str(step.at("uses", default="")).partition("@")[0]


@rule(
    "registries/password-in-workflow", Severity.ERROR, on="github-workflow",
    url="https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets",
    title=Text("A registry password in the workflow", "Un mot de passe de registre dans le workflow"),
    advice=Text(
        "Everybody who can read the repository can push images in your name. Change it, then keep it as a secret, or use GITHUB_TOKEN or OIDC.",
        "Quiconque lit le dépôt peut pousser des images en votre nom. Changez-le, puis conservez-le comme secret, ou utilisez GITHUB_TOKEN ou OIDC.",
    ),
)  # fmt: skip
def password_in_workflow(source: Source, project: Project) -> Iterator[Hit]:
    """`docker/login-action` with a literal password; it is never shown."""
    for step in _steps(source):
        node = step.get("with", "password") if _action(step) == "docker/login-action" else None
        if node is not None and "${{" not in str(node.value):
            yield Hit(
                node.start, node.end,
                Text("The password is written in the file.", "Le mot de passe est écrit dans le fichier."),
            )  # fmt: skip


@rule(
    "registries/only-latest", Severity.WARNING, on="github-workflow",
    url="https://docs.docker.com/build/ci/github-actions/manage-tags-labels/",
    title=Text("Only `latest` is pushed", "Seul `latest` est poussé"),
    advice=Text(
        "Nobody can say what runs, and there is no earlier image to go back to. Push the commit's hash or the version beside it.",
        "Personne ne peut dire ce qui tourne, et il n'y a pas d'image précédente où revenir. Poussez aussi l'empreinte du commit ou la version.",
    ),
)  # fmt: skip
def only_latest(source: Source, project: Project) -> Iterator[Hit]:
    """`docker/build-push-action` that pushes tags which all are `latest`."""
    for step in _steps(source):
        if _action(step) != "docker/build-push-action" or step.at("with", "push") in (None, False):
            continue
        node = step.get("with", "tags")
        tags = (
            [tag.strip() for line in str(node.value).splitlines() for tag in line.split(",") if tag.strip()]
            if node
            else []
        )
        if (
            node
            and tags
            and all(tag.endswith(":latest") or ":" not in tag.rpartition("/")[2] for tag in tags)
            and "${{" not in str(node.value).split(":")[-1]
        ):
            yield Hit(
                node.start, node.end,
                Text("Every pushed tag is `latest`.", "Tous les tags poussés sont `latest`."),
            )  # fmt: skip


@rule(
    "registries/latest-never-pulled", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
    title=Text("A moving tag that is not pulled again", "Un tag mouvant qui n'est pas récupéré à nouveau"),
    advice=Text(
        "A node that has an older `latest` keeps it: pods of one Deployment then run different code.",
        "Un nœud qui possède un `latest` plus ancien le garde : les pods d'un même Deployment exécutent alors des codes différents.",
    ),
)  # fmt: skip
def latest_never_pulled(source: Source, project: Project) -> Iterator[Hit]:
    """A container whose image is `latest` with `imagePullPolicy` other than Always."""
    for thing in objects(source.text):
        for container in thing.pod.all_containers if thing.pod else ():
            image = str(container.image or "")
            policy = container.node.get("imagePullPolicy")
            if policy is None or policy.value == "Always" or "@" in image:
                continue
            if image.rpartition("/")[2].partition(":")[2] == "latest":
                yield Hit(
                    policy.start, policy.end,
                    Text(
                        f"{container.name}: {image} with {policy.value}.", f"{container.name} : {image} avec {policy.value}."
                    ),
                    fix=Fix(
                        (source.edit(policy.start, policy.end, "Always"),), safe=False,
                        title=Text("pull it at each start", "le récupérer à chaque démarrage"),
                        needs=Text("nodes that reach the registry", "des nœuds qui atteignent le registre"),
                    ),
                )  # fmt: skip


# Actions, and words of scripts, that log in to a registry or set its credentials up.
_LOGINS = (
    "docker/login-action",
    "aws-actions/amazon-ecr-login",
    "azure/docker-login",
    "azure/acr-login",
    "redhat-actions/podman-login",
    "google-github-actions/auth",
    "azure/login",
    "oras-project/setup-oras",
)
_LOGIN_WORDS = re.compile(
    r"\b(docker|podman|buildah|crane|skopeo|oras|helm|regctl|flyctl|fly|heroku|az|doctl|ibmcloud)\b[^\n]*\b(login|auth|registry)\b|configure-docker|get-login|config\.json|--creds|DOCKER_AUTH_CONFIG|make |\.sh\b"
)


def _pushes(step: Step) -> bool:
    """Whether a step pushes in any case that it runs: `push: true`, an output to a registry, `docker push` of a script."""
    name = step.uses.repository if step.uses else ""
    if name == "docker/build-push-action":
        return step.input("push").lower() == "true" or bool(
            re.search(r"push=true|type=registry", step.input("outputs"))
        )
    return step.script is not None and bool(
        re.search(r"(?m)^\s*(sudo )?docker (image )?push\s|buildx build[^\n]*--push", step.script.text)
    )


@rule(
    "registries/push-without-login", Severity.ERROR, on="github-workflow", url="https://docs.docker.com/build/ci/github-actions/push-multi-registries/",
    title=Text("A push without a login", "Un push sans connexion"),
    advice=Text(
        "Every job is a fresh machine that no registry knows: the push ends with \"denied\".",
        "Chaque job est une machine neuve qu'aucun registre ne connaît : le push se termine par « denied ».",
    ),
)  # fmt: skip
def push_without_login(source: Source, project: Project) -> Iterator[Hit]:
    """A step that pushes in a job where no step before it logs in; local actions, containers and own runners may, and are left alone."""
    for job in source.parsed(workflow.parse).jobs:
        if job.get("container") is not None or any(
            "self-hosted" in node.scalar or "$" in node.scalar for node in job.runners
        ):
            continue
        for step in job.steps:
            uses = step.uses
            if uses is not None and (
                uses.kind != "action"
                or uses.repository in _LOGINS
                or re.search(r"login|auth|ecr|gcr|acr|registry|credential", uses.name, re.I)
            ):
                break
            if step.script is not None and _LOGIN_WORDS.search(step.script.text):
                break
            if not _pushes(step) or re.search(
                r"localhost:|127\.0\.0\.1:|ttl\.sh|kind-registry", source.text[step.node.start : step.node.end]
            ):
                continue
            place = uses.node if uses is not None else step.get("run")
            if place is not None:
                yield Hit(
                    place.start, place.end if uses is not None else place.start + len("docker push"),
                    Text(f"Job {job.id} pushes and never logs in.", f"Le job {job.id} pousse sans jamais se connecter."),
                )  # fmt: skip
            break


@rule(
    "registries/missing-packages-permission", Severity.ERROR, on="github-workflow",
    url="https://docs.github.com/en/packages/managing-github-packages-using-github-actions-workflows/publishing-and-installing-a-package-with-github-actions",
    title=Text("GITHUB_TOKEN may not push packages here", "GITHUB_TOKEN ne peut pas pousser de paquets ici"),
    advice=Text(
        "Where `permissions` is written, what it does not name is forbidden: the push to ghcr.io ends with \"denied: permission_denied\".",
        "Dès que `permissions` est écrit, ce qui n'y figure pas est interdit : le push vers ghcr.io se termine par « denied: permission_denied ».",
    ),
)  # fmt: skip
def missing_packages_permission(source: Source, project: Project) -> Iterator[Hit]:
    """A push to ghcr.io with the job's own token, in a job whose written permissions do not hold `packages: write`."""
    read = source.parsed(workflow.parse)
    for job in read.jobs:
        login = next(
            (
                s
                for s in job.steps
                if s.uses and s.uses.repository == "docker/login-action" and s.input("registry").strip() == "ghcr.io"
            ),
            None,
        )
        if login is None or not re.search(r"secrets\.GITHUB_TOKEN|github\.token", login.input("password"), re.I):
            continue
        push = next((s for s in job.steps if _pushes(s) and "ghcr.io" in source.text[s.node.start : s.node.end]), None)
        pair = job.node.pair("permissions") or read.root.pair("permissions")
        if push is None or pair is None or pair[1].at("packages") == "write" or pair[1].scalar == "write-all":
            continue
        fix = None
        if pair[1].kind == "map" and not pair[1].flow and list(pair[1].items()) and pair[1].pair("packages") is None:
            fix = Fix(
                (source.edit(*yaml.insert_after_key(pair[1], list(pair[1].items())[-1][0].scalar, "packages: write")),), False,
                Text("Add packages: write", "Ajouter packages: write"),
                Text("The job's token may then change the repository's packages.", "Le jeton du job peut alors modifier les paquets du dépôt."),
            )  # fmt: skip
        line = source.lines.place(push.node.start)[0]
        yield Hit(
            pair[0].start, pair[0].end,
            Text(f"Job {job.id} pushes to ghcr.io without packages: write.", f"Le job {job.id} pousse vers ghcr.io sans packages: write."),
            fix, (Related(source.path, line, Text("the push", "le push")),),
        )  # fmt: skip


@rule(
    "registries/uppercase-name", Severity.ERROR, on="github-workflow", url="https://docs.docker.com/reference/cli/docker/image/tag/",
    title=Text("The image's name has capital letters", "Le nom de l'image contient des majuscules"),
    advice=Text(
        "Registries take lower case only: the build stops with \"repository name must be lowercase\". docker/metadata-action lowers it.",
        "Les registres n'acceptent que les minuscules : le build s'arrête avec « repository name must be lowercase ». docker/metadata-action les convertit.",
    ),
)  # fmt: skip
def uppercase_name(source: Source, project: Project) -> Iterator[Hit]:
    """Capital letters in a tag that is pushed, written or those of the repository's own name behind `github.repository`."""
    slug = project.vcs.slug or ""
    for _, step in source.parsed(workflow.parse).steps:
        node = step.inputs.get("tags") if step.uses and step.uses.repository == "docker/build-push-action" else None
        if node is None:
            continue
        for tag in re.split(r"[\s,]+", node.scalar.replace("${{ ", "${{").replace(" }}", "}}")):
            name = tag.rpartition(":")[0] if ":" in tag.rpartition("/")[2] else tag
            filled = name.replace("${{github.repository}}", slug or "x").replace(
                "${{github.repository_owner}}", slug.split("/")[0] or "x"
            )
            if (
                "$" in filled
                or not re.search(r"[A-Z]", filled)
                or "." not in filled.split("/")[0] + "." * ("/" in filled)
            ):
                continue
            yield Hit(
                node.start, node.end,
                Text(f"{filled} has capital letters.", f"{filled} contient des majuscules."),
            )  # fmt: skip
            break


RULES: tuple[Rule, ...] = (
    password_in_workflow, only_latest, latest_never_pulled, push_without_login, missing_packages_permission, uppercase_name,
)  # fmt: skip
