"""Rules: what they find, what they leave alone, and that a fix removes its finding and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from devops_orchestrator.core import kinds
from devops_orchestrator.core.change import apply_edits
from devops_orchestrator.core.project import Component, DevopsFile, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Source
from devops_orchestrator.domains.kubernetes.deployments import SPECIALIST
from devops_orchestrator.formats import yaml

SHOP = Component(name="shop", language="python", framework="fastapi", port=8000, health="/healthz", files=("main.py",))
MANIFEST = """\
# The shop. ✓
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        # The only one.
        - name: shop
          image: ghcr.io/acme/shop:1.4.0  # CI sets it
%s
"""


def built(files: dict[str, str], *components: Component) -> Project:
    found = [DevopsFile(path, kind) for path, text in files.items() if (kind := kinds.of(path, text))]
    return Project(Repository.of(files, "shop"), "shop", components=components, devops_files=tuple(found))


def findings(project: Project, path: str = "shop.yaml") -> list[Finding]:
    text = project.repository.read(path) or ""
    source = Source(path, text, kinds.of(path, text) or "")
    return [finding for rule in SPECIALIST.rules for finding in rule.findings(source, project)]


def ids(project: Project, path: str = "shop.yaml") -> set[str]:
    return {finding.rule.split("/")[1] for finding in findings(project, path)}


def indented(lines: str) -> str:
    return MANIFEST % "\n".join(" " * 10 + line for line in lines.split("\n"))


def test_every_rule_is_of_this_room_and_once() -> None:
    names = [rule.id for rule in SPECIALIST.rules]
    assert len(names) == len(set(names)) and all(name.startswith("deployments/") for name in names)


@pytest.mark.parametrize("crlf", [False, True], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    "lines",
    [
        "ports:\n  - containerPort: 8000",
        "resources: {}\nsecurityContext:\n  privileged: true",
        "resources:\n  requests:\n    memory: 1Gi # measured\nenv:\n  - name: A\n    value: a # first\n  - name: A\n    value: b",
        "env:\n  - name: API_TOKEN\n    value: abcdefgh12345678 # oh",
    ],
)  # fmt: skip
def test_each_fix_removes_its_finding_and_no_comment(lines: str, crlf: bool) -> None:
    text = indented(lines)
    text = text.replace("\n", "\r\n") if crlf else text
    project = built({"shop.yaml": text, "main.py": ""}, SHOP)
    fixed = 0
    for finding in findings(project):
        if finding.fix is None:
            continue
        after = apply_edits(text, finding.fix.edits)
        yaml.parse(after)
        same = [one for one in findings(built({"shop.yaml": after, "main.py": ""}, SHOP)) if one.rule == finding.rule]
        before = [one for one in findings(project) if one.rule == finding.rule]
        assert len(same) == len(before) - 1, finding.rule
        assert "\r\n" not in after.replace("\r\n", "") and ("\n" in after.replace("\r\n", "")) is not crlf
        lost = [line for line in text.splitlines() if "#" in line and line.partition("#")[2] not in after]
        assert not lost or finding.rule == "deployments/duplicate-variable"
        fixed += 1
    assert fixed >= 5


def test_safe_fix_derives_the_selector() -> None:
    old = (
        indented("ports: []")
        .replace("apps/v1", "extensions/v1beta1")
        .replace("  selector: {matchLabels: {app: shop}}\n", "  replicas: 1\n")
    )
    (finding,) = [one for one in findings(built({"shop.yaml": old})) if one.rule == "deployments/removed-api"]
    assert finding.fix is not None and finding.fix.safe
    after = apply_edits(old, finding.fix.edits)
    assert (
        "apiVersion: apps/v1\n" in after and "  replicas: 1\n  selector:\n    matchLabels:\n      app: shop\n" in after
    )


def test_secret_values_are_never_shown() -> None:
    secret = "hunter2-hunter2"
    text = indented(
        f"env:\n  - name: DB_PASSWORD\n    value: {secret}\n  - name: URL\n    value: postgres://u:{secret}@db/x"
    )
    found = [one for one in findings(built({"shop.yaml": text})) if one.rule == "deployments/plain-secret"]
    assert len(found) == 2
    for finding in found:
        said = (
            [*finding.message, *(edit.text for edit in finding.fix.edits if finding.fix)]
            if finding.fix
            else [*finding.message]
        )
        assert all(secret not in part for part in said)


@pytest.mark.parametrize(
    ("name", "value"),
    [("TOKEN_TTL", "3600"), ("PASSWORD_FILE", "/run/secrets/x"), ("API_KEY", "$(OTHER)"), ("API_KEY", "<API_KEY>"), ("SECRET_NAME", "shop"), ("API_KEY", "API_KEY_VAL")],
)  # fmt: skip
def test_what_speaks_of_a_secret_is_none(name: str, value: str) -> None:
    assert "plain-secret" not in ids(built({"shop.yaml": indented(f'env:\n  - name: {name}\n    value: "{value}"')}))


def test_probe_route_against_the_code() -> None:
    probe = "ports:\n  - containerPort: 8000\nreadinessProbe:\n  httpGet: {path: /health, port: 8000}"
    assert "unknown-probe-route" in ids(built({"shop.yaml": indented(probe), "main.py": "@app.get('/healthz')"}, SHOP))
    assert "unknown-probe-route" not in ids(
        built({"shop.yaml": indented(probe), "main.py": "@app.get('/health')"}, SHOP)
    )
    assert "unknown-probe-route" not in ids(built({"shop.yaml": indented(probe), "main.py": ""}))


def test_ports_agree() -> None:
    dockerfile = "FROM scratch\nEXPOSE 8000\n"
    wrong = built(
        {"shop.yaml": indented("ports:\n  - containerPort: 8080"), "Dockerfile": dockerfile, "main.py": ""}, SHOP
    )
    assert "container-port" in ids(wrong)
    told = indented("ports:\n  - containerPort: 8080\nenv:\n  - name: PORT\n    value: '8080'")
    assert "container-port" not in ids(
        built({"shop.yaml": told, "Dockerfile": dockerfile}, replace(SHOP, environment=("PORT",)))
    )
    service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {selector: {app: shop}, ports: [{port: 80, targetPort: web}]}\n"
    named = indented("ports:\n  - {name: http, containerPort: 8000}") + service
    assert "service-target-port" in ids(built({"shop.yaml": named}))


def test_a_service_in_another_namespace_finds_nothing() -> None:
    service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: b}\nspec: {selector: {app: shop}, ports: [{port: 80}]}\n"
    text = MANIFEST.replace("  name: shop\nspec", "  name: shop\n  namespace: a\nspec") % "" + service
    (finding,) = [one for one in findings(built({"shop.yaml": text})) if one.rule == "deployments/orphan-service"]
    assert "namespace b" in finding.message.en


def test_kustomize_counts() -> None:
    files = {
        "shop.yaml": (MANIFEST % "").replace(":1.4.0", ""),
        "kustomization.yaml": "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [shop.yaml]\nimages:\n  - {name: ghcr.io/acme/shop, newTag: '1'}\n",
    }
    assert "floating-image" not in ids(built(files))
    assert "floating-image" in ids(built({"shop.yaml": files["shop.yaml"]}))
    patch = files | {"kustomization.yaml": "kind: Kustomization\napiVersion: a/b\npatches:\n  - path: shop.yaml\n"}
    assert not ids(built(patch))


def test_a_budget_that_blocks_in_an_overlay() -> None:
    budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: shop}\nspec: {minAvailable: 1, selector: {matchLabels: {app: shop}}}\n"
    shop = MANIFEST.replace("spec:\n  selector", "spec:\n  replicas: 2\n  selector") % ""
    overlay = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [shop.yaml]\nreplicas:\n  - {name: shop, count: 1}\n"
    assert "blocking-budget" not in ids(built({"shop.yaml": shop, "pdb.yaml": budget}), "pdb.yaml")
    project = built({"shop.yaml": shop, "pdb.yaml": budget, "kustomization.yaml": overlay})
    (finding,) = [one for one in findings(project, "pdb.yaml") if one.rule == "deployments/blocking-budget"]
    assert finding.related[0].file == "kustomization.yaml"


def test_unverifiable_user_is_fixed_with_the_images_own_number() -> None:
    files = {
        "shop.yaml": indented("securityContext:\n  runAsNonRoot: true"),
        "Dockerfile": "FROM node:24\nUSER node\n",
        "main.py": "",
    }
    (finding,) = [one for one in findings(built(files, SHOP)) if one.rule == "deployments/unverifiable-user"]
    assert finding.fix is not None and finding.fix.safe
    assert "runAsNonRoot: true\n            runAsUser: 1000" in apply_edits(files["shop.yaml"], finding.fix.edits)


@pytest.mark.parametrize("text", ["", "apiVersion: v1\nkind: Pod\nspec: 3\n", "apiVersion: v1\nkind: Service\nspec: {selector: [a], ports: 4}\n", "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [3, {image: 5}, {name: a, image: b, resources: 4, env: {}, securityContext: []}]}}}\n"])  # fmt: skip
def test_nonsense_does_no_harm(text: str) -> None:
    for finding in findings(built({"shop.yaml": text}, SHOP)):
        if finding.fix:
            yaml.parse(apply_edits(text, finding.fix.edits))
