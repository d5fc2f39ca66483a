"""What a recipe gets and gives, and the choices that every stack shares: base image, user, labels, health check."""

from __future__ import annotations

import json
import posixpath
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.context import context_for
from devops_orchestrator.domains.containers.docker.params import DockerParams
from devops_orchestrator.text import Text

# Above the range that distributions hand out, so that it collides with no account of the host.
UID = 10001


@dataclass(frozen=True)
class Base:
    """A chosen base image: the tag, and the sentence that says why where the project's own version was not taken."""

    image: str
    version: str
    why: Text | None = None
    ended: str = ""  # the project's own version, where it is out of support and this one stands in for it


@dataclass(frozen=True)
class Recipe:
    """A Dockerfile as template and values, the files beside it, and what the user has to know."""

    template: str
    values: dict[str, Any]
    files: dict[str, tuple[str, Text]] = field(default_factory=dict)  # path in the component → (content, why)
    ignore: tuple[str, ...] = ()  # build output and dependencies to keep out of the context
    notes: tuple[Text, ...] = ()
    port: int | None = None
    leave: tuple[str, ...] = ()  # files of the repository that the image does not need
    migrate: str | None = None  # the command that migrates the database from within the image, where it has its own


@dataclass(frozen=True)
class Job:
    """One image to write: a component, what was asked, and where it is built from."""

    component: Component
    params: DockerParams
    project: Project

    @cached_property
    def context(self) -> str:
        """The build context, from the repository's root."""
        return context_for(self.component, self.project, self.dockerfile)

    @cached_property
    def inside(self) -> str:
        """The component's folder within the context: `""` or `apps/web`."""
        if self.context == self.component.path:
            return ""
        return posixpath.relpath(self.component.path, self.context)

    @property
    def dockerfile(self) -> str:
        """Path of the Dockerfile from the repository's root."""
        return posixpath.normpath(posixpath.join(self.component.path, "Dockerfile"))

    def has(self, *names: str) -> bool:
        """Whether one of these files is in the build context (names from its root)."""
        return any(self.project.repository.has(self.at(name)) for name in names)

    def read(self, name: str) -> str | None:
        """The text of a file of the build context."""
        return self.project.repository.read(self.at(name))

    def at(self, name: str) -> str:
        """Path from the repository's root of a name in the build context."""
        return posixpath.normpath(posixpath.join(self.context, name))

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The files of the context, from its root."""
        prefix = "" if self.context in (".", "") else self.context + "/"
        return tuple(path[len(prefix) :] for path in self.project.repository.below(self.context))

    def folders(self, *names: str) -> list[str]:
        """Those of these folders that hold files in the component."""
        prefix = "" if self.component.path in (".", "") else self.component.path + "/"
        return [name for name in names if any(f.startswith(f"{prefix}{name}/") for f in self.project.repository.files)]

    @property
    def port(self) -> int | None:
        return self.params.port or self.component.port

    @cached_property
    def labels(self) -> list[tuple[str, str]]:
        """OCI labels: what the repository really says; version and revision come with the build."""
        found = [("title", self.params.name or self.component.name)]
        vcs = self.project.vcs
        hosts = {"github": "https://github.com", "gitlab": "https://gitlab.com", "bitbucket": "https://bitbucket.org"}
        if vcs.slug and vcs.host in hosts:
            found.append(("source", f"{hosts[vcs.host]}/{vcs.slug}"))
        return [*found, ("version", "${VERSION}"), ("revision", "${REVISION}")]

    def base(self, product: str, image: str, *suffixes: str) -> Base:
        """The base image for the component's runtime.

        The asked version, else the project's where it still has images, else the nearest supported one above it, else
        the newest supported (LTS where there is one). Every tag is one of the facts, but that of an asked version.
        """
        asked = self.params.version
        final = images.reference(self.params.base_image) if self.params.base_image else None
        if final and final.name == image and self.fits(product) and product in ("python", "node", "php"):
            # Native modules and virtual environments need the same interpreter in both stages.
            return Base(str(self.params.base_image), final.version or images.newest(product) or "")
        if asked:
            found = images.tag(image, asked, *suffixes)
            tag = found or "-".join(part for part in (asked, *suffixes[:1]) if part)
            return Base(f"{image}:{tag}", asked, None if found else unverified(f"{image}:{tag}"))
        runtime = self.component.runtime
        said = runtime.version if runtime and images.RUNTIMES.get(runtime.name, runtime.name) == product else None
        if said and (living := self._living_tag(product, image, said, suffixes)):
            return Base(f"{image}:{living}", said)
        known = images.supported(product)
        ended = ""
        if said:
            above = [v for v in known if images.numbers(v) >= images.numbers(said)[: len(images.numbers(v))]]
            chosen = (above or known or [said])[-1 if above else 0]
            why = replaced(product, said, chosen) if chosen != said else None
            ended = f"{images.NAMES[product]} {said} is out of support" if images.end_of_life(product, said) else ""
        else:
            chosen = images.newest(product) or known[0]
            why = defaulted(product, chosen)
        newest = images.tag(image, chosen, *suffixes)
        tag = newest or "-".join(part for part in (chosen, *suffixes[:1]) if part)
        return Base(f"{image}:{tag}", chosen, why, ended)

    @staticmethod
    def _living_tag(product: str, image: str, said: str, suffixes: tuple[str, ...]) -> str | None:
        if images.end_of_life(product, said):
            return None
        tag = images.tag(image, said, *suffixes)
        depth = 1 if product in ("node", "java") else 2
        # `3` of 3.9 would be another language version.
        return tag if tag and len(images.numbers(images.reference(f"{image}:{tag}").version or "")) >= depth else None

    def final(self, chosen: str, product: str) -> str:
        """The image of the final stage: the asked one where it can run the program, else the chosen."""
        asked = self.params.base_image
        return asked if asked and self.fits(product) else chosen

    def fits(self, product: str) -> bool:
        """Whether the asked base image can run a program of this runtime; a Go binary runs on all, an unknown image is believed."""
        found = images.reference(self.params.base_image or "").product
        return found in (None, product) or product == "go"

    def user(self, default: str, *known: str) -> str:
        """The numeric `uid:gid` to run as: Kubernetes can verify a number, and a number needs no account."""
        asked = self.params.user
        if asked is None or asked in known:
            return default
        uid, _, gid = asked.partition(":")
        if uid == "root":
            return "0:0"
        return f"{uid}:{gid if gid.isdigit() else uid}" if uid.isdigit() else f"{UID}:{UID}"

    def account(self, default: str, *known: str) -> str:
        """The account that the image has to be given; nothing for a bare number, or where the image has it."""
        asked = (self.params.user or default).partition(":")[0]
        return "" if asked.isdigit() or asked in ("", "root", *known) else asked

    @property
    def port_variable(self) -> tuple[str, int] | None:
        """The variable that tells the process its port, where the code would listen on another one without it."""
        component = self.component
        spring = component.framework == "spring-boot"
        name = component.traits.get("port_env") or ("SERVER_PORT" if spring else None)
        if name is None or self.port is None:
            return None
        from_image = "ockerfile" in component.evidence.get("port", "") or "compose" in component.evidence.get(
            "port", ""
        )
        asked = self.params.port is not None and self.params.port != component.port
        return (name, self.port) if asked or from_image else None

    @cached_property
    def writable(self) -> list[str]:
        """The folders that the program writes, from its own folder; those outside of it are volumes of the platform."""
        found: list[str] = []
        for path in self.component.writable:
            name = posixpath.normpath(path)
            folder = posixpath.dirname(name) if "." in posixpath.basename(name) else name
            if folder and folder != "." and not folder.startswith(("/", "..")) and folder not in found:
                found.append(folder)
        return found

    @property
    def mounted(self) -> str:
        """`apps/web/` before paths of the component within the context, or nothing."""
        return f"{self.inside}/" if self.inside else ""


def unverified(image: str) -> Text:
    """What to say of a tag that was asked for and that the facts do not hold."""
    day = images.as_of()
    return Text(
        f"The tag {image} is the one that you asked for; it is not in the image list of {day}: check that it exists.",
        f"Le tag {image} est celui que vous avez demandé ; il ne figure pas dans la liste d'images du {day} : vérifiez qu'il existe.",
    )


def replaced(product: str, said: str, chosen: str) -> Text:
    """Why the project's own version was not taken."""
    name = images.NAMES[product]
    over = images.end_of_life(product, said)
    ended = Text(f", end of life {over.since.en}", f", en fin de vie {over.since.fr}") if over else Text("", "")
    return Text(
        f"The project says {name} {said}{ended.en}: {chosen} is the nearest supported version. Run the tests on it first.",
        f"Le projet indique {name} {said}{ended.fr} : {chosen} est la version maintenue la plus proche. Passez d'abord les tests avec elle.",
    )


