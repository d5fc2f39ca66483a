"""Which files of a repository are DevOps files, of which kind, and what is in them."""

from __future__ import annotations

import json

import click
import pytest

from devops_orchestrator.core import kinds
from devops_orchestrator.core.project import DevopsFile
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Source
from devops_orchestrator.project import read, to_json

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example.org/web:1.4.2
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"
APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\n"


def found(files: dict[str, str]) -> dict[str, str]:
    """path → kind."""
    return {file.path: file.kind for file in read(Repository.of(files)).devops_files}


def detail(path: str, text: str) -> tuple[str, ...]:
    files = read(Repository.of({path: text})).devops_files
    return files[0].detail if files else ()


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        ("dockerfile", "Dockerfile Dockerfile-dev Dockerfile_arm docker/Dockerfile.x dev.Dockerfile a/web.dockerfile Containerfile dockerfile"),
        ("dockerignore", ".dockerignore api/.dockerignore Dockerfile.dev.dockerignore .containerignore"),
        ("compose", "compose.yaml docker-compose.prod.yml compose.dev.yaml compose-test.yml dev.docker-compose.yml tests/docker-compose.yml podman-compose.yml"),
        ("docker-bake", "docker-bake.hcl docker/docker-bake.override.json"),
        ("github-workflow", ".github/workflows/ci.yml .github/workflows/docker-compose.yaml .github/workflows/trivy.yml"),
        ("github-action", "action.yml .github/actions/setup/action.yaml"),
        ("gitea-workflow", ".forgejo/workflows/ci.yml"),
        ("dependabot", ".github/dependabot.yml .github/dependabot.yaml"),
        ("renovate", "renovate.json renovate.json5 .github/renovate.json5 .gitlab/renovate.json .renovaterc .renovaterc.json"),
        ("gitlab-ci", ".gitlab-ci.yml .gitlab/ci/build.yml ci/deploy.gitlab-ci.yml"),
        ("jenkinsfile", "Jenkinsfile ci/Jenkinsfile.release deploy.jenkinsfile Jenkinsfile.groovy"),
        ("circleci", ".circleci/config.yml .circleci/continue.yml"),
        ("azure-pipelines", "azure-pipelines.yml build/azure-pipelines-release.yaml"),
        ("bitbucket-pipelines", "bitbucket-pipelines.yml"),
        ("drone", ".drone.yml"),
        ("woodpecker", ".woodpecker.yml .woodpecker/build.yaml"),
        ("buildkite", ".buildkite/pipeline.yml .buildkite/pipeline.release.yml"),
        ("travis", ".travis.yml"),
        ("cloud-build", "cloudbuild.yaml deploy/cloudbuild-prod.yaml"),
        ("codebuild", "buildspec.yml"),
        ("pre-commit", ".pre-commit-config.yaml"),
        ("codecov", "codecov.yml .codecov.yml .github/codecov.yml"),
        ("goreleaser", ".goreleaser.yaml .goreleaser.yml .goreleaser-nightly.yml .config/goreleaser.yml"),
        ("semantic-release", ".releaserc .releaserc.json release.config.js release.config.mjs"),
        ("sonar", "sonar-project.properties web/sonar-project.properties"),
        ("hadolint", ".hadolint.yaml"),
        ("trivy", "trivy.yaml .trivyignore"),
        ("helm-chart", "charts/web/Chart.yaml"),
        ("helm-lock", "charts/web/Chart.lock"),
        ("helmfile", "helmfile.yaml helmfile.yaml.gotmpl helmfile.d/10-web.yaml"),
        ("kustomization", "k8s/kustomization.yaml k8s/kustomization.yml k8s/Kustomization"),
        ("skaffold", "skaffold.yaml"),
        ("tilt", "Tiltfile"),
        ("sops", ".sops.yaml"),
        ("terraform", "main.tf modules/db/main.tf main.tofu"),
        ("terraform-vars", "prod.tfvars"),
        ("terraform-lock", ".terraform.lock.hcl"),
        ("terragrunt", "live/prod/terragrunt.hcl"),
        ("packer", "image.pkr.hcl"),
        ("pulumi", "Pulumi.yaml Pulumi.prod.yaml"),
        ("vagrant", "Vagrantfile"),
        ("procfile", "Procfile Procfile.dev"),
        ("fly", "fly.toml"),
        ("nginx", "nginx.conf docker/nginx/conf.d/site.conf deploy/nginx/default.conf.template"),
        ("caddy", "Caddyfile"),
        ("alloy", "config.alloy monitoring/logs.alloy"),
        ("fluent-bit", "fluent-bit.conf logs/fluent-bit/parsers.conf"),
        ("fluentd", "fluent.conf"),
        ("logstash", "logstash/pipeline/web.conf logstash.conf"),
        ("devcontainer", ".devcontainer/devcontainer.json .devcontainer/api/devcontainer.json"),
    ],
)  # fmt: skip
def test_the_path_tells(kind: str, paths: str) -> None:
    assert {path: kinds.of_path(path) for path in paths.split()} == dict.fromkeys(paths.split(), kind)


