"""Python: uv, Poetry, pdm, Pipenv and pip; FastAPI, Flask, Django and plain programs."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes import python_command
from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    UID,
    Job,
    Recipe,
    exec_form,
    health_command,
    joined,
    plain_words,
)
from devops_orchestrator.text import Text

SLIM = ("slim-trixie", "slim")
# Packages without a wheel for every platform: what Debian has to bring to build them, and to run them.
NATIVE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "psycopg2": (("gcc", "libc6-dev", "libpq-dev"), ("libpq5",)),
    "psycopg": ((), ("libpq5",)),
    "mysqlclient": (("gcc", "libc6-dev", "pkg-config", "default-libmysqlclient-dev"), ("libmariadb3",)),
    "uwsgi": (("gcc", "libc6-dev"), ()),
    "python-ldap": (("gcc", "libc6-dev", "libldap-dev", "libsasl2-dev"), ("libldap2",)),
    "pycairo": (("gcc", "libc6-dev", "pkg-config", "libcairo2-dev"), ("libcairo2",)),
    "weasyprint": ((), ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")),
}


# The tools install into the active environment.
ACTIVE = (("VIRTUAL_ENV", "/opt/venv"), ("PATH", '"/opt/venv/bin:/opt/tool/bin:$PATH"'))


@dataclass(frozen=True)
class Install:
    """How the dependencies get into the image: the tool's setup and the two commands."""

    manager: str
    manifests: tuple[str, ...]  # mounted for the dependency layer
    dependencies: str | None  # installs the dependencies alone
    project: str | None  # installs the project itself, once the code is there
    cache: str
    environment: tuple[tuple[str, str], ...] = ()
    tool: str = ""  # requirement of the tool itself, installed with pip beside the project's environment
    notes: tuple[Text, ...] = ()


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a Python component."""
    base = job.base("python", "python", *SLIM)
    install = _install(job)
    build_packages, packages = _native(job)
    command, notes = python_command.command(job)
    port = job.port
    static, static_note = _collect_static(job)
    values: dict[str, Any] = {
        "base": base, "install": install, "uv_image": _uv_image() if install.manager == "uv" else "",
        "build_packages": build_packages, "packages": packages, "command": exec_form(command), "uid": UID, "port_variable": job.port_variable,
        "user": job.user(f"{UID}:{UID}"), "account": job.account("app"), "final": job.final(base.image, "python"), "collect_static": static, "work": f"/app/{job.inside}".rstrip("/"),
        "health": health_command(base.image, job.component.health, port) if job.component.kind == "service" else "", "environment": joined(f"{key}={value}" for key, value in install.environment),
    }  # fmt: skip
    return Recipe(
        template="python.Dockerfile", values=values, port=port, notes=(*notes, *static_note, *install.notes, *_old_framework(job)),
        ignore=_ignored(job),
    )  # fmt: skip


def _ignored(job: Job) -> tuple[str, ...]:
    component = job.component
    left = ["**/__pycache__", "**/*.py[cod]", "**/.venv", "**/venv"]
    if component.depends_on("pytest"):
        left.append("**/.pytest_cache")
    if component.depends_on("pytest-cov", "coverage"):
        left += ["**/.coverage", "**/htmlcov"]
    if component.depends_on("mypy"):
        left.append("**/.mypy_cache")
    if component.depends_on("ruff"):
        left.append("**/.ruff_cache")
    return tuple(left)


def _uv_image() -> str:
    entry = facts.load("packagers")["uv"]
    return f"{entry['image']}:{entry['version']}"


def _install(job: Job) -> Install:
    manager = job.component.package_manager or "pip"
    maker = {"uv": _uv, "poetry": _poetry, "pdm": _pdm, "pipenv": _pipenv}.get(manager, _pip)
    return maker(job)


def _pyproject(job: Job, folder: str = "") -> dict[str, Any]:
    text = job.read(f"{folder}pyproject.toml")
    try:
        return tomllib.loads(text) if text else {}
    except tomllib.TOMLDecodeError:
        return {}


def _uv(job: Job) -> Install:
    data = _pyproject(job, job.mounted)
    setting = data.get("tool", {}).get("uv", {}).get("package")
    is_package = bool(setting) if setting is not None else "build-system" in data
    workspace = bool(job.inside) or "workspace" in _pyproject(job).get("tool", {}).get("uv", {})
    members = [path for path in job.below if path.endswith("/pyproject.toml")] if workspace else []
    only = f" --package {_name(data) or job.component.name}" if job.inside else ""
    extra = _extra_flags(job)
    lock = "uv.lock" if job.has("uv.lock") else ""
    notes = () if lock else (_no_lock("uv lock", "uv.lock"),)
    frozen = " --frozen" if lock else ""
    skip = " --no-install-workspace" if workspace else " --no-install-project"
    return Install(
        manager="uv",
        manifests=tuple(name for name in (lock, "pyproject.toml", *members) if name),
        dependencies=f"uv sync{frozen} --no-dev{skip}{only}{extra}",
        # Where nothing is a package there is nothing more to install than the dependencies.
        project=f"uv sync{frozen} --no-dev --no-editable{only}{extra}" if is_package or workspace else None,
        cache="/root/.cache/uv",
        environment=(
            ("UV_PROJECT_ENVIRONMENT", "/opt/venv"),
            ("UV_COMPILE_BYTECODE", "1"),
            ("UV_LINK_MODE", "copy"),
            ("UV_PYTHON_DOWNLOADS", "0"),
        ),
        notes=notes,
    )


def _extra_flags(job: Job) -> str:
    """Options that the project's own install command has, such as `--group production`."""
    words = plain_words(job.component.install or "") or []
    kept = [
        f" {word} {words[i + 1]}"
        for i, word in enumerate(words)
        if word in ("--extra", "--group")
        and i + 1 < len(words)
        and words[i + 1] not in ("dev", "test", "tests", "lint")
    ]
    return "".join(kept)


