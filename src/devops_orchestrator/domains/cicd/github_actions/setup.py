"""The steps that put a component's runtime and dependencies there: setup action, version, cache, install."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.cicd.github_actions import setup_javascript
from devops_orchestrator.domains.cicd.github_actions.pipeline import Raw, Step, Value
from devops_orchestrator.domains.cicd.github_actions.runtimes import (
    has,
    lock,
    noted,
    path_in,
    root_of,
    runtime,
    version,
    version_input,
)

__all__ = ["MATRIX", "knows", "root_of", "runtime", "steps"]

MATRIX = Raw("${{ matrix.version }}")


def knows(component: Component) -> bool:
    """Whether a setup action brings what the component needs."""
    return _recipe(component) is not None


def steps(component: Component, project: Project, *, given: Raw | None = None) -> list[Step]:
    """Runtime, cache and dependencies of a component, to be run after the checkout.

    `given` is the version to set up where it is not the project's own: asked for, or the matrix's.
    """
    recipe = _recipe(component)
    found = recipe(component, project, given) if recipe else []
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
    known = [name for name in _DEVELOPMENT if has(project.repository, root, name)]
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


def _recipe(component: Component) -> Recipe | None:
    if component.framework == "hugo":
        return _hugo if component.runtime and component.runtime.version else None
    if component.runtime and component.runtime.name == "deno":
        return setup_javascript.deno
    return _RECIPES.get(component.package_manager or "", _RECIPES.get(component.language or ""))


def _uv(component: Component, project: Project, given: Raw | None) -> list[Step]:
    inputs: dict[str, Value] = {}
    if given:
        inputs["python-version"] = given
    elif not has(project.repository, root_of(component), ".python-version"):
        inputs["python-version"] = noted(component, project)
    if root_of(component) != ".":
        inputs["working-directory"] = root_of(component)
    inputs["enable-cache"] = True
    if component.lockfile:
        inputs["cache-dependency-glob"] = component.lockfile
    return [Step(uses="astral-sh/setup-uv", inputs=inputs)]


def _python(component: Component, project: Project, given: Raw | None) -> list[Step]:
    manager = component.package_manager or "pip"
    found: list[Step] = []
    if manager in ("poetry", "pdm", "pipenv"):
        tool = f"{manager}=={_tool_version(component, project)}"
        found.append(
            Step(
                name=f"Install {manager.capitalize() if manager != 'pdm' else 'PDM'}",
                run=f"pipx install {tool}",
                folder=".",
            )
        )
    inputs = version_input(component, project, given, "python-version", "python-version-file")
    if manager in ("pip", "poetry", "pipenv"):
        inputs["cache"] = manager
        inputs |= _requirements(component, project) if manager == "pip" else lock(component)
    return [*found, Step(uses="actions/setup-python", inputs=inputs)]


def _tool_version(component: Component, project: Project) -> str:
    """The exact version of the package manager: the project's own, the one that wrote the lockfile, the newest."""
    said = component.package_manager_version
    if said and said.count(".") == 2:
        return said
    wrote = re.match(
        r"# This file is automatically @generated by Poetry (\d+\.\d+\.\d+)",
        (project.repository.read(component.lockfile) if component.lockfile else None) or "",
    )
    return wrote[1] if wrote else str(facts.load("packagers")[component.package_manager or "poetry"]["version"])


def _requirements(component: Component, project: Project) -> dict[str, Value]:
    """The files that a pip cache depends on; the action's default is `**/requirements.txt` alone."""
    folder = root_of(component)
    names = list(project.repository.glob(path_in(folder, "requirements*.txt"), path_in(folder, "requirements/*.txt")))
    if not names and component.manifest:
        names = [component.manifest]
    if names == ["requirements.txt"] or not names:
        return {}
    return {"cache-dependency-path": "\n".join(names) if len(names) > 1 else names[0]}


def _go(component: Component, project: Project, given: Raw | None) -> list[Step]:
    inputs: dict[str, Value] = (
        {"go-version": given} if given else {"go-version-file": path_in(root_of(component), "go.mod")}
    )
    sums = path_in(root_of(component), "go.sum")
    if sums not in project.repository.files:
        inputs["cache"] = Raw("false # there is no go.sum: nothing to cache")
    elif root_of(component) != ".":
        inputs["cache-dependency-path"] = sums
    return [Step(uses="actions/setup-go", inputs=inputs)]


