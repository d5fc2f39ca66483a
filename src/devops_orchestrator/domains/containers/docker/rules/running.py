"""Rules on how the container runs: user, command, port, health check, working directory."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.process import above, real_port, start_of_process
from devops_orchestrator.domains.containers.docker.rules.reading import View, commands, is_remote, runs
from devops_orchestrator.formats.dockerfile import Instruction
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

REFERENCE = "https://docs.docker.com/reference/dockerfile/"


@rule(
    "docker/root-user", Severity.WARNING, on="dockerfile", url=f"{REFERENCE}#user",
    title=Text("The container runs as root", "Le conteneur s'exécute en root"),
    advice=Text(
        "A hole in the application is then root in the container, and root on every file that is mounted into it; Kubernetes' restricted policy refuses the pod.",
        "Une faille de l'application donne alors root dans le conteneur, et root sur tout fichier monté ; la politique « restricted » de Kubernetes refuse le pod.",
    ),
)  # fmt: skip
def root_user(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    user = view.last("USER")
    if user is not None:
        if user.arguments.split(":")[0] in ("root", "0"):
            yield Hit(
                user.start, user.end,
                Text("The last USER is root: the container runs as root.", "Le dernier USER est root : le conteneur s'exécute en root."),
            )  # fmt: skip
        return
    base = view.base
    if not base or images.runs_as_root(base) is not True:
        return
    origin = view.final.origin
    yield Hit(
        origin.start, origin.end,
        Text(f"No USER: {base} runs as root.", f"Pas de USER : {base} s'exécute en root."), _become_user(view, base),
    )  # fmt: skip


def _become_user(view: View, base: str) -> Fix | None:
    """Put USER before what starts the process: the account that the Dockerfile makes, the image's own, or a number."""
    at = start_of_process(view)
    if at is None:
        return None
    made = _made_user(view)
    known = images.user_of(base)
    name = made or (
        f"{known[1]}:{known[1]}" if known else "65532:65532" if images.reference(base).distroless else "10001:10001"
    )
    edit = view.source.edit(above(view, at), above(view, at), f"USER {name}{newline(view.source.text)}")
    port = real_port(view)
    needs = Text(
        f"The process must not write into the image's folders as {name}: give it a volume or chown those that it writes to.",
        f"Le processus ne doit pas écrire dans les dossiers de l'image en tant que {name} : donnez-lui un volume, ou faites un chown des dossiers où il écrit.",
    )
    if port and port[0] < 1024:
        needs = Text(
            f"{needs.en} Port {port[0]} is below 1024: use a higher one.",
            f"{needs.fr} Le port {port[0]} est inférieur à 1024 : prenez-en un plus élevé.",
        )
    return Fix((edit,), False, Text(f"Run as {name}", f"S'exécuter en tant que {name}"), needs)


def _made_user(view: View) -> str | None:
    """The account that a RUN of the image adds and nobody uses."""
    found = None
    for _, command in runs(view.lineage):
        if command.name in ("useradd", "adduser"):
            values = [w for w in command.values[1:] if re.fullmatch(r"[a-z_][a-z0-9_-]*", w)]
            found = values[-1] if command.name == "useradd" and values else _adduser_name(command.values) or found
    return found


def _adduser_name(words: tuple[str, ...]) -> str | None:
    """The account of Alpine's and Debian's adduser; `adduser name group` adds to a group and makes none."""
    takes = {"-u", "--uid", "-G", "--ingroup", "-h", "--home", "-s", "--shell", "-g", "--gecos", "--gid"}
    left, skip = [], False
    for word in words[1:]:
        if skip:
            skip = False
        elif word in takes:
            skip = True
        elif not word.startswith("-"):
            left.append(word)
    return left[0] if len(left) == 1 else None


