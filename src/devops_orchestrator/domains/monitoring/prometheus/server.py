"""A Prometheus that reads a prometheus.yml: beside compose services, on a machine, or inside a cluster."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.monitoring.prometheus import (
    cluster,
    existing,
    exporters,
    jobs,
    models,
    recording,
    red,
    stack,
)
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.domains.monitoring.prometheus.targets import Application, Exported, Target, exported
from devops_orchestrator.domains.monitoring.prometheus.words import complete, instrumentation, summary
from devops_orchestrator.formats import template
from devops_orchestrator.project import compose_services as compose
from devops_orchestrator.text import Text

INTERVAL = "15s"
HOST = "host.docker.internal"  # this machine, seen from a container


@dataclass(frozen=True, eq=False)
class Plan:
    """What is known before a file is written. `file` is the compose file, `found` the manifests of a cluster."""

    params: PrometheusParams
    project: Project
    apps: list[Application]
    file: str | None
    services: list[compose.Service]
    found: list[cluster.Manifest]

    @property
    def interval(self) -> str:
        return self.params.scrape_interval or INTERVAL


@dataclass(frozen=True)
class Job:
    """One job: its lines, the comments above it, and what tells whether it is there already."""

    name: str
    address: str
    lines: list[str]
    comments: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()  # every name under which its application is reached
    edits: tuple[Edit, ...] = ()  # of other files, that make its targets be found


def create(plan: Plan) -> Creation:
    """New files, or the edits that an existing configuration needs."""
    config = existing.current(plan.project)
    folder = "monitoring" if config is None else config.folder
    wanted, unknown = exported(plan.params, plan.project, plan.services if plan.file else [])
    if config is not None and not plan.params.exporters:
        wanted = []  # whoever wrote the configuration chose the exporters too
    all_jobs = _jobs(plan, wanted)
    rules = _rules(plan, posixpath.normpath(posixpath.join(folder, "rules")), all_jobs)
    files: list[File] = [file for _, pair in rules for file in pair]
    edits: list[Edit] = []
    if config is None:
        files.insert(0, _configuration(plan, all_jobs, bool(rules)))
    else:
        edits = _complete(plan, config, all_jobs, [pair[0].path for _, pair in rules])
    edits += stack.completed(plan.project, wanted)
    if plan.file and not plan.project.repository.has(stack.FILE):
        beside = stack.file(
            plan.file,
            plan.services,
            wanted,
            _application_hosts(plan),
            server=config is None,
            host=any(HOST in job.address for job in all_jobs),
        )
        files += [beside] if beside else []
    edits += [edit for job in all_jobs for edit in job.edits]
    steps = [
        *_start(plan, config),
        *_setups(wanted),
        *_missing(rules),
        *instrumentation(plan.params, plan.project, plan.apps),
    ]
    steps += [exporters.unknown(name) for name in unknown]
    if config is not None and not edits and all(plan.project.repository.has(file.path) for file in files):
        return Creation(complete(config.path), next_steps=tuple(steps[1:]))
    return Creation(
        summary(plan.apps, wanted, [app for app, _ in rules], "compose" if plan.file else "kubernetes" if plan.found else "plain"),
        files=tuple(files), edits=tuple(edits), next_steps=tuple(steps),
    )  # fmt: skip


def _jobs(plan: Plan, wanted: list[Exported]) -> list[Job]:
    found = [Job("prometheus", "localhost:9090", jobs.static(Target("prometheus", "localhost", 9090)))]
    for app in plan.apps:
        job = _application(plan, app)
        if job is not None:
            found.append(job)
    for item in wanted:
        found += _exporter(plan, item)
    return found


def _application(plan: Plan, app: Application) -> Job | None:
    evidence = app.component.evidence.get("metrics", "")
    file = re.sub(r":\d+$", "", evidence)  # a line's number would not stay true
    comments = () if not file or evidence.startswith("convention") else (f"{file} serves {app.path}",)
    if plan.found:
        endpoint = cluster.endpoint(app, plan.project, plan.found)
        if endpoint is None:
            return None
        namespace = plan.params.namespace or endpoint.namespace
        return Job(app.job, endpoint.service, jobs.discovered(app, endpoint, namespace), comments, edits=endpoint.edits)
    service = compose.running(app.component, plan.services) if plan.file else None
    port = app.port or (service.ports[0] if service and service.ports else None)
    if port is None:
        return None
    if plan.file and service is None and existing.current(plan.project) is not None:
        return None  # under which name the application is reached from there, nobody can tell
    # The compose file may hold the databases alone, while the application runs on the machine itself.
    host = service.host if service else HOST if plan.file else "localhost"
    target = Target(app.job, host, port, app.path, drop_up=app.exports_up)
    return Job(app.job, target.address, jobs.static(target), comments, compose.names_of(app.component, plan.services))


def _exporter(plan: Plan, item: Exported) -> list[Job]:
    exporter = item.exporter
    if exporter.name == "blackbox_exporter":
        urls = [_health(plan, app) for app in plan.apps]
        host = item.name if plan.file else "localhost"
        address = f"{host}:{exporter.port}"
        return [Job("blackbox", address, jobs.blackbox(address, [u for u in urls if u]))] if any(urls) else []
    itself = exporter.image is None and item.service is not None  # RabbitMQ exports by itself
    host = "localhost" if not plan.file else item.service.host if itself and item.service else item.name
    target = Target(item.job, host, exporter.port, exporter.path)
    return [Job(item.job, target.address, jobs.static(target))]


def _health(plan: Plan, app: Application) -> str:
    service = compose.running(app.component, plan.services) if plan.file else None
    port = app.component.port_of("health") or app.port
    return f"http://{service.host if service else 'localhost'}:{port}{app.component.health or '/'}" if port else ""


def _job_names(app: Application, plan: Plan, all_jobs: list[Job]) -> tuple[str, ...]:
    """The jobs that scrape an application: those of an existing configuration go before the one that is added."""
    config = existing.current(plan.project)
    hosts = compose.names_of(app.component, plan.services) if plan.file else frozenset()
    there = config.scraping(app.job, hosts) if config is not None else ()
    return there or tuple(job.name for job in all_jobs if job.name == app.job)


def _rules(plan: Plan, folder: str, all_jobs: list[Job]) -> list[tuple[Application, tuple[File, File]]]:
    found = []
    for app in plan.apps:
        model = models.of(app.component, plan.project)
        if model is None:
            continue
        probes = tuple(dict.fromkeys(path for path in (app.path, app.component.health) if path))
        keep = ("namespace", "job") if plan.found else ("job",)
        namespace = plan.params.namespace
        names = _job_names(app, plan, all_jobs)
        if not names:
            continue  # under which job its series arrive, nobody can tell
        window = recording.window(plan.interval)
        scope = red.Scope(names[0], names[1:], keep, namespace, probes, window)
        found.append((app, recording.files(app.job, model, scope, folder)))
    return found


def _configuration(plan: Plan, all_jobs: list[Job], rules: bool) -> File:
    manager = next((s for s in plan.services if "alertmanager" in s.image), None) if plan.file else None
    content = template.render(
        __package__, "prometheus.yml",
        interval=plan.interval, rules=rules, jobs=all_jobs, alertmanager=f"{manager.host}:9093" if manager else None,
    )  # fmt: skip
    return File(
        "monitoring/prometheus.yml", content,
        why=Text("What is scraped, where and how often.", "Ce qui est collecté, où et à quelle fréquence."),
    )  # fmt: skip


def _application_hosts(plan: Plan) -> list[compose.Service]:
    running = [compose.running(app.component, plan.services) for app in plan.apps]
    return [service for service in running if service is not None]


def _complete(plan: Plan, config: existing.Existing, all_jobs: list[Job], rule_files: list[str]) -> list[Edit]:
    """What an existing configuration lacks; where targets are discovered, nobody can say which ones it has."""
    edits = existing.set_interval(config, plan.interval)
    if not any(job.discovers for job in config.view.jobs):
        lacking = [
            job.lines
            for job in all_jobs
            if job.name != "prometheus" and not config.knows(job.name, job.address, job.hosts)
        ]
        edits += existing.add_jobs(config, lacking)
    if rule_files and not all(existing.loads(config, path) for path in rule_files):
        edits.append(existing.add_rule_file(config, "rules/*.rules.yml"))
    return edits


def _start(plan: Plan, config: existing.Existing | None) -> list[Text]:
    if config is not None:
        return [
            Text(
                f"Reload Prometheus: it reads {config.path} and its rules again on SIGHUP.",
                f"Rechargez Prometheus : il relit {config.path} et ses règles à la réception de SIGHUP.",
            )
        ]
    if plan.file:
        command = f"docker compose -f {plan.file} -f monitoring/compose.yaml up -d"
        return [
            Text(
                f"Start it: {command}; then every target must be UP on http://localhost:9090/targets.",
                f"Démarrez-le : {command} ; toutes les cibles doivent ensuite être UP sur http://localhost:9090/targets.",
            )
        ]
    if plan.found:
        return [
            Text(
                "Prometheus' service account must be allowed to get, list and watch endpointslices (discovery.k8s.io), services and pods of the namespace. "
                "With the operator in the cluster, ask again once a ServiceMonitor or kube-prometheus-stack is in the repository.",
                "Le compte de service de Prometheus doit pouvoir lire (get, list, watch) les endpointslices (discovery.k8s.io), services et pods du namespace. "
                "Si l'operator tourne dans le cluster, refaites la demande quand un ServiceMonitor ou kube-prometheus-stack est dans le dépôt.",
            )
        ]
    return [
        Text(
            "Start it where the targets can be reached: prometheus --config.file=monitoring/prometheus.yml; put real host names in the place of localhost if it runs elsewhere.",
            "Démarrez-le là où les cibles sont joignables : prometheus --config.file=monitoring/prometheus.yml ; remplacez localhost par les vrais noms d'hôtes s'il tourne ailleurs.",
        )
    ]


def _setups(wanted: list[Exported]) -> list[Text]:
    return list(dict.fromkeys(item.exporter.setup for item in wanted if item.exporter.setup))


def _missing(rules: list[tuple[Application, tuple[File, File]]]) -> list[Text]:
    libraries = {app.component.metrics_library for app, _ in rules}
    found = (red.MODELS[name] for name in sorted(filter(None, libraries)) if name in red.MODELS)
    return [model.missing for model in found if model.missing]
