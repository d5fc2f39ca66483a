"""Runtime versions: what a constraint says, and the files that pin a runtime, in their documented precedence."""

from __future__ import annotations

import re

from devops_orchestrator.core.project import Runtime
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, ancestors, join, parent

# Names of a runtime in `.tool-versions` and `mise.toml`, images and setup actions.
TOOLS = {
    "node": ("nodejs", "node"), "python": ("python",), "go": ("golang", "go"), "java": ("java",), "php": ("php",), "ruby": ("ruby",),
    "rust": ("rust",), "elixir": ("elixir",), "dotnet": ("dotnet", "dotnet-core"), "bun": ("bun",), "deno": ("deno",),
}  # fmt: skip
IMAGES = {
    "node": ("node",), "python": ("python",), "go": ("golang",), "java": ("eclipse-temurin", "openjdk", "amazoncorretto", "sapmachine"),
    "php": ("php", "frankenphp"), "ruby": ("ruby",), "rust": ("rust", "cargo-chef"), "elixir": ("elixir",), "dotnet": ("aspnet", "sdk", "runtime"), "bun": ("bun",),
    "deno": ("deno",),
}  # fmt: skip
SETUP = {
    "node": ("actions/setup-node", "node-version"), "python": ("actions/setup-python", "python-version"), "go": ("actions/setup-go", "go-version"),
    "java": ("actions/setup-java", "java-version"), "php": ("shivammathur/setup-php", "php-version"), "ruby": ("ruby/setup-ruby", "ruby-version"),
    "dotnet": ("actions/setup-dotnet", "dotnet-version"), "elixir": ("erlef/setup-beam", "elixir-version"), "bun": ("oven-sh/setup-bun", "bun-version"),
    "rust": ("dtolnay/rust-toolchain", "toolchain"), "deno": ("denoland/setup-deno", "deno-version"),
}  # fmt: skip
_LTS = {
    "argon": "4",
    "boron": "6",
    "carbon": "8",
    "dubnium": "10",
    "erbium": "12",
    "fermium": "14",
    "gallium": "16",
    "hydrogen": "18",
    "iron": "20",
    "jod": "22",
    "krypton": "24",
}
_NUMBER = lazy(r"\d+(?:\.\d+){0,2}")


def least(constraint: str) -> str | None:
    """The lowest version that a constraint admits, as far as it is written: `3.12` of `>=3.12,<4`, `22` of `^22 || ^24`.

    None where it has no lower bound (`*`, `<4`).
    """
    found: list[str] = []
    for part in re.split(r"\|\|?", constraint.replace("-alpine", "")):
        for operator, number in re.findall(r"(>=|<=|!=|===?|~>|~=|~|\^|>|<)?\s*[vV]?(\d+(?:\.(?:\d+|[xX*]))*)", part):
            if operator not in ("<", "<=", "!="):
                found.append(re.sub(r"\.[xX*].*", "", number))
                break
    return min(found, key=order) if found else None


def coarse(constraint: str, parts: int) -> str | None:
    """`least` of a range to so many numbers (`^24.0.0` → `24` for Node.js); an exact version stays whole."""
    found = least(constraint)
    exact = re.fullmatch(r"\s*[=vV]*\s*\d+(\.\d+)*\s*", constraint)
    return found if found is None or exact else ".".join(found.split(".")[:parts])


