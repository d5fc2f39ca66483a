"""What is known of base images: the runtime that a tag carries, its end of life, its user, the tags that exist."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.text import Text

# The runtime (a product of facts/runtimes.json) that an image is known by.
PRODUCTS = {
    "python": "python", "node": "node", "golang": "go", "eclipse-temurin": "java", "openjdk": "java", "amazoncorretto": "java",
    "maven": "java", "gradle": "java", "php": "php", "ruby": "ruby", "rust": "rust", "nginx": "nginx", "debian": "debian",
    "ubuntu": "ubuntu", "alpine": "alpine", "mcr.microsoft.com/dotnet/sdk": "dotnet", "mcr.microsoft.com/dotnet/aspnet": "dotnet",
    "mcr.microsoft.com/dotnet/runtime": "dotnet", "oven/bun": "bun", "nginxinc/nginx-unprivileged": "nginx",
    "elixir": "elixir", "composer": "composer", "denoland/deno": "deno",
}  # fmt: skip
# Servers that are run as they are: their own account and command are the image's, so that only their version counts.
SERVERS = {
    "postgres": "postgres", "postgis/postgis": "postgres", "mysql": "mysql", "mariadb": "mariadb", "redis": "redis", "valkey/valkey": "valkey",
    "mongo": "mongodb", "rabbitmq": "rabbitmq", "elasticsearch": "elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch": "elasticsearch",
}  # fmt: skip
# Component.runtime.name → the product, where they differ.
RUNTIMES = {"nodejs": "node", "node": "node", "golang": "go", "jdk": "java", "openjdk": "java", "jvm": "java"}
NAMES = {
    "python": "Python", "node": "Node.js", "go": "Go", "java": "Java", "php": "PHP", "ruby": "Ruby", "rust": "Rust",
    "nginx": "nginx", "debian": "Debian", "ubuntu": "Ubuntu", "alpine": "Alpine", "dotnet": ".NET", "bun": "Bun",
    "elixir": "Elixir", "composer": "Composer", "deno": "Deno", "postgres": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB",
    "redis": "Redis", "valkey": "Valkey", "mongodb": "MongoDB", "rabbitmq": "RabbitMQ", "elasticsearch": "Elasticsearch",
}  # fmt: skip
_DEBIAN = {"trixie": "13", "bookworm": "12", "bullseye": "11", "buster": "10", "stretch": "9", "jessie": "8"}
_UBUNTU = {
    "resolute": "26.04",
    "noble": "24.04",
    "jammy": "22.04",
    "focal": "20.04",
    "bionic": "18.04",
    "xenial": "16.04",
}
_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)")
# denoland/deno:alpine-2.5.3 is Deno 2.5.3 on an Alpine that the tag does not say.
_DENO_SYSTEM = re.compile(r"^(alpine|debian|distroless|ubuntu|centos|bin)-")
_DISTROLESS = re.compile(
    r"gcr\.io/distroless/(static|base|base-nossl|cc|python3|java|java-base|nodejs)(\d+)?-debian(\d+)"
)
# Images that do not run as root when no USER is given.
_UNPRIVILEGED = re.compile(
    r"(nginxinc/nginx-unprivileged|cgr\.dev/|chainguard/|bitnami/|bitnamilegacy/|docker\.io/bitnami/)"
)


@dataclass(frozen=True)
class Reference:
    """An image reference: `name` without docker.io and library/, `tag` and `digest` where given."""

    name: str
    tag: str | None
    digest: str | None

    @property
    def version(self) -> str | None:
        """The version that the tag begins with: `3.12` of `3.12-slim`, None of `alpine` or `lts`."""
        tag = self.tag or ""
        if self.name == "denoland/deno":
            tag = _DENO_SYSTEM.sub("", tag)
        found = _VERSION.match(tag)
        return found[1] if found else None

    @property
    def product(self) -> str | None:
        """The runtime's name in facts/runtimes.json."""
        found = _DISTROLESS.match(self.name)
        if found:
            return {"java": "java", "nodejs": "node"}.get(found[1])
        return PRODUCTS.get(self.name)

    @property
    def server(self) -> str | None:
        """The server's name in facts/runtimes.json, for an image that is run as it is."""
        return SERVERS.get(self.name)

    @property
    def product_version(self) -> str | None:
        """The version of that runtime; a maven or gradle image says its Java behind the tool's own version."""
        if found := _DISTROLESS.match(self.name):
            return found[2]
        if self.name in ("maven", "gradle"):
            java = re.search(r"(?:jdk-?|temurin-|corretto-|openjdk-|semeru-|sapmachine-|ibmjava-)(\d+)", self.tag or "")
            return java[1] if java else None
        if self.name == "mcr.microsoft.com/dotnet/sdk" and self.version:
            return ".".join(self.version.split(".")[:2])
        return self.version

    @property
    def os(self) -> tuple[str, str] | None:
        """(product, version) of the distribution that the tag names, or None where it names none."""
        if found := _DISTROLESS.match(self.name):
            return "debian", found[3]
        tag = self.tag or ""
        if self.name == "denoland/deno":
            return None  # the version behind `alpine-` is Deno's
        if self.name in ("debian", "ubuntu", "alpine"):
            known = {"debian": _DEBIAN, "ubuntu": _UBUNTU}.get(self.name, {})
            word = tag.split("-")[0]
            version = known.get(word) or self.version
            return (self.name, version) if version else None
        for names, product in ((_DEBIAN, "debian"), (_UBUNTU, "ubuntu")):
            for word, version in names.items():
                if re.search(rf"(^|-){word}(-|$)", tag):
                    return product, version
        alpine = re.search(r"alpine-?(\d+\.\d+)", tag)
        return ("alpine", alpine[1]) if alpine else None

    @property
    def variant(self) -> str:
        """The tag behind its version: `slim-bookworm` of `3.12-slim-bookworm`."""
        found = _VERSION.match(self.tag or "")
        return (self.tag or "")[found.end() :].lstrip("-") if found else (self.tag or "")

    @property
    def alpine(self) -> bool:
        return self.name == "alpine" or "alpine" in (self.tag or "")

    @property
    def distroless(self) -> bool:
        return self.name.startswith("gcr.io/distroless/") or self.name == "scratch" or "chiseled" in (self.tag or "")

    @property
    def slim(self) -> bool:
        return bool(re.search(r"(^|-)slim(-|$)", self.tag or ""))

    def with_tag(self, tag: str) -> str:
        return f"{self.name}:{tag}"


