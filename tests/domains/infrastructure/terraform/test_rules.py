"""Rules of the Terraform room beyond their guide: what must not be reported, and where each is reported."""

import pytest

from devops_orchestrator.actions.improve import improve
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.infrastructure.terraform import SPECIALIST, constraints, gitignore
from devops_orchestrator.project import read


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(files))


def found(files: dict[str, str], rule: str = "") -> list[Finding]:
    where = project(files)
    return [
        finding
        for source in sources((SPECIALIST,), where)
        for finding in room_findings(SPECIALIST, source, where)
        if finding.rule == f"terraform/{rule}" or not rule
    ]


ROOT = 'provider "aws" {\n  region = "eu-west-3"\n}\n'


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("unbounded-provider", 'terraform {\n  required_providers {\n    aws = {\n      version = ">= 6.0"\n    }\n  }\n}\n'),  # not a root
        ("unpinned-provider", 'terraform {\n  required_providers {\n    aws = "~> 6.0"\n  }\n}\n'),
        ("unpinned-provider", 'terraform {\n  required_providers {\n    terraform = {\n      source = "terraform.io/builtin/terraform"\n    }\n  }\n}\n'),
        ("unpinned-module", 'module "a" {\n  source = "./modules/a"\n}\n'),
        ("unpinned-module", 'module "a" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "~> 6.0"\n}\n'),
        ("end-of-life-version", 'terraform {\n  required_version = ">= 1.0"\n}\n'),
        ("missing-backend", 'resource "aws_sqs_queue" "a" {\n  name = "a"\n}\n'),
        ("unlocked-state", 'terraform {\n  backend "s3" {\n    dynamodb_table = "locks"\n  }\n}\n'),
        ("hardcoded-secret", 'resource "x_y" "z" {\n  password = var.password\n}\n'),
        ("hardcoded-secret", 'resource "x_y" "z" {\n  secret = "database-credentials"\n}\n'),
        ("hardcoded-secret", 'variable "token" {\n  default = ""\n}\n'),
        ("hardcoded-secret", 'resource "x_y" "z" {\n  secret_name = "correct-horse-7"\n}\n'),
        ("hardcoded-secret", '# password = "correct-horse-7"\n'),
        ("exposed-secret-variable", 'variable "token" {\n  type      = string\n  ephemeral = true\n}\n'),
        ("exposed-secret-variable", 'variable "secret_name" {\n  type = string\n}\n'),
        ("exposed-secret-output", 'output "a" {\n  value = nonsensitive(random_password.a.result)\n}\n'),
        ("exposed-secret-output", 'output "arn" {\n  value = aws_secretsmanager_secret.a.arn\n}\n'),
        ("undeclared-reference", 'output "a" {\n  value = [for var in [1] : var.x]\n}\n'),
        ("undeclared-reference", 'moved {\n  from = module.old\n  to   = module.new\n}\n'),
        ("undeclared-reference", 'check "a" {\n  data "http" "h" {\n    url = "https://x"\n  }\n  assert {\n    condition     = data.http.h.status_code == 200\n    error_message = "x"\n  }\n}\n'),
        ("open-port", 'resource "aws_security_group" "a" {\n  ingress {\n    from_port   = 443\n    to_port     = 443\n    protocol    = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n  egress {\n    from_port   = 0\n    to_port     = 0\n    protocol    = "-1"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}\n'),
        ("unencrypted-storage", 'resource "aws_db_instance" "a" {\n  replicate_source_db = aws_db_instance.b.arn\n}\n'),
        ("unencrypted-storage", 'resource "aws_ebs_volume" "a" {\n  encrypted = var.encrypted\n}\n'),
        ("unprotected-database", 'resource "google_sql_database_instance" "a" {\n  name = "a"\n}\n'),
        ("destroyable-data", 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n'),  # not a root
        ("interpolation-only", 'a = "${x}-${y}"\nb = { "${x}" = 1 }\n'),
        ("interpolation-only", 'a = !"${b || c}"\nd = "${e ? f : g}" == "h"\n'),
        ("removed-function", 'variable "a" {\n  type = map(string)\n}\n'),
        ("count-over-list", 'resource "a_b" "c" {\n  count = var.enabled ? 1 : 0\n}\n'),
    ],
)  # fmt: skip
def test_it_is_not_reported(rule: str, text: str) -> None:
    assert found({"main.tf": text}, rule) == []


