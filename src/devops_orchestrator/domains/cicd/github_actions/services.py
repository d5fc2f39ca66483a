"""Service containers for tests, and the environment variables with which the code finds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.cicd.github_actions.pipeline import Service
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml

# The account of a database that lives as long as its job.
USER = PASSWORD = DATABASE = "test"  # noqa: S105
SQL = ("postgresql", "mysql", "mariadb")


@dataclass(frozen=True)
class Kind:
    """What is fixed for a service: its image in the facts, port, start environment, readiness check."""

    key: str
    image: str
    runtime: str
    port: int
    env: Mapping[str, str]
    check: str | None


KINDS: Mapping[str, Kind] = {
    "postgresql": Kind(
        "postgres", "postgres", "postgres", 5432,
        {"POSTGRES_USER": USER, "POSTGRES_PASSWORD": PASSWORD, "POSTGRES_DB": DATABASE}, f"pg_isready -h 127.0.0.1 -U {USER} -d {DATABASE}",
    ),
    "mysql": Kind(
        "mysql", "mysql", "mysql", 3306, {"MYSQL_ROOT_PASSWORD": PASSWORD, "MYSQL_DATABASE": DATABASE},
        f"mysqladmin ping -h 127.0.0.1 -u root -p{PASSWORD} --silent",
    ),
    "mariadb": Kind(
        "mariadb", "mariadb", "mariadb", 3306, {"MARIADB_ROOT_PASSWORD": PASSWORD, "MARIADB_DATABASE": DATABASE},
        "healthcheck.sh --connect --innodb_initialized",
    ),
    "mongodb": Kind("mongo", "mongo", "mongodb", 27017, {}, "mongosh --quiet --eval 'db.runCommand({ping: 1}).ok'"),
    "redis": Kind("redis", "redis", "redis", 6379, {}, "redis-cli ping"),
    "rabbitmq": Kind("rabbitmq", "rabbitmq", "rabbitmq", 5672, {}, "rabbitmq-diagnostics -q ping"),
    "memcached": Kind("memcached", "memcached", "memcached", 11211, {}, None),
}  # fmt: skip
_IMAGES = {
    "postgresql": r"(?:.*/)?(?:postgres|postgis|pgvector|timescaledb(?:-ha)?)", "mysql": r"(?:.*/)?mysql", "mariadb": r"(?:.*/)?mariadb",
    "mongodb": r"(?:.*/)?mongo", "redis": r"(?:.*/)?(?:redis|valkey)", "rabbitmq": r"(?:.*/)?rabbitmq", "memcached": r"(?:.*/)?memcached",
}  # fmt: skip


def containers(names: Iterable[str], project: Project) -> tuple[Service, ...]:
    """The service containers of these services; those without a known image are left out (`unknown` names them)."""
    found = []
    for name in names:
        if kind := KINDS.get(name):
            image, note = _image(name, kind, project)
            found.append(Service(kind.key, image, note, (kind.port,), kind.env, _checked(name, kind, image)))
    return tuple(found)


def _checked(name: str, kind: Kind, image: str) -> str | None:
    return kind.check.replace("redis-cli", "valkey-cli") if kind.check and "valkey" in image else kind.check


def unknown(names: Iterable[str]) -> list[str]:
    """The services that no image is known for."""
    return [name for name in names if name not in KINDS]


def _image(name: str, kind: Kind, project: Project) -> tuple[str, str]:
    """(image, why this one): the one of the compose file, else the newest supported version."""
    for path in project.of_kind("compose"):
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for document in documents:
            services = document.get("services")
            for _, entry in services.items() if services else ():
                image = str(entry.at("image", default=""))
                base, _, tag = image.partition(":")
                if re.fullmatch(_IMAGES[name], base) and re.fullmatch(r"[\w.-]*\d[\w.-]*(@sha256:[0-9a-f]{64})?", tag):
                    return image, f"as in {path}"
    return f"{kind.image}:{_newest(kind)}", "newest supported release, patched under this tag"


def _newest(kind: Kind) -> str:
    """The shortest tag of the newest supported cycle that the facts hold."""
    known = facts.load("runtimes")[kind.runtime]
    cycle = str(known.get("latest_lts") or known["latest_supported"])
    if kind.runtime == "mongodb":  # x.0 is the yearly release, the others live for months
        cycle = next((version for version in known["supported"] if str(version).endswith(".0")), cycle)
    tags = {tag for entry in facts.load("images")["images"][kind.image]["tags"] for tag in entry["tags"]}
    major = cycle.split(".")[0]
    newest_of_major = kind.runtime not in ("mysql", "mariadb", "mongodb", "memcached")
    return major if newest_of_major and major in tags else cycle


# How code names the parts of a connection: the end of the variable's name → the part.
_PARTS = (
    ("host", r"(?:HOST|HOSTNAME|SERVER|ADDRESS)"), ("port", r"PORT"), ("user", r"(?:USER|USERNAME|LOGIN)"),
    ("password", r"(?:PASS|PASSWORD|PWD)"), ("database", r"(?:NAME|DB|DATABASE|DBNAME|DATABASE_NAME|DB_NAME)"),
    ("url", r"(?:URL|URI|DSN|CONNECTION_STRING|DATABASE_URL|DATABASE_URI|DB_URL|DB_URI|DB_DSN)"),
)  # fmt: skip
_SUBJECTS = {
    "postgresql": r"(?:PG|POSTGRES|POSTGRESQL|DB|DATABASE|SQL|SQLALCHEMY|SQLALCHEMY_DATABASE|DATASOURCE|SPRING_DATASOURCE)",
    "mysql": r"(?:MYSQL|DB|DATABASE|SQL|SQLALCHEMY|SQLALCHEMY_DATABASE|DATASOURCE|SPRING_DATASOURCE)",
    "mariadb": r"(?:MARIADB|MYSQL|DB|DATABASE|SQL|SQLALCHEMY|SQLALCHEMY_DATABASE|DATASOURCE|SPRING_DATASOURCE)",
    "mongodb": r"(?:MONGO|MONGODB|MONGODB_DATABASE|DB|DATABASE)",
    "redis": r"(?:REDIS|VALKEY|CACHE|CELERY_BROKER|CELERY_RESULT|CELERY_RESULT_BACKEND|BROKER|QUEUE_REDIS|SPRING_DATA_REDIS|SPRING_REDIS)",
    "rabbitmq": r"(?:RABBITMQ|RABBIT|AMQP|BROKER|CELERY_BROKER|MESSAGE_BROKER|SPRING_RABBITMQ)",
    "memcached": r"(?:MEMCACHED?|CACHE)",
}
_PYTHON_DRIVERS = (
    ("asyncpg", "postgresql+asyncpg"), ("psycopg", "postgresql+psycopg"), ("psycopg2", "postgresql"), ("psycopg2-binary", "postgresql"),
    ("aiomysql", "mysql+aiomysql"), ("asyncmy", "mysql+asyncmy"), ("pymysql", "mysql+pymysql"),
)  # fmt: skip


def environment(component: Component, names: Iterable[str]) -> dict[str, str]:
    """Variable → value, for the variables that the component's code reads and that lead to these services."""
    names = [name for name in names if name in KINDS]
    found: dict[str, str] = {}
    for variable in component.environment:
        for name in names:
            part = _part(variable, name, names)
            if part:
                found[variable] = _value(part, name, component, variable)
                break
    if component.framework == "laravel":
        found = _laravel(component, names, found)
    if component.framework == "spring-boot" and not any(
        "DATASOURCE" in key or key.startswith(("DB_", "DATABASE_", "POSTGRES_", "MYSQL_")) for key in found
    ):
        for name in names:
            if name in SQL:
                found |= {
                    "SPRING_DATASOURCE_URL": _value("url", name, component, "SPRING_DATASOURCE_URL"),
                    "SPRING_DATASOURCE_USERNAME": _value("user", name, component, ""),
                    "SPRING_DATASOURCE_PASSWORD": PASSWORD,
                }
    return found


