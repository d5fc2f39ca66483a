"""PHP: Laravel, Symfony and plain applications with Composer, served by Apache in the official image."""

from __future__ import annotations

import json
import re
from typing import Any

from devops_orchestrator.core.project import Component
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes import node, node_managers
from devops_orchestrator.domains.containers.docker.recipes.recipe import Job, Recipe
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text

PACKAGE = "devops_orchestrator.domains.containers.docker"
PORT = 8080  # a port below 1024 would need root
# Extensions that the official image already has.
BUILT_IN = frozenset(
    [
        "core",
        "ctype",
        "curl",
        "date",
        "dom",
        "fileinfo",
        "filter",
        "hash",
        "iconv",
        "json",
        "libxml",
        "mbstring",
        "mysqlnd",
        "openssl",
        "pcre",
        "pdo",
        "pdo_sqlite",
        "phar",
        "posix",
        "random",
        "readline",
        "reflection",
        "session",
        "simplexml",
        "sodium",
        "spl",
        "sqlite3",
        "standard",
        "tokenizer",
        "xml",
        "xmlreader",
        "xmlwriter",
        "zlib",
        "opcache",
    ]
)
# Extension → (Debian packages to build it, Debian packages that stay).
LIBRARIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pdo_pgsql": (("libpq-dev",), ("libpq5",)),
    "pgsql": (("libpq-dev",), ("libpq5",)),
    "intl": (("libicu-dev",), ("libicu76",)),
    "zip": (("libzip-dev",), ("libzip5",)),
    "gd": (
        ("libpng-dev", "libjpeg62-turbo-dev", "libfreetype-dev"),
        ("libpng16-16t64", "libjpeg62-turbo", "libfreetype6"),
    ),
}
SERVICES = {"postgresql": "pdo_pgsql", "mysql": "pdo_mysql", "mariadb": "pdo_mysql"}


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a PHP component, with its Apache site and its start script."""
    base = job.base("php", "php", "apache-trixie", "apache")
    port = job.params.port or PORT
    component = job.component
    extensions, pecl = _extensions(job)
    assets = _assets(job)
    built_in = images.numbers(base.version) >= (8, 5)  # opcache is part of PHP from 8.5 on
    composer = job.has(f"{job.mounted}composer.json")
    laravel, symfony = component.framework == "laravel", component.framework == "symfony"
    values: dict[str, Any] = {
        "base": base, "extensions": extensions, "pecl": pecl, "build_packages": _packages(extensions, 0),
        "packages": _packages(extensions, 1), "laravel": laravel, "symfony": symfony, "assets": assets, "user": job.user("33:33", "www-data"),
        "lock": job.has("composer.lock"), "opcache_built_in": built_in, "extension_steps": _extension_steps(extensions, pecl, built_in), "prefix": job.mounted,
        "writable": ["storage", "bootstrap/cache"] if laravel else ["var"] if symfony else job.writable, "composer": composer,
        "compile": component.build if symfony and (component.build or "").startswith("php bin/console ") else "",
        "rewrite": job.has(f"{job.mounted}.htaccess") and not _has_public(job), "final": job.final(base.image, "php"),
        "health": _health(component, port),
    }  # fmt: skip
    files = {
        "docker/apache.conf": (
            render(
                PACKAGE,
                "apache.conf",
                port=port,
                root="/var/www/html/public" if _has_public(job) else "/var/www/html",
                # The site's own rules, where they are beside the pages.
                own=job.has(f"{job.mounted}.htaccess") and not _has_public(job),
                whole=not _has_public(job),
            ),
            Text("the site that Apache serves", "le site que sert Apache"),
        )
    }
    if laravel:
        files["docker/start.sh"] = (
            render(PACKAGE, "start.sh"),
            Text(
                "caches the configuration when the container starts",
                "met la configuration en cache au démarrage du conteneur",
            ),
        )
    notes: tuple[Text, ...] = ()
    if composer and not job.has("composer.lock"):
        notes = (
            Text(
                "There is no composer.lock: two builds may install different versions. Run `composer update` and commit it.",
                "Il n'y a pas de composer.lock : deux builds peuvent installer des versions différentes. Lancez `composer update` et versionnez le fichier.",
            ),
        )
    if laravel:
        notes = (
            *notes,
            Text(
                "The container needs APP_KEY: make one with `php artisan key:generate --show` and give it as a secret.",
                "Le conteneur a besoin d'APP_KEY : créez-la avec `php artisan key:generate --show` et fournissez-la comme secret.",
            ),
        )
    ignore = ("vendor", "**/node_modules", "public/build", "public/hot", "storage/logs/*.log")
    return Recipe(
        "php.Dockerfile", values, files, ignore if laravel else ("vendor", "**/node_modules", "var"), notes, port
    )


def _has_public(job: Job) -> bool:
    return bool(job.folders("public"))


def _extensions(job: Job) -> tuple[list[str], list[str]]:
    """(extensions to build, extensions from PECL) of composer.json, its lock and the services."""
    wanted: set[str] = set()
    for source in ("composer.json", "composer.lock"):
        try:
            data = json.loads(job.read(job.mounted + source) or "{}")
        except json.JSONDecodeError:
            continue
        for package in [data, *data.get("packages", [])]:
            required = package.get("require", {})
            if isinstance(required, dict):
                wanted |= {name.removeprefix("ext-").lower() for name in required if name.startswith("ext-")}
    wanted |= {SERVICES[s] for s in job.component.services if s in SERVICES}
    if "redis" in job.component.services and not job.component.depends_on("predis/predis"):
        wanted.add("redis")
    if job.component.framework == "laravel":
        wanted.add("bcmath")  # Laravel's numbers and encryption use it
    pecl = sorted(wanted & {"redis", "mongodb", "imagick", "apcu", "amqp", "xdebug"} - {"xdebug"})
    built = sorted(wanted - BUILT_IN - set(pecl) - {"xdebug"})
    return [e for e in built if re.fullmatch(r"[a-z0-9_]+", e)], pecl


def _extension_steps(extensions: list[str], pecl: list[str], opcache_built_in: bool) -> str:
    build, stay = _packages(extensions, 0), _packages(extensions, 1)
    built = [*extensions, *(() if opcache_built_in else ("opcache",))]
    steps = []
    if build or stay:
        steps += ["apt-get update", f"apt-get install --yes --no-install-recommends {' '.join(stay + build)}"]
    if built:
        steps.append(f'docker-php-ext-install -j"$(nproc)" {" ".join(built)}')
    if pecl:
        steps += [f"pecl install {' '.join(pecl)}", f"docker-php-ext-enable {' '.join(pecl)}", "rm -rf /tmp/pear"]
    if build:
        steps.append(f"apt-get purge --yes --auto-remove {' '.join(build)}")
    if build or stay:
        steps.append("rm -rf /var/lib/apt/lists/*")
    return " \\\n    && ".join(steps)


def _packages(extensions: list[str], which: int) -> list[str]:
    found: list[str] = []
    for extension in extensions:
        found += [p for p in LIBRARIES.get(extension, ((), ()))[which] if p not in found]
    return found


def _assets(job: Job) -> dict[str, Any] | None:
    """The node stage for the front end, where package.json has a build script."""
    data = node.package(job, f"{job.mounted}package.json")
    if "build" not in data.get("scripts", {}):
        return None
    manager = "pnpm" if job.has("pnpm-lock.yaml") else "yarn" if job.has("yarn.lock") else "npm"
    javascript = Component(
        path=job.component.path, language="javascript", package_manager=manager, install_path=job.component.install_path,
        scripts={k: str(v) for k, v in data.get("scripts", {}).items()},
    )  # fmt: skip
    inner = Job(javascript, job.params.model_copy(update={"version": None, "base_image": None}), job.project)
    base = inner.base("node", "node", *node.SLIM)
    found = node_managers.manager(inner, base.version)
    return {"base": base, "manager": found, "manifests": node.copied(inner, found), "build": f"{found.run} build"}


def _health(component: Component, port: int) -> str:
    if not component.health:
        return ""
    return json.dumps(
        ["php", "-r", f"exit(@file_get_contents('http://127.0.0.1:{port}{component.health}') === false ? 1 : 0);"]
    )
