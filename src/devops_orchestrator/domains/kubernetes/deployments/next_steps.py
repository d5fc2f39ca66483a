"""What is left to do after the manifests are written: only what this repository needs, with the exact commands."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.kubernetes.deployments.images import PLACEHOLDER
from devops_orchestrator.domains.kubernetes.deployments.workload import Workload
from devops_orchestrator.text import Text


def of(found: list[Workload], root: str, environments: list[tuple[str, str]], project: Project) -> Iterator[Text]:
    """The steps, in the order in which they are done."""
    for workload in found:
        yield from _image(workload)
    for workload in found:
        yield from _health(workload)
    namespaces = [namespace for _, namespace in environments]
    created = " && ".join(f"kubectl create namespace {namespace}" for namespace in namespaces)
    yield Text(f"Create the namespaces, once: {created}", f"Créez les namespaces, une seule fois : {created}")
    for workload in found:
        yield from _secret(workload, environments)
        yield from _task(workload)
    yield from _migrations(found)
    yield from _rollout(found, root, environments)


def _image(w: Workload) -> Iterator[Text]:
    if w.image.name.startswith(PLACEHOLDER):
        yield Text(
            f"No registry is known: replace {w.image.name} (in the base and in each overlay) with the name that your CI pushes, "
            f"or ask again with --set image=REGISTRY/{w.name}.",
            f"Aucun registre n'est connu : remplacez {w.image.name} (dans la base et dans chaque overlay) par le nom que votre CI "
            f"publie, ou relancez avec --set image=REGISTRE/{w.name}.",
        )
    if w.container.root:
        yield Text(
            f"{w.container.path} runs as root; the pod runs as {w.uid} instead. Give the image a numeric USER "
            f'(devops "improve my Dockerfile") and check that it still starts.',
            f"{w.container.path} s'exécute en root ; le pod tourne avec l'utilisateur {w.uid}. Donnez à l'image un USER numérique "
            f"(devops « améliore mon Dockerfile ») et vérifiez qu'elle démarre toujours.",
        )
    elif w.container.path is None and w.component is not None:
        yield Text(
            f'{w.name} has no Dockerfile yet (devops "create a Dockerfile"); its USER must be a number for runAsNonRoot to be checked.',
            f"{w.name} n'a pas encore de Dockerfile (devops « créer un Dockerfile ») ; son USER doit être un nombre pour que "
            f"runAsNonRoot soit vérifiable.",
        )


def _health(w: Workload) -> Iterator[Text]:
    if w.port is not None and not w.has_route and not w.task:
        yield Text(
            f"{w.name} has no health route: add one that answers 200 without asking the database (say /healthz), then ask again "
            f"with --set health_path=/healthz. Until then the probes only see that port {w.port} is open.",
            f"{w.name} n'a pas de route de santé : ajoutez-en une qui répond 200 sans interroger la base (par exemple /healthz), puis "
            f"relancez avec --set health_path=/healthz. D'ici là, les sondes voient seulement que le port {w.port} est ouvert.",
        )


def _secret(w: Workload, environments: list[tuple[str, str]]) -> Iterator[Text]:
    if not w.variables.secret:
        return
    keys = ", ".join(w.variables.secret)
    for environment, namespace in environments:
        command = f"kubectl -n {namespace} create secret generic {w.secret} --from-env-file=.env.{environment}"
        yield Text(
            f"Create the Secret that the pods read, from a file that is not committed and that sets {keys}: {command}",
            f"Créez le Secret que lisent les pods, depuis un fichier non versionné qui définit {keys} : {command}",
        )


def _task(w: Workload) -> Iterator[Text]:
    if w.task and w.command_unknown:
        yield Text(
            f"The image of {w.name} starts a server, which never ends: add the task's own `command` to the container in {w.kind}.yaml.",
            f"L'image de {w.name} démarre un serveur, qui ne se termine jamais : ajoutez la `command` de la tâche au conteneur dans {w.kind}.yaml.",
        )


def _migrations(found: list[Workload]) -> Iterator[Text]:
    for w in found:
        if w.component is not None and w.component.migrate and not w.task:
            yield Text(
                f"Migrations ({w.component.migrate}) do not run in the pods, where each replica would start them at once: run them as a "
                f"Job before each rollout (devops do kubernetes/deployments create --set kind=job --set name={w.name}-migrate).",
                f"Les migrations ({w.component.migrate}) ne tournent pas dans les pods, où chaque réplica les lancerait en même temps : "
                f"exécutez-les dans un Job avant chaque déploiement (devops do kubernetes/deployments create --set kind=job "
                f"--set name={w.name}-migrate).",
            )


def _rollout(found: list[Workload], root: str, environments: list[tuple[str, str]]) -> Iterator[Text]:
    environment, namespace = environments[0]
    overlay = f"{root}/overlays/{environment}"
    first = found[0]
    edit = (
        ""
        if first.image.tag or first.image.digest
        else f"(cd {overlay} && kustomize edit set image {first.image.name}:TAG) && "
    )
    if first.kind == "job":
        watch = f"kubectl -n {namespace} wait --for=condition=complete --timeout=30m job/{first.name}"
        clear = f"kubectl -n {namespace} delete job {first.name} --ignore-not-found && "
        command = f"{edit}{clear}kubectl apply -k {overlay} && {watch}"
    elif first.kind == "cronjob":
        command = f"{edit}kubectl apply -k {overlay} && kubectl -n {namespace} create job --from=cronjob/{first.name} {first.name}-try"
    else:
        watch = f"kubectl -n {namespace} rollout status {first.kind}/{first.name}"
        command = f"{edit}kubectl apply -k {overlay} && {watch}"
    yield Text(
        f"Deploy to {environment}, with the tag of an image that was pushed: {command}",
        f"Déployez en {environment}, avec le tag d'une image publiée : {command}",
    )
