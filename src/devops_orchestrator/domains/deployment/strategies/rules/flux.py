"""Flux: sources, paths, waiting, and API versions that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.deployment.strategies import kustomize
from devops_orchestrator.domains.deployment.strategies.rules import place
from devops_orchestrator.domains.deployment.strategies.rules.argocd import exists, is_here
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.text import Text

DOCS = "https://fluxcd.io/flux/components/"
GROUP = "kustomize.toolkit.fluxcd.io"
# The source that `flux bootstrap` writes into the cluster.
BOOTSTRAP = "flux-system"
# Sources that somebody writes; a HelmChart or an ExternalArtifact is made by a controller.
SOURCES = ("GitRepository", "OCIRepository", "HelmRepository", "Bucket")
# Kinds of Flux whose former versions the current release does not serve any more, and the version that it serves.
CURRENT = {
    "source.toolkit.fluxcd.io": "v1",
    "kustomize.toolkit.fluxcd.io": "v1",
    "helm.toolkit.fluxcd.io": "v2",
    "image.toolkit.fluxcd.io": "v1",
}
GONE = {
    "source.toolkit.fluxcd.io": ("v1beta1", "v1beta2"),
    "kustomize.toolkit.fluxcd.io": ("v1beta1", "v1beta2"),
    "helm.toolkit.fluxcd.io": ("v2beta1", "v2beta2"),
    "image.toolkit.fluxcd.io": ("v1alpha1", "v1alpha2", "v1beta1", "v1beta2"),
}


def _source_of(item: Object, project: Project) -> kustomize.Manifest | None:
    """The GitRepository of a Kustomization, where the repository holds it."""
    ref = item.at("spec", "sourceRef", default={})
    if not isinstance(ref, dict):
        return None
    return next((m for m in kustomize.of_kind(project, str(ref.get("kind"))) if m.name == ref.get("name")), None)


def _follows_this(item: Object, project: Project) -> bool:
    """Whether a Kustomization builds from this repository."""
    found = _source_of(item, project)
    if found is not None:
        return found.object.kind == "GitRepository" and is_here(found.object.at("spec", "url"), project)
    # The source of `flux bootstrap` is the repository that holds the cluster's own objects.
    return bool(
        item.at("spec", "sourceRef", "name") == BOOTSTRAP and item.at("spec", "sourceRef", "kind") == "GitRepository"
    )


@rule(
    "strategies/flux-path-missing", Severity.ERROR, on="kubernetes", url=DOCS + "kustomize/kustomizations/#path",
    title=Text("A Flux Kustomization points at a folder that does not exist", "Une Kustomization Flux pointe vers un dossier qui n'existe pas"),
    advice=Text(
        "Its reconciliation fails with ArtifactFailed (path not found), and nothing is deployed.",
        "Sa réconciliation échoue avec ArtifactFailed (path not found), et rien n'est déployé.",
    ),
)  # fmt: skip
def flux_path_missing(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.objects(source, project, "Kustomization", GROUP):
        node = item.get("spec", "path")
        if node is None or not isinstance(node.value, str) or "${" in node.value or not _follows_this(item, project):
            continue
        if not exists(project, node.value.removeprefix("./")):
            yield place.hit(
                node,
                Text(f"There is no {node.value} in this repository.", f"Il n'y a pas de {node.value} dans ce dépôt."),
            )


@rule(
    "strategies/flux-unknown-source", Severity.ERROR, on="kubernetes", url=DOCS + "source/",
    title=Text("A Flux object refers to a source that does not exist", "Un objet Flux renvoie à une source qui n'existe pas"),
    advice=Text(
        "The controller waits for the source (ArtifactNotFound) for ever, and nothing is deployed.",
        "Le contrôleur attend la source (ArtifactNotFound) indéfiniment, et rien n'est déployé.",
    ),
)  # fmt: skip
def flux_unknown_source(source: Source, project: Project) -> Iterator[Hit]:
    known = {
        (m.kind, m.name) for m in kustomize.of_kind(project, *SOURCES) if m.object.group == "source.toolkit.fluxcd.io"
    }
    if not known:
        return  # the sources are kept elsewhere: not verified
    for kind, group, path in (
        ("Kustomization", GROUP, ("spec", "sourceRef")),
        ("HelmRelease", "helm.toolkit.fluxcd.io", ("spec", "chart", "spec", "sourceRef")),
        ("HelmRelease", "helm.toolkit.fluxcd.io", ("spec", "chartRef")),
    ):
        for item in place.objects(source, project, kind, group):
            node = item.get(*path, "name")
            if (
                node is None
                or node.value == BOOTSTRAP
                or item.at(*path, "kind") not in SOURCES
                or not isinstance(node.value, str)
                or "$" in node.value
            ):
                continue
            if (item.at(*path, "kind"), node.value) not in known:
                wanted = f"{item.at(*path, 'kind')}/{node.value}"
                yield place.hit(node, Text(f"No {wanted} in this repository.", f"Pas de {wanted} dans ce dépôt."))


@rule(
    "strategies/flux-not-waiting", Severity.INFO, on="kubernetes", url=DOCS + "kustomize/kustomizations/#health-checks",
    title=Text("Flux calls it ready as soon as it is applied", "Flux le dit prêt dès qu'il est appliqué"),
    advice=Text(
        "Without wait or healthChecks a Kustomization is Ready while its pods crash; alerts stay silent and what dependsOn it starts too early.",
        "Sans wait ni healthChecks, une Kustomization est Ready pendant que ses pods plantent ; les alertes restent muettes et ce qui en dépend démarre trop tôt.",
    ),
)  # fmt: skip
def flux_not_waiting(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.objects(source, project, "Kustomization", GROUP):
        spec = item.get("spec")
        pair = item.node.pair("spec")
        if (
            spec is None
            or pair is None
            or spec.kind != "map"
            or spec.flow
            or item.at("spec", "wait") is True
            or item.at("spec", "healthChecks")
        ):
            continue
        if item.name == BOOTSTRAP or item.get("spec", "wait") is not None:
            continue
        block = "wait: true" + ("" if spec.pair("timeout") else "\ntimeout: 5m")
        fix = place.unsafe(
            source, [yaml.insert_after_key(spec, "prune" if spec.pair("prune") else "interval", block)],
            Text("Wait until everything is ready", "Attendre que tout soit prêt"),
            Text("What never gets ready, today unseen, then makes the Kustomization fail after the timeout.",
                 "Ce qui ne devient jamais prêt, invisible aujourd'hui, fait alors échouer la Kustomization après le délai."),
        )  # fmt: skip
        yield place.hit(pair[0], Text(
            f"The Kustomization {item.name} neither waits nor checks the health of what it applies.",
            f"La Kustomization {item.name} n'attend ni ne vérifie la santé de ce qu'elle applique.",
        ), fix)  # fmt: skip


@lru_cache(maxsize=64)
def _accepts(api_version: str, kind: str, text: str) -> bool | None:
    """Whether the schema of the current version takes an object as it is written; None without a schema."""
    from devops_orchestrator.validation import kubernetes_schema

    validator = kubernetes_schema.custom_validator(api_version, kind)
    documents = yaml.parse(text)
    return None if validator is None or not documents else not list(validator.iter_errors(documents[0].value))


@rule(
    "strategies/flux-gone-version", Severity.ERROR, on="kubernetes", url="https://fluxcd.io/flux/migration/",
    title=Text("A version of a Flux API that is not served any more", "Une version d'API Flux qui n'est plus servie"),
    advice=Text(
        "The current release of Flux does not know it: `no matches for kind`, and the object is not applied.",
        "La version actuelle de Flux ne la connaît plus : `no matches for kind`, et l'objet n'est pas appliqué.",
    ),
)  # fmt: skip
def flux_gone_version(source: Source, project: Project) -> Iterator[Hit]:
    for item in source.parsed(kubernetes.objects):
        version = item.api_version.rpartition("/")[2]
        node = item.get("apiVersion")
        if node is None or version not in GONE.get(item.group, ()):
            continue
        new = f"{item.group}/{CURRENT[item.group]}"
        accepted = _accepts(new, item.kind, source.text[item.start : item.end]) if not item.node.column else None
        edit = source.edit(*yaml.replace(node, new))
        # The old version is refused as a whole: writing the current one changes nothing that runs.
        fix = Fix((edit,), True, Text(f"Write {new}", f"Écrire {new}")) if accepted else Fix(
            (edit,), False, Text(f"Write {new}", f"Écrire {new}"),
            Text("Compare the fields with the migration guide: some have been renamed.", "Comparez les champs au guide de migration : certains ont changé de nom."),
        )  # fmt: skip
        yield place.hit(node, Text(
            f"{item.kind}/{item.name} uses {item.api_version}; Flux 2.9 serves {new}.",
            f"{item.kind}/{item.name} utilise {item.api_version} ; Flux 2.9 sert {new}.",
        ), fix)  # fmt: skip


RULES = (flux_path_missing, flux_unknown_source, flux_not_waiting, flux_gone_version)
