"""Rules on variables: secrets in plain text, misspelt names, what the code needs and nobody gives."""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    Built,
    built,
    once,
    related,
    services,
    trial,
)
from devops_orchestrator.formats.compose import Service
from devops_orchestrator.text import Text

_SECRET = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PASS|SECRET|TOKEN|API_?KEY|APIKEY|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY|SECRET_KEY_BASE|APP_KEY|MASTER_KEY|ENCRYPTION_KEY|HMAC)($|_)",
    re.I,
)
_ELSEWHERE = re.compile(
    r"_(FILE|PATH|DIR|NAME|ID|URL|URI|TTL|EXPIRY|EXPIRES?(_IN)?|LENGTH|TYPE|ALGORITHM|HEADER|ISSUER|POLICY|ENABLED|REQUIRED|PREFIX|HOST|PORT|USER)$",
    re.I,
)
_STAND_IN = re.compile(
    r"change|example|insecure|dummy|placeholder|replace|your|test|dev|local|secret|password|passwd|sample|todo|xxx|1234|default|demo|foo|admin|root|random|fake|not[-_]?so|generate|minio|postgres|mysql|lorem|must|here|string|key",
    re.I,
)
_ISSUED = re.compile(
    r"^(AKIA[0-9A-Z]{16}|gh[pousr]_\w{36,}|github_pat_\w{40,}|sk_live_\w{16,}|rk_live_\w{16,}|xox[abprs]-[\w-]{20,}|glpat-[\w-]{20,}|SG\.[\w-]{20,}\.[\w-]{20,}|AIza[\w-]{35})$"
)


@rule(
    "docker-compose/plain-secret", Severity.WARNING, on="compose", url="https://docs.docker.com/compose/how-tos/use-secrets/",
    title=Text("A secret in plain text", "Un secret en clair"),
    advice=Text(
        "Everybody who can read the repository has it, and its history keeps it: change it, then give it as a secret or through a variable of .env.",
        "Quiconque lit le dépôt le possède, et l'historique le garde : changez-le, puis fournissez-le comme secret ou par une variable de .env.",
    ),
)  # fmt: skip
@once
def plain_secret(source: Source, project: Project) -> Iterator[Hit]:
    """A variable with a secret's name whose value looks generated, or a token whose issuer is known; the value is never shown."""
    for service in services(source):
        for variable in service.environment:
            value = (variable.value or "").strip()
            issued = bool(_ISSUED.match(value))
            if not issued and (
                not _SECRET.search(variable.name) or _ELSEWHERE.search(variable.name) or not _generated(value)
            ):
                continue
            yield Hit(
                *variable.span,
                Text(f"{variable.name} of {service.name} is written in the file.", f"{variable.name} de {service.name} est écrit dans le fichier."),
                severity=Severity.ERROR if issued else Severity.INFO if trial(source.path) else None,
            )  # fmt: skip


def _generated(value: str) -> bool:
    """Whether a value is long and mixed enough to be a real one, and no word that stands for it."""
    value = value.removeprefix("base64:")
    if len(value) < 16 or "$" in value or re.search(r"\s|://|/|<|\{", value) or _STAND_IN.search(value):
        return False
    counts = Counter(value)
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return entropy >= 3.2 and bool(re.search(r"\d", value)) and bool(re.search(r"[A-Za-z]", value))


@rule(
    "docker-compose/misspelt-variable", Severity.WARNING, on=("compose", "env-example"), url=REFERENCE + "services/#environment",
    title=Text("A variable that the code reads under another spelling", "Une variable que le code lit sous une autre orthographe"),
    advice=Text(
        "Nothing reads this name, and the one that the code reads is not set: it silently takes its default, or stops.",
        "Rien ne lit ce nom, et celui que le code lit n'est pas défini : il prend sans bruit sa valeur par défaut, ou s'arrête.",
    ),
)  # fmt: skip
@once
def misspelt_variable(source: Source, project: Project) -> Iterator[Hit]:
    """One or two letters away from a name that the code reads and that is not set, and found nowhere else in the repository."""
    if source.kind == "env-example":
        given = _dotenv(source)
        yield from _misspelt(source, project, _around(source, project), given, {name for name, _, _ in given})
        return
    for service in services(source):
        made = built(service, source, project)
        component = made.component if made is not None else None
        if made is None or component is None or service.get("env_file") is not None:
            continue
        given = [(variable.name, *variable.span) for variable in service.environment]
        known = {name for name, _, _ in given} | set(made.environment)
        yield from _misspelt(source, project, [component], given, known)


def _around(source: Source, project: Project) -> list[Component]:
    """The components that a dotenv example is for: those of its folder and below."""
    folder = posixpath.dirname(source.path) or "."
    return [c for c in project.components if folder == "." or c.path == folder or c.path.startswith(folder + "/")]