def defaulted(product: str, chosen: str) -> Text:
    """Which version was taken where the project names none."""
    name = images.NAMES[product]
    day = images.as_of()
    return Text(
        f"The project names no {name} version: {chosen} is the newest supported one (as of {day}). Pin it in the project too.",
        f"Le projet n'indique pas de version de {name} : {chosen} est la plus récente maintenue (au {day}). Fixez-la aussi dans le projet.",
    )


def joined(items: Iterable[str]) -> str:
    """Parts of one instruction, one a line."""
    return " \\\n    ".join(items)


def health_command(image: str, path: str | None, port: int | None) -> str:
    """The exec form of a health check with what an image has: node, python or wget; nothing where it has none of them."""
    tools = images.tools_of(image) or frozenset()
    url = f"http://127.0.0.1:{port}{path}"
    if not path or not port:
        return ""
    fetched = f"fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
    for runtime in ("node", "bun"):
        if runtime in tools:
            return exec_form([runtime, "-e", fetched])
    if "deno" in tools:
        return exec_form(["deno", "eval", fetched.replace("process.exit", "Deno.exit")])
    if "python" in tools:
        return exec_form(["python", "-c", f"import urllib.request; urllib.request.urlopen('{url}', timeout=2)"])
    return exec_form(["wget", "-q", "-O", "/dev/null", url]) if "wget" in tools else ""


