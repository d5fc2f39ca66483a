"""What a pod may do on its node: the restricted Pod Security Standard, field by field."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import container as containers
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Container, Object, PodTemplate, text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
SOCKETS = (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/var/run/crio/crio.sock",
    "/var/run",
    "/run",
)


def _effective(pod: PodTemplate, container: Container, key: str) -> object:
    """A value of the container's security context, else of the pod's."""
    found = container.security(key)
    return found if found is not None else pod.at("securityContext", key)


def _context(source: Source, node: Node, block: str, after: str) -> tuple[Edit, ...]:
    """`block` in the `securityContext` of a container or pod spec; a new one stands at the top where `after` is missing."""
    if not node.pair("securityContext") and not node.pair(after) and spans.editable(node):
        indented = block.replace("\n", "\n  ")
        return (source.edit(*yaml.insert_after_key(node, None, f"securityContext:\n  {indented}")),)
    return spans.put_below(source, node, "securityContext", block, after)


def _fix(edits: tuple[Edit, ...], title: Text, needs: Text) -> Fix | None:
    return Fix(edits, safe=False, title=title, needs=needs) if edits else None


@rule(
    "deployments/privileged", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("Privileged container", "Conteneur privilégié"),
    advice=Text(
        "A privileged container is root on the node: whoever gets into the application owns every pod there.",
        "Un conteneur privilégié est root sur le nœud : qui entre dans l'application possède tous les pods de ce nœud.",
    ),
)  # fmt: skip
def privileged(source: Source, project: Project) -> Iterator[Hit]:
    """`privileged: true`."""
    for one in index.objects(source, project):
        for container in one.pod.all_containers if one.pod else ():
            node = container.node.get("securityContext", "privileged")
            if node is None or node.value is not True:
                continue
            fix = _fix(
                (source.edit(node.start, node.end, "false"),), Text("Drop the privilege", "Retirer le privilège"),
                Text("The container must not need devices or kernel settings of the node.", "Le conteneur ne doit avoir besoin ni des périphériques ni des réglages noyau du nœud."),
            )  # fmt: skip
            context = container.node.get("securityContext")
            assert context is not None
            yield Hit(
                *spans.entry(context, "privileged"),
                Text(f"Container {container.name} is privileged.", f"Le conteneur {container.name} est privilégié."), fix,
                severity=Severity.INFO if one.kind == "DaemonSet" else None,
            )  # fmt: skip


@rule(
    "deployments/host-namespace", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("The pod shares a namespace of its node", "Le pod partage un espace de noms du nœud"),
    advice=Text(
        "With hostNetwork the pod sees the node's traffic and local services, with hostPID or hostIPC every process of it.",
        "Avec hostNetwork, le pod voit le trafic et les services locaux du nœud ; avec hostPID ou hostIPC, tous ses processus.",
    ),
)  # fmt: skip
def host_namespace(source: Source, project: Project) -> Iterator[Hit]:
    """hostNetwork, hostPID, hostIPC; a node agent (DaemonSet) has its reasons and is told as information."""
    for one in index.objects(source, project):
        spec = one.pod.spec if one.pod else None
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if spec is None or spec.at(key) is not True:
                continue
            yield Hit(
                *spans.entry(spec, key), Text(f"{one.kind} {one.called} has {key}.", f"{one.kind} {one.called} utilise {key}."),
                severity=Severity.INFO if one.kind == "DaemonSet" else None,
            )  # fmt: skip


@rule(
    "deployments/runtime-socket", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("The container runtime's socket is mounted", "Le socket du moteur de conteneurs est monté"),
    advice=Text(
        "Whoever can write to this socket starts privileged containers on the node. Build images with BuildKit or Kaniko instead.",
        "Qui peut écrire dans ce socket lance des conteneurs privilégiés sur le nœud. Construisez plutôt les images avec BuildKit ou "
        "Kaniko.",
    ),
)  # fmt: skip
def runtime_socket(source: Source, project: Project) -> Iterator[Hit]:
    """A hostPath volume with docker.sock or its like."""
    for one in index.objects(source, project):
        for volume in one.pod.volumes.values() if one.pod else ():
            node = volume.get("hostPath", "path")
            if node is None or text_of(node.value).rstrip("/") not in SOCKETS:
                continue
            yield Hit(
                node.start, node.end,
                Text(f"{one.kind} {one.called} mounts {node.value} of the node.", f"{one.kind} {one.called} monte {node.value} du nœud."),
            )  # fmt: skip


@rule(
    "deployments/run-as-root", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("The container may run as root", "Le conteneur peut tourner en root"),
    advice=Text(
        "Root in the container is the same user as root on the node: one kernel or runtime flaw and it is out.",
        "Root dans le conteneur est le même utilisateur que root sur le nœud : une seule faille du noyau ou du moteur suffit à en sortir.",
    ),
)  # fmt: skip
def run_as_root(source: Source, project: Project) -> Iterator[Hit]:
    """No `runAsNonRoot: true`, or a `runAsUser: 0`."""
    for one in index.objects(source, project):
        pod = one.pod
        for container in pod.containers if pod else ():
            assert pod is not None
            if container.image is None:
                continue
            zero = _effective(pod, container, "runAsUser") == 0
            if not zero and _effective(pod, container, "runAsNonRoot") is True:
                continue
            yield _root_hit(source, one, pod, container, project, zero)


def _root_hit(source: Source, one: Object, pod: PodTemplate, container: Container, project: Project, zero: bool) -> Hit:
    component = index.of(project).component(one, container)
    found = containers.read(component, project) if component else containers.Container()
    block = "runAsNonRoot: true" + (f"\nrunAsUser: {found.uid}" if found.uid else "")
    where = f"{found.path} " if found.path else ""
    needs = Text(
        f"The image {where}must have a numeric USER other than 0, and the files that it writes must be that user's.",
        f"L'image {where}doit avoir un USER numérique différent de 0, propriétaire des fichiers qu'elle écrit.",
    )
    place = spans.head(container.node)
    if zero:
        context = (
            container.node.get("securityContext")
            if container.security("runAsUser") == 0
            else pod.node.get("spec", "securityContext")
        )
        assert context is not None
        message = Text(
            f"Container {container.name} runs as user 0.", f"Le conteneur {container.name} tourne avec l'utilisateur 0."
        )
        return Hit(*spans.entry(context, "runAsUser"), message)
    message = Text(
        f"Nothing keeps container {container.name} from running as root (runAsNonRoot).",
        f"Rien n'empêche le conteneur {container.name} de tourner en root (runAsNonRoot).",
    )
    wrong = container.node.get("securityContext", "runAsNonRoot")
    edits = (
        (source.edit(wrong.start, wrong.end, "true"),) if wrong else _context(source, container.node, block, "image")
    )
    return Hit(
        *place,
        message,
        _fix(edits, Text("Require a user other than root", "Exiger un autre utilisateur que root"), needs),
    )


@rule(
    "deployments/unverifiable-user", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("runAsNonRoot with an image whose user is not a number", "runAsNonRoot avec une image dont l'utilisateur n'est pas un nombre"),
    advice=Text(
        "The kubelet only compares numbers: the container does not start (CreateContainerConfigError: image has non-numeric user, "
        "or will run as root).",
        "Le kubelet ne compare que des nombres : le conteneur ne démarre pas (CreateContainerConfigError : image has non-numeric user, "
        "ou will run as root).",
    ),
)  # fmt: skip
def unverifiable_user(source: Source, project: Project) -> Iterator[Hit]:
    """runAsNonRoot without runAsUser, while the Dockerfile's USER is a name or root."""
    for one, container in index.containers(source, project):
        pod = one.pod
        assert pod is not None
        if (
            _effective(pod, container, "runAsNonRoot") is not True
            or _effective(pod, container, "runAsUser") is not None
        ):
            continue
        component = index.of(project).component(one, container)
        found = containers.read(component, project) if component else containers.Container()
        if found.path is None or (found.user or "").isdigit() or (found.user is None and not found.root):
            continue
        context = (
            container.node.get("securityContext")
            if container.security("runAsNonRoot")
            else pod.node.get("spec", "securityContext")
        )
        assert context is not None
        edits = spans.put(source, context, f"runAsUser: {found.uid}", "runAsNonRoot") if found.uid else ()
        title = Text(
            f"Name the user by its number ({found.uid})", f"Désigner l'utilisateur par son numéro ({found.uid})"
        )
        named = found.user or "root"
        yield Hit(
            *spans.entry(context, "runAsNonRoot"),
            Text(
                f"runAsNonRoot cannot be checked: {found.path} runs as {named}.",
                f"runAsNonRoot ne peut pas être vérifié : {found.path} s'exécute avec {named}.",
            ),
            # The same user as before: the container starts instead of being refused.
            Fix(edits, safe=True, title=title) if edits else None,
            (Related(found.path, 1, Text(f"USER is {named}", f"USER vaut {named}")),),
        )