@pytest.mark.parametrize(
    "path",
    [
        "Dockerfile.md", "Dockerfile.j2", "Dockerfile.template", "docs/Dockerfile.html", "src/Dockerfile.ts", "docker.go",
        "src/Composer.yaml", "recompose.yaml", "decompose.yml", "app/actions/action.ts", "renovate.md", "jenkins.py",
        "config.tf.md", "Chart.yaml.md", "src/compose.ts", "my-action.yml", "Procfile.md", "lib/fly.rb", "valuesets.yaml",
        ".github/ISSUE_TEMPLATE/bug.yml", ".github/FUNDING.yml", ".github/workflows/README.md", "mkdocs.yml", "i18n/docker.json",
    ],
)  # fmt: skip
def test_the_path_tells_nothing(path: str) -> None:
    assert kinds.of_path(path) is None


def test_every_pattern_is_reached() -> None:
    """A word that is searched for first must stand in every path that its pattern matches."""
    for kind, patterns in kinds.BY_PATH:
        for pattern in patterns:
            path = (
                pattern.replace("**/", "a/")
                .replace("y*ml", "yaml")
                .replace("[cm]", "c")
                .replace("[jt]", "t")
                .replace("*", "x")
            )
            assert kinds.of_path(path) is not None, f"{kind}: {pattern} → {path}"  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("kubernetes", "deploy/web.yaml", DEPLOYMENT),
        ("kubernetes", "a.yml", f"# comment\n---\n{DEPLOYMENT}---\n{SERVICE}"),
        ("kubernetes", "a.yaml", '"apiVersion": "v1"\n"kind": "Service"\n"metadata": {"name": "web"}\n'),
        ("kubernetes", "a.yaml", '{apiVersion: v1, kind: Service, metadata: {name: web}}\n'),
        ("kubernetes", "a.yaml", "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n"),
        ("kubernetes", "deploy/web.json", json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}})),
        ("kubernetes", "k.yaml", f"{APPLICATION}---\n{SERVICE}"),
        ("kubernetes", "crd.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"),
        ("kubernetes", "broken.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n spec: [\n"),
        ("kubernetes-template", "t.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ name }}-web\n  {% if x %}\n"),
        ("argo-cd", "apps/shop.yaml", APPLICATION),
        ("argo-cd", "apps/all.yaml", APPLICATION + "---\n" + APPLICATION.replace("Application", "AppProject")),
        ("argo-rollouts", "r.yaml", APPLICATION.replace("Application", "Rollout")),
        ("argo-workflows", "w.yaml", APPLICATION.replace("Application", "CronWorkflow")),
        ("flux", "f.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n"),
        ("flux", "prod-values.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\n"),
        ("prometheus-operator", "m.yaml", "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata:\n  name: web\n"),
        ("tekton", "t.yaml", "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata:\n  name: build\n"),
        ("kubeconfig", "kube.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n"),
        ("backstage", "catalog-info.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\n"),
        ("kustomization", "component.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"),
        ("compose", "docker/prod.yml", "services:\n  web:\n    image: nginx:1.29\n  db:\n    build: db\n"),
        ("compose", "contrib/traefik.yml", 'version: "3"\nservices:\n  web:\n    image: traefik:3\n'),
        ("github-action", "tools/setup/action.yml", "name: Setup\nruns:\n  using: composite\n  steps: []\n"),
        ("azure-pipelines", "build/ci.yml", "trigger: [main]\npool:\n  vmImage: ubuntu-24.04\nsteps:\n  - script: make\n"),
        ("azure-pipelines", "templates/jobs.yml", "parameters: []\njobs:\n  - job: Build\n    steps:\n      - task: Npm@1\n"),
        ("azure-pipelines", "azure-pipelines/steps.yml", "steps:\n  - template: other.yml\n"),
        ("azure-pipelines", "ci.yml", "trigger: none\nextends:\n  template: a.yml@b\n"),
        ("prometheus", "monitoring/prometheus.yml", "scrape_configs:\n  - job_name: web\n    static_configs: []\n"),
        ("prometheus", "p.yml", "global:\n  scrape_interval: 15s\nrule_files: [rules.yml]\n"),
        ("prometheus-rules", "rules/web.yml", "groups:\n  - name: web\n    rules:\n      - alert: Down\n        expr: up == 0\n"),
        ("loki-rules", "loki/rules.yml", 'groups:\n  - name: web\n    rules:\n      - alert: Errors\n        expr: rate({a="b"}[5m]) > 1\n'),
        ("prometheus-tests", "rules/web_test.yml", "rule_files: [web.yml]\ntests:\n  - interval: 1m\n"),
        ("alertmanager", "alertmanager.yml", "route:\n  receiver: team\nreceivers:\n  - name: team\n"),
        ("otel-collector", "otel.yaml", "receivers:\n  otlp:\nexporters:\n  debug:\nservice:\n  pipelines:\n    traces:\n      receivers: [otlp]\n"),
        ("loki", "loki/config.yaml", "auth_enabled: false\nschema_config:\n  configs:\n    - from: 2024-01-01\n"),
        ("promtail", "promtail.yaml", "clients:\n  - url: http://loki:3100/loki/api/v1/push\nscrape_configs:\n  - job_name: system\n"),
        ("tempo", "tempo.yaml", "server:\n  http_listen_port: 3200\nstorage:\n  trace:\n    backend: local\n"),
        ("fluent-bit", "logs.yaml", "service:\n  flush: 1\npipeline:\n  inputs:\n    - name: tail\n  outputs:\n    - name: stdout\n"),
        ("filebeat", "beats.yml", "filebeat.inputs:\n  - type: filestream\noutput.console:\n  pretty: true\n"),
        ("vector", "vector.yaml", "sources:\n  in:\n    type: file\nsinks:\n  out:\n    type: console\n"),
        ("vector", "vector/vector.toml", '[sources.in]\ntype = "file"\n[sinks.out]\ntype = "console"\n'),
        ("grafana-provisioning", "grafana/datasources/all.yml", "apiVersion: 1\ndatasources:\n  - name: Prometheus\n    type: prometheus\n"),
        ("grafana-dashboard", "boards/web.json", json.dumps({"annotations": {}, "panels": [], "schemaVersion": 39, "title": "Web"})),
        ("ansible", "site.yml", "- name: Web servers\n  hosts: web\n  roles: [nginx]\n"),
        ("ansible", "roles/web/tasks/main.yml", "---\n- name: Install\n  apt:\n    name: nginx\n"),
        ("cloudformation", "stack.yaml", "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Ref Name\n"),
        ("serverless", "serverless.yml", "service: web\nprovider:\n  name: aws\n"),
        ("traefik", "traefik/traefik.yml", 'entryPoints:\n  web:\n    address: ":80"\n'),
        ("cloud-init", "user-data.yaml", "#cloud-config\npackages: [nginx]\n"),
        ("dockerfile", "docker/Dockerfile.py", "# syntax=docker/dockerfile:1\nARG VERSION=3.13\nFROM python:$VERSION\n"),
        ("helm-values", "envs/prod/values.yaml", "replicas: 3\n"),
        ("helm-values", "envs/values-prod.yaml", "replicas: 3\n"),
        ("helm-template", "deploy/templates/web.yaml", "kind: {{ .Values.kind }}\n"),
    ],
)  # fmt: skip
def test_the_content_tells(kind: str, path: str, text: str) -> None:
    assert found({path: text}) == {path: kind}
    assert kinds.of(path, text) == kind


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("api/openapi.yaml", "openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n    A:\n      properties:\n        kind: {type: string}\n        apiVersion: {type: string}\n"),
        ("docs/crd-schema.yaml", "type: object\nproperties:\n  apiVersion:\n    type: string\n  kind:\n    type: string\n"),
        ("schema.yaml", "kind:\n  type: string\napiVersion:\n  type: string\n"),
        ("schema.json", json.dumps({"properties": {"apiVersion": {}, "kind": {}}, "kind": 1, "apiVersion": "v1"})),
        ("src/main/resources/application.yml", "spring:\n  application:\n    name: shop\nserver:\n  port: 8081\nservices:\n  image: a\n"),
        ("src/main/resources/extensions/role.yaml", "apiVersion: theme.example.org/v1\nkind: Theme\nmetadata:\n  name: a\n"),
        ("plugin.yaml", "apiVersion: v1\nkind: Plugin\n"),
        ("role.yaml", "apiVersion: v1alpha1\nkind: Role\n"),
        ("config/services.yaml", "services:\n  _defaults:\n    autowire: true\n  App\\Mailer:\n    arguments: ['%a%']\n"),
        ("config/locales/fr.yml", "fr:\n  kind: genre\n  services:\n    web: Toile\n"),
        ("locales/en.yaml", "kind: Kind\napiVersion: Version of the API\nservices:\n  web:\n    image: Picture\n"),
        ("mkdocs.yml", "site_name: Docs\nnav:\n  - index.md\n"),
        (".github/ISSUE_TEMPLATE/bug.yml", "name: Bug\ndescription: A bug\nbody:\n  - type: markdown\n"),
        (".github/labeler.yml", "docker:\n  - changed-files:\n      - any-glob-to-any-file: Dockerfile\n"),
        ("features/groups.yml", "groups:\n  - name: Admins\n    rules: [read]\n"),
        ("story.yml", "route:\n  path: /a\nreceivers: all\n"),
        ("data.yml", "- name: a\n  hosts: 3\n"),
        ("quiz.yml", "steps:\n  - script: Say hello\n"),
        ("product.yml", "kind: shirt\napiVersion: summer\n"),
        ("a.yaml", ""),
        ("a.yaml", "just a text"),
        ("a.json", "[1, 2]"),
        ("a.json", '{"apiVersion": "v1", "kind": "Service", '),
        ("board.json", json.dumps({"panels": "left", "schemaVersion": 1})),
        ("src/Dockerfile.py", "from dockerfile import parse\n"),
        ("vector.toml", '[package]\nname = "vector"\n'),
    ],
)  # fmt: skip
def test_other_files_are_none(path: str, text: str) -> None:
    assert found({path: text}) == {}
    assert kinds.of(path, text) is None or "locale" in path


