"""Rules over one prometheus.yml by itself: intervals, jobs, credentials, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats import prometheus, yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.prometheus import Config, Job, seconds
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

CONFIGURATION = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/"
# Keys whose value is a secret, and the key that reads it from a file.
SECRETS = {
    "password": "password_file", "bearer_token": "bearer_token_file", "credentials": "credentials_file",
    "client_secret": "client_secret_file", "secret_key": None, "api_key": None, "token": "token_file",
}  # fmt: skip
# What stands in a template for a secret that is not there.
PLACE = re.compile(
    r"<.*>|\$\{?\w+\}?|\{\{.*\}\}|\*+|x+|(replace|change|your|insert|enter)[\w -]*|secret|password|token", re.I
)
# Where Prometheus' discovery puts values that are new with every pod, container or address.
CHANGING = {
    "__meta_kubernetes_pod_uid": "pod uid", "__meta_kubernetes_pod_container_id": "container id",
    "__meta_docker_container_id": "container id", "__meta_dockerswarm_task_id": "task id",
    "__meta_dockerswarm_task_container_id": "container id", "__meta_nomad_alloc_id": "allocation id",
}  # fmt: skip
PEOPLE = re.compile(r"(^|_)(user|customer|account|session|request|trace|order)_?(id|uuid|email|name)$|(^|_)e?mail$")


def config(source: Source) -> Config | None:
    """The configuration of a source."""
    return source.parsed(prometheus.config)


def span(node: Node) -> tuple[int, int]:
    return node.start, node.end


@rule(
    "prometheus/timeout-above-interval", Severity.ERROR, on="prometheus", url=f"{CONFIGURATION}#scrape_config",
    title=Text("Scrape timeout longer than the interval", "Délai de collecte plus long que l'intervalle"),
    advice=Text(
        "Prometheus refuses a configuration whose scrape_timeout is longer than its scrape_interval: it does not start, or keeps the old configuration.",
        "Prometheus refuse une configuration dont scrape_timeout dépasse scrape_interval : il ne démarre pas, ou garde l'ancienne configuration.",
    ),
)  # fmt: skip
def timeout_above_interval(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    if view is None:
        return
    places = [(view.node.get("global"), view.scrape_interval, "global")]
    places += [(job.node, job.interval, job.name) for job in view.jobs]
    for node, interval, name in places:
        written = node.get("scrape_timeout") if node is not None else None
        if written is None:
            continue
        timeout, limit = seconds(written.value), seconds(interval)
        if timeout is not None and limit is not None and timeout > limit:
            fix = Fix(
                (source.edit(*yaml.replace(written, interval)),), safe=True,
                title=Text(f"Set scrape_timeout to {interval}", f"Fixer scrape_timeout à {interval}"),
            )  # fmt: skip
            message = Text(
                f"{name}: scrape_timeout {written.value} is longer than the interval of {interval}.",
                f"{name} : scrape_timeout {written.value} dépasse l'intervalle de {interval}.",
            )
            yield Hit(*span(written), message, fix)


@rule(
    "prometheus/duplicate-job", Severity.ERROR, on="prometheus", url=f"{CONFIGURATION}#scrape_config",
    title=Text("Two jobs of one name", "Deux jobs du même nom"),
    advice=Text(
        "Job names must be unique: Prometheus refuses the whole configuration.",
        "Les noms de jobs doivent être uniques : Prometheus refuse toute la configuration.",
    ),
)  # fmt: skip
def duplicate_job(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    seen: dict[str, Job] = {}
    for job in view.jobs if view else ():
        first, node = seen.setdefault(job.name, job), job.name_node
        if job is not first and job.name and node is not None:
            earlier = first.name_node
            line = source.lines.place(earlier.start)[0] if earlier else 1
            yield Hit(
                *span(node),
                Text(
                    f"The job {job.name} is already defined on line {line}.",
                    f"Le job {job.name} est déjà défini à la ligne {line}.",
                ),
                related=(Related(source.path, line, Text("the first one", "le premier")),),
            )


@rule(
    "prometheus/empty-job", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#scrape_config",
    title=Text("A job without any target", "Un job sans aucune cible"),
    advice=Text(
        "Prometheus accepts it and scrapes nothing: no series, and no target that could be DOWN.",
        "Prometheus l'accepte et ne collecte rien : aucune série, et aucune cible qui puisse être DOWN.",
    ),
)  # fmt: skip
def empty_job(source: Source, project: Project) -> Iterator[Hit]:
    """A job with neither static targets nor discovery."""
    view = config(source)
    for job in view.jobs if view else ():
        if (
            job.discovers
            or job.targets
            or job.name_node is None
            or any(key.scalar == "<<" for key, _ in job.node.items())
        ):
            continue
        yield Hit(
            *span(job.name_node),
            Text(f"The job {job.name} has no target.", f"Le job {job.name} n'a aucune cible."),
        )


@rule(
    "prometheus/plaintext-secret", Severity.ERROR, on="prometheus", url=f"{CONFIGURATION}#http_config",
    title=Text("Password or token in the configuration", "Mot de passe ou jeton dans la configuration"),
    advice=Text(
        "Whoever reads the repository has it, and git keeps it for ever. "
        "Read it from a file that is mounted, and change the secret.",
        "Quiconque lit le dépôt y a accès, et git le conserve pour toujours. "
        "Lisez-le depuis un fichier monté, et changez le secret.",
    ),
)  # fmt: skip
def plaintext_secret(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    for node in view.node.walk() if view else ():
        for key, value in node.items():
            name = str(key.value)
            written = text_of(value.value)
            if value.kind != "scalar" or not written or PLACE.fullmatch(written):
                continue
            if name in SECRETS:
                yield Hit(*span(value), _secret(name), _from_file(source, key, value, SECRETS[name]))
            elif name in ("url", "proxy_url") and re.match(r"\w+://[^/@:]+:[^/@]+@", written):
                yield Hit(*span(value), _secret(name))


def _secret(name: str) -> Text:
    return Text(f"{name} holds a secret in plain text.", f"{name} contient un secret en clair.")


def _from_file(source: Source, key: Node, value: Node, other: str | None) -> Fix | None:
    if other is None:
        return None
    path = f"/etc/prometheus/secrets/{other.removesuffix('_file')}"
    return Fix(
        (source.edit(key.start, key.end, other), source.edit(value.start, value.end, path)), safe=False,
        title=Text(f"Read it from {path}", f"Le lire depuis {path}"),
        needs=Text(
            f"the secret, changed, in a file mounted at {path}",
            f"le secret, changé, dans un fichier monté sur {path}",
        ),
    )  # fmt: skip


@rule(
    "prometheus/no-external-labels", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#configuration-file",
    title=Text("remote_write without external_labels", "remote_write sans external_labels"),
    advice=Text(
        "Series of two Prometheus servers that write to one store look the same and overwrite each other: give each its external labels (cluster, replica).",
        "Les séries de deux Prometheus qui écrivent dans le même stockage se confondent et s'écrasent : donnez à chacun ses external_labels (cluster, replica).",
    ),
)  # fmt: skip
def no_external_labels(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    pair = view.node.pair("remote_write") if view else None
    if view is None or pair is None or not list(pair[1].children()) or view.node.at("global", "external_labels"):
        return
    yield Hit(
        *span(pair[0]),
        Text(
            "Series leave this server without a label that names it.",
            "Les séries quittent ce serveur sans label qui l'identifie.",
        ),
    )


@rule(
    "prometheus/honor-labels", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#scrape_config",
    title=Text("honor_labels on an ordinary target", "honor_labels sur une cible ordinaire"),
    advice=Text(
        "With honor_labels the target decides its own job and instance: it can pose as another one, and `up` no longer matches its series. It is meant for a Pushgateway and for federation.",
        "Avec honor_labels, la cible choisit elle-même job et instance : elle peut se faire passer pour une autre, et `up` ne correspond plus à ses séries. C'est fait pour un Pushgateway ou la fédération.",
    ),
)  # fmt: skip
def honor_labels(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    for job in view.jobs if view else ():
        node = job.node.get("honor_labels")
        if node is None or node.value is not True or job.path in ("/federate", "/metrics/cadvisor"):
            continue
        words = " ".join([job.name, *(target.text for target in job.targets)]).lower()
        # These re-export series of others under the labels of those others.
        if not re.search(
            r"push|gateway|federat|kube-?_?state|cadvisor|kubelet|otel|collector|statsd|telegraf|graphite|influx|mimir|thanos|cortex",
            words,
        ):
            yield Hit(
                *span(node),
                Text(
                    f"The targets of {job.name} overwrite job and instance with labels of their own.",
                    f"Les cibles de {job.name} remplacent job et instance par leurs propres labels.",
                ),
            )


@rule(
    "prometheus/insecure-tls", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#tls_config",
    title=Text("TLS certificate not verified", "Certificat TLS non vérifié"),
    advice=Text(
        "insecure_skip_verify accepts any certificate: whoever sits between can read the credentials and forge the metrics. Give the CA as ca_file.",
        "insecure_skip_verify accepte n'importe quel certificat : un intermédiaire peut lire les identifiants et falsifier les métriques. Donnez l'autorité dans ca_file.",
    ),
)  # fmt: skip
def insecure_tls(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    for node in view.node.walk() if view else ():
        found = node.get("insecure_skip_verify")
        if found is not None and found.value is True:
            yield Hit(
                *span(found),
                Text(
                    "The server's certificate is not verified here.", "Le certificat du serveur n'est pas vérifié ici."
                ),
            )


@rule(
    "prometheus/changing-label", Severity.WARNING, on="prometheus", url="https://prometheus.io/docs/practices/naming/#labels",
    title=Text("Label with ever new values", "Label aux valeurs toujours nouvelles"),
    advice=Text(
        "Every new value makes new series that stay in memory for hours: uids, container ids, users and requests make Prometheus run out of memory.",
        "Chaque nouvelle valeur crée des séries qui restent des heures en mémoire : uid, identifiants de conteneurs, d'utilisateurs ou de requêtes finissent par saturer la mémoire de Prometheus.",
    ),
)  # fmt: skip
def changing_label(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    for job in view.jobs if view else ():
        for step in job.relabeling():
            target = text_of(step.at("target_label"))
            sources = step.at("source_labels")
            if not target or target.startswith("__") or step.at("action") in ("drop", "keep", "hashmod"):
                continue
            names = [str(name) for name in sources] if isinstance(sources, list) else []
            found = next((CHANGING[name] for name in names if name in CHANGING), None)
            node = step.get("target_label")
            if node is not None and (found or PEOPLE.search(target)):
                yield Hit(
                    *span(node),
                    Text(
                        f"The label {target} has a new value for each {found or 'person or request'}.",
                        f"Le label {target} prend une nouvelle valeur pour chaque {_french(found)}.",
                    ),
                )


def _french(found: str | None) -> str:
    return {None: "personne ou requête", "pod uid": "pod", "container id": "conteneur", "task id": "tâche"}.get(
        found, "allocation"
    )


RULES: tuple[Rule, ...] = (
    timeout_above_interval,
    duplicate_job,
    empty_job,
    plaintext_secret,
    no_external_labels,
    honor_labels,
    insecure_tls,
    changing_label,
)
