"""The root module that is written: for either cloud, every backend, every resource, and into a module that exists."""

import shutil
import subprocess
from pathlib import Path

import pytest

from devops_orchestrator.actions.create import create
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.change import ChangeSet
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.infrastructure.terraform import SPECIALIST
from devops_orchestrator.domains.infrastructure.terraform.params import TerraformParams
from devops_orchestrator.domains.infrastructure.terraform.resources import AWS, GCP
from devops_orchestrator.formats import hcl
from devops_orchestrator.project import read
from devops_orchestrator.routing import slots

APPLICATION = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "psycopg"]\n',
    "compose.yaml": "services:\n  db:\n    image: postgres:16-alpine\n",
    ".gitignore": "*.pyc\n",
}
BACKENDS = ("s3", "gcs", "azurerm", "http", "remote", "local")


def project(files: dict[str, str] | None = None) -> Project:
    return read(Repository.of(APPLICATION | (files or {}), name="shop"))


def created(where: Project, **values: object) -> ChangeSet:
    return create(SPECIALIST, TerraformParams.checked(values, SPECIALIST.id), where)


def findings(where: Project) -> list[str]:
    return [
        f"{finding.file}:{finding.line} {finding.rule}"
        for source in sources((SPECIALIST,), where)
        for finding in room_findings(SPECIALIST, source, where)
    ]


def test_the_cloud_is_asked_for_and_never_chosen() -> None:
    proposal = created(project())
    assert proposal.question
    assert proposal.options == ("aws", "gcp")
    assert not proposal.files()


