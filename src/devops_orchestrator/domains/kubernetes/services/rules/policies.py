"""Network policies: whom they select, what they close although somebody uses it."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import Object, texts
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.project.cluster import Placed
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"


def _policies(source: Source, project: Project) -> Iterator[tuple[Object, dict[str, str], list[Placed]]]:
    """(policy, the labels that it selects, the workloads that have them); expressions are left aside."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "NetworkPolicy"):
        selector = texts(thing.get("spec", "podSelector", "matchLabels"))
        if thing.group != "networking.k8s.io" or thing.at("spec", "podSelector", "matchExpressions"):
            continue
        found = manifests.selected(selector, thing.namespace) if selector else []
        yield thing, selector, manifests.near(source.path, found)


@rule(
    "services/policy-selects-nothing", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("A network policy that selects no pod", "Une politique réseau qui ne sélectionne aucun pod"),
    advice=Text(
        "What it was written to protect is open, and nothing says so.",
        "Ce qu'elle devait protéger reste ouvert, et rien ne le dit.",
    ),
)  # fmt: skip
def policy_selects_nothing(source: Source, project: Project) -> Iterator[Hit]:
    """A podSelector that no workload's labels meet, where one workload shares a label's name or value with it."""
    manifests = cluster.of(project)
    for thing, selector, found in _policies(source, project):
        node = thing.get("spec", "podSelector", "matchLabels")
        if not selector or found or node is None or manifests.foreign_kinds:
            continue
        beside = manifests.near(
            source.path, [w for w in manifests.workloads if w.object.pod and set(selector) & set(w.object.pod.labels)]
        )
        if not beside:
            continue  # its pods are not in this repository
        told = ", ".join(f"{key}={value}" for key, value in selector.items())
        first = beside[0]
        labels = ", ".join(f"{k}={v}" for k, v in (first.object.pod.labels if first.object.pod else {}).items())
        place = first.object.get("metadata", "name") or first.object.node
        yield Hit(
            node.start, node.end,
            Text(f"No pod has {told}.", f"Aucun pod ne porte {told}."),
            related=(first.related(place, Text(f"its pods have {labels}", f"ses pods portent {labels}")),),
        )  # fmt: skip


@rule(
    "services/policy-closes-port", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("A network policy closes the port that is served", "Une politique réseau ferme le port servi"),
    advice=Text(
        "Connections to the Service time out although its pods are ready.",
        "Les connexions au Service expirent alors que ses pods sont prêts.",
    ),
)  # fmt: skip
def policy_closes_port(source: Source, project: Project) -> Iterator[Hit]:
    """Ingress rules that name ports, none of which the selected pods declare, where these declare some."""
    for thing, _, found in _policies(source, project):
        allowed = list(_ports(thing, "ingress"))
        declared = {
            p.number: (w, p.node) for w in found if w.object.pod for c in w.object.pod.all_containers for p in c.ports
        }
        names = {p.name for w in found if w.object.pod for c in w.object.pod.all_containers for p in c.ports}
        values = {node.value for node in allowed}
        if not allowed or not declared or _open(thing, "ingress") or values & (set(declared) | names):
            continue
        if not all(isinstance(value, int) or str(value) in names or not str(value).isdigit() for value in values):
            continue
        told = ", ".join(str(number) for number in declared)
        workload, node = next(iter(declared.values()))
        yield Hit(
            allowed[0].start, allowed[0].end,
            Text(
                f"{thing.called} lets in {', '.join(map(str, sorted(values, key=str)))}; the pods of {workload.object.name} serve {told}.",
                f"{thing.called} laisse entrer {', '.join(map(str, sorted(values, key=str)))} ; les pods de {workload.object.name} servent {told}.",
            ),
            related=(workload.related(node, Text("served here", "servi ici")),),
        )  # fmt: skip


@rule(
    "services/policy-without-dns", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("A network policy closes DNS", "Une politique réseau ferme le DNS"),
    advice=Text(
        "The pods may reach the addresses that are listed, and cannot look up a single name: every connection by name fails.",
        "Les pods peuvent joindre les adresses listées, mais ne résolvent plus aucun nom : toute connexion par nom échoue.",
    ),
)  # fmt: skip
def policy_without_dns(source: Source, project: Project) -> Iterator[Hit]:
    """Egress rules that name ports, without 53, for pods that no other policy of the repository lets look up names."""
    manifests = cluster.of(project)
    others = [one.object for one in manifests.of_kind("NetworkPolicy")]
    for thing, _, _ in _policies(source, project):
        allowed = list(_ports(thing, "egress"))
        node = thing.get("spec", "egress")
        if not allowed or node is None or _open(thing, "egress") or any(_looks_up(other) for other in (thing, *others)):
            continue
        key = thing.node.get("spec")
        pair = key.pair("egress") if key is not None else None
        told = ", ".join(str(port.value) for port in allowed)
        yield Hit(
            pair[0].start if pair else node.start, pair[0].end if pair else node.end,
            Text(f"{thing.called} lets out {told} and not 53.", f"{thing.called} laisse sortir {told}, mais pas 53."),
        )  # fmt: skip


