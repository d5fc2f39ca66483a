"""Rules on secrets in images. A value is never printed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.containers.docker.rules.reading import View, copies
from devops_orchestrator.formats.dockerfile import Pair
from devops_orchestrator.text import Text

URL = "https://docs.docker.com/build/building/secrets/"
_SECRET = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|API_?KEY|APIKEY|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY|AUTH_KEY|ENCRYPTION_KEY)(_|$)",
    re.I,
)
# A name that says where a secret is, or that there is none, is no secret.
_HARMLESS = re.compile(
    r"_(FILE|PATH|DIR|NAME|ID|URL|URI|TTL|EXPIRY|EXPIRES?(_IN)?|EXPIRATION|LENGTH|TYPE|ALGORITHM|HEADER|ENDPOINT|ISSUER|POLICY|ENABLED|REQUIRED|DUMMY|PREFIX)$"
    r"|^(NEXT_PUBLIC|VITE|REACT_APP|PUBLIC)_|PUBLIC_KEY|DUMMY|PLACEHOLDER",
    re.I,
)
_IN_URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^/\s:@$]*:(?P<password>[^/\s@$]+)@", re.I)
_EMPTY = frozenset(
    {
        "",
        "changeme",
        "change-me",
        "dummy",
        "placeholder",
        "build-only",
        "unset",
        "none",
        "null",
        "true",
        "false",
        "xxx",
        "todo",
    }
)


@rule(
    "docker/secret-in-image", Severity.ERROR, on="dockerfile", url=URL,
    title=Text("A secret is in ARG or ENV", "Un secret est dans ARG ou ENV"),
    advice=Text(
        "Both stay readable in the image's history for anybody who can pull it, also when a later layer unsets them: revoke the value, and give it with --mount=type=secret or at run time.",
        "Les deux restent lisibles dans l'historique de l'image pour quiconque peut la télécharger, même si une couche suivante les efface : révoquez la valeur, puis fournissez-la avec --mount=type=secret ou à l'exécution.",
    ),
)  # fmt: skip
def secret_in_image(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for item in view.lineage:  # what other stages hold is not in the image
        if item.name not in ("ARG", "ENV"):
            continue
        for pair in item.pairs:
            if not _is_secret(item.name, pair):
                continue
            empty = (pair.value or "").strip().lower() in _EMPTY
            yield Hit(
                pair.start, pair.start + len(pair.key),
                Text(
                    f"{item.name} {pair.key} looks like a secret: it stays in the image's history.",
                    f"{item.name} {pair.key} semble être un secret : il reste dans l'historique de l'image.",
                ),
                severity=Severity.WARNING if empty else None,
            )  # fmt: skip


def _is_secret(instruction: str, pair: Pair) -> bool:
    value = (pair.value or "").strip()
    found = _IN_URL.match(value)
    if found and found["password"].lower() not in _EMPTY:
        return True
    if not _SECRET.search(pair.key) or _HARMLESS.search(pair.key):
        return False
    if instruction == "ENV":
        return value.lower() not in _EMPTY  # `ENV TOKEN=$TOKEN` writes the argument's value
    return pair.value is None or value.lower() not in _EMPTY


_PRIVATE = re.compile(
    r"(^|/)(\.env(\.(local|production|prod|staging))?|id_(rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc|\.aws|\.ssh|\.dockercfg|credentials(\.json)?|[^/]*\.(pem|key|p12|pfx|jks))$"
)


@rule(
    "docker/secret-file-copied", Severity.WARNING, on="dockerfile", url=URL,
    title=Text("A file of secrets is copied into the image", "Un fichier de secrets est copié dans l'image"),
    advice=Text(
        "Everybody who can pull the image can read it, also when a later layer deletes it: mount it for the one RUN that needs it (--mount=type=secret).",
        "Quiconque peut télécharger l'image peut le lire, même si une couche suivante le supprime : montez-le pour le seul RUN qui en a besoin (--mount=type=secret).",
    ),
)  # fmt: skip
def secret_file_copied(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for item in view.file.instructions:
        for word in (copies(item) or ([], None))[0]:
            name = posixpath.normpath(word.value)
            if _PRIVATE.search(name) and not _is_known_harmless(view, name):
                yield Hit(
                    word.start, word.end,
                    Text(f"{name} usually holds secrets and becomes part of the image.", f"{name} contient en général des secrets et devient une partie de l'image."),
                )  # fmt: skip


def _is_known_harmless(view: View, name: str) -> bool:
    """An .npmrc without a token is configuration, a public certificate no secret, a committed dotenv file known already."""
    text = view.project.repository.read(posixpath.normpath(posixpath.join(view.context.path, name)))
    if text is None:
        return False
    if posixpath.basename(name).startswith(".env"):
        return True
    if name.endswith(".npmrc"):
        return not re.search(r"_(authToken|auth|password)\s*=\s*(?!\$\{)\S", text)
    if name.endswith(".pem"):
        return "PRIVATE KEY" not in text
    return False


RULES = (secret_in_image, secret_file_copied)
