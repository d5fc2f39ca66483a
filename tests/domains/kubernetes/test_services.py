"""Services, routes, policies and the addresses that pods are given."""

import pytest
from tests.domains.kubernetes.rooms import findings, places, service, workload

SERVICES = "kubernetes/services"
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: shop\nspec:\n  podSelector:\n    matchLabels:\n      app: {app}\n{rules}"


def env(**values: str) -> str:
    return "env:\n" + "\n".join(f'  - name: {name}\n    value: "{value}"' for name, value in values.items())


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"API_URL": "http://api:8000"}, True),
        ({"API_URL": "http://api"}, False),
        ({"API_URL": "http://api:80/v1"}, False),
        ({"API_URL": "https://api"}, True),
        ({"API_URL": "http://api.example.com:8000"}, False),
        ({"API_URL": "http://api.default.svc.cluster.local:8000"}, True),
        ({"API_HOST": "api", "API_PORT": "8000"}, True),
        ({"API_HOST": "api", "API_PORT": "80"}, False),
        ({"API_HOST": "api", "SERVER_PORT": "8000"}, False),
        ({"URL": "postgres://user:word@api:5432/db"}, True),
        ({"TEXT": "the api is at 8000"}, False),
        ({"URL": "http://other:8000"}, False),
        ({"URL": "http://$(API_HOST):8000"}, False),
    ],
)
def test_addresses_name_ports_of_the_service(values: dict[str, str], wrong: bool) -> None:
    files = {"k8s/api.yaml": service("api", 80, "8000"), "k8s/shop.yaml": workload(container=env(**values))}
    assert bool(findings(SERVICES, files, "services/wrong-port-called")) is wrong


def test_a_headless_service_gives_the_pods_themselves() -> None:
    files = {
        "k8s/db.yaml": service("db", 80, spec="  clusterIP: None\n"),
        "k8s/shop.yaml": workload(container=env(URL="http://db:8000")),
    }
    assert not findings(SERVICES, files, "services/wrong-port-called")


def test_a_config_map_may_hold_the_address() -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  API_URL: http://api:8000\n  nginx.conf: proxy_pass http://api:8000;\n"
    assert places(SERVICES, {"k8s/api.yaml": service("api", 80), "k8s/c.yaml": text}, "services/wrong-port-called") == [
        "k8s/c.yaml:6"
    ]


@pytest.mark.parametrize(
    ("app", "rules", "rule"),
    [
        ("shop", "  ingress:\n    - ports:\n        - port: 80\n", "services/policy-closes-port"),
        ("shop", "  ingress:\n    - ports:\n        - port: 8000\n", None),
        ("shop", "  ingress:\n    - ports:\n        - port: http\n", None),
        ("shop", "  ingress:\n    - from:\n        - podSelector: {}\n", None),
        ("shop", "  ingress:\n    - ports:\n        - port: 7000\n          endPort: 9000\n", None),
        ("shops", "", "services/policy-selects-nothing"),
        ("shop", "  egress:\n    - ports:\n        - port: 443\n", "services/policy-without-dns"),
        ("shop", "  egress:\n    - ports:\n        - port: 443\n    - to:\n        - namespaceSelector: {}\n", None),
        ("shop", "  egress: []\n", None),
    ],
)
def test_policies(app: str, rules: str, rule: str | None) -> None:
    pod = workload(container="ports:\n  - name: http\n    containerPort: 8000")
    found = findings(SERVICES, {"k8s/shop.yaml": pod, "k8s/policy.yaml": POLICY.format(app=app, rules=rules)})
    assert [one.rule for one in found] == ([rule] if rule else [])


def test_another_policy_may_let_names_be_looked_up() -> None:
    mine = POLICY.format(app="shop", rules="  egress:\n    - ports:\n        - port: 443\n")
    dns = POLICY.format(
        app="shop", rules="  egress:\n    - ports:\n        - port: 53\n          protocol: UDP\n"
    ).replace("name: shop", "name: dns")
    files = {"k8s/shop.yaml": workload(), "k8s/policy.yaml": mine, "k8s/dns.yaml": dns}
    assert not findings(SERVICES, files, "services/policy-without-dns")


def test_a_policy_is_about_the_pods_port_of_the_database() -> None:
    rules = "  egress:\n    - ports:\n        - port: {}\n        - port: 53\n"
    files = {
        "k8s/shop.yaml": workload(container=env(DB_HOST="db", DB_PORT="5432")),
        "k8s/db.yaml": service("db", 5432, "postgres") + "---\n" + workload("db", "postgres:18.0", "ports:\n  - name: postgres\n    containerPort: 5433"),
    }  # fmt: skip
    for port, wrong in ((5433, False), (5432, True)):
        files["k8s/policy.yaml"] = POLICY.format(app="shop", rules=rules.format(port))
        assert bool(findings(SERVICES, files, "services/policy-closes-database")) is wrong, port


def test_a_database_inside_is_fine_and_one_outside_is_told() -> None:
    files = {"k8s/db.yaml": workload("db", "postgres:18.0"), "k8s/s.yaml": service("db", 5432)}
    assert not findings(SERVICES, files, "services/exposed-database")
    files["k8s/s.yaml"] = service("db", 5432, spec="  type: NodePort\n")
    assert places(SERVICES, files, "services/exposed-database") == ["k8s/s.yaml:6"]
    internal = service("db", 5432, spec="  type: LoadBalancer\n").replace(
        "  name: db\n", "  name: db\n  annotations:\n    example.com/internal: 'true'\n"
    )
    assert not findings(SERVICES, files | {"k8s/s.yaml": internal}, "services/exposed-database")


@pytest.mark.parametrize(
    ("annotation", "tls"),
    [
        ("example.com/a: b", False),
        ("alb.ingress.kubernetes.io/certificate-arn: arn", True),
        ("networking.gke.io/managed-certificates: shop", True),
    ],
)
def test_tls_that_ends_at_a_load_balancer(annotation: str, tls: bool) -> None:
    text = (
        f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n    {annotation}\nspec:\n  rules:\n"
        "    - host: shop.acme.io\n    - host: shop.local\n    - host: ''\n    - host: shop\n"
    )
    assert bool(findings(SERVICES, {"k8s/i.yaml": text}, "services/ingress-without-tls")) is not tls


def test_groups_that_are_no_groups() -> None:
    text = (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n"
        "    nginx.ingress.kubernetes.io/rewrite-target: /$1\nspec:\n  rules:\n    - http:\n        paths:\n          - path: {}\n"
    )
    for path, wrong in (("/(.*)", False), ("/api(?:x)", True), ("/api", True), (r"/a\(b", True)):
        assert bool(findings(SERVICES, {"k8s/i.yaml": text.format(path)}, "services/rewrite-without-group")) is wrong, (
            path
        )