@pytest.mark.parametrize(
    ("rule", "text", "line"),
    [
        ("open-port", 'resource "aws_security_group" "a" {\n  ingress {\n    from_port = 0\n    to_port   = 0\n    protocol  = "-1"\n    ipv6_cidr_blocks = ["::/0"]\n  }\n}\n', 6),
        ("open-port", 'resource "google_compute_firewall" "a" {\n  source_ranges = ["0.0.0.0/0"]\n  allow {\n    protocol = "tcp"\n    ports    = ["80", "20-30"]\n  }\n}\n', 2),
        ("public-bucket", 'resource "google_storage_bucket_iam_member" "a" {\n  member = "allUsers"\n}\n', 2),
        ("public-bucket", 'resource "aws_s3_bucket_acl" "a" {\n  acl = "public-read"\n}\n', 2),
        ("unpinned-module", 'module "a" {\n  source = "github.com/acme/tf?ref=main"\n}\n', 2),
        ("unpinned-provider", ROOT, 1),
        ("hardcoded-secret", 'locals {\n  keys = { id = "AKIAABCDEFGHIJKLMNOP" }\n}\n', 2),
        ("hardcoded-secret", 'variable "admin_password" {\n  default = "hunter2!"\n}\n', 2),
        ("missing-backups", 'resource "google_sql_database_instance" "a" {\n  settings {\n    tier = "x"\n  }\n}\n', 1),
        ("count-over-list", 'resource "a_b" "c" {\n  count = length(var.names)\n  name  = element(var.names, count.index)\n}\n', 2),
        ("superseded-resource", 'resource "null_resource" "a" {}\n', 1),
    ],
)  # fmt: skip
def test_it_is_reported_at_its_line(rule: str, text: str, line: int) -> None:
    findings = found({"main.tf": text}, rule)
    assert [finding.line for finding in findings] == [line]


def test_a_secret_is_never_repeated() -> None:
    text = 'resource "x_y" "z" {\n  password = "correct-horse-7"\n}\n'
    for finding in found({"main.tf": text}):
        assert "correct-horse" not in repr(finding)
    for finding in found({"main.tf": ROOT, "prod.tfvars": 'db_password = "correct-horse-7"\n'}, "hardcoded-secret"):
        assert finding.file == "prod.tfvars"
        assert "correct-horse" not in repr(finding)


def test_samples_and_shared_modules_are_not_held_to_a_root_s_rules() -> None:
    text = ROOT + 'resource "aws_sqs_queue" "a" {\n  name = "a"\n}\nvariable "x" {}\n'
    assert found({"examples/complete/main.tf": text}, "missing-backend") == []
    assert found({"examples/complete/main.tf": text}, "untyped-variable") == []
    assert len(found({"infra/main.tf": text}, "missing-backend")) == 1


def test_what_another_file_of_the_module_declares_is_known() -> None:
    assert (
        found({"a.tf": 'output "x" {\n  value = var.y\n}\n', "b.tf": 'variable "y" {}\n'}, "undeclared-reference") == []
    )
    assert found({"a.tf": 'output "x" {\n  value = var.y\n}\n', "b.tf": "broken {\n"}, "undeclared-reference") == []
    assert found({"a.tf": 'output "x" {\n  value = var.y\n}\n', "b.tf.json": "{}"}, "undeclared-reference") == []


def test_a_partial_backend_is_completed_by_its_file() -> None:
    files = {
        "main.tf": 'terraform {\n  backend "s3" {}\n}\n',
        "environments/production.tfbackend": 'key = "a"\nencrypt = true\nuse_lockfile = true\n',
    }
    assert found(files, "unlocked-state") == []
    assert found(files, "unencrypted-state") == []


def test_values_of_another_module_are_left_alone() -> None:
    files = {"main.tf": 'variable "region" {}\n', "shared/all.tfvars": 'region = "a"\ncluster = "b"\nzone = "c"\n'}
    assert found(files, "undeclared-value") == []


def test_a_repository_with_many_defects_settles_in_one_improve() -> None:
    text = (
        '# Ours ✓\nprovider "aws" {\nregion="${var.region}"\n}\n\nvariable "region" {\n  type = "string"   # kept ✓\n}\n'
        'resource "aws_instance" "a" {\n  security_groups = ["${aws_security_group.a.id}", list("x")]\n'
        '  zones = list("a","b") # both ✓\n}\n'
    )
    for eol in ("\n", "\r\n"):
        where = project({"infra/main.tf": text.replace("\n", eol)})
        once = improve(SPECIALIST, where)
        after = once.files()["infra/main.tf"]
        assert after.count("✓") == 3
        assert "${" not in after
        assert 'tolist(["a", "b"])' in after
        assert ("\r\n" in after) == (eol == "\r\n")
        assert improve(SPECIALIST, where.overlaid(once.files())).files() == {}


@pytest.mark.parametrize(
    ("constraint", "version", "fits"),
    [
        ("~> 1.14", "1.15.9", True),
        ("~> 1.14.2", "1.15.0", False),
        (">= 1.3, < 2.0", "1.15.9", True),
        ("1.5.7", "1.15.9", False),
        ("!= 1.15.9", "1.15.9", False),
        ("~> 1", "2.0.0", False),
    ],
)
def test_constraints(constraint: str, version: str, fits: bool) -> None:
    parts = constraints.parse(constraint)
    assert parts is not None
    assert constraints.allows(parts, version) is fits


@pytest.mark.parametrize(
    ("rules", "path", "out"),
    [
        (".terraform/\n", "infra/.terraform/x", True),
        (".terraform/*\n", "infra/.terraform/x", False),
        ("**/.terraform/*\n", "infra/.terraform/x", True),
        ("*.tfvars\n!infra/*.tfvars\n", "infra/a.tfvars", False),
        ("/infra/\n", "infra/a.tf", True),
        ("# *.tf\n", "a.tf", False),
        ("*.tfstate.*\n", "terraform.tfstate.backup", True),
    ],
)
def test_gitignore(rules: str, path: str, out: bool) -> None:
    assert bool(gitignore.ignores(Repository.of({".gitignore": rules}), path)) is out
