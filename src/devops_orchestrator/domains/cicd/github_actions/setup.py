"""The steps that put a component's runtime and dependencies there: setup action, version, cache, install."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.cicd.github_actions.pipeline import Raw, Step, Value

MATRIX = Raw("${{ matrix.version }}")
VERSION_FILES: Mapping[str, tuple[str, ...]] = {
    "python": (".python-version", "pyproject.toml", ".tool-versions"),
    "node": (".nvmrc", ".node-version", ".tool-versions", "package.json"),
    "java": (".java-version", ".tool-versions", ".sdkmanrc"),
    "php": (".php-version", ".tool-versions"),
}
RUNTIMES = {
    "python": "python", "javascript": "node", "typescript": "node", "go": "go", "java": "java", "kotlin": "java", "php": "php",
    "ruby": "ruby", "rust": "rust", "csharp": "dotnet",
}  # fmt: skip


def root_of(component: Component) -> str:
    """The folder where its lockfile is and where its dependencies are installed."""
    return component.install_path or component.path


def path_in(folder: str, name: str) -> str:
    """`name` in `folder`, from the repository's root."""
    return name if folder in (".", "") else f"{folder}/{name}"


def runtime(component: Component) -> str | None:
    """The key of its runtime in the facts, or None (a static site)."""
    return RUNTIMES.get(component.language or "")


def knows(component: Component) -> bool:
    """Whether a setup action brings what the component needs."""
    return (component.package_manager or "") in _RECIPES or (component.language or "") in _RECIPES


def version(component: Component) -> str:
    """The runtime version that the project says, else the newest supported one (long-term where there is one)."""
    said = component.runtime.version if component.runtime else None
    if said:
        return said
    known = facts.load("runtimes")[runtime(component) or "node"]
    return str(known.get("latest_lts") or known["latest_supported"])


def version_file(component: Component, project: Project) -> str | None:
    """The project's own file that says exactly which version to set up, from the repository's root.

    A file that only gives a lower bound (`requires-python = ">=3.11"`, `engines: ">=24"`) would set up the newest
    version there is: then the version itself is written.
    """
    kind = runtime(component)
    for folder in dict.fromkeys((component.path, root_of(component), ".")):
        for name in VERSION_FILES.get(kind or "", ()):
            path = path_in(folder, name)
            text = project.repository.read(path) if path in project.repository.files else None
            if text is not None and _says_exactly(kind or "", name, text):
                return path
    return None