def _part(variable: str, name: str, names: list[str]) -> str | None:
    upper = variable.upper()
    for part, ending in _PARTS:
        if re.fullmatch(rf"(?:\w+_)?{_SUBJECTS[name]}_?{ending}|(?:\w+_)?{_SUBJECTS[name]}_{ending}", upper):
            return part
    if part_only := {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGPASSWORD": "password",
        "PGDATABASE": "database",
    }.get(upper):
        return part_only if name == "postgresql" else None
    own = {"rabbitmq": r"AMQP|RABBITMQ|CELERY_BROKER", "redis": r"REDIS"}.get(name)
    return "url" if own and re.fullmatch(own, upper) else None


def _value(part: str, name: str, component: Component, variable: str) -> str:
    kind = KINDS[name]
    user = "root" if name in ("mysql", "mariadb") else "guest" if name == "rabbitmq" else USER
    password = "guest" if name == "rabbitmq" else PASSWORD
    if part == "url":
        return _url(name, kind, component, variable, user, password)
    if part in ("user", "password", "database") and name in ("redis", "memcached", "mongodb"):
        return {"mongodb": DATABASE if part == "database" else ""}.get(name, "0" if part == "database" else "")
    return {"host": "localhost", "port": str(kind.port), "user": user, "password": password, "database": DATABASE}[part]


def _url(name: str, kind: Kind, component: Component, variable: str, user: str, password: str) -> str:
    place = f"localhost:{kind.port}"
    if component.language in ("java", "kotlin") and name in SQL:
        return f"jdbc:{name}://{place}/{DATABASE}"
    if name in SQL:
        suffix = "?sslmode=disable" if component.language == "go" and name == "postgresql" else ""
        if component.language == "go" and name in ("mysql", "mariadb"):
            return f"{user}:{password}@tcp({place})/{DATABASE}?parseTime=true"
        return f"{_scheme(name, component)}://{user}:{password}@{place}/{DATABASE}{suffix}"
    if name == "mongodb":
        return f"mongodb://{place}/{DATABASE}"
    if name == "redis":
        return f"redis://{place}/{1 if 'RESULT' in variable.upper() else 0}"
    if name == "rabbitmq":
        return f"amqp://{user}:{password}@{place}/"
    return place


def _scheme(name: str, component: Component) -> str:
    plain = "mysql" if name == "mariadb" else name
    if component.language == "python" and component.depends_on("sqlalchemy", "sqlmodel", "flask-sqlalchemy"):
        for driver, scheme in _PYTHON_DRIVERS:
            if component.depends_on(driver) and scheme.startswith(plain):
                return scheme
    return plain


def _laravel(component: Component, names: list[str], found: dict[str, str]) -> dict[str, str]:
    for name in names:
        if name in SQL:
            connection = {"postgresql": "pgsql"}.get(name, name)
            parts = {"HOST": "host", "PORT": "port", "DATABASE": "database", "USERNAME": "user", "PASSWORD": "password"}
            values = {f"DB_{key}": _value(part, name, component, "") for key, part in parts.items()}
            return {
                "DB_CONNECTION": connection,
                **values,
                **{k: v for k, v in found.items() if not k.startswith("DB_")},
            }
    return found
