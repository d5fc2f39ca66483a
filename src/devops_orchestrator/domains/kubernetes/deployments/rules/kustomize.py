"""Kustomizations: files that they name, files that nothing names, namespaces."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.domains.kubernetes.deployments.rules.index import Kustomization
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/"
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
# Kinds that live outside namespaces.
CLUSTER = (
    "Namespace",
    "PersistentVolume",
    "StorageClass",
    "CustomResourceDefinition",
    "PriorityClass",
    "Node",
    "IngressClass",
    "GatewayClass",
    "RuntimeClass",
    "VolumeSnapshotClass",
    "APIService",
    "CSIDriver",
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
)


@rule(
    "deployments/missing-resource-file", Severity.ERROR, on="kustomization", url=DOCS,
    title=Text("The kustomization names a file that is not there", "La kustomization nomme un fichier absent"),
    advice=Text(
        "`kubectl apply -k` fails as a whole: nothing of this folder is applied.",
        "`kubectl apply -k` échoue en bloc : rien de ce dossier n'est appliqué.",
    ),
)  # fmt: skip
def missing_file(source: Source, project: Project) -> Iterator[Hit]:
    """Entries of resources, bases, components and patches that are neither a file nor a kustomized folder."""
    for kustomization in _kustomizations(source):
        listed = [
            *kustomization.entries("resources", "bases", "components", "crds", "configurations"),
            *kustomization.patches(),
            *_generator_files(kustomization),
        ]
        for entry, node in listed:
            path = kustomization.resolve(entry)
            if _remote(entry) or _exists(path, project) or _made_later(path, kustomization, project):
                continue
            yield Hit(
                node.start, node.end,
                Text(f"{entry} is not there.", f"{entry} n'existe pas."), _other_ending(source, kustomization, entry, node, project),
            )  # fmt: skip


def _generator_files(kustomization: Kustomization) -> Iterator[tuple[str, Node]]:
    """(file, its entry) of the files that generators read; `key=file` names the key."""
    for _, entry in kustomization.generators():
        for key in ("files", "envs"):
            listed = entry.get(key)
            for child in listed.children() if listed is not None else ():
                if isinstance(child.value, str):
                    yield child.value.rpartition("=")[2], child
        single = entry.get("env")
        if single is not None and isinstance(single.value, str):
            yield single.value, single


def _kustomizations(source: Source) -> Iterator[Kustomization]:
    for node in source.parsed(yaml.parse):
        if node.kind == "map":
            yield Kustomization(source.path, node)


def _remote(entry: str) -> bool:
    return (
        "://" in entry
        or "?ref=" in entry
        or entry.startswith(("github.com/", "git@", "ssh:", "git::"))
        or "${" in entry
    )


def _exists(path: str, project: Project) -> bool:
    if path.startswith(".."):
        return True  # outside of the repository: not verified
    folder = "" if path == "." else f"{path}/"
    return project.repository.has(path) or any(project.repository.has(f"{folder}{name}") for name in NAMES)


def _made_later(path: str, kustomization: Kustomization, project: Project) -> bool:
    """Whether a file is made before the build: an environment file that git ignores, the output of a chart beside it."""
    name = posixpath.basename(path)
    if ".env" in name or name.endswith((".env", ".key", ".crt", ".pem", ".txt")) or "secret" in name:
        return True
    return project.repository.has(posixpath.join(kustomization.folder, "Chart.yaml"))


def _other_ending(source: Source, kustomization: Kustomization, entry: str, node: Node, project: Project) -> Fix | None:
    stem, ending = posixpath.splitext(entry)
    other = stem + {".yaml": ".yml", ".yml": ".yaml"}.get(ending, "")
    if other in (entry, stem) or not project.repository.has(kustomization.resolve(other)):
        return None
    return Fix(
        (source.edit(node.start, node.end, other),), safe=False,
        title=Text(f"Name {other}", f"Nommer {other}"),
        needs=Text(f"{other} must be the file that is meant.", f"{other} doit bien être le fichier visé."),
    )  # fmt: skip


@rule(
    "deployments/unlisted-manifest", Severity.WARNING, on="kustomization", url=DOCS,
    title=Text("A manifest beside the kustomization is not listed", "Un manifeste à côté de la kustomization n'est pas listé"),
    advice=Text(
        "`kubectl apply -k` leaves it out in silence: what was written is not what runs.",
        "`kubectl apply -k` l'ignore sans rien dire : ce qui est écrit n'est pas ce qui tourne.",
    ),
)  # fmt: skip
def unlisted(source: Source, project: Project) -> Iterator[Hit]:
    """Manifests of the same folder that no kustomization of the repository names."""
    manifests = index.of(project)
    named = {
        k.resolve(entry)
        for k in manifests.kustomizations
        for entry, _ in (*k.entries("resources", "components", "crds", "configurations", "transformers", "generators", "validators"), *k.patches())
    }  # fmt: skip
    for kustomization in _kustomizations(source):
        resources = kustomization.node.get("resources")
        if resources is None or not list(resources.children()):
            continue
        pair = kustomization.node.pair("resources")
        assert pair is not None
        for path in project.of_kind("kubernetes"):
            if posixpath.dirname(path) != kustomization.folder or path in named:
                continue
            name = posixpath.basename(path)
            if re.search(rf"(?m)^\s*#.*\b{re.escape(name)}", source.text):
                continue  # left out on purpose
            edits = (source.edit(*yaml.append_item(resources, name)),)
            fix = Fix(
                edits, safe=False, title=Text(f"List {name}", f"Lister {name}"),
                needs=Text(f"{name} must be meant for the cluster.", f"{name} doit être destiné au cluster."),
            )  # fmt: skip
            yield Hit(pair[0].start, pair[0].end, Text(f"{name} is not listed.", f"{name} n'est pas listé."), fix)


@rule(
    "deployments/mixed-namespaces", Severity.INFO, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    title=Text("Some objects of the file have a namespace, others none", "Certains objets du fichier ont un namespace, d'autres non"),
    advice=Text(
        "Those without one go wherever the caller's context points: a Service then stands in another namespace than its pods.",
        "Ceux qui n'en ont pas vont là où pointe le contexte de l'appelant : un Service se retrouve alors dans un autre namespace que ses pods.",
    ),
)  # fmt: skip
def mixed_namespaces(source: Source, project: Project) -> Iterator[Hit]:
    """One namespace written on some objects of a file and missing on others; a kustomization may set it for all."""
    manifests = index.of(project)
    folder = posixpath.dirname(source.path)
    if any(k.node.get("namespace") is not None and k.folder == folder for k in manifests.kustomizations):
        return
    objects = [
        one for one in index.objects(source, project) if one.kind not in CLUSTER and not one.kind.startswith("Cluster")
    ]
    spaces = {one.namespace for one in objects if one.namespace and one.group != "rbac.authorization.k8s.io"}
    if len(spaces) != 1:
        return
    namespace = next(iter(spaces))
    for one in objects:
        metadata = one.get("metadata")
        if one.namespace or metadata is None or ("." in one.group and not one.group.endswith(".k8s.io")):
            continue
        edits = spans.put(source, metadata, f"namespace: {namespace}", "name")
        yield Hit(
            *spans.entry(metadata, "name"),
            Text(
                f"{one.kind} {one.called} has no namespace; others of this file are in {namespace}.",
                f"{one.kind} {one.called} n'a pas de namespace ; d'autres objets du fichier sont dans {namespace}.",
            ),
            Fix(
                edits, safe=False, title=Text(f"Put it in {namespace}", f"Le placer dans {namespace}"),
                needs=Text("It must not run in another namespace already.", "Il ne doit pas déjà tourner dans un autre namespace."),
            ) if edits else None,
        )  # fmt: skip


RULES = (missing_file, unlisted, mixed_namespaces)