def test_a_chart() -> None:
    chart = {
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": "replicas: 1\n",
        "charts/web/ci/small-values.yaml": "replicas: 1\n",
        "charts/web/templates/deployment.yaml": "kind: Deployment\n",
        "charts/web/templates/_helpers.tpl": '{{- define "name" -}}\n',
        "charts/web/templates/NOTES.txt": "Thank you.\n",
        "charts/web/crds/shop.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
    }
    assert found(chart) == {
        "charts/web/Chart.yaml": "helm-chart", "charts/web/values.yaml": "helm-values",
        "charts/web/ci/small-values.yaml": "helm-values", "charts/web/templates/deployment.yaml": "helm-template",
        "charts/web/templates/_helpers.tpl": "helm-template", "charts/web/templates/NOTES.txt": "helm-template",
        "charts/web/crds/shop.yaml": "kubernetes",
    }  # fmt: skip


def test_what_a_gitlab_pipeline_includes_is_one() -> None:
    files = {
        ".gitlab-ci.yml": "include:\n  - local: /ci/build.yml\n  - local: 'ci/stages/*.yml'\n  - template: Auto.yml\n",
        "ci/build.yml": "include: ci/deep.yml\nbuild:\n  script: [make]\n",
        "ci/deep.yml": "include:\n  local: .gitlab-ci.yml\ndeep:\n  script: [make deep]\n",
        "ci/stages/test.yml": "test:\n  script: [make test]\n",
        "ci/other.yml": "other:\n  script: [make other]\n",
    }
    assert found(files) == {
        ".gitlab-ci.yml": "gitlab-ci", "ci/build.yml": "gitlab-ci", "ci/deep.yml": "gitlab-ci",
        "ci/stages/test.yml": "gitlab-ci",
    }  # fmt: skip


