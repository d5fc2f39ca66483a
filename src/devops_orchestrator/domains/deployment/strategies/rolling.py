"""A rolling update without a gap: edits of the Deployment that exists."""

from __future__ import annotations

from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.deployment.strategies import notes
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Container, PodTemplate
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

# An endpoint's removal reaches every kube-proxy and ingress within a few seconds.
DRAIN_SECONDS = 5
STRATEGY = """strategy:
  type: RollingUpdate
  rollingUpdate:
    # One pod more than asked while the versions change places, never one less.
    maxSurge: 1
    maxUnavailable: 0"""


def create(targets: list[Target]) -> Creation:
    """The edits that make the Deployment's update gapless, each where it is missing."""
    target = targets[0]
    path, item = target.deployment.path, target.deployment.object
    spec, pod = item.get("spec"), item.pod
    if spec is None or pod is None or spec.flow:
        return Creation(Text(f"{path} cannot be edited.", f"{path} ne peut pas être modifié."))
    if item.at("spec", "strategy", "type") == "Recreate" and _claims(pod):
        return _holds_a_volume(target)
    done: list[Text] = []
    edits: list[Edit] = []
    for change, text in _changes(target, spec, pod):
        edits.append(Edit(path, *change))
        done.append(text)
    if not edits:
        return Creation(
            Text(
                f"{path} already updates pod by pod without a gap.",
                f"{path} se met déjà à jour pod par pod, sans coupure.",
            ),
            next_steps=tuple(_next(target)),
        )
    return Creation(
        Text(
            f"Rolling update of {target.name} without a gap, in {path}: " + "; ".join(text.en for text in done) + ".",
            f"Mise à jour progressive de {target.name} sans coupure, dans {path} : "
            + " ; ".join(text.fr for text in done)
            + ".",
        ),
        edits=tuple(edits),
        next_steps=tuple(_next(target)),
    )


def _claims(pod: PodTemplate) -> bool:
    return any(volume.get("persistentVolumeClaim") is not None for volume in pod.volumes.values())


def _holds_a_volume(target: Target) -> Creation:
    return Creation(
        Text("Nothing written.", "Rien n'a été écrit."),
        question=Text(
            f"{target.name} is recreated on purpose: it mounts a PersistentVolumeClaim, and two pods cannot hold a ReadWriteOnce volume on two nodes. "
            "Move the data out (object storage, database) or make it a StatefulSet before a rolling update.",
            f"{target.name} est recréé exprès : il monte un PersistentVolumeClaim, et deux pods ne peuvent pas tenir un volume ReadWriteOnce sur deux nœuds. "
            "Sortez les données (stockage objet, base) ou passez à un StatefulSet avant une mise à jour progressive.",
        ),
        options=("devops do kubernetes/deployments --set kind=statefulset",),
    )


def _changes(target: Target, spec: Node, pod: PodTemplate) -> list[tuple[yaml.Change, Text]]:
    found: list[tuple[yaml.Change, Text]] = []
    strategy = spec.get("strategy")
    after = next((key for key in ("selector", "revisionHistoryLimit", "replicas") if spec.pair(key)), None)
    new: list[str] = []
    if strategy is None:
        new.append(STRATEGY)
    elif _gap(strategy, target.replicas or 1):
        pair = spec.pair("strategy")
        assert pair is not None
        indent = "\n" + " " * spec.column
        found.append(
            (
                (pair[0].start, strategy.end, STRATEGY.replace("\n", indent)),
                Text("maxUnavailable 0, maxSurge 1", "maxUnavailable 0, maxSurge 1"),
            )
        )
    if spec.get("minReadySeconds") is None:
        new.append(
            "# A pod that dies within its first seconds stops the update instead of passing as ready.\nminReadySeconds: 10"
        )
    if new:
        text = [Text("maxUnavailable 0, maxSurge 1", "maxUnavailable 0, maxSurge 1")] if strategy is None else []
        if spec.get("minReadySeconds") is None:
            text.append(Text("minReadySeconds 10", "minReadySeconds 10"))
        found.append(
            (
                yaml.insert_after_key(spec, after, "\n".join(new)),
                Text(", ".join(t.en for t in text), ", ".join(t.fr for t in text)),
            )
        )
    if pod.containers and not pod.containers[0].node.flow:
        found += _container(target, pod.containers[0])
    return found


def _gap(strategy: Node, replicas: int) -> bool:
    if strategy.at("type") == "Recreate":
        return True
    value = strategy.at("rollingUpdate", "maxUnavailable")
    # The default of 25 % is rounded down: below four pods it is none.
    return value not in (0, "0", "0%") and (value is not None or replicas >= 4)


def _container(target: Target, container: Container) -> list[tuple[yaml.Change, Text]]:
    component = target.component
    blocks: list[str] = []
    told: list[Text] = []
    ports = container.ports
    if container.probe("readinessProbe") is None and component and component.health and ports:
        port = ports[0].name or ports[0].number
        blocks.append(
            f"readinessProbe:\n  # Ready again within five seconds, out of the Service after fifteen.\n"
            f"  httpGet:\n    path: {component.health}\n    port: {port}\n  periodSeconds: 5\n  failureThreshold: 3"
        )
        told.append(Text(f"a readiness probe on {component.health}", f"une readinessProbe sur {component.health}"))
    if container.node.get("lifecycle") is None:
        blocks.append(
            "lifecycle:\n  # The pod leaves the endpoints while it still answers; without this pause the last requests get a 502.\n"
            f"  preStop:\n    sleep:\n      seconds: {DRAIN_SECONDS}"
        )
        told.append(Text(f"a preStop pause of {DRAIN_SECONDS} s", f"une pause preStop de {DRAIN_SECONDS} s"))
    if not blocks:
        return []
    text = Text(", ".join(t.en for t in told), ", ".join(t.fr for t in told))
    return [(yaml.insert_after_key(container.node, _last_key(container.node), "\n".join(blocks)), text)]


def _last_key(node: Node) -> str:
    return str([key.value for key, _ in node.items()][-1])


def _next(target: Target) -> list[Text]:
    flag = f" -n {target.namespace}" if target.namespace else ""
    name = target.name
    told = [
        Text(
            f"Follow: `kubectl rollout status deployment/{name}{flag}`; go back: `kubectl rollout undo deployment/{name}{flag}`.",
            f"Suivre : `kubectl rollout status deployment/{name}{flag}` ; revenir en arrière : `kubectl rollout undo deployment/{name}{flag}`.",
        ),
        Text(
            "The preStop sleep needs Kubernetes 1.30 or later, and the application must end its open requests on SIGTERM within terminationGracePeriodSeconds.",
            "Le preStop « sleep » demande Kubernetes 1.30 ou plus récent, et l'application doit finir ses requêtes en cours sur SIGTERM, dans le délai terminationGracePeriodSeconds.",
        ),
    ]
    if (target.replicas or 1) == 1:
        told.append(
            Text(
                "With one replica a node failure is still an outage: two replicas are the least for a service.",
                "Avec un seul replica, la perte d'un nœud reste une coupure : deux replicas sont le minimum pour un service.",
            )
        )
    return [*told, *notes.migrations(target)]