def _dotenv(source: Source) -> list[tuple[str, int, int]]:
    found = re.finditer(r"(?m)^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=", source.text)
    return [(match[1], match.start(1), match.end(1)) for match in found]


def _misspelt(
    source: Source, project: Project, components: list[Component], given: list[tuple[str, int, int]], known: set[str]
) -> Iterator[Hit]:
    read = {name: component for component in components for name in component.environment}
    commented = set(re.findall(r"(?m)^[ \t]*#[ \t]*([A-Za-z_]\w*)[ \t]*=", source.text))
    for name, start, end in given:
        if name in read or len(name) < 6:
            continue
        near = [other for other in read if other not in known | commented and _near(name, other)]
        if len(near) != 1 or _elsewhere(project, name, source.path):
            continue
        right = near[0]
        place = read[right].evidence.get(f"environment.{right}", "")
        needs = Text("The value must be meant for this name.", "La valeur doit être destinée à ce nom.")
        yield Hit(
            start, end,
            Text(
                f"Nothing reads {name}; the code reads {right}{f' ({place})' if place else ''}, which is not set.",
                f"Rien ne lit {name} ; le code lit {right}{f' ({place})' if place else ''}, qui n'est pas définie.",
            ),
            Fix((source.edit(start, end, right),), False, Text(f"Write {right}", f"Écrire {right}"), needs),
            related(place, f"{right} is read here", f"{right} est lue ici"),
        )  # fmt: skip


def _near(one: str, other: str) -> bool:
    """Whether two names differ by a typing slip: one or two letters, no number, not a word more or less."""
    if one == other or abs(len(one) - len(other)) > 2 or re.sub(r"\d", "", one) == re.sub(r"\d", "", other):
        return False
    if one.lower().replace("_", "") == other.lower().replace("_", ""):
        return True
    mine, theirs = one.split("_"), other.split("_")
    if len(mine) != len(theirs):
        return False
    pairs = [(a, b) for a, b in zip(mine, theirs, strict=True) if a != b]
    return (
        len(pairs) == 1
        and min(len(pairs[0][0]), len(pairs[0][1])) >= 4
        and 0 < _distance(*pairs[0]) <= (1 if len(pairs[0][0]) < 6 else 2)
    )


def _distance(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with the next one."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _elsewhere(project: Project, name: str, path: str) -> bool:
    """Whether another file of the repository has the name."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for other in project.repository.files:
        if other == path or re.search(
            r"\.(png|jpe?g|gif|svg|ico|woff2?|lock|min\.js|map)$|(^|/)package-lock\.json$", other
        ):
            continue
        text = project.repository.read(other)
        if text and name in text and word.search(text):
            return True
    return False


@rule(
    "docker-compose/missing-variable", Severity.WARNING, on="compose", url=REFERENCE + "services/#environment",
    title=Text("A variable that the code needs is not set", "Une variable dont le code a besoin n'est pas définie"),
    advice=Text(
        "The code reads it without a default: the container ends at its start, or fails at the first request that needs it.",
        "Le code la lit sans valeur par défaut : le conteneur s'arrête au démarrage, ou échoue à la première requête qui en dépend.",
    ),
)  # fmt: skip
@once
def missing_variable(source: Source, project: Project) -> Iterator[Hit]:
    """Variables read without a default that neither the service nor its image sets, where no dotenv file may give them."""
    for service in services(source):
        made = built(service, source, project)
        component = made.component if made is not None else None
        node = service.node.pair("environment")
        if made is None or component is None or node is None or made.dockerfile is None or service.get("build") is None:
            continue
        if not _alone(service, made, project):
            continue
        given = {variable.name for variable in service.environment} | set(made.environment)
        missing = [name for name in component.required_environment if name not in given]
        if not missing or len(missing) == len(component.required_environment):
            continue
        names = ", ".join(missing)
        places = [
            place
            for name in missing
            for place in related(
                component.evidence.get(f"environment.{name}", ""), f"{name} is read here", f"{name} est lue ici"
            )
        ]
        yield Hit(
            node[0].start, node[0].end,
            Text(
                f"{component.name} reads {names} without a default; {service.name} does not set it.",
                f"{component.name} lit {names} sans valeur par défaut ; {service.name} ne la définit pas.",
            ),
            related=tuple(places),
        )  # fmt: skip


def _alone(service: Service, made: Built, project: Project) -> bool:
    """Whether the service's own variables are all that it gets: no env_file, no secrets, no dotenv, no mount of the source, no other command."""
    if any(
        service.get(key) is not None for key in ("env_file", "secrets", "extends", "command", "entrypoint", "configs")
    ):
        return False
    if any(mount.kind == "bind" for mount in service.mounts):
        return False
    return not project.repository.glob("**/.env", "**/.env.*", "**/*.env", "**/env.example", "**/*.env.*")


RULES = (plain_secret, misspelt_variable, missing_variable)