def _java(component: Component, project: Project, given: Raw | None) -> list[Step]:
    manager = component.package_manager or "maven"
    inputs: dict[str, Value] = {"distribution": "temurin"}
    inputs |= version_input(component, project, given, "java-version", "java-version-file")
    inputs["cache"] = manager
    if root_of(component) != ".":
        root = root_of(component)
        pattern = f"{root}/**/pom.xml" if manager == "maven" else f"{root}/**/*.gradle*"
        inputs["cache-dependency-path"] = pattern
    found = [Step(uses="actions/setup-java", inputs=inputs)]
    if manager == "gradle" and not has(project.repository, root_of(component), "gradlew"):
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
    inputs = version_input(component, project, given, "php-version", "php-version-file")
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
    elif not any(has(project.repository, root_of(component), name) for name in (".ruby-version", ".tool-versions")):
        inputs["ruby-version"] = noted(component, project)
    inputs["bundler-cache"] = Raw("true # installs the gems and caches them")
    if root_of(component) != ".":
        inputs["working-directory"] = root_of(component)
    return [Step(uses="ruby/setup-ruby", inputs=inputs)]


def _rust(component: Component, project: Project, given: Raw | None) -> list[Step]:
    found = []
    if not any(has(project.repository, root_of(component), name) for name in ("rust-toolchain.toml", "rust-toolchain")):
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
        inputs["dotnet-version"] = noted(component, project)
    if component.lockfile:
        inputs |= {"cache": True, "cache-dependency-path": component.lockfile}
    return [Step(uses="actions/setup-dotnet", inputs=inputs)]


def _elixir(component: Component, project: Project, given: Raw | None) -> list[Step]:
    """Erlang and Elixir, and what mix compiled for this very pair of them."""
    root = root_of(component)
    inputs: dict[str, Value]
    path = path_in(root, ".tool-versions")
    listed = (project.repository.read(path) or "") if path in project.repository.files else ""
    tools = {line.split()[0] for line in listed.splitlines() if line.strip() and not line.startswith("#")}
    if {"erlang", "elixir"} <= tools and not given:
        inputs = {"version-file": path, "version-type": "strict"}
    else:
        said = given.text.strip('"') if given else version(component)
        inputs = {"elixir-version": given or noted(component, project), "otp-version": _otp(said)}
    folder = "" if root == "." else f"{root}/"
    pair = "${{ steps.beam.outputs.otp-version }}-${{ steps.beam.outputs.elixir-version }}"
    key = f"mix-${{{{ runner.os }}}}-{pair}-${{{{ hashFiles('{component.lockfile or path_in(root, 'mix.lock')}') }}}}"
    cache: dict[str, Value] = {"path": f"{folder}deps\n{folder}_build", "key": Raw(key)}
    return [Step(id="beam", uses="erlef/setup-beam", inputs=inputs), Step(uses="actions/cache", inputs=cache)]


def _otp(elixir: str) -> Value:
    """The newest Erlang/OTP for which an image of this Elixir is published."""
    minor = ".".join(elixir.split(".")[:2])
    blocks = facts.load("images")["images"]["elixir"]["tags"]
    known = [tag.removeprefix(f"{minor}-otp-") for block in blocks for tag in block["tags"]]
    newest = max((int(tag) for tag in known if tag.isdigit()), default=None)
    newest = newest or int(facts.load("runtimes")["erlang"]["latest_supported"])
    return Raw(f'"{newest}" # the newest that Elixir {minor} supports')


def _hugo(component: Component, project: Project, given: Raw | None) -> list[Step]:
    """Hugo's own package: no setup action of a known owner brings it."""
    said = given.text.strip('"') if given else version(component)
    file = f"https://github.com/gohugoio/hugo/releases/download/v{said}/hugo_extended_{said}_linux-amd64.deb"
    run = f'curl --fail --silent --show-error --location --output "$RUNNER_TEMP/hugo.deb" {file}\nsudo dpkg --install "$RUNNER_TEMP/hugo.deb"'
    return [Step(name="Install Hugo", run=run, folder=".")]


_RECIPES: Mapping[str, Recipe] = {
    "uv": _uv, "pip": _python, "poetry": _python, "pdm": _python, "pipenv": _python, "python": _python,
    "npm": setup_javascript.node, "pnpm": setup_javascript.node, "yarn": setup_javascript.node, "bun": setup_javascript.bun,
    "javascript": setup_javascript.node, "typescript": setup_javascript.node,
    "go": _go, "maven": _java, "gradle": _java, "java": _java, "kotlin": _java, "composer": _php, "php": _php,
    "bundler": _ruby, "ruby": _ruby, "cargo": _rust, "rust": _rust, "dotnet": _dotnet, "csharp": _dotnet,
    "mix": _elixir, "elixir": _elixir,
}  # fmt: skip
