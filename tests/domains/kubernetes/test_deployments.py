"""Volumes, schedules, spelling, and what kustomizations change."""

import pytest
from tests.domains.kubernetes.rooms import findings, places, service, workload

DEPLOYMENTS = "kubernetes/deployments"
CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: data\nspec:\n  accessModes: [{}]\n"
MOUNT = "volumeMounts:\n  - name: data\n    mountPath: {}"
VOLUME = "volumes:\n  - name: data\n    {}"
ON_CLAIM = VOLUME.format("persistentVolumeClaim: {claimName: data}")


def test_volumes_that_a_stateful_set_claims_are_known() -> None:
    text = workload(container=MOUNT.format("/data")).replace("kind: Deployment", "kind: StatefulSet")
    assert findings(DEPLOYMENTS, {"k8s/a.yaml": text}, "deployments/unknown-volume")
    text += "  volumeClaimTemplates:\n    - metadata:\n        name: data\n"
    assert not findings(DEPLOYMENTS, {"k8s/a.yaml": text}, "deployments/unknown-volume")


@pytest.mark.parametrize(
    ("image", "container", "pod", "told"),
    [
        ("postgres:18.0", "", "", True),
        ("postgres:18.0", MOUNT.format("/var/lib/postgresql"), VOLUME.format("emptyDir: {}"), True),
        ("postgres:18.0", MOUNT.format("/var/lib/postgresql"), ON_CLAIM, False),
        ("postgres:18.0", MOUNT.format("/docker-entrypoint-initdb.d"), VOLUME.format("configMap: {name: init}"), True),
        ("postgres:18.0", MOUNT.format("/var/lib/postgresql"), VOLUME.format("hostPath: {path: /srv}"), False),
        ("redis:8.0", "", "", False),
        ("ghcr.io/acme/postgres-exporter:1", "", "", False),
    ],
)
def test_databases_need_a_disk(image: str, container: str, pod: str, told: bool) -> None:
    found = findings(
        DEPLOYMENTS, {"k8s/a.yaml": workload("db", image, container, pod)}, "deployments/database-without-disk"
    )
    assert bool(found) is told


@pytest.mark.parametrize(
    ("mode", "replicas", "told"), [("ReadWriteOnce", 2, True), ("ReadWriteOnce", 1, False), ("ReadWriteMany", 2, False)]
)
def test_one_disk_for_one_node(mode: str, replicas: int, told: bool) -> None:
    text = workload(container=MOUNT.format("/data"), pod=ON_CLAIM, spec=f"replicas: {replicas}")
    assert (
        bool(findings(DEPLOYMENTS, {"k8s/a.yaml": text, "k8s/c.yaml": CLAIM.format(mode)}, "deployments/shared-disk"))
        is told
    )


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ("*/5 * * * *", False), ("0 3 * * MON-FRI", False), ("@daily", False), ("0 0 1 JAN,jul *", False), ("0 2 * * 7", False),
        ("0 3 * *", True), ("60 * * * *", True), ("* 24 * * *", True), ("0 0 0 * *", True), ("*/0 * * * *", True),
        ("0 0 3 * * *", True), ("every day", True), ("${SCHEDULE}", False),
    ],
)  # fmt: skip
def test_schedules(schedule: str, told: bool) -> None:
    text = f"apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: a\nspec:\n  schedule: '{schedule}'\n"
    assert bool(findings(DEPLOYMENTS, {"k8s/a.yaml": text}, "deployments/invalid-schedule")) is told


APP = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.0.0"\ndependencies = ["fastapi==0.116.1", "psycopg==3.2.0"]\n',
    "app/main.py": 'import os\n\nfrom fastapi import FastAPI\n\napp = FastAPI()\nURL = os.environ["DATABASE_URL"]\nCOLOR = os.environ["BANNER_COLOR"]\n',
}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("DATABSE_URL", True),
        ("URL_DATABASE", True),
        ("DATABASE_URL", False),
        ("DATABASE_POOL", False),
        ("LOG_LEVEL", False),
    ],
)
def test_spelling(name: str, told: bool) -> None:
    text = workload(container=f"env:\n  - name: {name}\n    value: a")
    assert bool(findings(DEPLOYMENTS, APP | {"k8s/a.yaml": text}, "deployments/misspelt-variable")) is told


def test_variables_that_come_in_whole_are_counted() -> None:
    taken = workload(container="envFrom:\n  - configMapRef:\n      name: shop")
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  {}: a\n"
    rule = "deployments/missing-variable"
    assert findings(DEPLOYMENTS, APP | {"k8s/a.yaml": taken, "k8s/c.yaml": config.format("OTHER")}, rule)
    assert not findings(DEPLOYMENTS, APP | {"k8s/a.yaml": taken, "k8s/c.yaml": config.format("DATABASE_URL")}, rule)
    assert not findings(DEPLOYMENTS, APP | {"k8s/a.yaml": taken}, rule), "the ConfigMap is not here: not verified"