def test_a_region_of_the_other_cloud_is_a_question() -> None:
    assert created(project(), cloud="gcp", region="eu-west-3").question
    assert created(project(), cloud="aws", region="europe-west9").question


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize("backend", [None, *BACKENDS])
@pytest.mark.parametrize("everything", [False, True], ids=["skeleton", "all resources"])
def test_what_is_written_is_formatted_clean_and_complete(
    cloud: str, backend: str | None, everything: bool, tmp_path: Path
) -> None:
    known = tuple(AWS if cloud == "aws" else GCP)
    where = project()
    proposal = created(where, cloud=cloud, backend=backend, resources=known if everything else ())
    files = proposal.files()
    after = where.overlaid(files)
    assert findings(after) == []
    for path, text in files.items():
        if path.endswith((".tf", ".tfvars", ".tfbackend")):
            assert hcl.fmt(text) == text, path
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
    if shutil.which("terraform"):
        done = subprocess.run(
            ["terraform", "fmt", "-check", "-recursive", "."], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    again = created(after, cloud=cloud, backend=backend, resources=known if everything else ())
    assert again.files() == {}


def test_each_environment_has_its_values_and_its_state() -> None:
    files = created(project(), cloud="aws", region="eu-west-1", environments=["dev", "production"]).files()
    assert files["infra/environments/dev.tfvars"] == 'environment = "dev"\nregion      = "eu-west-1"\n'
    assert files["infra/environments/production.s3.tfbackend"] == 'key = "shop/production/terraform.tfstate"\n'
    variables = hcl.parse(files["infra/variables.tf"])
    condition = next(b for b in variables.blocks("variable") if b.label == "environment").body.block("validation")
    assert condition is not None
    assert {n.string for n in condition.body.attributes["condition"].value.walk() if n.string} == {"dev", "production"}


def test_the_state_is_locked_encrypted_and_its_bucket_is_made_once() -> None:
    files = created(project(), cloud="aws").files()
    backend = next(hcl.parse(files["infra/backend.tf"]).blocks("terraform")).body.block("backend")
    assert backend is not None
    assert backend.body.constant("use_lockfile") is True
    assert backend.body.constant("encrypt") is True
    bootstrap = hcl.parse(files["infra/bootstrap/main.tf"])
    made = {block.label for block in bootstrap.blocks("resource")}
    assert {"aws_s3_bucket", "aws_s3_bucket_versioning", "aws_s3_bucket_public_access_block"} <= made


def test_a_region_that_nobody_said_is_told() -> None:
    assert "eu-west-3" in created(project(), cloud="aws").summary.fr
    assert "convention" in created(project(), cloud="gcp").summary.en
    assert "convention" not in created(project(), cloud="aws", region="eu-west-1").summary.en


def test_the_database_has_the_version_that_development_uses() -> None:
    files = created(project(), cloud="aws", resources=["rds"]).files()
    database = next(b for b in hcl.parse(files["infra/database.tf"]).blocks("resource") if b.label == "aws_db_instance")
    assert database.body.constant("engine") == "postgres"
    assert database.body.constant("engine_version") == "16"
    files = created(project(), cloud="gcp", resources=["cloud-sql"]).files()
    assert '"POSTGRES_16"' in files["infra/database.tf"]


def test_another_room_s_resource_is_named_not_written() -> None:
    proposal = created(project(), cloud="aws", resources=["ecr", "eks"])
    assert "infra/registry.tf" in proposal.files()
    assert any("infrastructure/aws" in step.en and "eks" in step.en for step in proposal.next_steps)


def test_resources_are_added_to_the_skeleton_that_is_there() -> None:
    where = project()
    where = where.overlaid(created(where, cloud="aws").files())
    proposal = created(where, cloud="aws", resources=["rds"])
    after = where.overlaid(proposal.files())
    assert findings(after) == []
    assert {change.path for change in proposal.changes if change.kind == "update"} == {
        "infra/outputs.tf", "infra/variables.tf", "infra/environments/staging.tfvars", "infra/environments/production.tfvars",
    }  # fmt: skip
    for change in proposal.changes:
        assert change.after.startswith(change.before or "")


FOREIGN = {
    "deploy/tf/main.tf": '# Ours ✓\nprovider "aws" {\n  region = "eu-west-1"\n}\n\nresource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n',
}


def test_a_module_with_its_own_layout_gets_what_it_lacks_alone() -> None:
    where = project(FOREIGN)
    proposal = created(where, cloud="aws", environments=["production"])
    files = proposal.files()
    assert "deploy/tf/backend.tf" in files
    assert "deploy/tf/versions.tf" in files
    assert "deploy/tf/variables.tf" not in files
    assert "deploy/tf/main.tf" not in files
    assert not any(path.startswith("infra/") for path in files)


def test_a_gitignore_that_hides_tfvars_is_told_of_ours() -> None:
    files = created(project({".gitignore": "*.tfvars\n"}), cloud="aws").files()
    assert files[".gitignore"].startswith("*.tfvars\n")
    assert "!infra/environments/*.tfvars" in files[".gitignore"].splitlines()
    assert ".terraform.lock.hcl" not in files[".gitignore"].splitlines()


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (FOREIGN, {"cloud": "aws", "region": "eu-west-1"}),
        ({".github/workflows/d.yml": "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v5\n        with:\n          aws-region: eu-west-2\n"}, {"cloud": "aws", "region": "eu-west-2"}),
        ({"k8s/d.yaml": "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: europe-west1-docker.pkg.dev/acme-prod/apps/shop:1\n"}, {"cloud": "gcp", "region": "europe-west1"}),
        ({"k8s/d.yaml": "# 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop\napiVersion: v1\nkind: Pod\n"}, {}),
        ({**FOREIGN, "cloudbuild.yaml": "steps: []\n"}, {}),
        ({"a/main.tf": 'terraform {\n  backend "gcs" {}\n}\n'}, {"backend": "gcs"}),
        ({"infra/environments/qa.tfvars": "x = 1\n"}, {"environments": ("qa",)}),
    ],
)  # fmt: skip
def test_what_the_repository_says_is_taken_with_its_place(files: dict[str, str], wanted: dict[str, object]) -> None:
    suggested = {k: v for k, v in SPECIALIST.suggest(project(files)).items() if k != "name"}
    assert {name: suggestion.value for name, suggestion in suggested.items()} == wanted
    assert all(suggestion.evidence for suggestion in suggested.values())


def test_opentofu_and_a_pinned_release_are_respected() -> None:
    versions = created(project({".opentofu-version": "1.12.3\n"}), cloud="aws").files()["infra/versions.tf"]
    assert 'required_version = "~> 1.12"' in versions
    assert ".opentofu-version" in versions
    assert "tofu init" in created(project({".opentofu-version": "1.12.3\n"}), cloud="aws").files()["infra/backend.tf"]


@pytest.mark.parametrize(
    ("request_", "wanted"),
    [
        ("Initialiser Terraform pour AWS, backend S3, région eu-west-3 (Paris)", {"cloud": "aws", "region": "eu-west-3", "backend": "s3"}),
        ("set up terraform on google cloud, state in gcs, resources: vpc and cloud run", {"cloud": "gcp", "backend": "gcs", "resources": ["vpc", "cloud-run"]}),
        ("Terraform AWS avec un bucket S3, une base RDS et un registre ECR", {"cloud": "aws", "resources": ["s3", "rds", "ecr"]}),
        ("remote state sur un bucket s3 avec verrouillage", {"backend": "s3"}),
        ("Terraform on GCP in europe-west9 with Cloud SQL, state in GitLab", {"cloud": "gcp", "region": "europe-west9", "backend": "http", "resources": ["cloud-sql"]}),
    ],
)  # fmt: skip
def test_what_a_sentence_says(request_: str, wanted: dict[str, object]) -> None:
    assert slots.read(request_, SPECIALIST.id) == wanted