@rule(
    "docker/shell-form", Severity.WARNING, on="dockerfile", url=f"{REFERENCE}#shell-and-exec-form",
    title=Text("CMD or ENTRYPOINT in shell form", "CMD ou ENTRYPOINT en forme shell"),
    advice=Text(
        "A shell is process 1 and may keep the stop signal to itself: the container is killed after ten seconds instead of ending cleanly.",
        "Un shell devient le processus 1 et peut garder le signal d'arrêt pour lui : le conteneur est tué au bout de dix secondes au lieu de s'arrêter proprement.",
    ),
)  # fmt: skip
def shell_form(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for item in view.final.instructions:
        if (
            item.name not in ("CMD", "ENTRYPOINT")
            or item.json is not None
            or not item.arguments
            or item is not view.last(item.name)
        ):
            continue
        yield Hit(
            item.start, item.end,
            Text(f"{item.name} is in shell form: use the JSON array.", f"{item.name} est en forme shell : utilisez le tableau JSON."),
            _exec_form(view, item),
        )  # fmt: skip


def _exec_form(view: View, item: Instruction) -> Fix | None:
    """The JSON array of a command that needs no shell; safe where nothing else takes part in the start."""
    found = commands(item)
    text = item.arguments
    plain = len(found) == 1 and not found[0].environment and not re.search(r"[$`*?~<>|&;(){}\[\]\\#!]", text)
    if not plain or found[0].name in ("exec", "cd", "export", "source", ".", "set", "echo", "test", "ulimit", "umask"):
        return None
    array = json.dumps(list(found[0].values), ensure_ascii=False)
    other = view.last("ENTRYPOINT" if item.name == "CMD" else "CMD")
    ref = images.reference(view.base or "")
    known = (ref.product is not None and ref.name not in ("gradle", "maven")) or ref.name == "buildpack-deps"
    safe = other is None and known and view.last("SHELL") is None
    needs = None if safe else Text(
        "ENTRYPOINT and CMD are combined in another way once both are arrays: start the container once.",
        "ENTRYPOINT et CMD se combinent autrement lorsque les deux sont des tableaux : démarrez le conteneur une fois.",
    )  # fmt: skip
    return Fix(
        (view.source.edit(item.args_start, item.args_end, array),),
        safe,
        Text("Use the exec form", "Utiliser la forme exec"),
        needs,
    )


@rule(
    "docker/add-instead-of-copy", Severity.INFO, on="dockerfile", url="https://docs.docker.com/build/building/best-practices/#add-or-copy",
    title=Text("ADD where COPY does the same", "ADD là où COPY suffit"),
    advice=Text(
        "ADD also downloads and unpacks: a reader has to ask whether that was meant, and a file that becomes an archive changes the image.",
        "ADD télécharge et décompresse aussi : le lecteur doit se demander si c'est voulu, et un fichier qui devient une archive change l'image.",
    ),
)  # fmt: skip
def add_instead_of_copy(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for item in view.file.instructions:
        if (
            item.name != "ADD"
            or item.heredocs
            or any(flag.name in ("checksum", "keep-git-dir", "unpack") for flag in item.flags)
        ):
            continue
        sources = item.operands[:-1]
        if not sources or any(is_remote(w.value) or "$" in w.value or _archive(w.value) for w in sources):
            continue
        if any(
            _archive(path) for w in sources if re.search(r"[*?\[]", w.value) for path in view.context.matches(w.value)
        ):
            continue
        stage = next(s for s in view.file.stages if item in s.instructions)
        placed = sources and (
            item.operands[-1].value.startswith(("/", "$"))
            or any(i for s in view.file.lineage(stage) for i in s.of("WORKDIR"))
        )
        title = Text("Use COPY", "Utiliser COPY")
        fix = Fix((source.edit(item.start, item.start + 3, "COPY"),), True, title) if placed else None
        yield Hit(item.start, item.end, Text("ADD only copies here.", "ADD ne fait ici que copier."), fix)


def _archive(path: str) -> bool:
    return bool(re.search(r"\.(tar(\.\w+)?|tgz|tbz2?|txz|gz|bz2|xz|zst)$", path))


@rule(
    "docker/relative-workdir", Severity.WARNING, on="dockerfile", url=f"{REFERENCE}#workdir",
    title=Text("WORKDIR is relative", "WORKDIR est relatif"),
    advice=Text(
        "It depends on the base image's own directory: another base puts the files somewhere else.",
        "Il dépend du dossier de l'image de base : avec une autre base, les fichiers se retrouvent ailleurs.",
    ),
)  # fmt: skip
def relative_workdir(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        current = _first_workdir(view.file.base(stage) or "")
        for before in view.file.lineage(stage):
            for item in before.of("WORKDIR"):
                value = item.arguments.strip("\"'")
                absolute = value.startswith(("/", "$")) or re.match(r"[A-Za-z]:", value)
                if absolute:
                    current = value
                    continue
                full = (
                    posixpath.normpath(posixpath.join(current, value))
                    if current and not current.startswith("$")
                    else None
                )
                if before is stage:
                    title = Text(f"WORKDIR {full}", f"WORKDIR {full}")
                    fix = Fix((source.edit(item.args_start, item.args_end, full),), True, title) if full else None
                    yield Hit(
                        item.start,
                        item.end,
                        Text(f"WORKDIR {value} is relative.", f"WORKDIR {value} est relatif."),
                        fix,
                    )
                current = full


def _first_workdir(base: str) -> str | None:
    """The directory that an image starts in, where it is known."""
    from devops_orchestrator.core import facts

    ref = images.reference(base)
    if ref.name == "php":
        return "/var/www/html" if re.search(r"apache|fpm", ref.tag or "") else "/"
    entry = facts.load("images")["images"].get(ref.name)
    if entry is None or ref.name not in images.PRODUCTS:
        return None
    return str(entry.get("workdir") or "/") if isinstance(entry.get("workdir"), str | None) else None


@rule(
    "docker/no-workdir", Severity.INFO, on="dockerfile", url=f"{REFERENCE}#workdir",
    title=Text("Files are copied without a WORKDIR", "Des fichiers sont copiés sans WORKDIR"),
    advice=Text(
        "They land in the root of the file system, among the system's own folders.",
        "Ils arrivent à la racine du système de fichiers, parmi les dossiers du système.",
    ),
)  # fmt: skip
def no_workdir(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        if _first_workdir(view.file.base(stage) or "") != "/" or any(
            i for s in view.file.lineage(stage) for i in s.of("WORKDIR")
        ):
            continue
        for item in stage.of("COPY", "ADD"):
            if len(item.operands) > 1 and not item.operands[-1].value.startswith(("/", "$")):
                yield Hit(
                    item.start, item.end,
                    Text("Copied into / because there is no WORKDIR.", "Copié dans / faute de WORKDIR."),
                )  # fmt: skip
                break


@rule(
    "docker/expose-mismatch", Severity.WARNING, on="dockerfile", url=f"{REFERENCE}#expose",
    title=Text("EXPOSE is not the port that the application listens on", "EXPOSE n'est pas le port d'écoute de l'application"),
    advice=Text(
        "People and tools read EXPOSE to publish, probe and scrape: they reach a port on which nobody answers.",
        "Les personnes et les outils lisent EXPOSE pour publier, sonder et collecter : ils atteignent un port où personne ne répond.",
    ),
)  # fmt: skip
def expose_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    real = real_port(view)
    exposed = [(word, item) for item in view.lineage if item.name == "EXPOSE" for word in item.words]
    if real is None or not exposed:
        return
    port, evidence = real
    numbers = [word.value.partition("/")[0] for word, _ in exposed]
    if str(port) in numbers or any(not number.isdigit() for number in numbers):
        return
    word, item = exposed[0]
    fix = None
    if len(exposed) == 1 and item in view.final.instructions:
        suffix = word.value.partition("/")[1] + word.value.partition("/")[2]
        fix = Fix(
            (source.edit(word.start, word.end, f"{port}{suffix}"),), True, Text(f"EXPOSE {port}", f"EXPOSE {port}")
        )
    path, _, line = evidence.partition(":")
    related = (Related(path, int(line), Text(f"port {port}", f"port {port}")),) if line.isdigit() else ()
    yield Hit(
        word.start, word.end,
        Text(f"EXPOSE {word.value}, but the application listens on {port} ({evidence}).", f"EXPOSE {word.value}, mais l'application écoute sur {port} ({evidence})."),
        fix, related,
    )  # fmt: skip


@rule(
    "docker/port-not-exposed", Severity.INFO, on="dockerfile", url=f"{REFERENCE}#expose",
    title=Text("The port is not documented with EXPOSE", "Le port n'est pas documenté par EXPOSE"),
    advice=Text(
        "EXPOSE publishes nothing, but it tells people and tools which port to publish and to probe.",
        "EXPOSE ne publie rien, mais indique aux personnes et aux outils quel port publier et sonder.",
    ),
)  # fmt: skip
def port_not_exposed(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    real = real_port(view)
    start = view.last("CMD") or view.last("ENTRYPOINT")
    if real is None or view.last("EXPOSE") or start is None or start not in view.final.instructions:
        return
    first = start_of_process(view) or start
    fix = Fix(
        (source.edit(above(view, first), above(view, first), f"EXPOSE {real[0]}{newline(source.text)}"),),
        True,
        Text(f"EXPOSE {real[0]}", f"EXPOSE {real[0]}"),
    )
    yield Hit(
        start.start, start.end,
        Text(f"The application listens on {real[0]} ({real[1]}); there is no EXPOSE.", f"L'application écoute sur {real[0]} ({real[1]}) ; il n'y a pas d'EXPOSE."),
        fix,
    )  # fmt: skip


RULES = (
    root_user, shell_form, add_instead_of_copy, relative_workdir, no_workdir, expose_mismatch, port_not_exposed,
)  # fmt: skip