def _name(data: dict[str, Any]) -> str | None:
    name = data.get("project", {}).get("name")
    return name if isinstance(name, str) else None


def _poetry(job: Job) -> Install:
    lock = job.read("poetry.lock") or ""
    found = re.match(r"# This file is automatically @generated by Poetry (\d+\.\d+\.\d+)", lock)
    version = found[1] if found else str(facts.load("packagers")["poetry"]["version"])
    data = _pyproject(job).get("tool", {}).get("poetry", {})
    is_package = data.get("package-mode", True) is not False and "build-system" in _pyproject(job) and _has_package(job)
    manifests = ("poetry.lock", "pyproject.toml") if lock else ("pyproject.toml",)
    return Install(
        manager="poetry", manifests=manifests, tool=f"poetry=={version}", cache="/root/.cache/pypoetry",
        dependencies="poetry install --only main --no-root --no-interaction",
        project="poetry install --only main --no-interaction" if is_package else None,
        environment=ACTIVE,
        notes=() if lock else (_no_lock("poetry lock", "poetry.lock"),),
    )  # fmt: skip


def _has_package(job: Job) -> bool:
    """Whether the folder that `poetry install` would install is there."""
    data = _pyproject(job)
    name = str(data.get("tool", {}).get("poetry", {}).get("name") or _name(data) or "").replace("-", "_")
    declared = data.get("tool", {}).get("poetry", {}).get("packages")
    return bool(declared) or any(path.startswith((f"{name}/", f"src/{name}/")) for path in job.below if name)


def _pdm(job: Job) -> Install:
    version = str(facts.load("packagers")["pdm"]["version"])
    is_package = "build-system" in _pyproject(job)
    lock = job.has("pdm.lock")
    step = "sync" if lock else "install"
    return Install(
        manager="pdm", manifests=("pdm.lock", "pyproject.toml") if lock else ("pyproject.toml",), tool=f"pdm=={version}", cache="/root/.cache/pdm",
        dependencies=f"pdm {step} --prod --no-self --no-editable",
        project=f"pdm {step} --prod --no-editable" if is_package else None,
        environment=(*ACTIVE, ("PDM_CHECK_UPDATE", "false")),
        notes=() if lock else (_no_lock("pdm lock", "pdm.lock"),),
    )  # fmt: skip


def _pipenv(job: Job) -> Install:
    lock = job.has("Pipfile.lock")
    return Install(
        manager="pipenv", manifests=("Pipfile", "Pipfile.lock") if lock else ("Pipfile",), tool=f"pipenv=={facts.load('packagers')['pipenv']['version']}", cache="/root/.cache/pipenv",
        dependencies="pipenv sync" if lock else "pipenv install --skip-lock", project=None, environment=ACTIVE,
        notes=() if lock else (_no_lock("pipenv lock", "Pipfile.lock"),),
    )  # fmt: skip


def _pip(job: Job) -> Install:
    name = f"{job.mounted}requirements.txt"
    candidates = [
        name,
        "requirements.txt",
        "requirements/production.txt",
        "requirements/prod.txt",
        "requirements/base.txt",
    ]
    found = next((path for path in candidates if job.has(path)), None)
    if found is None:
        return Install(
            manager="pip", manifests=(), dependencies=None, project="pip install .", cache="/root/.cache/pip",
            notes=(_no_lock("pip-compile --generate-hashes", "requirements.txt"),),
        )  # fmt: skip
    return Install(
        manager="pip", manifests=tuple(_requirement_files(job, found)), dependencies=f"pip install -r {found}",
        project=None, cache="/root/.cache/pip",
    )  # fmt: skip


