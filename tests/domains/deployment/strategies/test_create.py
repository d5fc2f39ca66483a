"""What each strategy writes, derived from a Deployment."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.domains.deployment.strategies import fixtures
from tests.domains.deployment.strategies.fixtures import FASTAPI, FILES, create, findings, project, with_file, written

from devops_orchestrator.domains.deployment.strategies import SPECIALIST, metrics, router
from devops_orchestrator.formats import promql, yaml
from devops_orchestrator.validation import kubernetes_schema
from devops_orchestrator.validation.validator import Batch

PRODUCTION = "k8s/overlays/production"
PLAIN = {
    "deploy/deployment.yaml": fixtures.DEPLOYMENT,
    "deploy/service.yaml": fixtures.SERVICE,
    "deploy/hpa.yaml": fixtures.HPA,
    "deploy/route.yaml": fixtures.ROUTE,
}
REPOSITORIES = {
    "plain service": FILES,
    "autoscaled": with_file("hpa.yaml", fixtures.HPA),
    "gateway": with_file("route.yaml", fixtures.ROUTE),
    "nginx": with_file("ingress.yaml", fixtures.INGRESS),
    "istio": with_file("vs.yaml", fixtures.VIRTUAL_SERVICE),
    "folder": PLAIN,
}
REQUESTS = (
    {"strategy": "canary", "steps": (10, 50, 100), "pause": "5m"},
    {"strategy": "canary", "environments": ("staging", "production")},
    {"strategy": "canary", "controller": "flagger"},
    {"strategy": "blue-green"},
    {"strategy": "blue-green", "controller": "flagger"},
    {"strategy": "rolling"},
    {"strategy": "gitops"},
    {"strategy": "gitops", "controller": "flux"},
)
APPLICATIONS = ({"metrics_library": FASTAPI, "health": "/health"}, {"health": "/health"}, {})


@pytest.mark.parametrize("facts", APPLICATIONS, ids=("measured", "health route", "nothing"))
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: "-".join(str(v) for v in r.values()))
@pytest.mark.parametrize("repository", REPOSITORIES)
def test_what_is_written_is_accepted_and_has_no_finding(
    repository: str, request_: dict[str, object], facts: dict[str, object], tmp_path: Path
) -> None:
    files = REPOSITORIES[repository]
    creation = create(project(files, **facts), **request_)
    after = written(creation, files)
    of = project(after, **facts)
    new = {path: text for path, text in after.items() if files.get(path) != text}
    manifests = {path: text for path, text in new.items() if not path.endswith("kustomization.yaml")}
    assert creation.question or new
    assert kubernetes_schema.run(Batch(manifests, of.repository)) == []
    assert [f"{f.file}:{f.line} {f.rule}" for f in findings(of)] == []
    for text in new.values():
        assert text.endswith("\n")
        assert "\n\n\n" not in text
    if PRODUCTION + "/kustomization.yaml" in new and shutil.which("kubectl"):
        for path, text in after.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        built = subprocess.run(["kubectl", "kustomize", str(tmp_path / PRODUCTION)], capture_output=True, text=True)
        assert built.returncode == 0, built.stderr


def test_the_same_input_gives_the_same_bytes() -> None:
    one, two = (create(project(FILES, metrics_library=FASTAPI), strategy="canary") for _ in range(2))
    assert one == two


def test_a_canary_follows_the_asked_steps() -> None:
    creation = create(project(FILES, metrics_library=FASTAPI), strategy="canary", steps=(10, 50, 100), pause="2m")
    rollout = yaml.parse(_file(creation, "rollout.yaml"))[0]
    assert rollout.at("spec", "strategy", "canary", "steps") == [
        {"setWeight": 10}, {"pause": {"duration": "2m"}}, {"setWeight": 50}, {"pause": {"duration": "2m"}}, {"setWeight": 100},
    ]  # fmt: skip
    assert rollout.at("spec", "replicas") == 4
    assert rollout.at("spec", "workloadRef", "name") == "shop"
    assert rollout.get("spec", "template") is None
    assert "about 20 %" in _file(creation, "rollout.yaml")


def test_the_deployment_gives_its_pods_up_to_the_rollout() -> None:
    creation = create(project(FILES, health="/health"), strategy="canary")
    overlay = written(creation, FILES)[PRODUCTION + "/kustomization.yaml"]
    node = yaml.parse(overlay)[0]
    assert node.get("replicas") is None
    assert "replicas: null" in overlay
    assert node.at("resources")[0] == "../../base"
    assert "# the release changes it" in overlay, "comments survive"
    folder = written(create(project(PLAIN), strategy="canary"), PLAIN)
    assert "replicas" not in yaml.parse(folder["deploy/deployment.yaml"])[0].at("spec")
    assert yaml.parse(folder["deploy/hpa.yaml"])[0].at("spec", "scaleTargetRef", "kind") == "Rollout"
    assert folder["deploy/service.yaml"] == fixtures.SERVICE


def test_one_replicas_entry_of_several_is_taken_out() -> None:
    other = fixtures.OVERLAY.replace("    count: 4\n", "    count: 4\n  - name: worker\n    count: 2\n")
    files = FILES | {PRODUCTION + "/kustomization.yaml": other}
    after = written(create(project(files), strategy="canary"), files)[PRODUCTION + "/kustomization.yaml"]
    assert yaml.parse(after)[0].at("replicas") == [{"name": "worker", "count": 2}]


def test_names_carry_the_prefix_of_the_overlay() -> None:
    files = FILES | {PRODUCTION + "/kustomization.yaml": fixtures.OVERLAY + "namePrefix: eu-\n"}
    rollout = yaml.parse(_file(create(project(files, health="/health"), strategy="canary"), "rollout.yaml"))[0]
    assert rollout.at("metadata", "name") == "shop", "the prefix is added by kustomize"
    assert rollout.at("spec", "workloadRef", "name") == "eu-shop"
    assert rollout.at("spec", "strategy", "canary", "canaryService") == "eu-shop-canary"


@pytest.mark.parametrize(
    ("file", "text", "key"),
    [
        ("route.yaml", fixtures.ROUTE, "plugins"),
        ("ingress.yaml", fixtures.INGRESS, "nginx"),
        ("vs.yaml", fixtures.VIRTUAL_SERVICE, "istio"),
    ],
)
def test_traffic_is_split_by_what_is_in_front(file: str, text: str, key: str) -> None:
    creation = create(project(with_file(file, text), metrics_library=FASTAPI), strategy="canary", steps=(5, 100))
    rollout = yaml.parse(_file(creation, "rollout.yaml"))[0]
    canary = rollout.at("spec", "strategy", "canary")
    assert key in canary["trafficRouting"]
    assert canary["stableService"] == "shop", "the Service that the route names stays the stable one"
    assert "about" not in _file(creation, "rollout.yaml")
    told = " ".join(step.en for step in creation.next_steps)
    assert ("retired" in told) == (key == "nginx")


def test_without_a_metric_or_a_health_route_somebody_looks() -> None:
    text = _file(create(project(FILES), strategy="canary"), "rollout.yaml")
    assert "pause: {} #" in text
    assert "analysis:" not in text


@pytest.mark.parametrize("library", metrics.SIGNALS)
def test_every_query_reads_series_that_the_library_exports(library: str) -> None:
    signals = metrics.SIGNALS[library]
    exported = metrics.exported(library)
    label = signals.errors.partition("=")[0].rstrip("~")
    assert label in exported[signals.requests]["labels"]
    selector = 'namespace="x", pod=~"y"'
    for query in (metrics.error_ratio(signals, selector), metrics.latency(signals, selector) or "0"):
        assert promql.parse(query).metrics() <= set(exported)


def test_weights_become_what_argo_rollouts_makes_of_them() -> None:
    # The examples in the controller's own documentation of its computation.
    assert router.reached(10, 10) == 10
    assert router.reached(1, 5) == 50
    assert router.reached(1, 95) == 50
    assert router.reached(4, 10) == 20
    assert router.reached(3, 50) == 50
    assert router.replicas_for((10, 50, 100)) == 10
    assert router.replicas_for((25, 50)) == 4


def test_flagger_wants_a_router_and_a_metric() -> None:
    assert create(project(FILES, metrics_library=FASTAPI), strategy="canary", controller="flagger").question
    gateway = with_file("route.yaml", fixtures.ROUTE)
    assert create(project(gateway), strategy="canary", controller="flagger").question
    creation = create(
        project(gateway, metrics_library=FASTAPI), strategy="canary", controller="flagger", steps=(10, 50, 100)
    )
    canary = yaml.parse(_file(creation, "canary.yaml"))[0]
    assert canary.at("spec", "analysis", "stepWeights") == [10, 50]
    overlay = written(creation, gateway)[PRODUCTION + "/kustomization.yaml"]
    assert overlay.count("$patch: delete") == 2, "Flagger writes the Service and the route itself"


def test_blue_green_waits_for_somebody() -> None:
    creation = create(project(FILES, metrics_library=FASTAPI, health="/health"), strategy="blue-green")
    strategy = yaml.parse(_file(creation, "rollout.yaml"))[0].at("spec", "strategy", "blueGreen")
    assert strategy["activeService"] == "shop"
    assert strategy["autoPromotionEnabled"] is False
    assert {"prePromotionAnalysis", "postPromotionAnalysis"} <= set(strategy)


def test_rolling_edits_the_deployment_and_nothing_twice() -> None:
    files = {"k8s/deployment.yaml": fixtures.DEPLOYMENT.replace("\n", "\r\n"), "k8s/service.yaml": fixtures.SERVICE}
    creation = create(project(files, health="/health"), strategy="rolling")
    after = written(creation, files)
    text = after["k8s/deployment.yaml"]
    assert "\n" not in text.replace("\r\n", "")
    assert "# of the base" in text
    node = yaml.parse(text)[0]
    assert node.at("spec", "strategy", "rollingUpdate") == {"maxSurge": 1, "maxUnavailable": 0}
    assert node.at("spec", "template", "spec", "containers", 0, "readinessProbe", "httpGet", "path") == "/health"
    assert create(project(after, health="/health"), strategy="rolling").edits == ()


def test_rolling_asks_where_a_volume_forces_recreate() -> None:
    text = fixtures.DEPLOYMENT.replace("  selector:", "  strategy:\n    type: Recreate\n  selector:", 1)
    text += "      volumes:\n        - name: data\n          persistentVolumeClaim:\n            claimName: data\n"
    assert create(project({"k8s/deployment.yaml": text}), strategy="rolling").question


def test_argo_cd_leaves_production_to_somebody() -> None:
    creation = create(project(FILES), controller="argo-cd")
    text = _file(creation, "applicationset.yaml")
    elements = yaml.parse(text)[0].at("spec", "generators", 0, "list", "elements")
    assert {e["environment"]: e["automated"] for e in elements} == {"production": False, "staging": True}
    assert [e["path"] for e in elements] == [PRODUCTION, "k8s/overlays/staging"]
    one = create(project(PLAIN), controller="argo-cd")
    application = yaml.parse(_file(one, "application.yaml"))[0]
    assert application.at("spec", "source", "path") == "deploy"
    assert application.at("spec", "source", "repoURL") == "https://github.com/acme/shop.git"
    assert "RespectIgnoreDifferences=true" in application.at("spec", "syncPolicy", "syncOptions"), (
        "an autoscaler decides"
    )


def test_flux_waits_and_prunes() -> None:
    creation = create(project(FILES), controller="flux", environments=("production",))
    source, kustomization = yaml.parse(_file(creation, "shop.yaml"))
    assert source.at("spec", "url") == "https://github.com/acme/shop.git"
    assert kustomization.at("spec", "path") == "./" + PRODUCTION
    assert kustomization.at("spec", "wait") is True
    assert kustomization.at("spec", "prune") is True


def test_what_is_missing_is_asked() -> None:
    assert create(project({"README.md": "#"}), strategy="canary").question
    assert create(project(FILES)).options == (
        "strategy=canary",
        "strategy=blue-green",
        "strategy=rolling",
        "strategy=gitops",
    )
    compose = create(project({"compose.yaml": "services:\n  shop:\n    image: shop\n"}), strategy="blue-green")
    assert compose.question
    assert "Compose" in compose.question.fr
    unnamed = create(project(FILES, vcs=fixtures.Vcs(None, None, None)), strategy="gitops")
    assert unnamed.question
    other = create(project(FILES), strategy="canary", name="cart")
    assert other.options == ("name=shop",)


def test_migrations_are_told_in_their_order() -> None:
    creation = create(project(FILES, health="/health", migrate="alembic upgrade head"), strategy="canary")
    assert any("alembic upgrade head" in step.fr and "étendre" in step.fr for step in creation.next_steps)


def test_the_controller_in_use_wins() -> None:
    files = with_file("route.yaml", fixtures.ROUTE) | {
        "k8s/other/canary.yaml": "apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata:\n  name: cart\nspec: {}\n"
    }
    creation = create(project(files, metrics_library=FASTAPI), strategy="canary")
    assert any(file.path.endswith("canary.yaml") for file in creation.files)


def test_steps_are_percentages_each_once() -> None:
    assert SPECIALIST.params(steps=(10, 50, 10, 100)).steps == (10, 50, 100)  # type: ignore[call-arg, attr-defined]


def _file(creation: object, name: str) -> str:
    return next(file.content for file in creation.files if file.path.endswith("/" + name))  # type: ignore[attr-defined]


def test_one_of_several_deployments_is_asked_for() -> None:
    files = {f"k8s/{name}.yaml": fixtures.DEPLOYMENT.replace("shop", name) for name in ("cart", "payment", "redis")}
    files["k8s/redis.yaml"] = files["k8s/redis.yaml"].replace("ghcr.io/acme/redis", "redis")
    assert create(project(files), strategy="canary").options == ("name=cart", "name=payment")
    assert create(project(files), strategy="canary", name="cart").files
