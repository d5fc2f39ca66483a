"""Environment variables: secrets written out, names twice, references to nothing, variables that the code needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import container as containers
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.domains.kubernetes.deployments.rules.index import Index
from devops_orchestrator.domains.kubernetes.deployments.variables import is_connection, is_own_key, is_secret
from devops_orchestrator.formats import kubernetes
from devops_orchestrator.formats.kubernetes import LONG_RUNNING, Container, Object, Reference, Variable
from devops_orchestrator.formats.lines import Lines, newline
from devops_orchestrator.project import compose_services
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/configuration/secret/"
# Names that speak of a secret and hold none.
_ABOUT = re.compile(
    r"(_FILE|_PATH|_NAME|_ID|_TTL|_EXPIR\w*|_LENGTH|_ENABLED|_HEADER|_URL|_URI|_HOST|_ALGORITHM|_TYPE|_KEYS?_DIR|_ROUNDS|_LIFETIME|_REQUIRED)$"
)
_LOGIN = re.compile(r"^[a-z][a-z0-9+.-]*://[^/\s:@]+:([^@\s/$]+)@", re.I)
_PLACEHOLDER = re.compile(r"^(|\$[({].*|<.*>|\*+|true|false|\d{1,5}|/.*|changeme\?*)$", re.I)


def _leaks(variable: Variable) -> bool:
    value = variable.value
    if value is None:
        return False
    name = variable.name.upper()
    if name in value.upper() or "PLACEHOLDER" in value.upper():
        return False  # `GOOGLE_API_KEY_VAL`: to be filled in
    named = is_secret(name) and not _ABOUT.search(name) and not _PLACEHOLDER.match(value.strip()) and "://" not in value
    return named or bool(_LOGIN.match(value.strip()))


@rule(
    "deployments/plain-secret", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("A secret is written in the manifest", "Un secret est écrit dans le manifeste"),
    advice=Text(
        "Everybody who can read the repository or the Deployment has it, and git keeps it forever: move it to a Secret and change it.",
        "Quiconque peut lire le dépôt ou le Deployment le connaît, et git le garde pour toujours : placez-le dans un Secret et changez-le.",
    ),
)  # fmt: skip
def plain_secret(source: Source, project: Project) -> Iterator[Hit]:
    """A literal value of a variable whose name or form says that it is a secret; the value is never shown."""
    for one in source.parsed(kubernetes.objects):
        for container in one.pod.all_containers if one.pod else ():
            for variable in container.env:
                node = variable.node.get("value")
                if node is None or not _leaks(variable):
                    continue
                yield Hit(
                    node.start, node.end,
                    Text(
                        f"{variable.name} of container {container.name} is written out.",
                        f"{variable.name} du conteneur {container.name} est écrit en clair.",
                    ),
                    _to_secret(source, one, variable),
                )  # fmt: skip


def _to_secret(source: Source, one: Object, variable: Variable) -> Fix | None:
    pair = variable.node.pair("value")
    if pair is None or variable.node.flow:
        return None
    pad = newline(source.text) + " " * variable.node.column
    secret = f"{one.name or 'app'}-env"
    text = f"valueFrom:{pad}  secretKeyRef:{pad}    name: {secret}{pad}    key: {variable.name}"
    return Fix(
        (source.edit(pair[0].start, pair[1].end, text),), safe=False,
        title=Text(f"Read it from the Secret {secret}", f"Le lire dans le Secret {secret}"),
        needs=Text(
            f"First change the secret where it is used, then: kubectl create secret generic {secret} --from-literal={variable.name}=…",
            f"Changez d'abord le secret là où il sert, puis : kubectl create secret generic {secret} --from-literal={variable.name}=…",
        ),
    )  # fmt: skip


@rule(
    "deployments/duplicate-variable", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    title=Text("An environment variable is set twice", "Une variable d'environnement est définie deux fois"),
    advice=Text(
        "The last one wins, and server-side apply refuses the object: the list is merged by name.",
        "La dernière l'emporte, et server-side apply refuse l'objet : la liste est fusionnée par nom.",
    ),
)  # fmt: skip
def duplicate_variable(source: Source, project: Project) -> Iterator[Hit]:
    """The same name twice in one `env`: the earlier one has no effect."""
    for one in index.objects(source, project):
        for container in one.pod.all_containers if one.pod else ():
            last = {variable.name: position for position, variable in enumerate(container.env)}
            for position, variable in enumerate(container.env):
                if not variable.name or last[variable.name] == position:
                    continue
                final = container.env[last[variable.name]]
                line = source.lines.place(final.node.start)[0]
                # A variable between the two may be built on the first one.
                between = container.env[position + 1 : last[variable.name] + 1]
                used = any(f"$({variable.name})" in (other.value or "") for other in between)
                edits = () if used else spans.drop_item(source, variable.node)
                title = Text("Remove the one without effect", "Retirer celle qui n'a pas d'effet")
                yield Hit(
                    *spans.entry(variable.node, "name"),
                    Text(
                        f"{variable.name} is set again on line {line}: this one has no effect.",
                        f"{variable.name} est redéfinie ligne {line} : celle-ci n'a pas d'effet.",
                    ),
                    Fix(edits, safe=True, title=title) if edits else None,
                    (Related(source.path, line, Text("this one counts", "celle-ci compte")),),
                )


@rule(
    "deployments/undefined-reference", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/",
    title=Text("A ConfigMap, Secret or key that is not defined", "Un ConfigMap, un Secret ou une clé non définis"),
    advice=Text(
        "The container waits in CreateContainerConfigError until the object and the key exist.",
        "Le conteneur reste en CreateContainerConfigError tant que l'objet et la clé n'existent pas.",
    ),
)  # fmt: skip
def undefined_reference(source: Source, project: Project) -> Iterator[Hit]:
    """A key that a defined object lacks, or a name that only resembles a defined one; elsewhere it may exist."""
    manifests = index.of(project)
    for one in index.objects(source, project):
        for reference in one.pod.references() if one.pod else ():
            if reference.optional or reference.kind == "PersistentVolumeClaim":
                continue
            hit = _undefined(reference, manifests, source)
            if hit:
                yield hit


def names_of(kind: str, manifests: Index) -> dict[str, frozenset[str] | None]:
    """name → keys of the objects of a kind, generated ones too; None where the keys are not known."""
    return manifests.project.remembered(_secrets if kind == "Secret" else _config_maps)


def _secrets(project: Project) -> dict[str, frozenset[str] | None]:
    return _names(index.of(project), "Secret")


def _config_maps(project: Project) -> dict[str, frozenset[str] | None]:
    return _names(index.of(project), "ConfigMap")


def _names(manifests: Index, kind: str) -> dict[str, frozenset[str] | None]:
    found: dict[str, frozenset[str] | None] = {}
    sources = [(one.object.name, one.object.keys) for one in manifests.of_kind(kind)]
    sources += [pair for k in manifests.kustomizations for pair in k.generated(kind)]
    for name, keys in sources:
        known = found.get(name, frozenset())
        found[name] = None if keys is None or known is None else known | keys
    if kind == "Secret":
        for one in manifests.of_kind("ExternalSecret", "SealedSecret"):
            found[str(one.object.at("spec", "target", "name") or one.object.name)] = None
    return found


def _undefined(reference: Reference, manifests: Index, source: Source) -> Hit | None:
    known_names = names_of(reference.kind, manifests)
    node = reference.node
    if reference.name in known_names:
        keys = known_names[reference.name]
        if keys is None or reference.key is None or reference.key in keys:
            return None
        known = ", ".join(sorted(keys)[:8]) or "-"
        return Hit(
            node.start, node.end,
            Text(
                f"{reference.kind} {reference.name} has no key {reference.key}; it has {known}.",
                f"{reference.kind} {reference.name} n'a pas de clé {reference.key} ; ses clés : {known}.",
            ),
        )  # fmt: skip
    near = get_close_matches(reference.name, known_names, n=1, cutoff=0.85)
    if near:
        return Hit(
            node.start, node.end,
            Text(
                f"No manifest defines the {reference.kind} {reference.name}; there is one named {near[0]}.",
                f"Aucun manifeste ne définit le {reference.kind} {reference.name} ; il en existe un nommé {near[0]}.",
            ),
        )  # fmt: skip
    if reference.kind == "ConfigMap" and known_names and not manifests.foreign_kinds:
        return Hit(
            node.start, node.end,
            Text(
                f"Not verified: no manifest here defines the ConfigMap {reference.name}.",
                f"Non vérifié : aucun manifeste d'ici ne définit le ConfigMap {reference.name}.",
            ),
            severity=Severity.INFO,
        )  # fmt: skip
    return None


@rule(
    "deployments/missing-variable", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/",
    title=Text("A variable that the code needs is not set", "Une variable dont le code a besoin n'est pas définie"),
    advice=Text(
        "The code reads it without a default: the container ends at its start, or fails at the first request that needs it.",
        "Le code la lit sans valeur par défaut : le conteneur s'arrête au démarrage, ou échoue à la première requête qui en dépend.",
    ),
)  # fmt: skip
def missing_variable(source: Source, project: Project) -> Iterator[Hit]:
    """Variables read without a default that neither the pod, what it takes in whole (`envFrom`) nor the image sets.

    Only those without which nothing works (where a service is, the keys of the application), and those that another
    file sets for the same component: a program may well go without the others.
    """
    manifests = index.of(project)
    for workload, container in index.containers(source, project, *LONG_RUNNING):
        component = manifests.component(workload, container)
        if component is None or component.kind == "static" or _mounted_dotenv(container):
            continue
        taken = taken_in(container, manifests)
        if taken is None or container.node.pair("command") or container.node.pair("args"):
            continue
        given = (
            {variable.name for variable in container.env} | set(containers.read(component, project).environment) | taken
        )
        missing = [name for name in component.required_environment if name not in given]
        told = {name: _needed(name, component, source, manifests) for name in missing}
        missing = [name for name in missing if told[name] is not None]
        if not missing:
            continue
        names = ", ".join(missing)
        related = [
            Related(path, int(line), Text(f"{name} is read here", f"{name} est lue ici"))
            for name in missing
            for path, _, line in [component.evidence.get(f"environment.{name}", "").rpartition(":")]
            if path and line.isdigit()
        ]
        related += [place for name in missing for place in told[name] or ()]
        place = spans.entry(container.node, "env") if container.node.pair("env") else spans.head(container.node)
        yield Hit(
            *place,
            Text(
                f"{component.name} reads {names} without a default; container {container.name} does not set it.",
                f"{component.name} lit {names} sans valeur par défaut ; le conteneur {container.name} ne la définit pas.",
            ),
            None, tuple(related),
        )  # fmt: skip


def _needed(name: str, component: Component, source: Source, manifests: Index) -> tuple[Related, ...] | None:
    """Why a component cannot go without a variable: (where else it is set); None where it perhaps can."""
    for workload in manifests.workloads:
        for container in workload.object.pod.containers if workload.object.pod and workload.path != source.path else ():
            node = next((one.node for one in container.env if one.name == name), None)
            if node is not None and manifests.component(workload.object, container) is component:
                return (workload.related(node, Text(f"{name} is set here", f"{name} est définie ici")),)
    for service in compose_services.everywhere(manifests.project):
        node = service.node.get("environment")
        mine = component.name == service.name or component.path == service.context
        if node is not None and mine and name in service.environment:
            line = Lines(node.text).place(node.start)[0]
            return (Related(service.file, line, Text(f"{name} is set here", f"{name} est définie ici")),)
    return () if is_connection(name) or is_own_key(name) else None


def taken_in(container: Container, manifests: Index) -> set[str] | None:
    """The variables that `envFrom` brings; None where an object of it is not here."""
    found: set[str] = set()
    listed = container.node.get("envFrom")
    for entry in listed.children() if listed is not None else ():
        for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            name = entry.at(key, "name")
            if name is None:
                continue
            keys = names_of(kind, manifests).get(str(name))
            if keys is None:
                return None
            found |= {f"{entry.at('prefix') or ''}{one}" for one in keys}
    return found


def _mounted_dotenv(container: Container) -> bool:
    return any(path.endswith(".env") for path in container.mounts)


RULES = (plain_secret, duplicate_variable, undefined_reference, missing_variable)
