"""The metrics that code defines, in each language."""

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project.metrics import defined

CASES = {
    "app.py": (
        "from prometheus_client import Counter, Histogram\n"
        'A = Counter("jobs", "Jobs", ["kind"], namespace="shop")\n# Counter("none", "x")\n'
        'B = Histogram("wait_seconds", "Wait", labelnames=("a", "b"))\n',
        {("shop_jobs_total", "counter", ("kind",)), ("wait_seconds", "histogram", ("a", "b"))},
    ),
    "metrics.ts": (
        'import client from "prom-client";\n'
        'const a = new client.Histogram({ name: "x_seconds", help: "x", labelNames: ["route", "status"] });\n'
        '// new client.Counter({ name: "none_total", help: "x" })\n',
        {("x_seconds", "histogram", ("route", "status"))},
    ),
    "nest.ts": (
        'import { makeCounterProvider } from "@willsoto/nestjs-prometheus";\n'
        'const a = makeCounterProvider({ name: "y_total", help: "y", labelNames: ["q"] });\n',
        {("y_total", "counter", ("q",))},
    ),
    "main.go": (
        'package main\n\nimport "github.com/prometheus/client_golang/prometheus"\n\n'
        "var d = prometheus.NewHistogramVec(prometheus.HistogramOpts{\n"
        '\tNamespace: "shop",\n\tName: "d_seconds",\n}, []string{"code"})\n',
        {("shop_d_seconds", "histogram", ("code",))},
    ),
    "B.java": (
        "import io.micrometer.core.instrument.Counter;\n"
        'class B { void f() { Counter.builder("orders.placed").tag("a", "b").register(r); } }\n',
        {("orders_placed_total", "counter", ())},
    ),
    "c.php": (
        "<?php\nuse Prometheus\\CollectorRegistry;\n"
        "$c = $registry->getOrRegisterCounter('app', 'hits_total', 'help', ['kind']);\n",
        {("app_hits_total", "counter", ("kind",))},
    ),
}


@pytest.mark.parametrize("path", CASES)
def test_definitions_are_read_and_comments_are_not(path: str) -> None:
    text, expected = CASES[path]
    found = defined(Project(repository=Repository.of({path: text}), name="x"))
    assert {(m.name, m.type, m.labels) for m in found} == expected


def test_a_counter_of_another_library_is_none() -> None:
    text = 'from collections import Counter\nA = Counter("letters")\n'
    assert defined(Project(repository=Repository.of({"a.py": text}), name="x")) == ()


def test_each_component_has_its_own() -> None:
    text = CASES["app.py"][0]
    parts = (Component(path="a", name="a"), Component(path=".", name="root"))
    project = Project(repository=Repository.of({"a/app.py": text, "b.py": text}), name="x", components=parts)
    assert {m.file for m in defined(project, parts[0])} == {"a/app.py"}
    assert {m.file for m in defined(project, parts[1])} == {"b.py"}
    assert len(defined(project)) == 4
