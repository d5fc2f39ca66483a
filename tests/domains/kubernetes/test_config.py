"""ConfigMaps, Secrets, claims and rights."""

import pytest
from tests.domains.kubernetes.rooms import findings, places, workload

CONFIG = "kubernetes/config"


def secret(lines: str, part: str = "stringData", kind: str = "Secret") -> str:
    return f"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: shop\n{part}:\n" + lines


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("  USER: shop\n  PASSWORD: Vm3rq8xZ\n", True),
        ("  USER: shop\n  DB_NAME: shop\n  HOST: db\n", False),
        ("  PASSWORD: changeme\n  TOKEN: <token>\n  KEY: your-key\n", False),
        ("  DATABASE_URL: postgres://shop:word@db/shop\n", True),
        ("  DATABASE_URL: postgres://db/shop\n", False),
    ],
)
def test_secrets_in_git(lines: str, told: bool) -> None:
    assert len(findings(CONFIG, {"k8s/s.yaml": secret(lines)}, "config/secret-in-git")) == int(told)


def test_one_secret_is_told_once_and_its_values_never() -> None:
    (found,) = findings(
        CONFIG, {"k8s/s.yaml": secret("  A_TOKEN: abcdef\n  PASSWORD: Vm3rq8xZ\n")}, "config/secret-in-git"
    )
    assert "A_TOKEN, PASSWORD" in found.message.en and "Vm3rq8xZ" not in found.message.en


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("  DB_PASSWORD: Vm3rq8xZ\n", True),
        ("  URL: amqp://shop:Vm3rq8xZ@mq\n", True),
        ("  TOKEN_TTL: '3600'\n  SECRET_NAME: shop\n  PASSWORD_FILE: /run/secrets/p\n  AUTH_TOKEN: 'true'\n  API_KEY: ''\n", False),
        ("  settings.json: |\n    {\"password\": \"x\"}\n", False),
    ],
)  # fmt: skip
def test_secrets_in_config_maps(lines: str, told: bool) -> None:
    assert (
        bool(findings(CONFIG, {"k8s/c.yaml": secret(lines, "data", "ConfigMap")}, "config/secret-in-configmap")) is told
    )


def test_variants_of_one_object_in_overlays_are_no_duplicates() -> None:
    text = secret("  A: b\n", "data", "ConfigMap")
    assert not findings(CONFIG, {"a/c.yaml": text, "b/c.yaml": text}, "config/duplicate-object")
    listed = {"k8s/a.yaml": text, "k8s/b.yaml": text, "k8s/kustomization.yaml": "resources:\n  - a.yaml\n  - b.yaml\n"}
    assert places(CONFIG, listed, "config/duplicate-object") == ["k8s/b.yaml:4"]
    other = text.replace("  name: shop\n", "  name: shop\n  namespace: b\n")
    assert not findings(CONFIG, listed | {"k8s/b.yaml": other}, "config/duplicate-object")


ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: {}\nmetadata:\n  name: reader\nrules: []\n---\n"
BINDING = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: b\nroleRef:\n  kind: {}\n  name: {}\nsubjects:\n  - kind: ServiceAccount\n    name: shop\n"


@pytest.mark.parametrize(
    ("kind", "role", "name", "told"),
    [
        ("Role", "Role", "reader", False), ("Role", "Role", "read", True), ("ClusterRole", "Role", "reader", True),
        ("Role", "ClusterRole", "view", False), ("Role", "ClusterRole", "system:auth-delegator", False),
        ("Role", "ClusterRole", "cert-manager-edit", False),
    ],
)  # fmt: skip
def test_roles(kind: str, role: str, name: str, told: bool) -> None:
    files = {"k8s/rbac.yaml": ROLE.format(kind) + BINDING.format(role, name)}
    assert bool(findings(CONFIG, files, "config/unknown-role")) is told


def test_an_account_of_elsewhere_is_not_missed() -> None:
    assert not findings(
        CONFIG,
        {"k8s/rbac.yaml": ROLE.format("Role") + BINDING.format("Role", "reader")},
        "config/unknown-service-account",
    )
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: shop-sa\n"
    pod = workload(pod="serviceAccountName: shop")
    assert places(CONFIG, {"k8s/a.yaml": account + "---\n" + pod}, "config/unknown-service-account") == [
        "k8s/a.yaml:22"
    ]


def test_a_claim_made_elsewhere_is_not_missed() -> None:
    pod = workload(pod="volumes:\n  - name: d\n    persistentVolumeClaim:\n      claimName: data")
    assert not findings(CONFIG, {"k8s/a.yaml": pod}, "config/unknown-claim")
    claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: shop-data\n"
    assert findings(CONFIG, {"k8s/a.yaml": pod, "k8s/c.yaml": claim}, "config/unknown-claim")
