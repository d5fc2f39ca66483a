"""Secrets that are readable in the repository."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.text import Text

_NAMED = re.compile(
    r"(?i)(password|passwd|passphrase|secret|token|api_?key|private_?key|encryption_?key|credentials?)$"
)
# Keys that say who, where and what, and no secret.
_OPEN = re.compile(
    r"(?i)(^|[_.-])(user|username|login|host|hostname|port|db|dbname|database|name|url|uri|region|bucket|ttl|enabled|email|pub|crt|type|namespace)$|\.crt$|\.pub$"
)


_LOGIN = re.compile(r"^[a-z][a-z0-9+.-]*://[^/\s:@]*:([^@\s/${<]+)@")


def _placeholder(value: str) -> bool:
    """Whether a secret's value is visibly none: empty, a variable, or a word that says so."""
    return (
        not value.strip()
        or value.startswith(("$", "<", "{{"))
        or re.match(
            r"(?i)^\W*(change.?me|replace.?me|change.?this|your[-_ ]|todo|placeholder|x{3,}|\*{3,}|example$|dummy)",
            value,
        )
        is not None
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
    """A Secret with a value in `data` or `stringData`, once a Secret; no value is shown. SOPS files are encrypted: left alone.

    Names of users, hosts and databases are not what makes a Secret secret.
    """
    for thing in cluster.objects(source, project, "Secret"):
        if thing.group or thing.at("sops") is not None or thing.at("type") == "kubernetes.io/service-account-token":
            continue
        found = [(key, _value(part, value)) for part in ("stringData", "data") for key, value in _entries(thing, part)]
        told = [
            key
            for key, text in found
            if not _placeholder(text) and (not _OPEN.search(key.scalar) or _LOGIN.match(text))
        ]
        if told:
            names = ", ".join(key.scalar for key in told[:4]) + (" …" if len(told) > 4 else "")
            yield Hit(
                told[0].start, told[0].end,
                Text(
                    f"The value of {names} in Secret {thing.called} is in the repository.",
                    f"La valeur de {names} du Secret {thing.called} est dans le dépôt.",
                ),
            )  # fmt: skip


def _entries(thing: Object, part: str) -> Iterator[tuple[Node, Node]]:
    node = thing.get(part)
    yield from node.items() if node is not None else ()


def _value(part: str, value: Node) -> str:
    """The text of an entry; empty where it does not decode."""
    text = str(value.value or "")
    if part != "data":
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


@rule(
    "config/secret-in-configmap", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/configuration/configmap/",
    title=Text("A secret in a ConfigMap", "Un secret dans un ConfigMap"),
    advice=Text(
        "ConfigMaps are shown to everybody who may read the namespace, in dashboards too, and are never encrypted. Put it into a Secret, "
        "and change it.",
        "Un ConfigMap est visible de quiconque peut lire le namespace, tableaux de bord compris, et n'est jamais chiffré. Placez-le dans un "
        "Secret, et changez-le.",
    ),
)  # fmt: skip
def secret_in_configmap(source: Source, project: Project) -> Iterator[Hit]:
    """A key of a ConfigMap that is named as a secret and has a value, or an address with a password; no value is shown."""
    for thing in cluster.objects(source, project, "ConfigMap"):
        for key, value in _entries(thing, "data"):
            text = str(value.value or "").strip()
            named = (
                _NAMED.search(key.scalar)
                and not _OPEN.search(key.scalar)
                and not re.fullmatch(r"true|false|\d{1,5}|/.*", text)
            )
            login = _LOGIN.match(text)
            if "\n" not in text and (login or named) and not _placeholder(text) and not _same(key.scalar, text):
                yield Hit(
                    key.start, key.end,
                    Text(f"{key.scalar} of ConfigMap {thing.called} is a secret.", f"{key.scalar} du ConfigMap {thing.called} est un secret."),
                )  # fmt: skip


def _same(key: str, text: str) -> bool:
    """Whether a value only repeats its name: the name of a Secret, of its key, of a header."""
    return text.lower().replace("-", "_") == key.lower().replace("-", "_") or ("://" in text and "@" not in text)


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
    for thing in cluster.objects(source, project):
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


RULES: tuple[Rule, ...] = (secret_in_git, invalid_base64, secret_in_configmap)
