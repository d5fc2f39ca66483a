"""How much of a real repository is read right: `REPOS=<folder> python benchmarks/reading/facts.py <facts.jsonl>`.

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
    "tanstack-start": "tanstack start", "actix-web": "actix", "dotnet-worker": ".net", "create-react-app": "react", "react-router": "react router",
    "vite": "vite", "phoenix": "phoenix", "sveltekit": "svelte",
}  # fmt: skip


def language(entry: dict[str, Any], component: Component, project: Project) -> bool:
    """The main component's language, or that of one of equal parts where the list names several."""
    wanted = [str(entry["primary_language"]), *(entry["languages"][1:] if entry["monorepo"] else [])]
    return component.language in [NAMES.get(name.lower(), name.lower()) for name in wanted]


def framework(entry: dict[str, Any], component: Component, project: Project) -> bool:
    """The main component's framework is among those that the list names."""
    text = str(entry["framework"] or "").lower()
    if not text or component.framework is None:
        return not text and component.framework is None
    return FRAMEWORKS.get(component.framework, component.framework) in text


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
    return bool(component.port == entry["port"])


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
    """A command agrees where the list's text holds it, or the script that it runs, or a runner of that script."""

    def agrees(entry: dict[str, Any], component: Component, project: Project) -> bool:
        text = _core(str(entry[field] or ""))
        if not entry[field]:
            return not getattr(component, field)
        found = {
            way for one in project.components if getattr(one, field) for way in _ways(str(getattr(one, field)), one)
        }
        return any(_core(way) in text for way in found if _core(way))

    return agrees


def _ways(value: str, component: Component) -> list[str]:
    """A command as it is told, the body of the script that it runs, and the runners of a script whose body it is."""
    ways = [value]
    named = re.fullmatch(r"(?:npm|pnpm|yarn|bun|composer)(?: run)? ([\w:.-]+)", value)
    if named and named[1] in component.scripts:
        ways.append(component.scripts[named[1]])
    ways += [f"run {name}" for name, body in component.scripts.items() if body.strip() == value]
    return ways


def _core(value: str) -> str:
    """A command without its runner, hosts and ports, and the folder that it is run from."""
    text = re.sub(
        r"^(uv|poetry|pdm|pipenv) run |^bundle exec |^(npx|pnpm exec|yarn|bunx) |^pnpm with-env ", "", value.lower()
    )
    text = re.sub(r"\s*--?(host|bind|port|b|p|workers|app|prefix)[= ]\S+|\s-b \S+|(0\.0\.0\.0|localhost):\d+", "", text)
    return re.sub(r"(?<!\.)\./", "", re.sub(r"\s+", " ", text.replace("'", '"'))).strip(" /")


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
    if "REPOS" not in os.environ or len(sys.argv) < 2:
        print("REPOS (a folder of work trees) and FACTS (their list) are not given: no facts compared")
        return
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