def _says_exactly(kind: str, name: str, text: str) -> bool:
    if name == "pyproject.toml":
        return False
    if name == "package.json":
        try:
            manifest = json.loads(text)
        except json.JSONDecodeError:
            return False
        return isinstance(manifest, dict) and isinstance(manifest.get("volta"), dict) and "node" in manifest["volta"]
    if name == ".tool-versions":
        words = {line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")}
        return {"node": "nodejs"}.get(kind, kind) in words
    return bool(text.strip())


def steps(component: Component, project: Project, *, given: Raw | None = None) -> list[Step]:
    """Runtime, cache and dependencies of a component, to be run after the checkout.

    `given` is the version to set up where it is not the project's own: asked for, or the matrix's.
    """
    recipe = _RECIPES.get(component.package_manager or "", _RECIPES.get(component.language or "", _nothing))
    found = recipe(component, project, given)
    if component.install and component.package_manager not in ("bundler",):
        root = root_of(component)
        folder = root if root != component.path else ""
        found.append(Step(name="Install dependencies", run=_install(component, project), folder=folder))
    return found


_DEVELOPMENT = (
    "requirements-dev.txt", "requirements_dev.txt", "dev-requirements.txt", "requirements-test.txt", "requirements_test.txt",
    "test-requirements.txt", "requirements/dev.txt", "requirements/development.txt", "requirements/local.txt", "requirements/test.txt",
    "requirements/testing.txt", "requirements/ci.txt",
)  # fmt: skip


def _install(component: Component, project: Project) -> str:
    """Its install command; with pip also the requirements of the tests and linters, which are in a file of their own."""
    install = component.install or ""
    if component.package_manager != "pip" or "install -r " not in install:
        return install
    root = root_of(component)
    known = [name for name in _DEVELOPMENT if _has(project.repository, root, name)]
    main = install.split("-r ", 1)[1].split()[0]
    if not known or known[0] in install:
        return install
    text = project.repository.read(path_in(root, known[0])) or ""
    included = any(
        line.split()[-1].rsplit("/", 1)[-1] == main.rsplit("/", 1)[-1]
        for line in text.splitlines()
        if line.strip().startswith(("-r", "--requirement"))
    )
    return install.replace(f"-r {main}", f"-r {known[0]}") if included else f"{install} -r {known[0]}"


Recipe = Callable[[Component, Project, Raw | None], list[Step]]


def _version_input(
    component: Component, project: Project, given: Raw | None, key: str, file_key: str
) -> dict[str, Value]:
    if given:
        return {key: given}
    path = version_file(component, project)
    if path:
        return {file_key: path}
    return {key: _noted(component, project)}


def _noted(component: Component, project: Project) -> Value:
    """The version in quotes (3.10 is no number), with where it comes from behind it."""
    source = component.evidence.get("runtime", "").rsplit(":", 1)[0]
    shown = json.dumps(version(component))
    if not (component.runtime and component.runtime.version):
        return Raw(f"{shown} # the newest supported release; the repository names none")
    return Raw(f"{shown} # as in {source}") if source in project.repository.files else Raw(shown)


def _lock(component: Component) -> dict[str, Value]:
    """Where the lockfile is, where that is not the root (the default of the setup actions)."""
    if component.lockfile and posixpath.dirname(component.lockfile):
        return {"cache-dependency-path": component.lockfile}
    return {}


def _uv(component: Component, project: Project, given: Raw | None) -> list[Step]:
    inputs: dict[str, Value] = {}
    if given:
        inputs["python-version"] = given
    elif not _has(project.repository, root_of(component), ".python-version"):
        inputs["python-version"] = _noted(component, project)
    if root_of(component) != ".":
        inputs["working-directory"] = root_of(component)
    inputs["enable-cache"] = True
    if component.lockfile:
        inputs["cache-dependency-glob"] = component.lockfile
    return [Step(uses="astral-sh/setup-uv", inputs=inputs)]


def _has(repository: Repository, folder: str, name: str) -> bool:
    return path_in(folder, name) in repository.files


def _python(component: Component, project: Project, given: Raw | None) -> list[Step]:
    manager = component.package_manager or "pip"
    found: list[Step] = []
    if manager in ("poetry", "pdm", "pipenv"):
        said = component.package_manager_version
        tool = f"{manager}=={said}" if said and said.count(".") == 2 else manager
        found.append(
            Step(
                name=f"Install {manager.capitalize() if manager != 'pdm' else 'PDM'}",
                run=f"pipx install {tool}",
                folder=".",
            )
        )
    inputs = _version_input(component, project, given, "python-version", "python-version-file")
    if manager in ("pip", "poetry", "pipenv"):
        inputs["cache"] = manager
        inputs |= _requirements(component, project) if manager == "pip" else _lock(component)
    return [*found, Step(uses="actions/setup-python", inputs=inputs)]


def _requirements(component: Component, project: Project) -> dict[str, Value]:
    """The files that a pip cache depends on; the action's default is `**/requirements.txt` alone."""
    folder = root_of(component)
    names = list(project.repository.glob(path_in(folder, "requirements*.txt"), path_in(folder, "requirements/*.txt")))
    if not names and component.manifest:
        names = [component.manifest]
    if names == ["requirements.txt"] or not names:
        return {}
    return {"cache-dependency-path": "\n".join(names) if len(names) > 1 else names[0]}


def _node(component: Component, project: Project, given: Raw | None) -> list[Step]:
    manager = component.package_manager or "npm"
    found: list[Step] = []
    root = root_of(component)
    if manager == "pnpm":
        found.append(Step(uses="pnpm/action-setup", inputs=_pnpm(component, project, root)))
    if manager == "yarn" and (component.package_manager_version or "1")[0] != "1":
        found.append(Step(name="Enable the Yarn of package.json", run="corepack enable", folder="."))
    inputs = _version_input(component, project, given, "node-version", "node-version-file")
    if component.lockfile:
        inputs |= {"cache": manager, **_lock(component)}
    else:
        inputs["package-manager-cache"] = Raw("false # there is no lockfile to make a cache key of")
    return [*found, Step(uses="actions/setup-node", inputs=inputs)]


def _pnpm(component: Component, project: Project, root: str) -> dict[str, Value]:
    path = path_in(root, "package.json")
    try:
        manifest = json.loads(project.repository.read(path) or "{}")
    except json.JSONDecodeError:
        manifest = {}
    if isinstance(manifest, dict) and str(manifest.get("packageManager", "")).startswith("pnpm@"):
        return {} if root == "." else {"package_json_file": path}
    said = component.package_manager_version
    if said:
        return {"version": Raw(f'"{said}"')}
    newest = str(facts.load("runtimes")["pnpm"]["latest_supported"])
    return {"version": Raw(f'"{newest}" # the newest release; packageManager in package.json would pin it')}


def _bun(component: Component, project: Project, given: Raw | None) -> list[Step]:
    lock = component.lockfile or path_in(root_of(component), "bun.lock")
    key = f"bun-${{{{ runner.os }}}}-${{{{ hashFiles('{lock}') }}}}"
    cache = Step(uses="actions/cache", inputs={"path": "~/.bun/install/cache", "key": Raw(key)})
    return [Step(uses="oven-sh/setup-bun"), cache]


def _go(component: Component, project: Project, given: Raw | None) -> list[Step]:
    inputs: dict[str, Value] = (
        {"go-version": given} if given else {"go-version-file": path_in(component.path, "go.mod")}
    )
    sums = path_in(component.path, "go.sum")
    if sums not in project.repository.files:
        inputs["cache"] = Raw("false # there is no go.sum: nothing to cache")
    elif component.path != ".":
        inputs["cache-dependency-path"] = sums
    return [Step(uses="actions/setup-go", inputs=inputs)]


def _java(component: Component, project: Project, given: Raw | None) -> list[Step]:
    manager = component.package_manager or "maven"
    inputs: dict[str, Value] = {"distribution": "temurin"}
    inputs |= _version_input(component, project, given, "java-version", "java-version-file")
    inputs["cache"] = manager
    if root_of(component) != ".":
        root = root_of(component)
        pattern = f"{root}/**/pom.xml" if manager == "maven" else f"{root}/**/*.gradle*"
        inputs["cache-dependency-path"] = pattern
    found = [Step(uses="actions/setup-java", inputs=inputs)]
    if manager == "gradle" and not _has(project.repository, root_of(component), "gradlew"):
        newest = str(facts.load("runtimes")["gradle"]["latest_supported"])
        gradle = {
            "gradle-version": Raw(f'"{newest}" # there is no wrapper that says which'),
            "cache-disabled": Raw("true # setup-java has it"),
        }
        found.append(Step(uses="gradle/actions/setup-gradle", inputs=gradle))
    return found


EXTENSIONS = {
    "postgresql": "pdo_pgsql",
    "mysql": "pdo_mysql",
    "mariadb": "pdo_mysql",
    "redis": "redis",
    "memcached": "memcached",
}


def _php(component: Component, project: Project, given: Raw | None) -> list[Step]:
    wanted = {name.removeprefix("ext-") for name in component.dependencies if name.startswith("ext-")}
    wanted |= {
        EXTENSIONS[service]
        for service in component.services
        if service in EXTENSIONS and not (service == "redis" and component.depends_on("predis/predis"))
    }
    if component.framework == "laravel":
        wanted |= {"mbstring", "pdo_sqlite"}
    inputs = _version_input(component, project, given, "php-version", "php-version-file")
    if wanted:
        inputs["extensions"] = ", ".join(sorted(wanted))
    inputs["coverage"] = Raw("none # loading Xdebug would slow every step")
    found = [Step(uses="shivammathur/setup-php", inputs=inputs)]
    lock = component.lockfile or component.manifest or path_in(root_of(component), "composer.json")
    key = f"composer-${{{{ runner.os }}}}-${{{{ hashFiles('{lock}') }}}}"
    found.append(
        Step(
            uses="actions/cache",
            inputs={"path": "~/.cache/composer", "key": Raw(key), "restore-keys": Raw("composer-${{ runner.os }}-")},
        )
    )
    return found


def _ruby(component: Component, project: Project, given: Raw | None) -> list[Step]:
    inputs: dict[str, Value] = {}
    if given:
        inputs["ruby-version"] = given
    elif not any(_has(project.repository, root_of(component), name) for name in (".ruby-version", ".tool-versions")):
        inputs["ruby-version"] = _noted(component, project)
    inputs["bundler-cache"] = Raw("true # installs the gems and caches them")
    if root_of(component) != ".":
        inputs["working-directory"] = root_of(component)
    return [Step(uses="ruby/setup-ruby", inputs=inputs)]


def _rust(component: Component, project: Project, given: Raw | None) -> list[Step]:
    found = []
    if not any(
        _has(project.repository, root_of(component), name) for name in ("rust-toolchain.toml", "rust-toolchain")
    ):
        toolchain = given.text if given else (component.runtime.version if component.runtime else None) or "stable"
        found.append(
            Step(
                name="Install Rust",
                run=f"rustup toolchain install {toolchain} --profile minimal --component clippy,rustfmt && rustup default {toolchain}",
            )
        )
    inputs: dict[str, Value] = {} if root_of(component) == "." else {"workspaces": root_of(component)}
    return [*found, Step(uses="Swatinem/rust-cache", inputs=inputs)]


def _dotnet(component: Component, project: Project, given: Raw | None) -> list[Step]:
    inputs: dict[str, Value] = {}
    if given:
        inputs["dotnet-version"] = given
    elif "global.json" in project.repository.files:
        inputs["global-json-file"] = "global.json"
    else:
        inputs["dotnet-version"] = _noted(component, project)
    if component.lockfile:
        inputs |= {"cache": True, "cache-dependency-path": component.lockfile}
    return [Step(uses="actions/setup-dotnet", inputs=inputs)]


def _nothing(component: Component, project: Project, given: Raw | None) -> list[Step]:
    return []


_RECIPES: Mapping[str, Recipe] = {
    "uv": _uv, "pip": _python, "poetry": _python, "pdm": _python, "pipenv": _python, "python": _python,
    "npm": _node, "pnpm": _node, "yarn": _node, "javascript": _node, "typescript": _node, "bun": _bun,
    "go": _go, "maven": _java, "gradle": _java, "java": _java, "kotlin": _java, "composer": _php, "php": _php,
    "bundler": _ruby, "ruby": _ruby, "cargo": _rust, "rust": _rust, "dotnet": _dotnet, "csharp": _dotnet,
}  # fmt: skip
