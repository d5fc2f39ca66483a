"""What a kustomization changes: images, replicas and patches that meet nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import images
from devops_orchestrator.domains.kubernetes.deployments.rules import index
from devops_orchestrator.domains.kubernetes.deployments.rules.index import Kustomization, Placed
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/"


def _built(source: Source, project: Project) -> Iterator[tuple[Kustomization, list[Placed]]]:
    """(kustomization, the objects that it builds), where all that it builds from is here and known."""
    manifests = index.of(project)
    kept = {one.path for one in manifests.objects}
    for node in source.parsed(yaml.parse):
        kustomization = Kustomization(source.path, node)
        closure = manifests.files(kustomization)
        own = [k for k in manifests.kustomizations if k.path == source.path or closure & manifests.files(k)]
        if node.kind != "map" or not closure or text_of(node.at("kind")) == "Component" or not closure <= kept:
            continue  # a base elsewhere, a file that is a template
        if any(k.node.get(key) is not None for k in own for key in ("helmCharts", "generators", "transformers")):
            continue
        yield kustomization, [one for one in manifests.objects if one.path in closure]


@rule(
    "deployments/unmatched-image", Severity.ERROR, on="kustomization", url=DOCS + "images/",
    title=Text("The kustomization sets the version of an image that nothing uses", "La kustomization fixe la version d'une image que rien n'utilise"),
    advice=Text(
        "kustomize says nothing and changes nothing: the version that was deployed is not the one that runs.",
        "kustomize ne dit rien et ne change rien : la version livrée n'est pas celle qui tourne.",
    ),
)  # fmt: skip
def unmatched_image(source: Source, project: Project) -> Iterator[Hit]:
    """An `images` entry whose name no container of what is built has, as the manifests or a base below call it."""
    manifests = index.of(project)
    for kustomization, built in _built(source, project):
        used: dict[str, tuple[Placed, Node]] = {}
        for one in built:
            for node in one.object.node.walk():
                value = node.get("image") if node.kind == "map" else None
                if value is not None and isinstance(value.value, str):
                    used.setdefault(images.split(value.value).name, (one, value))
        renamed = {text_of(n.at("newName")) for k in manifests.kustomizations for _, n in k.images()}
        for name, node in kustomization.images():
            place = node.get("name")
            if not name or name in used or name in renamed or not used or place is None:
                continue
            near = get_close_matches(name, used, n=1, cutoff=0.5) or [
                n for n in used if n.rsplit("/")[-1] == name.rsplit("/")[-1]
            ]
            told = near[0] if near else ", ".join(sorted(used)[:4])
            related: tuple[Related, ...] = ()
            if near:
                owner, at = used[near[0]]
                related = (owner.related(at, Text("the image that is used", "l'image utilisée")),)
            yield Hit(
                place.start, place.end,
                Text(f"No container uses {name}; they use {told}.", f"Aucun conteneur n'utilise {name} ; ils utilisent {told}."),
                related=related,
            )  # fmt: skip


@rule(
    "deployments/floating-new-tag", Severity.WARNING, on="kustomization", url=DOCS + "images/",
    title=Text("The kustomization sets no fixed version", "La kustomization ne fixe pas de version"),
    advice=Text(
        "Two pods of one Deployment may run different code, and going back to the former commit brings nothing back.",
        "Deux pods d'un même Deployment peuvent exécuter un code différent, et revenir au commit précédent ne ramène rien.",
    ),
)  # fmt: skip
def floating_new_tag(source: Source, project: Project) -> Iterator[Hit]:
    """`newTag: latest`."""
    for node in source.parsed(yaml.parse):
        for name, entry in Kustomization(source.path, node).images() if node.kind == "map" else ():
            tag = entry.get("newTag")
            if tag is not None and tag.scalar == "latest" and entry.get("digest") is None:
                yield Hit(tag.start, tag.end, Text(f"{name} gets the tag latest.", f"{name} reçoit le tag latest."))


@rule(
    "deployments/patch-without-target", Severity.ERROR, on="kustomization", url=DOCS + "patches/",
    title=Text("A patch of something that is not built", "Un patch de ce qui n'est pas construit"),
    advice=Text(
        "`kubectl apply -k` fails as a whole (no matches for Id), or the patch is left out in silence.",
        "`kubectl apply -k` échoue en bloc (no matches for Id), ou le patch est ignoré sans rien dire.",
    ),
)  # fmt: skip
def patch_without_target(source: Source, project: Project) -> Iterator[Hit]:
    """A strategic merge patch, a patch's target or a `replicas` entry whose kind and name no manifest built here has."""
    for kustomization, built in _built(source, project):
        names = {(one.object.kind, one.object.name) for one in built}
        names |= {(kind, text_of(entry.at("name"))) for kind, entry in kustomization.generators()}
        for kind, name, node in _targets(kustomization, project):
            if (kind, name) in names or (not kind and name in {known for _, known in names}):
                continue
            same = sorted(known for other, known in names if other == kind)
            yield Hit(
                node.start, node.end,
                Text(
                    f"Nothing named {kind} {name} is built here" + (f"; there is {', '.join(same[:5])}." if same else "."),
                    f"Aucun {kind} {name} n'est construit ici" + (f" ; il y a {', '.join(same[:5])}." if same else "."),
                ),
            )  # fmt: skip


def _targets(kustomization: Kustomization, project: Project) -> Iterator[tuple[str, str, Node]]:
    """(kind, name, node to show) of what a kustomization patches by its whole name."""
    changed = any(kustomization.node.get(key) is not None for key in ("namePrefix", "nameSuffix"))
    listed = kustomization.node.get("patches")
    for entry in listed.children() if listed is not None and not changed else ():
        target = entry.get("target")
        name = target.get("name") if target is not None else None
        kind = text_of(target.at("kind")) if target is not None else ""
        if target is not None:
            if name is not None and kind and not set("*.[]()|^$+") & set(name.scalar):
                yield kind, name.scalar, name
            continue
        path = entry.get("path")
        if path is not None and isinstance(path.value, str):
            yield from _fragments(project.repository.read(kustomization.resolve(path.value)), path)
    for path_text, node in kustomization.entries("patchesStrategicMerge") if not changed else ():
        if "\n" not in path_text:
            yield from _fragments(project.repository.read(kustomization.resolve(path_text)), node)
    for name_text, count in kustomization.replicas() if not changed else ():
        yield "", name_text, count


def _fragments(text: str | None, node: Node) -> Iterator[tuple[str, str, Node]]:
    for one in kubernetes.objects(text) if text is not None else ():
        if one.at("$patch") is None:
            yield one.kind, one.name, node


RULES = (unmatched_image, floating_new_tag, patch_without_target)
