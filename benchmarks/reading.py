"""How much of a real repository is read right: `REPOS=<folder> python benchmarks/reading.py <facts.jsonl>`.

A line of the list holds the facts of one public repository, checked by hand, in free words ("FastAPI + SQLModel",
"npm workspaces (backend, frontend)"). Its work tree is expected in `REPOS/<owner>+<name>`. A field counts as right
where what was read is what the list says, word for word or as the comparison below says.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

NAMES = {"c#": "csharp", "c♯": "csharp"}
SERVICES = {"postgres": "postgresql", "mongo": "mongodb"}
# The contract's list of services; mail and the like are not among them.
KNOWN = {
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "rabbitmq",
    "kafka",
    "elasticsearch",
    "memcached",
    "nats",
    "minio",
}
FRAMEWORKS = {
    "nextjs": "next.js", "nestjs": "nest", "net/http": "net/http", "spring-boot": "spring boot", "aspnetcore": "asp.net core",
    "tanstack-start": "tanstack start", "dotnet-worker": ".net", "create-react-app": "react", "react-router": "react router",
    "vite": "vite", "phoenix": "phoenix", "sveltekit": "svelte",
}  # fmt: skip


def language(entry: dict[str, Any], component: Component, project: Project) -> bool:
    wanted = str(entry["primary_language"]).lower()
    return component.language == NAMES.get(wanted, wanted) or any(
        c.language == NAMES.get(wanted, wanted) for c in project.deployable
    )


def framework(entry: dict[str, Any], component: Component, project: Project) -> bool:
    text = str(entry["framework"] or "").lower()
    if not text:
        return component.framework is None
    return any(c.framework and FRAMEWORKS.get(c.framework, c.framework) in text for c in project.deployable)


def package_manager(entry: dict[str, Any], component: Component, project: Project) -> bool:
    text = str(entry["package_manager"] or "").lower().replace("nuget", "dotnet").replace("go modules", "go")
    return component.package_manager is not None and re.search(rf"\b{component.package_manager}\b", text) is not None


def runtime(entry: dict[str, Any], component: Component, project: Project) -> bool:
    text = entry["runtime_version"]
    version = component.runtime.version if component.runtime else None
    numbers = re.findall(r"(?<![\w@])\d+(?:\.\d+)*", re.sub(r"@types/\S+ \S+", "", text or ""))
    if not numbers or ("README" in str(text) and not re.search(r"pom|toml|Dockerfile|engines|json", str(text))):
        return version is None or version in numbers
    return version is not None and any(
        n == version or n.startswith(version + ".") or version.startswith(n + ".") or version == n + ".0"
        for n in numbers
    )


def port(entry: dict[str, Any], component: Component, project: Project) -> bool:
    return (
        entry["port"] in [c.port for c in project.deployable if c.kind == "service"]
        if entry["port"]
        else component.port is None
    )


def health(entry: dict[str, Any], component: Component, project: Project) -> bool:
    found = [c.health for c in project.deployable if c.health]
    if entry["health"] is None:
        return not found
    wanted = str(entry["health"]).split(" ")[0].rstrip("/")
    return any(path.rstrip("/") == wanted for path in found)


def services(entry: dict[str, Any], component: Component, project: Project) -> bool:
    wanted = {SERVICES.get(s, s) for s in entry["services"]} & KNOWN
    return {s for c in project.components for s in c.services} == wanted


def command(field: str) -> Callable[[dict[str, Any], Component, Project], bool]:
    """A command agrees where its programs and their first words are among those of the list's text."""

    def agrees(entry: dict[str, Any], component: Component, project: Project) -> bool:
        text = str(entry[field] or "").lower()
        found = [str(getattr(c, field)) for c in project.components if getattr(c, field)]
        if not entry[field]:
            return not getattr(component, field)
        return any((_words(value) and _words(value) in _words(text)) or _core(value) in text for value in found)

    return agrees


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w./:*()-]+", text.lower()))


def _core(value: str) -> str:
    text = re.sub(r"^(uv|poetry|pdm|pipenv) run |^bundle exec |^(npx|pnpm exec|yarn|bunx) ", "", value.lower())
    return re.sub(r"\s*--?(host|bind|port|b|p|workers|app)[= ]\S+|\s--\S+|\s-b \S+|0\.0\.0\.0:\d+", "", text).strip()


def components(entry: dict[str, Any], component: Component, project: Project) -> bool:
    if not entry["monorepo"]:
        return True
    wanted = {c["path"] for c in entry["components"] if c["framework"] or c["port"]}
    return wanted <= {c.path for c in project.components}


FIELDS: dict[str, Callable[[dict[str, Any], Component, Project], bool]] = {
    "language": language, "framework": framework, "package_manager": package_manager, "runtime": runtime, "port": port,
    "services": services, "health": health, "test": command("test"), "start": command("start"), "components": components,
}  # fmt: skip


def main() -> None:
    folder = Path(os.environ["REPOS"])
    entries = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line.strip()]
    right: dict[str, list[bool]] = {field: [] for field in FIELDS}
    for entry in entries:
        root = folder / entry["repo"].replace("/", "+")
        if not root.is_dir():
            print(f"{entry['repo']}: absent")
            continue
        started = time.perf_counter()
        project = read(Repository.at(root))
        took = (time.perf_counter() - started) * 1000
        main_component = project.main or Component()
        wrong = []
        for field, agrees in FIELDS.items():
            good = agrees(entry, main_component, project)
            right[field].append(good)
            if not good:
                value = (
                    [(c.path, getattr(c, field, None)) for c in project.components]
                    if field != "components"
                    else [c.path for c in project.components]
                )
                wrong.append(
                    f"    {field}: {str(value)[:300]}\n        list: {str(entry.get('runtime_version' if field == 'runtime' else field))[:400]}"
                )
        print(f"{entry['repo']}: {len(FIELDS) - len(wrong)}/{len(FIELDS)} in {took:.0f} ms")
        print("\n".join(wrong), end="\n" if wrong else "")
    for field, values in right.items():
        print(f"{field:16} {sum(values)}/{len(values)}")


if __name__ == "__main__":
    main()
