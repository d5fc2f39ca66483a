"""Where a linter names a file or an object, the finding stands at the node."""

import pytest

from devops_orchestrator.core.change import Change
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.text import Text
from devops_orchestrator.validation import VALIDATORS, Problem
from devops_orchestrator.validation.judge import check, outcomes

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: "2"
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: proxy
          image: proxy:1
        - name: shop
          image: shop:latest
          imagePullPolcy: Always
"""


def told(id: str, files: dict[str, str]) -> list[Problem]:
    one = next(one for one in VALIDATORS if one.id == id)
    if one.found is None:
        pytest.skip(f"{one.program} is absent")
    ((_, _, said),) = outcomes(files, Repository.of(files), [one])
    assert not isinstance(said, Text), said.en
    return said


def at(text: str, problem: Problem) -> str:
    return text.split("\n")[problem.line - 1][problem.column - 1 :]


@pytest.mark.parametrize("id", ["kubernetes-schema", "kubeconform"])
def test_schemas_of_kubernetes(id: str) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n" + DEPLOYMENT
    places = {at(text, problem) for problem in told(id, {"a.yaml": text})}
    assert places == {'"2"', "imagePullPolcy: Always"}


def test_kube_linter_names_the_container() -> None:
    text = DEPLOYMENT.replace('"2"', "2").replace("PullPolcy", "PullPolicy")
    (one,) = [p for p in told("kube-linter", {"a.yaml": text}) if p.rule == "latest-tag"]
    assert at(text, one) == "shop"
    assert (one.line, one.end_line) == (13, 15)


def test_promtool_at_the_expression() -> None:
    text = "groups:\n  - name: a\n    rules:\n      - {record: 'a:b', expr: up}\n      - record: c:d\n        expr: sum(up\n"
    (one,) = told("promtool-rules", {"rules.yml": text, "sound.yml": text.replace("sum(up", "sum(up)")})
    assert (one.file, one.line) == ("rules.yml", 6)
    assert one.column > 8


def test_amtool_at_the_name() -> None:
    text = "route:\n  receiver: lost\nreceivers:\n  - name: a\n"
    (one,) = told("amtool", {"alertmanager.yml": text})
    assert at(text, one) == "lost"


def test_helm_in_the_template() -> None:
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: one\n",
        "chart/templates/a.yaml": 'a: b\nc: {{ fail "no" }}\n',
    }
    found = told("helm-lint", files)
    assert {(problem.file, problem.line) for problem in found} & {
        ("chart/Chart.yaml", 3),
        ("chart/templates/a.yaml", 2),
    }


def test_helm_without_its_dependencies_is_not_judged() -> None:
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\ndependencies: [{name: a, version: 1.0.0, repository: 'https://a.example'}]\n"
    }
    one = next(one for one in VALIDATORS if one.id == "helm-lint")
    if one.found is None:
        pytest.skip("helm is absent")
    ((_, batch, said),) = outcomes(files, Repository.of(files), [one])
    assert said == []
    assert set(batch.unjudged) == set(files)


def test_kustomize_at_the_entry() -> None:
    text = "namePrefix: a-\nresources:\n  - lost.yaml\n"
    (one,) = told("kustomize", {"k/kustomization.yaml": text})
    assert at(text, one) == "lost.yaml"
    assert "run.go" not in one.message


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        (".github/workflows/a.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n", "stepz: []"),
        ("tools/action.yml", "name: a\ndescription: b\nruns:\n  using: composite\n  stepz: []\n", "stepz: []"),
        (".gitlab-ci.yml", "a:\n  script: [a]\n  stagee: b\n", "stagee: b"),
        ("compose.yaml", "services:\n  a:\n    image: b\n    portz: [1]\n", "portz: [1]"),
        (".github/dependabot.yml", "version: 2\nupdates:\n  - package-ecosystem: pipp\n    directory: /\n    schedule: {interval: daily}\n", "pipp"),
        (".github/renovate.json", '{\n\t"extends": 3\n}\n', "3"),
        (".circleci/config.yml", "version: 2.1\njobs:\n  a:\n    docker: [{image: a}]\n    steps: 3\n", "3"),
        ("azure-pipelines.yml", "trigger: [main]\npool: {vmImage: ubuntu-latest}\nsteps:\n  - script: a\n    displayNam: b\n", "displayNam: b"),
        ("bitbucket-pipelines.yml", "pipelines:\n  default:\n    - step:\n        script: [a]\n        size: 3y\n", "3y"),
        (".travis.yml", "language: python\nos: beos\n", "beos"),
        (".buildkite/pipeline.yml", "steps:\n  - command: a\n    retryy: b\n", "retryy: b"),
    ],
)  # fmt: skip
def test_every_ci_file_is_judged_by_its_schema(path: str, text: str, place: str) -> None:
    places = [at(text.replace("\t", " "), problem) for problem in told("schema", {path: text})]
    assert any(found.strip().startswith(place) for found in places) or any(place in found for found in places), places


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/a.yml", "on: {push: {branches: main}}\njobs:\n  a:\n    runs-on: x\n    strategy: {fail-fast: false}\n    steps: [{run: a}]\n"),
        (".circleci/config.yml", "version: 2\njobs:\n  a:\n    docker: [{image: a}]\n    steps: [checkout]\n"),
        (".travis.yml", "language: go\ngo: [1.7]\n"),
        ("codecov.yml", "coverage: {status: {changes: false}}\n"),
        (".gitlab-ci.yml", "a:\n  script:\n    - !reference [.b, script]\n"),
        ("azure-pipelines.yml", "jobs:\n  - ${{ each v in parameters.vs }}:\n    - job: a\n      steps: [{bash: a}]\n"),
        ("renovate.json", '{\n\t"extends": ["config:recommended"]\n}\n'),
        ("action.yml", "name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - {run: a, shell: bash}\n"),
    ],
)  # fmt: skip
def test_what_the_programs_take_is_not_refused(path: str, text: str) -> None:
    assert told("schema", {path: text}) == []


RESOURCES = [
    ("argoproj.io/v1alpha1", "Application"), ("argoproj.io/v1alpha1", "Rollout"), ("argoproj.io/v1alpha1", "AnalysisTemplate"),
    ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"), ("helm.toolkit.fluxcd.io/v2", "HelmRelease"),
    ("source.toolkit.fluxcd.io/v1", "GitRepository"), ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ("monitoring.coreos.com/v1", "PrometheusRule"), ("cert-manager.io/v1", "Certificate"), ("cert-manager.io/v1", "Issuer"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"), ("gateway.networking.k8s.io/v1", "Gateway"),
    ("keda.sh/v1alpha1", "ScaledObject"), ("external-secrets.io/v1", "ExternalSecret"),
]  # fmt: skip


@pytest.mark.parametrize(("api", "kind"), RESOURCES)
def test_custom_resources_are_really_judged(api: str, kind: str) -> None:
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\nspec:\n  noSuchField: 1\n"
    assert any("noSuchField" in problem.message for problem in told("kubernetes-schema", {"a.yaml": text}))


def test_an_unknown_resource_is_told_as_not_judged() -> None:
    text = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    (verdict,) = [
        c for c in check([Change("a.yaml", None, text)], Repository.of({})) if c.validator == "kubernetes-schema"
    ]
    assert verdict.status == "absent"
    assert verdict.message == Text(
        "no schema here for Thing (example.com/v1)", "pas de schéma ici pour Thing (example.com/v1)"
    )


def test_parts_that_a_kustomization_lays_over_are_no_objects() -> None:
    part = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: 3}\n"
    files = {"k/part.yaml": part, "k/kustomization.yaml": "resources: [../base]\npatches: [{path: part.yaml}]\n"}
    assert told("kubernetes-schema", files) == []
