"""Rules on data: where a database keeps it, what a mount hides."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core import base_images
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    Built,
    built,
    name_of,
    once,
    perhaps_ignored,
    services,
    tag_of,
    together,
    trial,
)
from devops_orchestrator.formats import compose, shell
from devops_orchestrator.formats.compose import Mount, Service
from devops_orchestrator.text import Text

# Data store → the folder of its data in the image.
FOLDERS = {
    "postgres": "/var/lib/postgresql", "postgis": "/var/lib/postgresql", "pgvector": "/var/lib/postgresql", "mysql": "/var/lib/mysql",
    "mariadb": "/var/lib/mysql", "mongo": "/data/db", "elasticsearch": "/usr/share/elasticsearch/data",
}  # fmt: skip


@rule(
    "docker-compose/postgres-data-folder", Severity.ERROR, on="compose", url="https://hub.docker.com/_/postgres#pgdata",
    title=Text("PostgreSQL's data is in another folder", "Les données de PostgreSQL sont dans un autre dossier"),
    advice=Text(
        "Since version 18 the image keeps its data below /var/lib/postgresql and refuses to start with a mount at /var/lib/postgresql/data; until 17 it is the other way round: a mount at /var/lib/postgresql leaves the data in a volume without a name, which the next `down` gives up.",
        "Depuis la version 18, l'image garde ses données sous /var/lib/postgresql et refuse de démarrer avec un montage sur /var/lib/postgresql/data ; jusqu'à la 17, c'est l'inverse : un montage sur /var/lib/postgresql laisse les données dans un volume sans nom, abandonné au prochain `down`.",
    ),
)  # fmt: skip
@once
def postgres_data_folder(source: Source, project: Project) -> Iterator[Hit]:
    """The mount of the official image against its version; `latest` is the newest. PGDATA decides otherwise."""
    for service in services(source):
        image = compose.filled(service.image) or ""
        if (
            base_images.reference(image).name != "postgres"
            or any(v.name == "PGDATA" for v in service.environment)
            or service.get("env_file")
        ):
            continue
        tag = tag_of(image)
        found = re.match(r"(\d+)", tag)
        if found is None and tag not in ("", "latest", "alpine"):
            continue
        new = found is None or int(found[1]) >= 18
        wrong = "/var/lib/postgresql/data" if new else "/var/lib/postgresql"
        right = "/var/lib/postgresql" if new else "/var/lib/postgresql/data"
        mounts = [m for m in service.mounts if m.target.rstrip("/") in (wrong, right)]
        if len(mounts) != 1 or mounts[0].target.rstrip("/") != wrong:
            continue
        mount = mounts[0]
        shown = f"{image}" if found else f"{image or 'postgres'} (18 or newer)"
        montre = f"{image}" if found else f"{image or 'postgres'} (18 ou plus récent)"
        yield Hit(
            mount.node.start, mount.node.end,
            Text(f"{shown} keeps its data in {right}, not in {wrong}.", f"{montre} garde ses données dans {right}, pas dans {wrong}."),
            _moved(source, mount, wrong, right),
            (Related(source.path, source.lines.place(node.start)[0], Text("the version", "la version")),) if (node := service.get("image")) else (),
        )  # fmt: skip


def _moved(source: Source, mount: Mount, wrong: str, right: str) -> Fix | None:
    text = source.text[mount.node.start : mount.node.end]
    at = text.find(f":{wrong}")
    if mount.node.kind != "scalar" or at < 0:
        return None
    start = mount.node.start + at + 1
    needs = Text(
        "A volume that already holds data must be moved with it: dump and restore, or pg_upgrade.",
        "Un volume qui contient déjà des données doit être migré : dump et restauration, ou pg_upgrade.",
    )
    return Fix(
        (source.edit(start, start + len(wrong), right),),
        False,
        Text(f"Mount it at {right}", f"Le monter sur {right}"),
        needs,
    )


@rule(
    "docker-compose/data-without-volume", Severity.WARNING, on="compose", url=REFERENCE + "volumes/",
    title=Text("A database without a volume", "Une base sans volume"),
    advice=Text(
        "`docker compose down` removes the container and its data with it: nothing is there at the next start.",
        "`docker compose down` supprime le conteneur et ses données avec lui : il ne reste rien au prochain démarrage.",
    ),
)  # fmt: skip
@once
def data_without_volume(source: Source, project: Project) -> Iterator[Hit]:
    """A database that is meant to stay (it or another service is started again after a reboot) and whose data folder has no mount.

    Files for trials, and those whose services end with the terminal, keep their data for one session on purpose.
    """
    if trial(source.path) or not any(_stays(service) for service in services(source)):
        return
    files = [file for _, file in together(source, project)]
    for service in services(source):
        name = name_of(service.image)
        node = service.get("image")
        if (
            name not in FOLDERS
            or node is None
            or service.get("extends") is not None
            or service.get("tmpfs") is not None
            or service.get("volumes_from") is not None
        ):
            continue
        if re.fullmatch(r"(/bin/)?true", service.command):
            continue  # a container of data, not a server
        every = [found for file in files if (found := file.service(service.name))]
        where = service.variable("PGDATA") or FOLDERS[name]
        if any(_holds(mount, where, FOLDERS[name]) for found in every for mount in found.mounts):
            continue
        yield Hit(
            node.start, node.end,
            Text(f"{service.name}: no volume at {where}.", f"{service.name} : pas de volume sur {where}."),
        )  # fmt: skip


def _stays(service: Service) -> bool:
    """Whether a service is started again after a reboot of the machine."""
    return service.text("restart") in ("always", "unless-stopped") or service.get("deploy", "replicas") is not None


def _holds(mount: Mount, *folders: str) -> bool:
    target = mount.target.rstrip("/")
    return (
        any(target == at or target.startswith(f"{at}/") or at.startswith(f"{target}/") for at in folders)
        or "$" in target
    )


# Official image → one of these variables, with or without `_FILE`, must be set on an empty data folder.
_PASSWORDS = {
    "postgres": ("POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD"),
    "mysql": ("MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"),
    "mariadb": (
        "MARIADB_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_RANDOM_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD_HASH",
        "MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD",
    ),
}  # fmt: skip


@rule(
    "docker-compose/missing-database-password", Severity.ERROR, on="compose", url="https://hub.docker.com/_/postgres#postgres_password",
    title=Text("A database that refuses to start without a password", "Une base qui refuse de démarrer sans mot de passe"),
    advice=Text(
        "The official image ends at its first start with an empty data folder: \"Database is uninitialized and superuser password is not specified\".",
        "L'image officielle s'arrête au premier démarrage, sur un dossier de données vide : « Database is uninitialized and superuser password is not specified ».",
    ),
)  # fmt: skip
@once
def missing_database_password(source: Source, project: Project) -> Iterator[Hit]:
    """An official database image with none of the variables that it asks for, in no file of the folder."""
    files = [file for _, file in together(source, project)]
    for service in services(source):
        node = service.get("image")
        names = _PASSWORDS.get(base_images.reference(compose.filled(service.image) or "").name, ())
        every = [found for file in files if (found := file.service(service.name))]
        if node is None or not names or re.fullmatch(r"(/bin/)?true", service.command) or _lenient(service.image):
            continue
        if any(
            s.get(key) is not None for s in every for key in ("env_file", "extends", "entrypoint", "build", "configs")
        ):
            continue
        if any(v.name.removesuffix("_FILE") in names and v.value != "" for s in every for v in s.environment):
            continue
        yield Hit(
            node.start, node.end,
            Text(f"{service.name}: {names[0]} is not set.", f"{service.name} : {names[0]} n'est pas définie."),
        )  # fmt: skip


def _lenient(image: str) -> bool:
    """Whether a PostgreSQL image is from before February 2020, when it began to ask."""
    found = re.match(r"(\d+)\.(\d+)", tag_of(image))
    asks = {"9": 99, "10": 12, "11": 7, "12": 2}
    return name_of(image) == "postgres" and found is not None and int(found[2]) < asks.get(found[1], 0)


@rule(
    "docker-compose/hidden-dependencies", Severity.WARNING, on="compose", url=REFERENCE + "services/#volumes",
    title=Text("A mount hides the dependencies of the image", "Un montage masque les dépendances de l'image"),
    advice=Text(
        "The folder of the machine takes the place of the image's: what the build installed there is gone, and a fresh clone does not start (\"Cannot find module\"). A volume of its own on the dependencies' folder keeps them.",
        "Le dossier de la machine prend la place de celui de l'image : ce que le build y a installé disparaît, et un clone neuf ne démarre pas (« Cannot find module »). Un volume à part sur le dossier des dépendances les conserve.",
    ),
)  # fmt: skip
@once
def hidden_dependencies(source: Source, project: Project) -> Iterator[Hit]:
    """The source mounted over the folder that the image installs node_modules into, where git has none and the command installs none."""
    for service in services(source):
        made = built(service, source, project)
        if (
            made is None
            or made.dockerfile is None
            or re.search(r"install|ci\b|setup|\.sh\b|entrypoint", _started(service, made))
        ):
            continue
        for at in _filled(made):
            hiding = next(
                (
                    m
                    for m in service.mounts
                    if m.kind == "bind"
                    and m.target.rstrip("/") == at
                    and m.source.rstrip("/") in _sources(source, made)
                ),
                None,
            )
            inside = f"{at}/node_modules"
            if _moved_modules(project, made):
                continue
            if _moved_modules(project, made):
                continue
            if (
                hiding is None
                or any(m.target.rstrip("/") == inside for m in service.mounts)
                or not perhaps_ignored(project, posixpath.normpath(posixpath.join(made.context, "node_modules")))
            ):
                continue
            fix = None
            volumes = service.get("volumes")
            if volumes is not None and volumes.kind == "list" and not volumes.alias:
                from devops_orchestrator.formats import yaml

                needs = Text(
                    "After a change of the dependencies: `docker compose up --build --renew-anon-volumes`.",
                    "Après un changement de dépendances : `docker compose up --build --renew-anon-volumes`.",
                )
                fix = Fix(
                    (source.edit(*yaml.append_item(volumes, inside)),),
                    False,
                    Text(f"Keep {inside}", f"Conserver {inside}"),
                    needs,
                )
            yield Hit(
                hiding.node.start, hiding.node.end,
                Text(f"{service.name}: {hiding.source} hides {inside} of the image.", f"{service.name} : {hiding.source} masque {inside} de l'image."),
                fix, (Related(made.path, _install_line(made), Text("installed here", "installées ici")),),
            )  # fmt: skip


def _moved_modules(project: Project, made: Built) -> bool:
    """Whether a setting of yarn, a command of the build or a variable puts the modules somewhere else."""
    if "NODE_PATH" in made.environment or any(
        re.search(r"\bmv\b[^&;]*node_modules", item.arguments) for item in made.lineage if item.name == "RUN"
    ):
        return True
    text = project.repository.read(posixpath.normpath(posixpath.join(made.context, ".yarnrc"))) or ""
    return "modules-folder" in text


def _sources(source: Source, made: Built) -> set[str]:
    """How a compose file writes the folder that an image is built from."""
    relative = posixpath.relpath(made.context, posixpath.dirname(source.path) or ".")
    return {relative, f"./{relative}", "${PWD}", "$PWD"} if relative != "." else {".", "./", "", "${PWD}", "$PWD"}


def _started(service: Service, made: Built) -> str:
    if service.get("command") is not None or service.get("entrypoint") is not None:
        return service.command
    return " ".join(word.value for name in ("ENTRYPOINT", "CMD") if (item := made.last(name)) for word in item.operands)


def _installs(made: Built) -> Iterator[tuple[str, int]]:
    """(working directory, line) of each install of node packages."""
    current = "/"
    for item in made.lineage:
        if item.name == "WORKDIR" and item.words:
            current = posixpath.normpath(posixpath.join(current, item.words[0].value))
        for _, script in item.scripts if item.name == "RUN" else ():
            for command in shell.commands(script):
                words = command.values
                plain = words[0] == "yarn" and (len(words) == 1 or words[1].startswith("-") or words[1] == "install")
                if plain or (
                    words[0] in ("npm", "pnpm", "bun")
                    and len(words) > 1
                    and words[1] in ("ci", "install", "i")
                    and "-g" not in words
                    and not command.operands[1:]
                ):
                    yield current, item.line


def _filled(made: Built) -> list[str]:
    return list(dict.fromkeys(at for at, _ in _installs(made) if at != "/" and "$" not in at))


def _install_line(made: Built) -> int:
    return next(line for _, line in _installs(made))


RULES = (postgres_data_folder, data_without_volume, missing_database_password, hidden_dependencies)
