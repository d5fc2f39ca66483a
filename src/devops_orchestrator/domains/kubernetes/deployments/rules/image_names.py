"""Image references: one version, and the name that CI pushes."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import images
from devops_orchestrator.domains.kubernetes.deployments.rules import index
from devops_orchestrator.text import Text


@rule(
    "deployments/floating-image", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    title=Text("The image has no fixed version", "L'image n'a pas de version fixe"),
    advice=Text(
        "Two pods of one Deployment may run different code, and `kubectl rollout undo` brings nothing back.",
        "Deux pods d'un même Deployment peuvent exécuter un code différent, et `kubectl rollout undo` ne ramène rien.",
    ),
)  # fmt: skip
def floating_image(source: Source, project: Project) -> Iterator[Hit]:
    """`latest` or no tag, unless a kustomization sets one."""
    manifests = index.of(project)
    for one in index.objects(source, project):
        for container in one.pod.all_containers if one.pod else ():
            node = container.node.get("image")
            if node is None or not container.image or "$" in container.image or "{" in container.image:
                continue
            image = manifests.final_image(images.split(container.image))
            if image.digest or (image.tag and image.tag != "latest") or image.name in manifests.built_by_tool:
                continue
            en, fr = ("latest", "latest") if image.tag else ("no tag", "aucun tag")
            yield Hit(
                node.start, node.end,
                Text(
                    f"Image {container.image} of container {container.name} has {'the tag ' if image.tag else ''}{en}.",
                    f"L'image {container.image} du conteneur {container.name} n'a {'que le tag ' if image.tag else ''}{fr}.",
                ),
            )  # fmt: skip


@rule(
    "deployments/unpushed-image", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/containers/images/",
    title=Text("CI pushes the image under another name", "La CI publie l'image sous un autre nom"),
    advice=Text(
        "The cluster pulls a name that no build updates: ImagePullBackOff, or an old version forever.",
        "Le cluster tire un nom qu'aucun build ne met à jour : ImagePullBackOff, ou une vieille version pour toujours.",
    ),
)  # fmt: skip
def unpushed_image(source: Source, project: Project) -> Iterator[Hit]:
    """A component's image, as the kustomizations leave it, beside the names that CI pushes."""
    manifests = index.of(project)
    pushed = manifests.pushed
    for workload, container in index.containers(source, project):
        node = container.node.get("image")
        component = manifests.component(workload, container)
        if node is None or component is None or not pushed or not container.image:
            continue
        image = manifests.final_image(images.split(container.image))
        name = image.name.removeprefix("docker.io/").lower()
        names = [one.name.removeprefix("docker.io/") for one in pushed]
        own = [one for one in pushed if one.name.rsplit("/", 1)[-1] in (image.short, component.name)]
        if name in names or (not own and len(pushed) != 1):
            continue
        expected = (own or pushed)[0]
        old = images.split(container.image).name
        fix = Fix(
            (source.edit(node.start, node.start + len(old), expected.name),), safe=False,
            title=Text(f"Pull {expected.name}", f"Tirer {expected.name}"),
            needs=Text("The tag must exist under that name.", "Le tag doit exister sous ce nom."),
        ) if node.text.startswith(old, node.start) else None  # fmt: skip
        yield Hit(
            node.start, node.end,
            Text(
                f"Container {container.name} pulls {image.name}; CI pushes {expected.name}.",
                f"Le conteneur {container.name} tire {image.name} ; la CI publie {expected.name}.",
            ),
            fix, (Related(expected.file, expected.line, Text("pushed here", "publiée ici")),),
        )  # fmt: skip


RULES = (floating_image, unpushed_image)