def reference(image: str) -> Reference:
    """An image reference taken apart: `docker.io/library/node:22@sha256:…` is node, 22, sha256:…"""
    rest, _, digest = image.partition("@")
    head, colon, tail = rest.rpartition(":")
    name, tag = (head, tail) if colon and "/" not in tail else (rest, None)
    for prefix in ("docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/"):
        name = name.removeprefix(prefix)
    return Reference(name, tag, digest or None)


def cycle(product: str, version: str) -> dict[str, Any] | None:
    """The release cycle of a version in facts/runtimes.json, the most exact that it begins with; None where unknown."""
    entry = facts.load("runtimes").get(product)
    if not entry:
        return None
    best: dict[str, Any] | None = None
    for found in entry["cycles"]:
        name = str(found["cycle"])
        longest = best is None or len(name) > len(str(best["cycle"]))
        if (version == name or version.startswith(name + ".")) and longest:
            best = found
    return best


@dataclass(frozen=True)
class Ended:
    """The end of a version's support: on `day`, or some time before it where the facts reach back no further."""

    day: str
    exact: bool = True

    @property
    def since(self) -> Text:
        """`since 2025-04-30`, to follow "end of life"."""
        if self.exact:
            return Text(f"since {self.day}", f"depuis le {self.day}")
        return Text(f"since before {self.day}", f"depuis une date antérieure au {self.day}")


def end_of_life(product: str, version: str) -> Ended | None:
    """When a version's support ended, where it has by the day of the facts; None where it is supported or unknown.

    Debian counts to the end of its LTS team's support, which is free; everything else to its own end of life.
    """
    entry = facts.load("runtimes").get(product)
    if entry is None:
        return None
    found = cycle(product, version)
    if found is None:
        return _all_of_it(entry, version) or _before_the_facts(entry, version)
    if found.get("supported", True):
        return None
    day = found.get("eoes") if product == "debian" else found.get("eol")
    if not isinstance(day, str):
        day = found.get("eol")
    return Ended(day) if isinstance(day, str) and day <= today() else None


def _all_of_it(entry: dict[str, Any], version: str) -> Ended | None:
    """The end of a major version (`rabbitmq:3`) whose every release has ended."""
    below = [c for c in entry["cycles"] if str(c["cycle"]).startswith(f"{version}.")]
    days = [c["eol"] for c in below if isinstance(c.get("eol"), str) and not c.get("supported", True)]
    return Ended(max(days)) if below and len(days) == len(below) and max(days) <= today() else None


def _before_the_facts(entry: dict[str, Any], version: str) -> Ended | None:
    """A version older than every cycle of the facts ended no later than the oldest of them."""
    cycles = [c for c in entry["cycles"] if isinstance(c.get("eol"), str)]
    ours = numbers(version)
    if not cycles or not ours:
        return None
    oldest = min(cycles, key=lambda c: numbers(str(c["cycle"])))
    if ours >= numbers(str(oldest["cycle"]))[: len(ours)] or oldest.get("supported"):
        return None
    return Ended(str(oldest["eol"]), exact=False)


def today() -> str:
    """The day for which the facts were judged."""
    return str(facts.load("runtimes")["_meta"]["evaluated_on"])


def as_of() -> str:
    """The day of the facts' snapshot."""
    return str(facts.load("runtimes")["_meta"]["as_of"])


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare: (3, 12) of `3.12`."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def supported(product: str) -> list[str]:
    """The supported versions of a runtime, newest first."""
    entry = facts.load("runtimes").get(product) or {}
    return sorted((str(v) for v in entry.get("supported", ())), key=numbers, reverse=True)


