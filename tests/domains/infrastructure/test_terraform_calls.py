"""Calls of modules of the repository: what is left alone."""

import pytest

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.infrastructure.terraform import SPECIALIST
from devops_orchestrator.project import read

WATCHED = {
    "missing-module", "unknown-argument", "missing-argument", "undeclared-output", "shared-state", "version-conflict", "open-port",
}  # fmt: skip
MODULE = 'variable "name" { type = string }\nvariable "size" { default = 1 }\noutput "arn" { value = var.name }\n'


def ids(files: dict[str, str]) -> list[str]:
    project = read(Repository.of(files))
    found = [f for s in sources((SPECIALIST,), project) for f in room_findings(SPECIALIST, s, project)]
    return sorted(name for finding in found if (name := finding.rule.removeprefix("terraform/")) in WATCHED)


def call(body: str = "name = \"x\"", source: str = "./m", more: str = "") -> str:  # fmt: skip
    return f'module "a" {{\n  source = "{source}"\n  {body}\n}}\n{more}'


@pytest.mark.parametrize(
    "body",
    [
        'name = "x"',
        'name = "x"\n  size = 2\n  count = 1\n  depends_on = []',
        'name = "x"\n  providers = { aws = aws.b }',
    ],
)
def test_calls_that_fit(body: str) -> None:
    assert ids({"main.tf": call(body), "m/main.tf": MODULE}) == []


def test_modules_of_elsewhere_are_not_judged() -> None:
    for source in ("terraform-aws-modules/vpc/aws", "git::https://example.com/m.git?ref=v1", "../../../outside"):
        assert ids({"main.tf": call('anything = "x"', source)}) == [], source
    assert ids({"main.tf": call(), "m/main.tf.json": "{}"}) == []


def test_a_module_that_does_not_parse_is_not_judged() -> None:
    assert ids({"main.tf": call('other = "x"'), "m/main.tf": MODULE, "m/b.tf": "resource {{{"}) == []


def test_outputs_of_many() -> None:
    use = 'output "y" { value = module.a.arn }\n'
    assert ids({"main.tf": call(more=use), "m/main.tf": MODULE}) == []
    many = call('name = "x"\n  for_each = toset(["k"])', more='output "x" { value = module.a }\n')
    assert ids({"main.tf": many, "m/main.tf": MODULE}) == []
    assert ids({"main.tf": call(more='output "x" { value = module.a.id }\n'), "m/main.tf": MODULE}) == [
        "undeclared-output"
    ]


def test_states_that_are_apart() -> None:
    backend = 'terraform {\n  backend "s3" {\n    bucket = "%s"\n    key = "%s"\n  }\n}\n'
    assert ids({"a/main.tf": backend % ("b", "a"), "c/main.tf": backend % ("b", "c")}) == []
    assert ids({"a/main.tf": backend % ("b", "a"), "c/main.tf": backend % ("d", "a")}) == []
    assert ids({"a/main.tf": backend % ("b", "a"), "c/main.tf": backend % ("b", "a")}) == ["shared-state"]
    empty = 'terraform {\n  backend "s3" {}\n}\n'
    assert ids({"a/main.tf": empty, "c/main.tf": empty}) == []  # given at init


def test_versions() -> None:
    text = 'terraform {\n  required_version = "%s"\n  backend "local" {}\n}\n'
    workflow = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: hashicorp/setup-terraform@v3\n        with:\n          terraform_version: %s\n"
    at = ".github/workflows/a.yml"
    assert ids({"main.tf": text % ">= 1.5", at: workflow % "1.9.8"}) == []
    assert ids({"main.tf": text % "~> 1.10.0", at: workflow % "1.9.8"}) == ["version-conflict"]
    assert ids({"main.tf": text % "~> 1.10.0", at: workflow % "${{ env.TF }}"}) == []
    assert (
        ids({"a/main.tf": text % "~> 1.10.0", "b/main.tf": text % "~> 1.9", at: workflow % "1.9.8"}) == []
    )  # which one it is for is not told


def test_network_storage_is_a_door_too() -> None:
    group = 'resource "aws_security_group" "a" {\n  ingress {\n    from_port = 2049\n    to_port = 2049\n    protocol = "tcp"\n    cidr_blocks = ["%s"]\n  }\n}\n'
    assert ids({"main.tf": group % "0.0.0.0/0"}) == ["open-port"]
    assert ids({"main.tf": group % "10.0.0.0/8"}) == []
