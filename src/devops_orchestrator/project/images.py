"""What the Dockerfile of a component and the compose files say of it: after the code, before conventions."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from devops_orchestrator.core import kinds
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import rank
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import of_image
from devops_orchestrator.project.tree import Tree, join, parent

if TYPE_CHECKING:
    from devops_orchestrator.formats.dockerfile import Stage
    from devops_orchestrator.formats.yaml import Node


def dockerfile_of(tree: Tree, folder: str, *, alone: bool) -> str | None:
    """The Dockerfile of a component: in its folder, or the root's where the component is the only one."""
    for at in (folder, *((".",) if alone else ())):
        path = tree.first(at, "Dockerfile", "Containerfile", "dockerfile")
        if path:
            return path
        for below in ("docker", "build", ".docker"):
            if alone and tree.has(at, f"{below}/Dockerfile"):
                return join(at, f"{below}/Dockerfile")
    return _released(tree) if alone else None


# An image for something else than running the application: building, testing, developing it, or a service of its own.
_ELSEWHERE = lazy(
    r"(?i)(^|/)(\.devcontainer|examples?|samples?|docs?|tests?|e2e|ci|node_modules|vendor)/|dev|test|debug|base|builder|lint|docs|alpine-|postgres|mysql|nginx|redis"
)
_RELEASED = lazy(r"(?i)release|prod|runtime")


def _released(tree: Tree) -> str | None:
    """The Dockerfile of the only component where it lies elsewhere: the only one, or the one that is named for releases."""
    found = [
        path
        for path in tree.files
        if "ockerfile" in path and kinds.of_path(path) == "dockerfile" and not _ELSEWHERE.search(path)
    ]
    named = [path for path in found if _RELEASED.search(path)]
    if len(found) == 1 or named:
        return min(named or found, key=lambda path: (len(path), path))
    return None


def from_dockerfile(draft: Draft, tree: Tree, path: str | None) -> None:
    """Port, start command and health route of the image, where the code left them open."""
    parsed = tree.dockerfile(path)
    if parsed is None or not parsed.stages:
        return
    chain = [parsed.final]
    while (above := parsed.parent(chain[-1])) is not None and len(chain) < 20:
        chain.append(above)
    variable = draft.traits.get("port_env")
    exposed: list[tuple[int, str]] = []
    for stage in chain:
        for item in stage.of("ENV"):
            for pair in item.pairs:
                if variable and pair.key == variable and (pair.value or "").isdigit():
                    draft.prefer("port", int(pair.value or "0"), f"{path}:{item.line}")
        for item in stage.of("EXPOSE"):
            exposed += [
                (int(found[1]), f"{path}:{item.line}")
                for word in item.words
                if (found := re.match(r"(\d+)(?:/tcp)?$", _expanded(chain, word.value)))
            ]
    _command(draft, chain, path or "")
    if draft.get("port") is None or str(draft.evidence("port")).startswith("convention"):
        ports = [entry for entry in exposed if entry[0] not in (22, 443, 9090, 9229, 5005)] or exposed
        if ports:
            draft.prefer("port", *ports[0])
    for stage in chain[:1]:
        for item in stage.of("HEALTHCHECK"):
            url = re.search(r"https?://[^/\s\"']+(/[\w./-]*)", item.arguments)
            if url and draft.get("health") is None and url[1] != "/" and rank(url[1]) is not None:
                draft.offer("health", url[1], f"{path}:{item.line}")


def _expanded(chain: list[Stage], text: str) -> str:
    """`$PORT` of an EXPOSE as the ENV or ARG of the image sets it."""
    found = re.fullmatch(r"\$\{?(\w+)(?::-(\d+))?\}?", text)
    for stage in chain if found else ():
        for item in stage.of("ENV", "ARG"):
            for pair in item.pairs:
                if found and pair.key == found[1] and (pair.value or "").isdigit():
                    return pair.value or text
    return (found[2] or text) if found else text