@rule(
    "services/policy-closes-database", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("A network policy closes the way to a service that the pods call", "Une politique réseau ferme l'accès à un service que les pods appellent"),
    advice=Text(
        "The application waits for a connection that never comes, and fails by timeout.",
        "L'application attend une connexion qui n'arrive jamais, et échoue par dépassement de délai.",
    ),
)  # fmt: skip
def policy_closes_database(source: Source, project: Project) -> Iterator[Hit]:
    """Egress rules that name ports, and a variable of the selected pods with `host:port` of a Service, whose port is not among them."""
    from devops_orchestrator.domains.kubernetes.services.rules.addresses import called

    manifests = cluster.of(project)
    policies = [one.object for one in manifests.of_kind("NetworkPolicy")]
    for thing, selector, found in _policies(source, project):
        allowed = list(_ports(thing, "egress"))
        if not allowed or _open(thing, "egress"):
            continue
        same = [
            p
            for p in policies
            if p is not thing and texts(p.get("spec", "podSelector", "matchLabels")) in ({}, selector)
        ]
        values = {str(n.value) for p in (thing, *same) for n in _ports(p, "egress")}
        if any(_open(p, "egress") for p in same if p.get("spec", "egress") is not None):
            continue
        for workload in found:
            for container in workload.object.pod.containers if workload.object.pod else ():
                for call in called(container, manifests, workload.path):
                    targets = {str(p.target) for p in call.service.object.ports if p.number == call.port}
                    numbers = _numbers(manifests, call.service, targets)
                    if not numbers or (numbers | targets) & values or call.port is None:
                        continue
                    line = workload.related(
                        call.node,
                        Text(f"{call.host}:{call.port} is called here", f"{call.host}:{call.port} est appelé ici"),
                    )
                    told = ", ".join(sorted(values))
                    yield Hit(
                        allowed[0].start, allowed[0].end,
                        Text(
                            f"{thing.called} lets out {told}; {workload.object.name} calls {call.host} on {', '.join(sorted(numbers))}.",
                            f"{thing.called} laisse sortir {told} ; {workload.object.name} appelle {call.host} sur {', '.join(sorted(numbers))}.",
                        ),
                        related=(Related(line.file, line.line, line.message),),
                    )  # fmt: skip


def _numbers(manifests: cluster.Cluster, service: Placed, targets: set[str]) -> set[str]:
    """The pods' port numbers behind the target ports of a Service: a policy is about those."""
    numbers = {target for target in targets if target.isdigit()}
    for workload in manifests.selected(service.object.selector, service.object.namespace):
        for container in workload.object.pod.all_containers if workload.object.pod else ():
            numbers |= {str(port.number) for port in container.ports if port.name in targets}
    return numbers


def _rules(thing: Object, direction: str) -> list[Node]:
    listed = thing.get("spec", direction)
    return [rule for rule in listed.children() if rule.kind == "map"] if listed is not None else []


def _ports(thing: Object, direction: str) -> Iterator[Node]:
    """The ports that the rules of a direction name."""
    for entry in _rules(thing, direction):
        ports = entry.get("ports")
        for port in ports.children() if ports is not None else ():
            node = port.get("port")
            if node is not None and isinstance(node.value, int | str):
                yield node


def _open(thing: Object, direction: str) -> bool:
    """Whether a rule of a direction lets every port through, or a range of them."""
    for entry in _rules(thing, direction):
        ports = entry.get("ports")
        if ports is None or any(
            port.get("endPort") is not None or port.get("port") is None for port in ports.children()
        ):
            return True
    return False


def _looks_up(thing: Object) -> bool:
    """Whether a policy lets pods ask for names: port 53 (or that of a cache), or every port to some place."""
    if _open(thing, "egress"):
        return True
    return any(str(node.value) in ("53", "5353", "dns", "dns-tcp") for node in _ports(thing, "egress"))


RULES: tuple[Rule, ...] = (policy_selects_nothing, policy_closes_port, policy_without_dns, policy_closes_database)