def exec_form(words: Iterable[str]) -> str:
    """A command as the JSON array of CMD."""
    return json.dumps(list(words), ensure_ascii=False)


def plain_words(command: str) -> list[str] | None:
    """A command's words where it needs no shell (no variables, pipes, globs), else None."""
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return None
    # An operator is a word of its own here; a parenthesis inside a quoted word is a plain character.
    if any(
        set(word) & set("$`*?~") or not set(word) - set("();<>|&") or word.startswith("#") for word in words if word
    ):
        return None
    if not words or ("=" in words[0] and not words[0].startswith("-")):
        return None
    return words


def no_client(health: str) -> Text:
    """Why an image has no HEALTHCHECK: nothing in it can send a request."""
    return Text(
        f"The image has no HTTP client, so it has no HEALTHCHECK: let the platform call {health}.",
        f"L'image n'a pas de client HTTP, donc pas de HEALTHCHECK : laissez la plateforme appeler {health}.",
    )


def no_lock(name: str, command: str) -> Text:
    """What a missing lockfile means, and how to get one."""
    return Text(
        f"There is no {name}: two builds may install different versions. Run `{command}` and commit it.",
        f"Il n'y a pas de {name} : deux builds peuvent installer des versions différentes. Lancez `{command}` et versionnez le fichier.",
    )


def comment(text: Text | None) -> str:
    """The sentence for a comment of a generated file (they are in English)."""
    return text.en if text else ""