def test_a_large_manifest_is_told_by_its_lines() -> None:
    text = SERVICE + "---\n" + DEPLOYMENT + "# much more\n" * 20_000
    file = read(Repository.of({"all.yaml": text})).devops_files[0]
    assert (file.kind, file.detail) == ("kubernetes", ("Service", "Deployment"))


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("Dockerfile", "FROM node:22 AS build\nRUN make\nFROM build AS test\nFROM nginx\n", ("build", "test")),
        ("compose.yaml", "services:\n  web:\n    build: .\n  db:\n    image: postgres:18\n", ("web", "db")),
        ("k8s/web.yaml", f"{DEPLOYMENT}---\n{SERVICE}---\n{SERVICE}", ("Deployment", "Service")),
        ("apps/shop.yaml", APPLICATION, ("Application",)),
        ("main.tf", 'module "db" {\n  source = "./db"\n}\nresource "a" "b" {}\nmodule "web" {}\n', ("module.db", "module.web")),
        ("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n", ("shop",)),
        (".github/workflows/ci.yml", "on: push\njobs:\n  test:\n    steps: []\n  build:\n    steps: []\n", ("test", "build")),
        (".gitlab-ci.yml", "stages: [a]\nvariables:\n  A: b\n.base:\n  script: [a]\ntest:\n  script: [a]\n", ("test",)),
        ("Procfile", "web: gunicorn app\nworker: celery\n", ("web", "worker")),
        ("docker-bake.hcl", 'target "web" {\n  context = "."\n}\ngroup "default" {\n  targets = ["web"]\n}\n', ("web", "default")),
        ("k8s/kustomization.yaml", "resources: [web.yaml, ../base]\n", ("web.yaml", "../base")),
        ("board.json", json.dumps({"panels": [], "schemaVersion": 39, "title": "Web"}), ("Web",)),
        ("site.yml", "- name: Web servers\n  hosts: web\n  roles: [nginx]\n", ("Web servers",)),
        (".github/dependabot.yml", "updates:\n  - package-ecosystem: npm\n  - package-ecosystem: docker\n", ("npm", "docker")),
    ],
)  # fmt: skip
def test_what_is_in_a_file(path: str, text: str, names: tuple[str, ...]) -> None:
    assert detail(path, text) == names