def order(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def plain(text: str) -> str | None:
    """The version in a pin file's line: `v22.1.0`, `python-3.12.1`, `lts/jod`, `temurin-21`; None where it names none."""
    word = text.strip().lower()
    if word.startswith("lts/"):
        return _LTS.get(word.removeprefix("lts/"))
    if re.fullmatch(r"(?=.*[a-f])[0-9a-f]{7,40}", word):  # a commit
        return None
    found = _NUMBER.search(word)
    return found[0] if found else None


def offer(draft: Draft, name: str, version: str | None, evidence: str) -> None:
    """Offer a runtime version; nothing is offered without one."""
    if version:
        draft.offer("runtime", Runtime(name, version), evidence)


def pin_files(draft: Draft, tree: Tree, name: str, *files: str) -> None:
    """Versions of files that hold one word (`.nvmrc`, `.python-version`…), of the folder or the nearest above."""
    for folder in ancestors(draft.path):
        for file in files:
            if tree.has(folder, file):
                path = join(folder, file)
                for number, line in tree.lines(path):
                    if line.strip() and not line.lstrip().startswith("#"):
                        offer(draft, name, plain(line), f"{path}:{number}")
                        break


def tool_files(draft: Draft, tree: Tree, name: str) -> None:
    """`.tool-versions` and `mise.toml`, of the folder or the nearest above."""
    for folder in ancestors(draft.path):
        if tree.has(folder, ".tool-versions"):
            path = join(folder, ".tool-versions")
            for number, line in tree.lines(path):
                words = line.split("#")[0].split()
                if len(words) > 1 and words[0] in TOOLS[name]:
                    offer(draft, name, plain(words[1]), f"{path}:{number}")
        mise = tree.toml(tree.first(folder, "mise.toml", ".mise.toml", ".config/mise.toml"))
        for tool in TOOLS[name] if mise else ():
            entry = mise.get("tools", tool) if mise else None
            version = (
                entry.get("version")
                if isinstance(entry, dict)
                else entry[0]
                if isinstance(entry, list) and entry
                else entry
            )
            if mise and isinstance(version, str | int | float):
                offer(draft, name, plain(str(version)), mise.at("tools", tool))


def last_resorts(draft: Draft, tree: Tree, name: str) -> None:
    """Dockerfiles, then CI files: read only where nothing of the language itself says the version."""
    if draft.get("runtime") is not None:
        return
    for folder in dict.fromkeys((draft.path, *ancestors(draft.path))):
        for path in tree.matching(folder, "Dockerfile", "*.Dockerfile", "Dockerfile.*"):
            of_dockerfile(draft, tree, name, path)
    if draft.get("runtime") is None and parent(draft.path) == ".":
        _of_workflows(draft, tree, name)
    if draft.get("runtime") is None:
        _of_workflows(draft, tree, name)


def of_dockerfile(draft: Draft, tree: Tree, name: str, path: str) -> None:
    """Offer the version of the last stage of a Dockerfile that is made from the runtime's image."""
    parsed = tree.dockerfile(path)
    for stage in reversed(parsed.stages) if parsed else ():
        image = parsed.image(stage) if parsed else None
        base, _, tag = (image or "").partition("@")[0].rpartition("/")[2].partition(":")
        if base in IMAGES[name]:
            # `dunglas/frankenphp:1-php8.4` and `cargo-chef:0.1.62-rust-1.72` name their own version first
            found = re.search(rf"\b{name}-?(\d+(?:\.\d+)*)", tag) or re.match(
                r"(?:(?:alpine|debian|ubuntu|distroless|bin)-)?v?(\d+(?:\.\d+)*)", tag
            )
            if found:
                offer(draft, name, found[1], f"{path}:{stage.origin.line}")
                return


def _of_workflows(draft: Draft, tree: Tree, name: str) -> None:
    action, key = SETUP[name]
    for path in tree.matching(".github/workflows", "*.yml", "*.yaml"):
        for document in tree.yaml(path):
            for _, job in document.get("jobs").items() if document.get("jobs") else ():  # type: ignore[union-attr]
                steps = job.get("steps")
                for step in steps.children() if steps else ():
                    if str(step.at("uses", default="")).partition("@")[0] != action:
                        continue
                    node = step.get("with", key)
                    value = _matrix(job, str(node.value)) if node else None
                    if node and value:
                        line = node.text.count("\n", 0, node.start) + 1
                        offer(draft, name, plain(value), f"{path}:{line}")
                        return


def _matrix(job: object, value: str) -> str | None:
    """A value, or the lowest one of the matrix that it names."""
    found = re.fullmatch(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}", value.strip())
    if not found:
        return value
    node = job.get("strategy", "matrix", found[1])  # type: ignore[attr-defined]
    entries = [str(child.raw.value) for child in node.children()] if node else []
    numbers = [number for entry in entries if (number := plain(entry))]
    return min(numbers, key=order) if numbers else None