def settle_kind(draft: Draft, tree: Tree, *, alone: bool = False) -> None:
    """What the code leaves open, the component's own Dockerfile decides: an exposed port is served, a command runs."""
    path = dockerfile_of(tree, draft.path, alone=alone)
    if path is None or draft.kind not in ("library", "command", "worker"):
        return
    parsed = tree.dockerfile(path)
    if parsed is None or not parsed.stages:
        return
    exposed = any(stage.of("EXPOSE") and list(stage.of("EXPOSE")) for stage in parsed.lineage(parsed.final))
    if exposed:
        draft.kind = "service"
    elif draft.kind == "library" and list(parsed.final.of("CMD", "ENTRYPOINT")):
        draft.kind = "worker" if draft.many("services") else "command"
    if draft.kind != "library":
        from_dockerfile(draft, tree, path)
        draft.offer("start", draft.traits.get("image_command"), draft.evidence("image_command") or path)


def _command(draft: Draft, chain: list[Stage], path: str) -> None:
    entry = command = None
    for stage in chain:
        for item in stage.of("CMD", "ENTRYPOINT"):
            if item.name == "CMD":
                command = item
            else:
                entry = item
        if command or entry:
            break
    found = command or entry
    if found is None:
        return
    words = [word.value for word in found.json] if found.json is not None else None
    if words is not None and words[:2] == ["/bin/sh", "-c"]:
        words = None if len(words) < 3 else ["sh", *words[1:]]
    text = shlex.join(words) if words is not None else found.arguments
    if not text or text.startswith("["):
        return
    if entry is not None and command is not None and entry.json is not None:
        program = [word.value for word in entry.json]
        if program[0].rpartition("/")[2] in ("tini", "dumb-init"):  # they only pass signals on
            program = program[
                1 + next((i for i, word in enumerate(program[1:]) if not word.startswith("-")), len(program)) :
            ] or [""]
        script = program[0].endswith((".sh", "entrypoint")) or "entrypoint" in program[0] or not program[0]
        text = text if script else f"{shlex.join(program)} {text}"
    draft.trait("image_command", text, f"{path}:{found.line}")


class Compose:
    """The services of the compose files: images that are backing services, and who is built from which folder."""

    def __init__(self, tree: Tree, paths: list[str]) -> None:
        self.backing: dict[str, tuple[str, str]] = {}  # service of the contract → (evidence, version)
        self.names: set[str] = set()  # of all services
        self.built: dict[str, tuple[set[str], str]] = {}  # folder → (backing services it depends on, evidence)
        for path in sorted(paths, key=lambda p: ("test" in p or "override" in p, p.count("/"), len(p), p)):
            for document in tree.yaml(path):
                self._read(path, document)

    def _read(self, path: str, document: Node) -> None:
        services = document.get("services")
        names: dict[str, str] = {}
        entries = list(services.items()) if services else []
        self.names |= {str(key.value) for key, _ in entries}
        for key, value in entries:
            image = value.at("image")
            service = of_image(image) if isinstance(image, str) else None
            if service:
                line = key.text.count("\n", 0, key.start) + 1
                names[str(key.value)] = service
                tag = str(image).partition("@")[0].rpartition("/")[2].partition(":")[2]
                tag = "" if "$" in tag else tag
                self.backing.setdefault(service, (f"{path}:{line}", tag))
        found: dict[str, tuple[set[str], str]] = {}
        for key, value in entries:
            build = value.at("build")
            context = build.get("context", ".") if isinstance(build, dict) else build
            if not isinstance(context, str):
                continue
            folder = _folder(parent(path), context)
            # Laravel Sail builds the application's image from a folder of its own package.
            folder = parent(path) if "vendor/laravel/sail/" in f"{folder}/" else folder
            depends = value.at("depends_on") or []
            needed = {names[name] for name in depends if name in names}
            line = key.text.count("\n", 0, key.start) + 1
            found[folder] = (found.get(folder, (set(), ""))[0] | needed, f"{path}:{line}")
        for folder, entry in found.items():
            self.built.setdefault(folder, entry)  # the first file decides: others are of tests and overrides


def _folder(base: str, context: str) -> str:
    parts: list[str] = [] if base == "." else base.split("/")
    for part in context.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."