def test_detail_in_json_and_text() -> None:
    from devops_orchestrator.interfaces.inspection import as_text

    project = read(Repository.of({"compose.yaml": "services:\n  web:\n    image: nginx:1.29\n"}))
    assert to_json(project)["devops_files"] == [{"path": "compose.yaml", "kind": "compose", "detail": ["web"]}]
    assert "compose.yaml  compose  web" in click.unstyle(as_text(project, "en"))


def test_a_finer_kind_is_still_its_family() -> None:
    project = read(Repository.of({"a.yaml": APPLICATION, "b.yaml": SERVICE}))
    assert project.of_kind("kubernetes") == ["a.yaml", "b.yaml"]
    assert project.of_kind("argo-cd") == ["a.yaml"]
    assert DevopsFile("a.yaml", "argo-cd").family == "kubernetes"
    assert Source("a.yaml", APPLICATION, "argo-cd").kind == "kubernetes"
    assert set(kinds.FAMILY.values()) == {"kubernetes"}


def test_rules_read_the_finer_kinds() -> None:
    from devops_orchestrator import catalog
    from devops_orchestrator.actions.review import review

    rollout = DEPLOYMENT.replace("apps/v1", "argoproj.io/v1alpha1").replace("Deployment", "Rollout")
    project = read(Repository.of({"rollout.yaml": rollout.replace("web:1.4.2", "web:latest")}))
    assert [file.kind for file in project.devops_files] == ["argo-rollouts"]
    told = review([catalog.specialist("kubernetes/deployments")], project, linters=False)
    assert "deployments/floating-image" in {finding.rule for finding in told}


def test_a_template_of_a_generator_is_no_broken_file() -> None:
    text = "services:\n{% if cookiecutter.database %}\n  db:\n    image: postgres\n{% endif %}\n"
    project = read(Repository.of({"docker-compose.yml": text}))
    assert (project.problems, project.devops_files[0].detail) == ((), ())


def test_details_of_many_large_files_are_bounded() -> None:
    one = 'module "a" {\n  source = "./a"\n}\n' + "# a comment that goes on and on\n" * 4_000
    files = {f"m{number:02}/main.tf": one for number in range(20)}
    details = [file.detail for file in read(Repository.of(files)).devops_files]
    assert details[0] == ("module.a",)
    assert details[-1] == ()
    assert len(details) == 20
