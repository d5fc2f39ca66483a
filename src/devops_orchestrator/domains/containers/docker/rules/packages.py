"""Rules on Debian packages and other commands of RUN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.reading import View, commands, mounts, runs
from devops_orchestrator.formats import shell
from devops_orchestrator.formats.dockerfile import Instruction, Stage
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

APT = "https://docs.docker.com/build/building/best-practices/#apt-get"
_APT = ("apt-get", "apt", "aptitude")


def _apt(item: Instruction, action: str) -> list[shell.Command]:
    return [c for c in commands(item) if c.name in _APT and action in c.operands]


@rule(
    "docker/apt-update-alone", Severity.WARNING, on="dockerfile", url=APT,
    title=Text("apt-get update is a layer of its own", "apt-get update est dans une couche à part"),
    advice=Text(
        "The layer stays in the cache while the install line changes: it then asks for package versions that the archive no longer has.",
        "La couche reste en cache quand la ligne d'installation change : elle demande alors des versions de paquets qui n'existent plus dans l'archive.",
    ),
)  # fmt: skip
def apt_update_alone(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        items = stage.instructions
        for i, item in enumerate(items):
            if item.name != "RUN" or not _apt(item, "update") or _apt(item, "install") or _apt(item, "upgrade"):
                continue
            following = items[i + 1] if i + 1 < len(items) else None
            update = _apt(item, "update")[0]
            yield Hit(
                update.start, update.end,
                Text("apt-get update runs without an install in the same RUN.", "apt-get update s'exécute sans installation dans le même RUN."),
                _merge(source, item, following) if following else None,
            )  # fmt: skip


def _merge(source: Source, first: Instruction, second: Instruction) -> Fix | None:
    """Join two RUNs that follow each other: the same commands in the same order, in one layer."""
    plain = second.name == "RUN" and _apt(second, "install") and not first.flags and not second.flags
    if not plain or first.json or second.json or first.heredocs or second.heredocs:
        return None
    if source.text[first.end : second.start].strip() or re.search(r"[;&|]\s*$", first.arguments):
        return None
    eol = newline(source.text)
    edit = Edit(source.path, first.end, second.args_start, f" && \\{eol}    ")
    return Fix((edit,), True, Text("Join both RUN instructions", "Réunir les deux instructions RUN"))


@rule(
    "docker/apt-recommends", Severity.INFO, on="dockerfile", url=APT,
    title=Text("apt-get install takes recommended packages too", "apt-get install prend aussi les paquets recommandés"),
    advice=Text(
        "Debian's recommendations are made for a desktop: they can multiply the size of the layer.",
        "Les paquets recommandés par Debian visent un poste de travail : ils peuvent multiplier la taille de la couche.",
    ),
)  # fmt: skip
def apt_recommends(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    configured = "Install-Recommends" in source.text
    for _, command in runs(view.file.instructions):
        if command.name not in _APT or "install" not in command.operands or configured:
            continue
        if "--no-install-recommends" in command.values or any("Install-Recommends" in w for w in command.values):
            continue
        at = next(w.end for w in command.words if w.value == "install")
        needs = Text(
            "Check that the program needs none of the recommended packages (ca-certificates is the usual one: name it).",
            "Vérifiez que le programme n'a besoin d'aucun paquet recommandé (ca-certificates est le plus courant : nommez-le).",
        )
        fix = Fix(
            (source.edit(at, at, " --no-install-recommends"),),
            False,
            Text("Add --no-install-recommends", "Ajouter --no-install-recommends"),
            needs,
        )
        yield Hit(
            command.start, command.end,
            Text("apt-get install without --no-install-recommends.", "apt-get install sans --no-install-recommends."), fix,
        )  # fmt: skip


@rule(
    "docker/apt-lists", Severity.INFO, on="dockerfile", url=APT,
    title=Text("The package lists stay in the layer", "Les listes de paquets restent dans la couche"),
    advice=Text(
        "They are tens of megabytes that no running container reads; removed in a later RUN they are still in the image.",
        "Ce sont des dizaines de mégaoctets qu'aucun conteneur ne lit ; supprimées dans un RUN ultérieur, elles restent dans l'image.",
    ),
)  # fmt: skip
def apt_lists(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        for item in stage.of("RUN"):
            installs = _apt(item, "install")
            if not installs or not _apt(item, "update") or _removes_lists(item) or _cached_lists(item):
                continue
            yield Hit(
                installs[0].start, installs[0].end,
                Text("The lists of apt-get update are not removed in this RUN.", "Les listes d'apt-get update ne sont pas supprimées dans ce RUN."),
                _remove_lists(view, stage, item),
            )  # fmt: skip


def _removes_lists(item: Instruction) -> bool:
    return any(
        c.name in ("rm", "find") and any("/var/lib/apt/lists" in w or w == "/var/lib/apt" for w in c.values)
        for c in commands(item)
    )


def _cached_lists(item: Instruction) -> bool:
    return any(
        m.get("target", m.get("dst", "")).rstrip("/") in ("/var/lib/apt", "/var/lib/apt/lists")
        for m in mounts(item, "cache") + mounts(item, "tmpfs")
    )


def _remove_lists(view: View, stage: Stage, item: Instruction) -> Fix | None:
    """Append the removal to a plain `a && b` chain; not where a later install relies on the lists."""
    later = [i for i in view.file.instructions if i.name == "RUN" and i.start > item.start]
    if any(_apt(i, "install") and not _apt(i, "update") for i in later) or item.heredocs or item.json:
        return None
    found = commands(item)
    chained = all(c.after in ("&&", "") and not c.conditional and c.pipe is None for c in found)
    if not chained or not found or found[-1].end < item.end - 1 or found[-1].name not in _APT:
        return None
    edit = view.source.edit(item.end, item.end, f" && \\{newline(view.source.text)}    rm -rf /var/lib/apt/lists/*")
    return Fix((edit,), True, Text("Remove the lists in the same RUN", "Supprimer les listes dans le même RUN"))


@rule(
    "docker/sudo", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/best-practices/#user",
    title=Text("sudo in a build", "sudo dans un build"),
    advice=Text(
        "A build runs as root unless USER says otherwise: sudo adds a program that raises privileges to the image and nothing else.",
        "Un build s'exécute en root sauf si USER dit autre chose : sudo ne fait qu'ajouter à l'image un programme qui élève les privilèges.",
    ),
)  # fmt: skip
def sudo(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        for item, command in runs(stage.instructions):
            if command.name != "sudo":
                continue
            plain = len(command.words) > 1 and not command.values[1].startswith("-")
            root = _is_root(view, stage, item)
            fix = None
            if plain and root:
                edit = source.edit(command.words[0].start, command.words[1].start, "")
                needs = Text(
                    "sudo clears the environment: check that the command does not rely on that.",
                    "sudo vide l'environnement : vérifiez que la commande n'en dépend pas.",
                )
                fix = Fix((edit,), False, Text("Remove sudo", "Retirer sudo"), needs)
            yield Hit(
                command.start, command.words[0].end,
                Text("sudo is not needed here: the build is already root." if root else "sudo in a RUN: use USER instead.",
                     "sudo est inutile ici : le build est déjà root." if root else "sudo dans un RUN : utilisez USER."),
                fix,
            )  # fmt: skip


def _is_root(view: View, stage: Stage, item: Instruction) -> bool:
    users = [i for s in view.file.lineage(stage) for i in s.of("USER") if i.start < item.start]
    if users:
        return users[-1].arguments.split(":")[0] in ("root", "0")
    base = view.file.base(stage)
    return bool(base and images.runs_as_root(base))


@rule(
    "docker/remote-script", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/best-practices/#add-or-copy",
    title=Text("A downloaded script is run unseen", "Un script téléchargé est exécuté sans contrôle"),
    advice=Text(
        "Whoever controls the address controls the image, and the same commit builds something else tomorrow: fetch a fixed version and verify its checksum.",
        "Qui contrôle l'adresse contrôle l'image, et le même commit construira autre chose demain : téléchargez une version fixe et vérifiez sa somme de contrôle.",
    ),
)  # fmt: skip
def remote_script(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for _, command in runs(view.file.instructions):
        if command.name in ("curl", "wget") and command.pipe in (
            "sh",
            "bash",
            "dash",
            "zsh",
            "ash",
            "sudo",
            "python",
            "python3",
            "node",
        ):
            yield Hit(
                command.start, command.end,
                Text(f"The output of {command.name} goes straight into {command.pipe}.", f"La sortie de {command.name} part directement dans {command.pipe}."),
            )  # fmt: skip


_COMPILERS = frozenset(
    ["gcc", "g++", "make", "build-essential", "build-base", "clang", "cmake", "python3-dev", "musl-dev"]
)
_TOOLCHAINS = {
    "golang": "Go",
    "maven": "Maven",
    "gradle": "Gradle",
    "rust": "Rust",
    "mcr.microsoft.com/dotnet/sdk": ".NET SDK",
}


@rule(
    "docker/build-tools-in-image", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/multi-stage/",
    title=Text("Build tools are in the final image", "Des outils de build sont dans l'image finale"),
    advice=Text(
        "The compiler and its sources make up most of the image and most of its vulnerabilities: build in one stage, deliver from another.",
        "Le compilateur et les sources font l'essentiel de l'image et de ses vulnérabilités : construisez dans une étape, livrez depuis une autre.",
    ),
)  # fmt: skip
def build_tools_in_image(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    ref = images.reference(view.base or "")
    origin = view.final.origin
    toolchain = _TOOLCHAINS.get(ref.name) or (
        "JDK" if ref.name == "eclipse-temurin" and "jdk" in (ref.tag or "") else None
    )
    built = [
        c
        for _, c in runs(view.lineage)
        if c.name in ("go", "mvn", "mvnw", "gradle", "gradlew", "cargo", "dotnet") and _builds(c)
    ]
    if toolchain and built:
        from devops_orchestrator.domains.containers.docker.rules import split

        yield Hit(
            origin.start, origin.end,
            Text(f"The final image holds the whole {toolchain} toolchain.", f"L'image finale contient toute la chaîne de compilation {toolchain}."),
            split.proposal(view),
        )  # fmt: skip
        return
    for item in view.lineage:
        if item.name != "RUN":
            continue
        added = [(c, w) for c in commands(item) if c.name in (*_APT, "apk") and {"install", "add"} & set(c.operands)
                 for w in c.words if w.value.partition("=")[0] in _COMPILERS]  # fmt: skip
        removed = any(
            c.name in (*_APT, "apk") and {"purge", "remove", "del", "autoremove"} & set(c.operands)
            for c in commands(item)
        )
        virtual = any(w.startswith(("--virtual", "-t")) for c in commands(item) for w in c.values)
        if added and not removed and not virtual:
            names = ", ".join(dict.fromkeys(w.value for _, w in added))
            yield Hit(
                added[0][1].start, added[0][1].end,
                Text(f"{names}: compilers in the final image.", f"{names} : des compilateurs dans l'image finale."),
                related=(Related(source.path, origin.line, Text("the final stage", "l'étape finale")),),
            )  # fmt: skip


def _builds(command: shell.Command) -> bool:
    return bool({"build", "install", "package", "publish", "bootJar", "assemble", "shadowJar"} & set(command.operands))


RULES = (apt_update_alone, apt_recommends, apt_lists, sudo, remote_script, build_tools_in_image)