@rule(
    "deployments/privilege-escalation", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("Privilege escalation is left open", "L'élévation de privilèges reste possible"),
    advice=Text(
        "A setuid program in the image can give its caller more rights than the container was started with.",
        "Un programme setuid de l'image peut donner plus de droits que ceux avec lesquels le conteneur a démarré.",
    ),
)  # fmt: skip
def privilege_escalation(source: Source, project: Project) -> Iterator[Hit]:
    """No `allowPrivilegeEscalation: false`."""
    for _, container in index.containers(source, project):
        if container.security("allowPrivilegeEscalation") is False or container.security("privileged") is True:
            continue
        wrong = container.node.get("securityContext", "allowPrivilegeEscalation")
        edits = (
            (source.edit(wrong.start, wrong.end, "false"),)
            if wrong
            else _context(source, container.node, "allowPrivilegeEscalation: false", "image")
        )
        yield Hit(
            *spans.head(container.node),
            Text(
                f"Container {container.name} has no allowPrivilegeEscalation: false.",
                f"Le conteneur {container.name} n'a pas allowPrivilegeEscalation: false.",
            ),
            _fix(
                edits, Text("Forbid privilege escalation", "Interdire l'élévation de privilèges"),
                Text("The container must not use sudo or another setuid program.", "Le conteneur ne doit utiliser ni sudo ni un autre programme setuid."),
            ),
        )  # fmt: skip