def test_what_a_program_may_go_without_is_told_only_where_another_file_sets_it() -> None:
    rule = "deployments/missing-variable"
    text = workload(container="env:\n  - name: DATABASE_URL\n    value: a")
    assert not findings(DEPLOYMENTS, APP | {"k8s/a.yaml": text}, rule)
    compose = "services:\n  shop:\n    build: .\n    environment:\n      BANNER_COLOR: red\n"
    (found,) = findings(DEPLOYMENTS, APP | {"k8s/a.yaml": text, "compose.yaml": compose}, rule)
    assert "BANNER_COLOR" in found.message.en and any(one.file == "compose.yaml" for one in found.related)


def test_the_proxy_beside_the_program_is_not_the_program() -> None:
    proxy = workload(container="env:\n  - name: DATABASE_URL\n    value: a").replace(
        "        - name: shop\n", "        - name: proxy\n          image: gcr.io/sql/proxy:2\n        - name: shop\n"
    )
    assert not findings(DEPLOYMENTS, APP | {"k8s/a.yaml": proxy}, "deployments/missing-variable")


KUSTOMIZATION = "resources:\n  - shop.yaml\n"


@pytest.mark.parametrize(
    ("extra", "rule"),
    [
        ("images:\n  - name: ghcr.io/acme/shop\n    newTag: 1.5.0\n", None),
        ("images:\n  - name: acme/shop\n    newTag: 1.5.0\n", "deployments/unmatched-image"),
        ("images:\n  - name: ghcr.io/acme/shop\n    newTag: latest\n", "deployments/floating-new-tag"),
        ("replicas:\n  - name: shop\n    count: 3\n", None),
        ("replicas:\n  - name: shops\n    count: 3\n", "deployments/patch-without-target"),
        ("patches:\n  - target: {kind: Deployment, name: sh.*}\n    patch: '[]'\n", None),
        ("patches:\n  - target: {kind: Deployment}\n    patch: '[]'\n", None),
        ("patches:\n  - path: patch.yaml\n", None),
        ("configMapGenerator:\n  - name: c\n    files: [app=settings.yaml]\n", "deployments/missing-resource-file"),
        ("secretGenerator:\n  - name: s\n    envs: [.env.secret]\n", None),
        ("namePrefix: a-\nreplicas:\n  - name: shops\n    count: 3\n", None),
    ],
)
def test_kustomizations(extra: str, rule: str | None) -> None:
    files = {"k8s/shop.yaml": workload(), "k8s/patch.yaml": workload(), "k8s/kustomization.yaml": KUSTOMIZATION + extra}
    if "patch.yaml" not in extra:
        del files["k8s/patch.yaml"]
    found = [one.rule for one in findings(DEPLOYMENTS, files) if one.file.endswith("kustomization.yaml")]
    assert found == ([rule] if rule else [])


def test_a_base_of_elsewhere_may_hold_the_image() -> None:
    files = {
        "k8s/shop.yaml": workload(),
        "k8s/kustomization.yaml": KUSTOMIZATION
        + "  - github.com/acme/base?ref=v1\nimages:\n  - name: x\n    newTag: '1'\n",
    }
    assert not findings(DEPLOYMENTS, files, "deployments/unmatched-image")


def test_what_is_commented_out_of_a_kustomization_is_left_out_on_purpose() -> None:
    files = {
        "k8s/shop.yaml": workload(),
        "k8s/load.yaml": workload("load"),
        "k8s/kustomization.yaml": KUSTOMIZATION + "# - load.yaml\n",
    }
    assert not findings(DEPLOYMENTS, files, "deployments/unlisted-manifest")


def test_pods_need_not_declare_each_port() -> None:
    rule = "deployments/service-target-port"
    pod = workload(container="ports:\n  - containerPort: 5672\n  - containerPort: 15672")
    three = service(port=5672) + "      name: a\n    - port: 15672\n      name: b\n    - port: 4369\n      name: c\n"
    assert not findings(DEPLOYMENTS, {"k8s/a.yaml": pod, "k8s/s.yaml": three}, rule)
    assert places(DEPLOYMENTS, {"k8s/a.yaml": pod, "k8s/s.yaml": service(port=80, target="8080")}, rule) == [
        "k8s/s.yaml:10"
    ]


def test_an_image_that_skaffold_builds_gets_its_tag_from_it() -> None:
    files = {
        "k8s/a.yaml": workload(image="shop"),
        "skaffold.yaml": "apiVersion: skaffold/v4beta1\nkind: Config\nbuild:\n  artifacts:\n    - image: shop\n",
    }
    assert not findings(DEPLOYMENTS, files, "deployments/floating-image")