def _requirement_files(job: Job, path: str) -> list[str]:
    """A requirements file and those that it includes with -r and -c."""
    found, queue = [], [path]
    while queue:
        name = queue.pop(0)
        text = job.read(name)
        if text is None or name in found:
            continue
        found.append(name)
        folder = name.rpartition("/")[0]
        for included in re.findall(r"^(?:-r|-c|--requirement|--constraint)[ =]+(\S+)", text, re.M):
            queue.append(f"{folder}/{included}" if folder else included)
    return found


def _no_lock(command: str, lock: str) -> Text:
    return Text(
        f"There is no {lock}: two builds may install different versions. Run `{command}` and commit it.",
        f"Il n'y a pas de {lock} : deux builds peuvent installer des versions différentes. Lancez `{command}` et versionnez le fichier.",
    )


def _native(job: Job) -> tuple[list[str], list[str]]:
    build: list[str] = []
    run: list[str] = []
    for name, (needed, kept) in NATIVE.items():
        if not job.component.depends_on(name) or (name == "psycopg" and _has_binary(job)):
            continue
        build += [package for package in needed if package not in build]
        run += [package for package in kept if package not in run]
    return build, run


def _has_binary(job: Job) -> bool:
    """Whether psycopg comes with its own libpq (the `binary` extra)."""
    component = job.component
    if component.depends_on("psycopg-binary") or "binary" in component.dependencies.get("psycopg", ""):
        return True
    from packaging.requirements import InvalidRequirement, Requirement

    listed = list(_pyproject(job, job.mounted).get("project", {}).get("dependencies", ()))
    listed += (job.read(f"{job.mounted}requirements.txt") or "").splitlines()
    for line in listed:
        try:
            requirement = Requirement(line.split("#")[0].strip())
        except InvalidRequirement:
            continue
        if requirement.name.lower() == "psycopg" and "binary" in requirement.extras:
            return True
    poetry = _pyproject(job).get("tool", {}).get("poetry", {}).get("dependencies", {}).get("psycopg")
    return isinstance(poetry, dict) and "binary" in poetry.get("extras", ())


def _collect_static(job: Job) -> tuple[str, tuple[Text, ...]]:
    """The collectstatic command with stand-ins for the settings' variables, where the project has a STATIC_ROOT."""
    component = job.component
    if component.framework != "django" or component.kind != "service":
        return "", ()
    if not component.traits.get("static_root"):
        return "", (
            Text(
                "The settings have no STATIC_ROOT: set it (with whitenoise, for example) so that the image can hold the static files.",
                "Les settings n'ont pas de STATIC_ROOT : définissez-le (avec whitenoise par exemple) pour que l'image contienne les fichiers statiques.",
            ),
        )
    needed = [f"{name}={stand_in(name)}" for name in component.required_environment]
    notes = () if component.depends_on("whitenoise") else (
        Text(
            "The static files are in the image, but nothing serves them: add whitenoise, or serve STATIC_ROOT with a web server.",
            "Les fichiers statiques sont dans l'image, mais rien ne les sert : ajoutez whitenoise, ou servez STATIC_ROOT avec un serveur web.",
        ),
    )  # fmt: skip
    return " ".join([*needed, "python manage.py collectstatic --noinput"]), notes


def _old_framework(job: Job) -> tuple[Text, ...]:
    """What to say of a Django that newer Pythons do not run."""
    said = job.component.dependencies.get("django") or job.component.dependencies.get("Django") or ""
    version = ".".join(str(n) for n in images.numbers(said)[:2])
    over = images.end_of_life("django", version) if version else None
    if over is None:
        return ()
    return (
        Text(
            f"Django {version} is out of support {over.since.en} and may not run on a current Python: give the version that it ran on with --set version=…",
            f"Django {version} n'est plus maintenu {over.since.fr} et peut ne pas fonctionner avec un Python actuel : indiquez la version utilisée avec --set version=…",
        ),
    )


def stand_in(name: str) -> str:
    """A value for a variable that a build step reads and does not use."""
    if name == "DATABASE_URL":
        return "sqlite:///:memory:"
    if "REDIS" in name or "BROKER" in name or name.startswith("CELERY"):
        return "redis://127.0.0.1"
    if name.endswith(("_PORT", "_TIMEOUT", "_SIZE")):
        return "1"
    return "http://127.0.0.1" if name.endswith("_URL") else "build-only"
