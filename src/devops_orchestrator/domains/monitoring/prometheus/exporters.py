"""Exporters: which service each one reads, its port, how it is run and what it must be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devops_orchestrator.core import facts
from devops_orchestrator.text import Text


@dataclass(frozen=True)
class Exporter:
    """One exporter. `{host}` and `{port}` in its command and environment are those of the service that it reads.

    `key` is its entry in `facts/exporters.json` (None: its metric names are not known here), `service` the backing
    service (CONTRACT.md's names) and `default` that service's port. `image` is empty where the service exports by itself.
    """

    name: str
    port: int
    key: str | None = None
    service: tuple[str, ...] = ()
    default: int = 0
    path: str = "/metrics"
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""  # further lines of its compose service, at indentation 0
    comments: Mapping[str, str] = field(default_factory=dict)  # variable or argument → why
    setup: Text | None = None  # what must be done once, in the service itself

    @property
    def job(self) -> str:
        """Its job's and compose service's name."""
        return {"nginx-prometheus-exporter": "nginx", "node_exporter": "node", "cadvisor": "cadvisor"}.get(
            self.name, self.name.replace("_exporter", "").replace("-exporter", "")
        )

    @property
    def compose_name(self) -> str:
        return self.name.replace("_", "-").replace("nginx-prometheus-exporter", "nginx-exporter")

    @property
    def image(self) -> str | None:
        """Image with its tag from the facts; None where no tag is known, or where none is needed."""
        known = facts.load("exporter_images")["images"].get(_FACT_NAMES.get(self.name, self.name))
        return f"{known['image']}:{known['tag']}" if known else None


_FACT_NAMES = {"nginx-prometheus-exporter": "nginx_exporter", "php-fpm_exporter": "php_fpm_exporter"}

EXPORTERS: tuple[Exporter, ...] = (
    Exporter(
        "postgres_exporter", 9187, "postgres_exporter", ("postgresql",), 5432,
        environment={
            "DATA_SOURCE_URI": "{host}:{port}/postgres?sslmode=disable",
            "DATA_SOURCE_USER": "postgres_exporter",
            "DATA_SOURCE_PASS": "${POSTGRES_EXPORTER_PASSWORD:?password of the role postgres_exporter}",
        },
        comments={
            "DATA_SOURCE_URI": "sslmode=disable: the connection stays on the compose network",
            "DATA_SOURCE_USER": "a role of its own that may only read statistics (pg_monitor)",
        },
        setup=Text(
            "Create the exporter's role in PostgreSQL once: CREATE USER postgres_exporter PASSWORD '…'; GRANT pg_monitor TO postgres_exporter; "
            "and put the same password into .env as POSTGRES_EXPORTER_PASSWORD.",
            "Créez une fois le rôle de l'exporteur dans PostgreSQL : CREATE USER postgres_exporter PASSWORD '…'; GRANT pg_monitor TO postgres_exporter; "
            "puis mettez le même mot de passe dans .env sous le nom POSTGRES_EXPORTER_PASSWORD.",
        ),
    ),
    Exporter(
        "redis_exporter", 9121, "redis_exporter", ("redis",), 6379,
        environment={"REDIS_ADDR": "redis://{host}:{port}"},
    ),
    Exporter(
        "mysqld_exporter", 9104, "mysqld_exporter", ("mysql", "mariadb"), 3306,
        command=("--mysqld.address={host}:{port}", "--mysqld.username=exporter"),
        environment={"MYSQLD_EXPORTER_PASSWORD": "${MYSQLD_EXPORTER_PASSWORD:?password of the user exporter}"},
        comments={"--mysqld.username=exporter": "a user of its own that may only read statistics"},
        setup=Text(
            "Create the exporter's user in the database once: CREATE USER 'exporter'@'%' IDENTIFIED BY '…' WITH MAX_USER_CONNECTIONS 3; "
            "GRANT PROCESS, REPLICATION CLIENT, SELECT ON *.* TO 'exporter'@'%'; and put the same password into .env as MYSQLD_EXPORTER_PASSWORD.",
            "Créez une fois l'utilisateur de l'exporteur dans la base : CREATE USER 'exporter'@'%' IDENTIFIED BY '…' WITH MAX_USER_CONNECTIONS 3; "
            "GRANT PROCESS, REPLICATION CLIENT, SELECT ON *.* TO 'exporter'@'%'; puis mettez le même mot de passe dans .env sous le nom MYSQLD_EXPORTER_PASSWORD.",
        ),
    ),
    Exporter(
        "mongodb_exporter", 9216, None, ("mongodb",), 27017,
        command=("--collect-all",),
        environment={"MONGODB_URI": "${MONGODB_EXPORTER_URI:?mongodb://user:password@{host}:{port}/admin}"},
        comments={"--collect-all": "without it only mongodb_up is exported"},
        setup=Text(
            "Create a MongoDB user with the role clusterMonitor (and read on local) and put its URI into .env as MONGODB_EXPORTER_URI.",
            "Créez un utilisateur MongoDB avec le rôle clusterMonitor (et read sur local), puis mettez son URI dans .env sous le nom MONGODB_EXPORTER_URI.",
        ),
    ),
    Exporter(
        "kafka_exporter", 9308, "kafka_exporter", ("kafka",), 9092, command=("--kafka.server={host}:{port}",),
    ),
    Exporter(
        "elasticsearch_exporter", 9114, None, ("elasticsearch",), 9200, command=("--es.uri=http://{host}:{port}",),
    ),
    Exporter(
        "memcached_exporter", 9150, None, ("memcached",), 11211, command=("--memcached.address={host}:{port}",),
    ),
    Exporter(
        "rabbitmq", 15692, "rabbitmq_prometheus", ("rabbitmq",), 15692,
        setup=Text(
            "RabbitMQ exports by itself on port 15692: the plugin rabbitmq_prometheus is on in the official image; elsewhere run `rabbitmq-plugins enable rabbitmq_prometheus`.",
            "RabbitMQ exporte lui-même ses métriques sur le port 15692 : le plugin rabbitmq_prometheus est actif dans l'image officielle ; ailleurs, lancez `rabbitmq-plugins enable rabbitmq_prometheus`.",
        ),
    ),
    Exporter(
        "nginx-prometheus-exporter", 9113, "nginx_exporter", ("nginx",), 80,
        command=("--nginx.scrape-uri=http://{host}:{port}/stub_status",),
        setup=Text(
            "nginx must serve its counters: add `location = /stub_status { stub_status; access_log off; allow 172.16.0.0/12; deny all; }` to the server block.",
            "nginx doit servir ses compteurs : ajoutez `location = /stub_status { stub_status; access_log off; allow 172.16.0.0/12; deny all; }` au bloc server.",
        ),
    ),
    Exporter(
        "node_exporter", 9100, "node_exporter",
        command=("--path.rootfs=/host",),
        comments={"--path.rootfs=/host": "the host's file system, not the container's"},
        extra="pid: host\nvolumes:\n  - /:/host:ro,rslave",
    ),
    Exporter(
        "cadvisor", 8080, "cadvisor",
        extra=(
            "privileged: true # reads the cgroups of every container\n"
            "volumes:\n  - /:/rootfs:ro\n  - /var/run:/var/run:ro\n  - /sys:/sys:ro\n  - /var/lib/docker/:/var/lib/docker:ro\n"
            "devices:\n  - /dev/kmsg"
        ),
    ),
    Exporter("blackbox_exporter", 9115, "blackbox_exporter", path="/probe"),
    Exporter(
        "php-fpm_exporter", 9253, "php_fpm_exporter", ("php-fpm",), 9000,
        environment={"PHP_FPM_SCRAPE_URI": "tcp://{host}:{port}/status"},
        setup=Text(
            "Turn PHP-FPM's status page on in the pool configuration: pm.status_path = /status.",
            "Activez la page d'état de PHP-FPM dans la configuration du pool : pm.status_path = /status.",
        ),
    ),
)  # fmt: skip

_ALIASES = {
    "nginx_exporter": "nginx-prometheus-exporter", "nginx-exporter": "nginx-prometheus-exporter",
    "postgresql_exporter": "postgres_exporter", "pg_exporter": "postgres_exporter", "mysql_exporter": "mysqld_exporter",
    "mariadb_exporter": "mysqld_exporter", "rabbitmq_exporter": "rabbitmq", "rabbitmq_prometheus": "rabbitmq",
    "php_fpm_exporter": "php-fpm_exporter", "blackbox": "blackbox_exporter", "mongo_exporter": "mongodb_exporter",
}  # fmt: skip


def named(name: str) -> Exporter | None:
    """The exporter of that name, or None for one that is not known here."""
    wanted = _ALIASES.get(name, name)
    return next((e for e in EXPORTERS if e.name in (wanted, wanted.replace("-", "_"))), None)


def for_service(service: str) -> Exporter | None:
    """The exporter that reads a backing service."""
    return next((e for e in EXPORTERS if service in e.service), None)


def unknown(name: str) -> Text:
    """What is said of an exporter that is asked for and not known here."""
    return Text(
        f"{name} is not configured: no image and no port of it are known here. Add its job by hand: targets: ['<host>:<port>'].",
        f"{name} n'est pas configuré : ni son image ni son port ne sont connus ici. Ajoutez son job à la main : targets: ['<hôte>:<port>'].",
    )