def newest(product: str) -> str | None:
    """The version for a new project: the newest supported LTS, else the newest supported."""
    entry = facts.load("runtimes").get(product) or {}
    return str(entry.get("latest_lts") or entry.get("latest_supported") or "") or None


def tags(image: str) -> frozenset[str]:
    """The tags of an official image that the facts hold."""
    entry = facts.load("images")["images"].get(image) or {}
    return frozenset(tag for block in entry.get("tags", ()) for tag in block["tags"])


def tag(image: str, version: str, *suffixes: str) -> str | None:
    """The first `version-suffix` of an image that really exists; less exact versions are tried too (3.12.4 → 3.12 → 3)."""
    if image in _BY_RELEASE:
        return _released(image, version, *suffixes)
    known = tags(image)
    parts = version.split(".")
    for length in range(len(parts), 0, -1):
        for suffix in suffixes:
            candidate = ".".join(parts[:length]) + (f"-{suffix}" if suffix else "")
            if candidate in known:
                return candidate
    return None


# Images without a list of tags in the facts, whose publishers give each release its tags (`tag_format`).
_BY_RELEASE = {"oven/bun": "bun", "denoland/deno": "deno"}


def _released(image: str, version: str, *suffixes: str) -> str | None:
    """The tag of a release: Bun's for every part of a version, Deno's for exact versions alone."""
    found = cycle(_BY_RELEASE[image], version)
    if found is None:
        return None
    if image == "denoland/deno":
        return version if version.count(".") == 2 else str(found["latest"])
    return "-".join(part for part in (version, *suffixes[:1]) if part)


def same_variant(old: Reference, version: str) -> str | None:
    """The tag of another version in the variant of `old`, on a supported distribution; None where the facts hold none."""
    variant = old.variant
    if old.name in ("maven", "gradle") or old.digest:
        return None
    tried = [variant]
    if old.os and old.os[0] == "debian":
        word = next(w for w, v in _DEBIAN.items() if v == old.os[1]) if old.os[1] in _DEBIAN.values() else ""
        tried += [variant.replace(word, "trixie"), re.sub(rf"-?{word}-?", "", variant)] if word else []
    if old.os and old.os[0] == "alpine":
        tried.append(re.sub(r"alpine-?[\d.]+", "alpine", variant))
    known = tags(old.name)
    for candidate in tried:
        found = f"{version}-{candidate}" if candidate else version
        if found in known and not _stale(Reference(old.name, found, None)):
            return found
    return None


def _stale(image: Reference) -> bool:
    return bool(image.os and end_of_life(*image.os))


def runs_as_root(image: str) -> bool | None:
    """Whether an image runs as root when no USER is given; None where it is not known."""
    ref = reference(image)
    if ref.distroless:
        return not (ref.tag and "nonroot" in ref.tag) and "chiseled" not in (ref.tag or "")
    if _UNPRIVILEGED.match(image) or _UNPRIVILEGED.match(ref.name):
        return False
    if ref.name in PRODUCTS or ref.name in ("buildpack-deps", "httpd", "busybox"):
        return True
    return None


def user_of(image: str) -> tuple[str, int] | None:
    """(name, uid) of the unprivileged user that an image brings, or None."""
    ref = reference(image)
    if ref.name == "php":
        return "www-data", 82 if ref.alpine else 33
    entry = facts.load("images")["images"].get(ref.name) or {}
    user = entry.get("user") or {}
    name, uid = user.get("non_root"), user.get("uid")
    return (str(name).split()[0], int(uid)) if name and uid else None


def tools_of(image: str) -> frozenset[str] | None:
    """Which of curl, wget, nc, a shell and the runtime an image has; None where it is not known."""
    ref = reference(image)
    runtime = {
        "python": ("python", "python3"), "node": ("node",), "php": ("php",), "ruby": ("ruby",), "bun": ("bun",), "deno": ("deno",),
    }.get(ref.product or "", ())  # fmt: skip
    if ref.name == "scratch":
        return frozenset()
    if ref.distroless:
        return frozenset() if (ref.tag or "").startswith("debug") is False else None
    if ref.name == "nginx" or ref.name == "nginxinc/nginx-unprivileged":
        return frozenset({"sh", "curl", "wget", "nc"}) if ref.alpine and "slim" not in (ref.tag or "") else None
    if ref.alpine:
        return frozenset({"sh", "wget", "nc", *runtime})
    if ref.name in ("debian", "ubuntu"):
        return frozenset({"sh", "bash"})
    if ref.name in ("oven/bun", "denoland/deno"):
        return frozenset(runtime if "distroless" in (ref.tag or "") else {"sh", *runtime})
    if ref.name in ("python", "node", "ruby") and ref.tag:
        full = () if ref.slim else ("curl", "wget")
        return frozenset({"sh", "bash", *full, *runtime})
    return None
