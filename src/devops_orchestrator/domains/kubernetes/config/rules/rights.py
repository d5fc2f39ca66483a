"""Rights that are wider than anyone asked for, and bindings of what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.project import cluster
from devops_orchestrator.text import Text

RBAC = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
# ClusterRoles that every cluster has, beside those that begin with `system:`.
BUILT_IN = ("cluster-admin", "admin", "edit", "view")


@rule(
    "config/wildcard-role", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    title=Text("A role that may do everything", "Un rôle qui peut tout faire"),
    advice=Text(
        "Whoever takes over one pod with this role has all that it names, and what will be added later. Name the verbs and resources "
        "that the application calls.",
        "Qui prend la main sur un pod ayant ce rôle obtient tout ce qu'il couvre, y compris ce qui sera ajouté plus tard. Nommez les "
        "verbes et les ressources que l'application appelle.",
    ),
)  # fmt: skip
def wildcard_role(source: Source, project: Project) -> Iterator[Hit]:
    """A Role or ClusterRole whose rule has `*` as its verbs or its resources."""
    for thing in cluster.objects(source, project):
        if thing.kind not in ("Role", "ClusterRole"):
            continue
        rules = thing.get("rules")
        for entry in rules.children() if rules else ():
            for field in ("verbs", "resources"):
                node = entry.get(field)
                star = next((item for item in node.children() if item.value == "*"), None) if node else None
                if star is not None:
                    yield Hit(
                        star.start, star.end,
                        Text(f"{thing.kind} {thing.name}: {field} is *.", f"{thing.kind} {thing.name} : {field} vaut *."),
                    )  # fmt: skip


@rule(
    "config/default-service-account", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    title=Text("Rights given to the default service account", "Des droits donnés au compte de service par défaut"),
    advice=Text(
        "Every pod of the namespace that names no service account gets these rights. Make one for the application.",
        "Tout pod du namespace qui ne nomme pas de compte de service reçoit ces droits. Créez-en un pour l'application.",
    ),
)  # fmt: skip
def default_service_account(source: Source, project: Project) -> Iterator[Hit]:
    """A RoleBinding or ClusterRoleBinding with the service account `default` among its subjects."""
    for thing in cluster.objects(source, project):
        subjects = thing.get("subjects") if thing.kind in ("RoleBinding", "ClusterRoleBinding") else None
        for subject in subjects.children() if subjects else ():
            if subject.at("kind") == "ServiceAccount" and subject.at("name") == "default":
                yield Hit(
                    subject.start, subject.end,
                    Text(
                        f"{thing.kind} {thing.name} gives its role to the default service account.",
                        f"{thing.kind} {thing.name} donne son rôle au compte de service par défaut.",
                    ),
                )  # fmt: skip


@rule(
    "config/unknown-role", Severity.ERROR, on="kubernetes", url=RBAC + "#rolebinding-and-clusterrolebinding",
    title=Text("A binding of a role that is not there", "Une liaison vers un rôle absent"),
    advice=Text(
        "The binding is accepted and gives nothing: the application gets 403 Forbidden from the API.",
        "La liaison est acceptée et ne donne rien : l'application reçoit 403 Forbidden de l'API.",
    ),
)  # fmt: skip
def unknown_role(source: Source, project: Project) -> Iterator[Hit]:
    """A `roleRef` that no manifest defines, where the manifests define another role for it (of the file, or of a like name)."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "RoleBinding", "ClusterRoleBinding"):
        node, kind = thing.get("roleRef", "name"), text_of(thing.at("roleRef", "kind"))
        roles = manifests.of_kind("Role", "ClusterRole")
        if node is None or "$" in node.scalar or node.scalar in BUILT_IN or node.scalar.startswith("system:"):
            continue
        if any(one.object.name == node.value and one.object.kind == kind for one in roles):
            continue
        meant = next((one for one in roles if one.object.name == node.value), None)
        here = [one for one in roles if one.path == source.path and one.object.kind == kind]
        if meant is None and len(here) == 1 and not _bound(here[0].object.name, kind, manifests):
            meant = here[0]
        if meant is None:
            continue
        place = meant.object.get("metadata", "name") or meant.object.node
        yield Hit(
            node.start, node.end,
            Text(
                f"No manifest defines the {kind} {node.value}; there is a {meant.object.kind} {meant.object.name}.",
                f"Aucun manifeste ne définit le {kind} {node.value} ; il y a un {meant.object.kind} {meant.object.name}.",
            ),
            related=(meant.related(place, Text("probably meant", "probablement visé")),),
        )  # fmt: skip


def _bound(name: str, kind: str, manifests: cluster.Cluster) -> bool:
    """Whether some binding names a role."""
    return any(
        one.object.at("roleRef", "name") == name and one.object.at("roleRef", "kind") == kind
        for one in manifests.of_kind("RoleBinding", "ClusterRoleBinding")
    )


@rule(
    "config/unknown-service-account", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    title=Text("A service account that is not there", "Un compte de service absent"),
    advice=Text(
        "No pod is made (serviceaccount not found), or the rights go to an account that nobody uses.",
        "Aucun pod n'est créé (serviceaccount not found), ou les droits vont à un compte que personne n'utilise.",
    ),
)  # fmt: skip
def unknown_service_account(source: Source, project: Project) -> Iterator[Hit]:
    """An account of a pod or of a binding that no manifest defines, beside one that only it could mean."""
    manifests = cluster.of(project)
    accounts = manifests.of_kind("ServiceAccount")
    known = {one.object.name for one in accounts} | {"default"}
    used = {text_of(w.object.pod.at("serviceAccountName")) for w in manifests.workloads if w.object.pod}
    for thing in cluster.objects(source, project):
        nodes = [thing.pod.node.get("spec", "serviceAccountName")] if thing.pod is not None else []
        subjects = thing.get("subjects") if thing.kind in ("RoleBinding", "ClusterRoleBinding") else None
        nodes += (
            [s.get("name") for s in subjects.children() if s.at("kind") == "ServiceAccount"]
            if subjects is not None
            else []
        )
        for node in nodes:
            if (
                node is None
                or node.scalar in known
                or "$" in node.scalar
                or (subjects is not None and node.scalar in used)
            ):
                continue
            near = manifests.near(source.path, accounts)
            beside = [one for one in near if one.path == source.path or one.path in manifests.together(source.path)]
            if len(beside) != 1 or (thing.pod is not None and beside[0].object.name in used):
                continue
            yield Hit(
                node.start, node.end,
                Text(
                    f"No manifest defines the ServiceAccount {node.value}; there is {beside[0].object.name}.",
                    f"Aucun manifeste ne définit le ServiceAccount {node.value} ; il y a {beside[0].object.name}.",
                ),
                related=(beside[0].related(beside[0].object.node, Text("probably meant", "probablement visé")),),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (wildcard_role, default_service_account, unknown_role, unknown_service_account)