@rule(
    "deployments/kept-capabilities", Severity.INFO, on="kubernetes", url=DOCS,
    title=Text("Linux capabilities are kept", "Des capacités Linux sont conservées"),
    advice=Text(
        "The runtime gives fourteen of them, such as NET_RAW and SETUID; a web application needs none.",
        "Le moteur en accorde quatorze, dont NET_RAW et SETUID ; une application web n'en utilise aucune.",
    ),
)  # fmt: skip
def kept_capabilities(source: Source, project: Project) -> Iterator[Hit]:
    """`capabilities.drop` without ALL."""
    for _, container in index.containers(source, project):
        dropped = container.security("capabilities", "drop", default=[])
        if container.security("privileged") is True or (
            isinstance(dropped, list) and "ALL" in [str(one).upper() for one in dropped]
        ):
            continue
        listed = container.node.get("securityContext", "capabilities", "drop")
        if listed is not None:
            edits: tuple[Edit, ...] = (source.edit(listed.start, listed.end, "[ALL]"),) if listed.flow else ()
        elif (capabilities := container.node.get("securityContext", "capabilities")) is not None:
            edits = spans.put(source, capabilities, "drop: [ALL]")
        else:
            edits = _context(source, container.node, "capabilities:\n  drop: [ALL]", "image")
        yield Hit(
            *spans.head(container.node),
            Text(f"Container {container.name} keeps Linux capabilities.", f"Le conteneur {container.name} garde des capacités Linux."),
            _fix(
                edits, Text("Drop all capabilities", "Retirer toutes les capacités"),
                Text(
                    "An image that starts as root and then steps down (gosu, su-exec) needs SETUID and SETGID; a port below 1024 NET_BIND_SERVICE.",
                    "Une image qui démarre en root puis change d'utilisateur (gosu, su-exec) a besoin de SETUID et SETGID ; un port sous 1024, de NET_BIND_SERVICE.",
                ),
            ),
        )  # fmt: skip


