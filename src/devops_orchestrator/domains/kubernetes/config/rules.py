"""Secrets that are readable in the repository, and rights that are wider than anyone asked for."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import objects
from devops_orchestrator.text import Text


def _placeholder(value: str) -> bool:
    """Whether a secret's value is visibly none: empty, a variable, or a word that says so."""
    return (
        not value.strip()
        or value.startswith(("$", "<", "{{"))
        or value.lower() in ("changeme", "change-me", "replace-me", "todo")
    )


@rule(
    "config/secret-in-git", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    title=Text("A secret that anyone with the repository can read", "Un secret lisible par quiconque a le dépôt"),
    advice=Text(
        "Base64 is no encryption: whoever clones the repository has the value, and git keeps it for ever. Change the value, then keep it "
        "in an external store (External Secrets), sealed (Sealed Secrets) or encrypted (SOPS).",
        "Le base64 n'est pas un chiffrement : quiconque clone le dépôt possède la valeur, et git la garde pour toujours. Changez-la, puis "
        "conservez-la dans un coffre externe (External Secrets), scellée (Sealed Secrets) ou chiffrée (SOPS).",
    ),
)  # fmt: skip
def secret_in_git(source: Source, project: Project) -> Iterator[Hit]:
    """A Secret with values in `data` or `stringData`; the value is never shown. SOPS files are encrypted: left alone."""
    for thing in objects(source.text):
        if thing.kind != "Secret" or thing.group or thing.at("sops") is not None:
            continue
        for part in ("stringData", "data"):
            node = thing.get(part)
            for key, value in node.items() if node else ():
                text = str(value.value or "")
                if part == "data":
                    try:
                        text = base64.b64decode(text, validate=True).decode("utf-8", "replace")
                    except (binascii.Error, ValueError):
                        continue
                if not _placeholder(text):
                    yield Hit(
                        key.start, key.end,
                        Text(
                            f"The value of {key.value} in Secret {thing.name} is in the repository.",
                            f"La valeur de {key.value} du Secret {thing.name} est dans le dépôt.",
                        ),
                    )  # fmt: skip


@rule(
    "config/invalid-base64", Severity.ERROR, on="kubernetes", url="https://kubernetes.io/docs/concepts/configuration/secret/",
    title=Text("`data` that is not base64", "Un `data` qui n'est pas du base64"),
    advice=Text(
        "The API server refuses the Secret. Plain text belongs under `stringData`.",
        "Le serveur d'API refuse ce Secret. Le texte en clair se met sous `stringData`.",
    ),
)  # fmt: skip
def invalid_base64(source: Source, project: Project) -> Iterator[Hit]:
    """A value under `data` of a Secret that does not decode; the value is never shown."""
    for thing in objects(source.text):
        node = thing.get("data") if thing.kind == "Secret" and not thing.group else None
        for key, value in node.items() if node else ():
            text = "".join(str(value.value or "").split())
            if text.startswith(("$", "{{", "<")):
                continue
            try:
                base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                yield Hit(
                    value.start, value.end,
                    Text(
                        f"{key.value} of Secret {thing.name} is not base64.",
                        f"{key.value} du Secret {thing.name} n'est pas du base64.",
                    ),
                )  # fmt: skip


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
    for thing in objects(source.text):
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
    for thing in objects(source.text):
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


RULES: tuple[Rule, ...] = (secret_in_git, invalid_base64, wildcard_role, default_service_account)
