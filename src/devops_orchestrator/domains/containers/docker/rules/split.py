"""The proposal that turns a single-stage Dockerfile of a compiled language into two stages."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.core.rule import Edit, Fix
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.reading import View, runs
from devops_orchestrator.formats.dockerfile import Instruction
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

_AT_RUN_TIME = ("CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "USER", "STOPSIGNAL", "VOLUME")


def proposal(view: View) -> Fix | None:
    """`AS build` on the FROM, and a final stage before the instructions that are about running; None where the result is not clear."""
    if len(view.file.stages) != 1 or len(view.final.origin.words) != 1:
        return None
    tail = _tail(view.final.instructions)
    start = next((item for item in view.final.instructions if item.name in ("CMD", "ENTRYPOINT") and item.json), None)
    if not tail or start is None or start.start < tail[0].start or not start.json:
        return None
    artifact = (
        _binary(view)
        if images.reference(view.base or "").name == "golang"
        else _jar(view, [w.value for w in start.json])
    )
    if artifact is None:
        return None
    image, path, target = artifact
    if images.reference(view.base or "").name == "golang" and start.json[0].value not in (
        target,
        posixpath.basename(target),
        f"./{posixpath.basename(target)}",
    ):
        return None
    eol = newline(view.source.text)
    work = _workdir(view)
    stage = [f"FROM {image}", f"WORKDIR {work}", f"COPY --from=build {path} {target}", ""]
    origin = view.final.origin.words[0]
    edits = (
        Edit(view.source.path, origin.end, origin.end, " AS build"),
        Edit(view.source.path, tail[0].start, tail[0].start, eol + eol.join(stage)),
    )
    title = Text(f"Deliver from {image} in a second stage", f"Livrer depuis {image} dans une seconde étape")
    needs = Text(
        "Files that the program reads at run time (templates, certificates, configuration) and ENV have to be in the second stage as well; it may have no shell.",
        "Les fichiers lus à l'exécution (templates, certificats, configuration) et les ENV doivent aussi être dans la seconde étape ; elle peut ne pas avoir de shell.",
    )
    return Fix(edits, safe=False, title=title, needs=needs)


def _tail(items: tuple[Instruction, ...]) -> list[Instruction]:
    """The last instructions that are only about running."""
    found: list[Instruction] = []
    for item in reversed(items):
        if item.name not in _AT_RUN_TIME:
            break
        found.insert(0, item)
    return found


def _workdir(view: View) -> str:
    found = [item.arguments for item in view.final.instructions if item.name == "WORKDIR"]
    return found[-1] if found and found[-1].startswith("/") else "/app"


def _binary(view: View) -> tuple[str, str, str] | None:
    """(final image, path in the build stage, path in the final one) of `go build -o`."""
    for _, command in runs(view.final.instructions):
        if command.name == "go" and "build" in command.values and "-o" in command.values[:-1]:
            out = command.values[command.values.index("-o") + 1]
            path = posixpath.normpath(posixpath.join(_workdir(view), out))
            static = any("CGO_ENABLED=0" in e for e in command.environment) or any(
                p.key == "CGO_ENABLED" and p.value == "0" for i in view.final.of("ENV") for p in i.pairs
            )
            alpine = images.reference(view.base or "").alpine
            if alpine and not static:
                return None  # linked against musl: no distroless image has it
            kind = "static" if static else "base"
            return f"gcr.io/distroless/{kind}-debian13", path, path
    return None


def _jar(view: View, words: list[str]) -> tuple[str, str, str] | None:
    """The jar that `java -jar` starts, moved onto a JRE of the same version."""
    version = images.reference(view.base or "").product_version
    if "-jar" not in words[:-1] or not version:
        return None
    jar = words[words.index("-jar") + 1]
    tag = images.tag("eclipse-temurin", version.split(".")[0], "jre-noble", "jre")
    if tag is None or re.search(r"[*$]", jar):
        return None
    path = posixpath.normpath(posixpath.join(_workdir(view), jar))
    return f"eclipse-temurin:{tag}", path, path
