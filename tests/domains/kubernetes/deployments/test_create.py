"""Manifests for real and made-up repositories: accepted by the strict schemas, free of our own findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Component, DevopsFile, Project, Vcs
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Source
from devops_orchestrator.domains.kubernetes.deployments import SPECIALIST
from devops_orchestrator.domains.kubernetes.deployments.params import DeploymentsParams
from devops_orchestrator.project import read

EXAMPLES = sorted(path for path in (Path(__file__).parents[4] / "examples").iterdir() if path.is_dir())
KINDS = ("deployment", "statefulset", "daemonset", "job", "cronjob")
DOCKERFILE = "FROM python:3.12-slim\nRUN useradd --uid 10001 app\nWORKDIR /app\nUSER app\nEXPOSE 9000\n"
MAIN = "@app.get('/health')\ndef health():\n    return {}\n"
SHOP = Component(
    name="shop", language="python", framework="fastapi", services=("postgresql",), port=8000, health="/health",
    environment=("DATABASE_URL", "LOG_LEVEL"), required_environment=("DATABASE_URL",), migrate="uv run alembic upgrade head",
    evidence={"health": "main.py:1"}, files=("main.py",),
)  # fmt: skip


def project(files: dict[str, str] | None = None, *components: Component, slug: str | None = "Acme/Shop") -> Project:
    texts = {"Dockerfile": DOCKERFILE, "main.py": MAIN} if files is None else files
    built = Project(
        Repository.of(texts, "shop"), "shop", Vcs("github", slug, "main") if slug else Vcs(), components or (SHOP,),
        tuple(DevopsFile(path, "dockerfile") for path in texts if path.endswith("Dockerfile")),
    )  # fmt: skip
    return built.overlaid({path: text for path, text in texts.items() if path.endswith(("yaml", "yml"))})


def create(built: Project, **given: Any) -> Creation:
    values = {name: one.value for name, one in SPECIALIST.suggest(built).items()} | given
    assert SPECIALIST.create is not None
    creation = SPECIALIST.create(DeploymentsParams.checked(values, SPECIALIST.id), built)
    assert isinstance(creation, Creation)
    return creation


def files(creation: Creation) -> dict[str, str]:
    return {file.path: file.content for file in creation.files}


def manifest(creation: Creation, ending: str) -> dict[str, Any]:
    (text,) = [text for path, text in files(creation).items() if path.endswith(ending)]
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def container(creation: Creation, ending: str = "deployment.yaml") -> dict[str, Any]:
    found: dict[str, Any] = manifest(creation, ending)["spec"]["template"]["spec"]["containers"][0]
    return found


def assert_accepted(creation: Creation, built: Project) -> None:
    written = files(creation)
    for text in written.values():
        assert (
            text.endswith("\n")
            and not text.endswith("\n\n")
            and all(line == line.rstrip() for line in text.split("\n"))
        )
        loaded = yaml.safe_load(text)
        if loaded["kind"] != "Kustomization":
            kubernetes_validate.validate(loaded, "1.37", strict=True)
            kubernetes_validate.validate(loaded, "1.34", strict=True)
    after = built.overlaid(written)
    for file in after.devops_files:
        if file.path in written:
            source = Source(file.path, written[file.path], file.kind)
            found = [finding for rule in SPECIALIST.rules for finding in rule.findings(source, after)]
            assert not found, [(one.rule, one.message.en) for one in found]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples(example: Path, kind: str) -> None:
    built = read(Repository.at(example))
    creation = create(built, kind=kind)
    assert_accepted(creation, built)
    assert files(creation) == files(create(built, kind=kind))


def test_the_repository_answers() -> None:
    creation = create(project())
    shop = container(creation)
    assert shop["image"] == "ghcr.io/acme/shop:unset"
    assert shop["ports"] == [{"name": "http", "containerPort": 9000}]  # EXPOSE, not the framework's port
    assert shop["readinessProbe"]["httpGet"]["path"] == shop["livenessProbe"]["httpGet"]["path"] == "/health"
    assert shop["env"] == [
        {"name": "DATABASE_URL", "valueFrom": {"secretKeyRef": {"name": "shop-env", "key": "DATABASE_URL"}}}
    ]
    pod = manifest(creation, "deployment.yaml")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == 10001 and pod["automountServiceAccountToken"] is False
    assert "LOG_LEVEL" in files(creation)["k8s/base/deployment.yaml"]
    overlays = {path: yaml.safe_load(text) for path, text in files(creation).items() if "overlays" in path}
    assert {path.split("/")[2]: one["namespace"] for path, one in overlays.items()} == {
        "staging": "shop-staging",
        "production": "shop",
    }
    assert overlays["k8s/overlays/staging/kustomization.yaml"]["replicas"] == [{"name": "shop", "count": 1}]
    assert "replicas" not in overlays["k8s/overlays/production/kustomization.yaml"]


def test_every_parameter_is_honoured() -> None:
    creation = create(
        project(), image="registry.acme.io/web/shop:2.0", replicas=5, port=8443, cpu="500m", memory="1Gi", health_path="/live",
        name="front", namespace="web", environments=["qa"],
    )  # fmt: skip
    deployment, front = manifest(creation, "deployment.yaml"), container(creation)
    assert deployment["metadata"]["name"] == "front" and deployment["spec"]["replicas"] == 5
    assert front["image"] == "registry.acme.io/web/shop:2.0" and front["ports"][0]["containerPort"] == 8443
    assert front["resources"] == {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
    assert front["startupProbe"]["httpGet"]["path"] == "/live"
    overlay = manifest(creation, "overlays/qa/kustomization.yaml")
    assert overlay["namespace"] == "web" and overlay["images"] == [
        {"name": "registry.acme.io/web/shop", "newTag": "2.0"}
    ]
    assert "replicas" not in overlay


def test_a_schedule_makes_a_cronjob_with_labels_of_its_own() -> None:
    cron = manifest(create(project(), schedule="0 3 * * 1"), "cronjob.yaml")
    assert cron["spec"]["schedule"] == "0 3 * * 1" and cron["spec"]["concurrencyPolicy"] == "Forbid"
    pod = cron["spec"]["jobTemplate"]["spec"]["template"]
    assert pod["metadata"]["labels"] == {"app.kubernetes.io/name": "shop-cron"}
    assert "livenessProbe" not in pod["spec"]["containers"][0]


def test_a_job_runs_the_migrations_beside_the_base() -> None:
    built = project()
    first = create(built)
    assert any("--set kind=job" in step.en for step in first.next_steps)
    creation = create(built.overlaid(files(first)), kind="job", name="shop-migrate")
    assert container(creation, "job.yaml")["command"] == ["alembic", "upgrade", "head"]
    assert container(creation, "job.yaml")["image"] == "ghcr.io/acme/shop:unset"
    assert container(creation, "job.yaml")["env"][0]["valueFrom"]["secretKeyRef"]["name"] == "shop-env"
    assert all(path.startswith("k8s/jobs/") for path in files(creation))


def test_an_existing_kustomization_gets_what_it_lacks() -> None:
    built = project()
    base = built.overlaid(files(create(built)))
    creation = create(base, kind="cronjob")
    (edit,) = creation.edits
    assert edit.file == "k8s/base/kustomization.yaml" and edit.text == "\n  - cronjob.yaml"


def test_manifests_elsewhere_are_improved_not_doubled() -> None:
    deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: shop, image: a:1}]}}}\n"
    creation = create(project({"deploy/shop.yaml": deployment}))
    assert list(files(creation)) == ["deploy/shop.yaml"]


def test_an_autoscaler_owns_the_replicas() -> None:
    scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: shop}\nspec: {scaleTargetRef: {name: shop}}\n"
    creation = create(project({"Dockerfile": DOCKERFILE, "main.py": MAIN, "hpa.yaml": scaler}))
    assert "replicas" not in manifest(creation, "deployment.yaml")["spec"]
    assert "k8s/base/poddisruptionbudget.yaml" in files(creation)


def test_no_route_no_registry_no_dockerfile_are_told() -> None:
    creation = create(project({}, replace(SHOP, health=None, evidence={}), slug=None))
    assert container(creation)["livenessProbe"]["tcpSocket"] == {"port": "http"}
    assert container(creation)["image"].startswith("registry.example.com/")
    told = "\n".join(step.en for step in creation.next_steps)
    assert "No registry is known" in told and "no health route" in told and "no Dockerfile" in told


def test_liveness_leaves_the_database_out() -> None:
    asks = "@app.get('/health')\nasync def health(db):\n    await db.execute('select 1')\n"
    creation = create(project({"Dockerfile": DOCKERFILE, "main.py": asks}))
    assert "httpGet" in container(creation)["readinessProbe"] and "tcpSocket" in container(creation)["livenessProbe"]
    assert "postgresql" in files(creation)["k8s/base/deployment.yaml"]


@pytest.mark.parametrize(
    ("dockerfile", "uid"),
    [
        ("FROM node:24-slim\nUSER node\n", 1000),
        ("FROM gcr.io/distroless/static-debian13:nonroot\n", 65532),
        ("FROM nginxinc/nginx-unprivileged:1.30\n", 101),
        ("FROM python:3.12-slim\nUSER 2000:3000\n", 2000),
        ("FROM python:3.12-slim\n", 10001),
    ],
)
def test_the_user_is_a_number(dockerfile: str, uid: int) -> None:
    creation = create(project({"Dockerfile": dockerfile, "main.py": MAIN}))
    assert manifest(creation, "deployment.yaml")["spec"]["template"]["spec"]["securityContext"]["runAsUser"] == uid


def test_several_components_share_an_overlay() -> None:
    api = Component(path="api", name="api", language="go", port=8080, health="/healthz")
    worker = Component(path="worker", name="worker", language="python", kind="worker")
    creation = create(project({}, api, worker))
    assert "k8s/base/worker/service.yaml" not in files(creation) and "k8s/base/api/service.yaml" in files(creation)
    base = next(file for file in creation.files if file.path == "k8s/base/kustomization.yaml")
    assert yaml.safe_load(base.content)["resources"] == ["api", "worker"]
    images = manifest(creation, "overlays/production/kustomization.yaml")["images"]
    assert [one["name"] for one in images] == ["ghcr.io/acme/shop/api", "ghcr.io/acme/shop/worker"]
    only = create(project({}, api, worker), name="worker")
    assert "containerPort" not in files(only)["k8s/base/deployment.yaml"]


def test_the_image_is_the_one_that_ci_pushes() -> None:
    workflow = """\
jobs:
  image:
    env: {IMAGE: "ghcr.io/${{ github.repository_owner }}/storefront"}
    steps:
      - uses: docker/build-push-action@v6
        with:
          tags: ${{ env.IMAGE }}:${{ github.sha }}
"""
    built = project({"Dockerfile": DOCKERFILE, "main.py": MAIN, ".github/workflows/ci.yml": workflow})
    assert SPECIALIST.suggest(built)["image"].value == "ghcr.io/acme/storefront"
    assert SPECIALIST.suggest(built)["image"].evidence == ".github/workflows/ci.yml:7"
