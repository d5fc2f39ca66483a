"""The rule file of a component and its unit tests, as text."""

from __future__ import annotations

from dataclasses import dataclass

from devops_orchestrator.core.change import File
from devops_orchestrator.domains.monitoring.prometheus import red, unit_tests
from devops_orchestrator.formats import template
from devops_orchestrator.formats.prometheus import seconds
from devops_orchestrator.text import Text

# Names as their own projects write them, where the facts' key is another one.
LIBRARIES = {
    "prometheus_fastapi_instrumentator": "prometheus-fastapi-instrumentator", "express_prom_bundle": "express-prom-bundle",
    "django_prometheus": "django-prometheus", "fastify_metrics": "fastify-metrics", "prometheus_net_dotnet": "prometheus-net",
    "micrometer_spring_boot": "Spring Boot Actuator (Micrometer)", "ruby_client_rack": "prometheus-client (Rack)",
    "opentelemetry_python_http_stable": "OpenTelemetry", "opentelemetry_python_http_old": "OpenTelemetry",
    "opentelemetry_node_http": "OpenTelemetry", "otel_http_semconv_prometheus": "OpenTelemetry",
    "aspnetcore_opentelemetry": "OpenTelemetry (ASP.NET Core)",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One test of the unit tests file."""

    name: str
    comment: str
    series: list[unit_tests.Series]
    samples: list[unit_tests.Sample]


def window(scrape_interval: str) -> str:
    """The range of `rate`: five minutes, or four scrapes where they take longer, so that one lost scrape does no harm."""
    least = 4 * (seconds(scrape_interval) or 0)
    return f"{max(5, -int(-least // 60))}m"


def files(app: str, model: red.Red, scope: red.Scope, folder: str) -> tuple[File, File]:
    """The rule file `<folder>/<app>.rules.yml` and its test."""
    records = list(red.records(model, scope))
    rules_file, test_file = f"{app}.rules.yml", f"{app}.test.yml"
    rules = template.render(
        __package__, "rules.yml",
        app=app, library=f"the code defines ({model.source.rpartition(':')[0]})" if model.source else f"{LIBRARIES.get(model.library, model.library)} exports", group=f"{app}.red", records=records, test_file=f"{folder}/{test_file}",
    )  # fmt: skip
    minutes = int((seconds(scope.window) or 300) // 60) * 2  # twice the range: well past its start
    tests = template.render(
        __package__, "rules.test.yml",
        rules_file=rules_file, test_file=f"{folder}/{test_file}", at=minutes, tests=cases(model, scope, records),
    )  # fmt: skip
    return (
        File(
            f"{folder}/{rules_file}", rules,
            why=Text(
                f"Rate, errors and duration of {app}, computed once for dashboards and alerts.",
                f"Débit, erreurs et durée de {app}, calculés une fois pour les tableaux de bord et les alertes.",
            ),
        ),
        File(
            f"{folder}/{test_file}", tests,
            why=Text("Unit tests of the rules.", "Tests unitaires des règles."),
        ),
    )  # fmt: skip


def cases(model: red.Red, scope: red.Scope, records: list[red.Record]) -> list[Case]:
    """Traffic with failures; traffic without any."""
    left_out = red.excluded(model, scope)
    probes = f", and probes of {' and '.join(left_out)} that must not count" if left_out else ""
    return [
        Case(
            "traffic-with-failures", f"100 requests per second, 10 of them failing{probes}.",
            list(unit_tests.series(model, scope)), list(unit_tests.samples(model, scope, records)),
        ),
        Case(
            "no-failure-yet", "No request has failed yet: the share of errors is 0, not absent.",
            list(unit_tests.series(model, scope, failures=False)),
            list(unit_tests.samples(model, scope, records, failures=False)),
        ),
    ]  # fmt: skip
