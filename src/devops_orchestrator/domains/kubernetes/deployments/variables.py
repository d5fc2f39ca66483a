"""Which environment variables a pod gets, and from where: written, from a Secret, or left to the code's default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from devops_orchestrator.core.project import Component

_SECRET = re.compile(
    r"(SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|PRIVATE|API_?KEY|APP_KEY|ENCRYPTION|SALT|DSN)"
)
# The keys that an application signs or encrypts with: a default in the code is known to everybody.
_OWN_KEY = re.compile(
    r"^(APP_KEY|(DJANGO_|FLASK_|NEXTAUTH_|AUTH_)?SECRET(_KEY)?(_BASE)?|(JWT|SESSION|COOKIE|AUTH)_(SECRET|KEY)\w*)$"
)
_HOSTS = ("ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS")  # a default that fits the developer's machine alone
_LISTEN = re.compile(r"^(SERVER_|APP_|HTTP_|LISTEN_)?PORT$")
_CONNECTION = {
    "postgresql": r"(DATABASE|DB|POSTGRES|POSTGRESQL|PG|SQLALCHEMY|SPRING_DATASOURCE)",
    "mysql": r"(DATABASE|DB|MYSQL|SPRING_DATASOURCE)",
    "mariadb": r"(DATABASE|DB|MYSQL|MARIADB|SPRING_DATASOURCE)",
    "mongodb": r"(DATABASE|DB|MONGO|MONGODB)",
    "redis": r"(REDIS|CACHE|CELERY|BROKER)",
    "rabbitmq": r"(RABBITMQ|AMQP|CELERY|BROKER)",
    "kafka": r"KAFKA",
    "elasticsearch": r"(ELASTIC|ELASTICSEARCH|ES)",
    "memcached": r"MEMCACHED?",
    "nats": r"NATS",
    "minio": r"(MINIO|S3|AWS)",
}
_WHERE = r"_?(URL|URI|DSN|HOST|HOSTNAME|SERVER|SERVERS|BROKERS?|ENDPOINT|USER|USERNAME|PASS|PASSWORD|NAME|DATABASE|DB|CONNECTION|DATABASE_URI|BROKER_URL|BOOTSTRAP_SERVERS)"
_MODES = {
    "NODE_ENV": "production",
    "RAILS_ENV": "production",
    "APP_ENV": "production",
    "ASPNETCORE_ENVIRONMENT": "Production",
}


@dataclass(frozen=True)
class Variables:
    """`plain`: name → value; `secret`: keys of the Secret; `defaults`: those that the code has a default for."""

    plain: Mapping[str, str]
    secret: tuple[str, ...]
    defaults: tuple[str, ...]


def of(component: Component, port: int | None, built_in: Mapping[str, str]) -> Variables:
    """The variables of a component; `built_in` are those that its image sets.

    A variable that the code needs and whose value only the operator knows is a key of the Secret: nothing is invented.
    """
    plain: dict[str, str] = {}
    secret: list[str] = []
    defaults: list[str] = []
    required = set(component.required_environment)
    for name in dict.fromkeys((*component.environment, *component.required_environment)):
        if _LISTEN.match(name) and port is not None:
            plain[name] = str(port)
        elif name in built_in:
            continue
        elif name in _MODES:
            plain[name] = _MODES[name]
        elif name in required or name in _HOSTS or _OWN_KEY.match(name) or connects(name, component.services):
            secret.append(name)
        else:
            defaults.append(name)
    return Variables(plain, tuple(secret), tuple(defaults))


def connects(name: str, services: tuple[str, ...]) -> bool:
    """Whether a variable says where a service is or who logs in: the code's default is the developer's machine."""
    return any(re.match(rf"^{_CONNECTION[s]}{_WHERE}$", name) for s in services if s in _CONNECTION)


def is_secret(name: str) -> bool:
    """Whether a variable's name says that its value is a secret."""
    return bool(_SECRET.search(name.upper()))


def is_connection(name: str) -> bool:
    """Whether a variable says where some service is or who logs in there."""
    return connects(name, tuple(_CONNECTION))


def is_own_key(name: str) -> bool:
    """Whether a variable is a key that the application signs or encrypts with."""
    return bool(_OWN_KEY.match(name))