@rule(
    "deployments/missing-seccomp", Severity.INFO, on="kubernetes", url=DOCS,
    title=Text("No seccomp profile", "Pas de profil seccomp"),
    advice=Text(
        "Without RuntimeDefault the container may make any system call of the kernel, also those that only exploits use.",
        "Sans RuntimeDefault, le conteneur peut faire n'importe quel appel système, y compris ceux qui ne servent qu'aux attaques.",
    ),
)  # fmt: skip
def missing_seccomp(source: Source, project: Project) -> Iterator[Hit]:
    """Neither the pod nor its containers have a seccomp profile; told once a pod."""
    for one in index.objects(source, project):
        pod = one.pod
        spec = pod.spec if pod else None
        if pod is None or spec is None or not pod.containers or pod.at("securityContext", "seccompProfile") is not None:
            continue
        if all(
            container.security("seccompProfile") is not None or container.image is None for container in pod.containers
        ):
            continue
        edits = _context(source, spec, "seccompProfile:\n  type: RuntimeDefault", "serviceAccountName")
        yield Hit(
            *spans.entry(spec, "containers"), Text(f"{one.kind} {one.called} has no seccomp profile.", f"{one.kind} {one.called} n'a pas de profil seccomp."),
            _fix(
                edits, Text("Use the runtime's profile", "Utiliser le profil du moteur"),
                Text("A program that makes unusual system calls (a debugger, io_uring) has to be tried.", "Un programme aux appels système inhabituels (débogueur, io_uring) doit être essayé."),
            ),
        )  # fmt: skip


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@rule(
    "deployments/mounted-token", Severity.INFO, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    title=Text("The API token is mounted", "Le jeton de l'API est monté"),
    advice=Text(
        "Every pod gets a token of the Kubernetes API; an application that does not call the API only hands it to intruders.",
        "Chaque pod reçoit un jeton de l'API Kubernetes ; une application qui n'appelle pas l'API ne fait que l'offrir à un intrus.",
    ),
)  # fmt: skip
def mounted_token(source: Source, project: Project) -> Iterator[Hit]:
    """automountServiceAccountToken is not false, and the repository binds no role to the account."""
    manifests = index.of(project)
    bound = {
        text_of(subject.get("name")) for one in manifests.of_kind("RoleBinding", "ClusterRoleBinding")
        for subject in _listed(one.object.at("subjects")) if isinstance(subject, dict)
    }  # fmt: skip
    closed = {
        one.object.name
        for one in manifests.of_kind("ServiceAccount")
        if one.object.at("automountServiceAccountToken") is False
    }
    for one in index.objects(source, project):
        pod = one.pod
        spec = pod.spec if pod else None
        if pod is None or spec is None or not pod.containers or spans.has(spec, "automountServiceAccountToken"):
            continue
        account = text_of(pod.at("serviceAccountName") or pod.at("serviceAccount")) or "default"
        if account in bound or account in closed:
            continue
        edits = spans.put(source, spec, "automountServiceAccountToken: false", "serviceAccountName") if spec.pair("serviceAccountName") else (
            (source.edit(*yaml.insert_after_key(spec, None, "automountServiceAccountToken: false")),) if spans.editable(spec) else ()
        )  # fmt: skip
        yield Hit(
            *spans.entry(spec, "containers"),
            Text(
                f"{one.kind} {one.called} mounts the API token of account {account}.",
                f"{one.kind} {one.called} monte le jeton d'API du compte {account}.",
            ),
            _fix(
                edits, Text("Do not mount the token", "Ne pas monter le jeton"),
                Text("The application must not call the Kubernetes API (leader election, service discovery).", "L'application ne doit pas appeler l'API Kubernetes (élection de leader, découverte de services)."),
            ),
        )  # fmt: skip


RULES = (
    privileged, host_namespace, runtime_socket, run_as_root, unverifiable_user, privilege_escalation, kept_capabilities,
    missing_seccomp, mounted_token,
)  # fmt: skip
