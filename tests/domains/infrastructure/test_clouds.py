"""AWS, Google Cloud and networks: what their rules leave alone; the defects themselves are the guides'."""

import pytest

from devops_orchestrator import catalog
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read
from devops_orchestrator.project.database_releases import ended

ROOMS = [catalog.specialist(f"infrastructure/{name}") for name in ("aws", "gcp", "networking")]


def ids(files: dict[str, str]) -> list[str]:
    project = read(Repository.of(files))
    return sorted(f.rule for room in ROOMS for s in sources((room,), project) for f in room_findings(room, s, project))


def task(
    cpu: str = "256", memory: str = "512", containers: str = '{ name = "a", portMappings = [{ containerPort = 80 }] }'
) -> str:
    return (
        f'resource "aws_ecs_task_definition" "a" {{\n  requires_compatibilities = ["FARGATE"]\n  cpu = {cpu}\n  memory = {memory}\n'
        f"  container_definitions = jsonencode([{containers}])\n}}\n"
    )


def service(name: str = '"a"', port: str = "80", definition: str = "aws_ecs_task_definition.a.arn") -> str:
    return f'resource "aws_ecs_service" "a" {{\n  task_definition = {definition}\n  load_balancer {{\n    container_name = {name}\n    container_port = {port}\n  }}\n}}\n'


def test_services_that_fit_their_task() -> None:
    assert ids({"main.tf": task() + service()}) == []
    assert ids({"main.tf": task() + service(port="8080")}) == ["aws/no-such-container"]
    assert ids({"main.tf": task() + service(name='"b"')}) == ["aws/no-such-container"]
    same = task(containers='{ name = "${var.n}-a", portMappings = [{ containerPort = var.port }] }') + service(
        '"${var.n}-a"', "var.port"
    )
    assert ids({"main.tf": same}) == []
    assert ids({"main.tf": task() + service(definition="data.x.y.arn", name='"b"')}) == []
    unknown = task(containers='{ name = var.other, portMappings = [{ containerPort = 80 }] }')  # fmt: skip
    assert ids({"main.tf": unknown + service()}) == []


@pytest.mark.parametrize(
    ("cpu", "memory"), [("256", "2048"), ("1024", "3072"), ('"512"', '"4096"'), ("16384", "122880"), ("var.cpu", "7")]
)
def test_sizes_that_there_are(cpu: str, memory: str) -> None:
    assert ids({"main.tf": task(cpu, memory)}) == []


@pytest.mark.parametrize(("cpu", "memory"), [("256", "4096"), ("1024", "1024"), ("300", "512"), ("8192", "17408")])
def test_sizes_that_there_are_not(cpu: str, memory: str) -> None:
    assert ids({"main.tf": task(cpu, memory)}) == ["aws/fargate-size"]


def test_a_default_counts_unless_values_are_given() -> None:
    text = task("var.cpu") + 'variable "cpu" {\n  default = 1024\n}\n'
    assert ids({"main.tf": text}) == ["aws/fargate-size"]
    assert ids({"main.tf": text, "prod.tfvars": "cpu = 256\n"}) == []


def test_log_groups() -> None:
    container = '{ name = "a", logConfiguration = { options = { awslogs-group = "/b"%s } } }'
    group = 'resource "aws_cloudwatch_log_group" "a" {\n  name = "%s"\n}\n'
    assert ids({"main.tf": task(containers=container % "")}) == []  # made elsewhere
    assert ids({"main.tf": task(containers=container % "") + group % "/b"}) == []
    assert ids({"main.tf": task(containers=container % "") + group % "/${var.n}"}) == []
    assert ids({"main.tf": task(containers=container % ', awslogs-create-group = "true"') + group % "/c"}) == []
    assert ids({"main.tf": task(containers=container % "") + group % "/c"}) == ["aws/unknown-log-group"]


def test_zones() -> None:
    text = (
        'provider "aws" {\n  region = "%s"\n%s}\nresource "aws_subnet" "a" {\n  availability_zone = "eu-west-1a"\n}\n'
    )
    assert ids({"main.tf": text % ("eu-west-1", "")}) == []
    assert ids({"main.tf": text % ("us-east-1", "")}) == ["aws/zone-outside-region"]
    assert (
        ids({"main.tf": text % ("us-east-1", "") + 'provider "aws" {\n  alias = "b"\n  region = "eu-west-1"\n}\n'})
        == []
    )
    google = 'provider "google" {\n  region = "%s"\n  zone = "europe-west1-b"\n}\n'
    assert ids({"main.tf": google % "europe-west1"}) == []
    assert ids({"main.tf": google % "us-central1"}) == ["gcp/zone-outside-region"]


def test_releases() -> None:
    assert ended("postgres", "17.2") is None
    assert ended("postgres", "99") is None
    assert ended("oracle", "19") is None
    old = ended("postgres", "12.17")
    assert old
    assert (old.name, old.version) == ("PostgreSQL", "12")
    rds = 'resource "aws_db_instance" "a" {\n  engine = "%s"\n  engine_version = "%s"\n}\n'
    assert ids({"main.tf": rds % ("oracle-ee", "12.1")}) == []
    assert ids({"main.tf": rds % ("mysql", "5.7.44")}) == ["aws/database-end-of-life"]


def balancer(subnets: str, zone: str = "eu-west-1b", extra: str = "") -> str:
    return (
        f'resource "aws_lb" "a" {{\n  subnets = {subnets}\n{extra}}}\n'
        'resource "aws_subnet" "a" {\n  availability_zone = "eu-west-1a"\n}\n'
        f'resource "aws_subnet" "b" {{\n  availability_zone = "{zone}"\n}}\nresource "aws_subnet" "many" {{\n  count = 2\n}}\n'
    )


@pytest.mark.parametrize(
    "subnets",
    [
        "[aws_subnet.a.id, aws_subnet.b.id]",
        "aws_subnet.many[*].id",
        "var.subnets",
        "[aws_subnet.many.id]",
        "[var.subnet]",
    ],
)
def test_subnets_of_two_zones_or_unknown(subnets: str) -> None:
    assert ids({"main.tf": balancer(subnets)}) == []


def test_subnets_of_one_zone() -> None:
    assert ids({"main.tf": balancer("[aws_subnet.a.id]")}) == ["networking/single-zone"]
    assert ids({"main.tf": balancer("[aws_subnet.a.id, aws_subnet.b.id]", "eu-west-1a")}) == ["networking/single-zone"]
    assert ids({"main.tf": balancer("[aws_subnet.a.id]", extra='  load_balancer_type = "network"\n')}) == []


def test_load_balancers_that_need_no_tls() -> None:
    listener = 'resource "aws_lb_listener" "a" {\n  load_balancer_arn = aws_lb.x.arn\n  protocol = "HTTP"\n  default_action {\n    type = "forward"\n  }\n}\n'
    assert ids({"main.tf": listener + 'resource "aws_lb" "x" {\n  subnets = var.s\n}\n'}) == ["networking/plain-http"]
    for inside in ("internal = true", "internal = var.private"):
        assert ids({"main.tf": listener + f'resource "aws_lb" "x" {{\n  {inside}\n}}\n'}) == [], inside
    assert ids({"main.tf": listener}) == []  # a load balancer of elsewhere
    fronted = {
        "main.tf": listener + 'resource "aws_lb" "x" {\n  subnets = var.s\n}\n',
        "cdn/main.tf": 'resource "aws_cloudfront_distribution" "c" {\n}\n',
    }
    assert ids(fronted) == []


APP = {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi"]\n'}
CODE = (
    'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/healthz")\ndef health() -> str:\n    return "ok"\n'
)


@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/", "/api/orders"])
def test_paths_that_may_be_served(path: str) -> None:
    group = f'resource "aws_lb_target_group" "a" {{\n  health_check {{\n    path = "{path}"\n  }}\n}}\n'
    assert ids({**APP, "app/main.py": CODE, "infra/main.tf": group}) == []


def test_a_path_that_the_code_names_is_not_judged() -> None:
    group = 'resource "aws_lb_target_group" "a" {\n  health_check {\n    path = "/status"\n  }\n}\n'
    assert ids({**APP, "app/main.py": CODE, "infra/main.tf": group}) == ["aws/health-path-differs"]
    assert ids({**APP, "app/main.py": CODE + "# see /status\n", "infra/main.tf": group}) == []


def test_what_a_health_check_may_accept() -> None:
    group = 'resource "aws_lb_target_group" "a" {\n  health_check {\n    matcher = "%s"\n  }\n}\n'
    for matcher in ("200", "200-399", "200,301,401", "200-403"):
        assert ids({"main.tf": group % matcher}) == [], matcher
    for matcher in ("200-499", "200,404", "200-599", "500"):
        assert ids({"main.tf": group % matcher}) == ["aws/lenient-health-check"], matcher


def test_variables_that_are_no_secrets() -> None:
    container = '{ name = "a", environment = [{ name = "%s", value = %s }] }'
    for name, value in (
        ("DB_HOST", "var.h"),
        ("TOKEN_TTL", '"60"'),
        ("SECRET_ARN", "var.a"),
        ("DB_PASSWORD_FILE", '"/run/x"'),
        ("API_TOKEN", '""'),
    ):
        assert ids({"main.tf": task(containers=container % (name, value))}) == [], name
    assert ids({"main.tf": task(containers=container % ("JWT_SECRET", "var.s"))}) == ["aws/secret-in-environment"]
