"""A small application with a Deployment, as a repository."""

from collections import defaultdict

from devops_orchestrator.core import kinds
from devops_orchestrator.core.change import Creation, apply_edits
from devops_orchestrator.core.project import Component, DevopsFile, Project, Vcs
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Source
from devops_orchestrator.domains.deployment.strategies import SPECIALIST

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    app.kubernetes.io/name: shop
spec:
  replicas: 2 # of the base
  selector:
    matchLabels:
      app.kubernetes.io/name: shop
  template:
    metadata:
      labels:
        app.kubernetes.io/name: shop
    spec:
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.0.0
          ports:
            - name: http
              containerPort: 8000
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app.kubernetes.io/name: shop
  ports:
    - name: http
      port: 80
      targetPort: http
"""
BASE = """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - service.yaml
"""
OVERLAY = """apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop-production
resources:
  - ../../base
replicas:
  - name: shop
    count: 4
images:
  - name: ghcr.io/acme/shop # the release changes it
    newTag: 1.0.0
"""
FILES = {
    "k8s/base/deployment.yaml": DEPLOYMENT,
    "k8s/base/service.yaml": SERVICE,
    "k8s/base/kustomization.yaml": BASE,
    "k8s/overlays/production/kustomization.yaml": OVERLAY,
    "k8s/overlays/staging/kustomization.yaml": OVERLAY.replace("production", "staging").replace("count: 4", "count: 1"),
}
HPA = """apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: shop
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: shop
  minReplicas: 2
  maxReplicas: 10
"""
ROUTE = """apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
spec:
  parentRefs:
    - name: public
      namespace: gateways
  rules:
    - backendRefs:
        - name: shop
          port: 80
"""
INGRESS = """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: shop
                port:
                  name: http
"""
VIRTUAL_SERVICE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
spec:
  hosts:
    - shop
  http:
    - route:
        - destination:
            host: shop
"""
FASTAPI = "prometheus_fastapi_instrumentator"


def with_file(name: str, text: str) -> dict[str, str]:
    """The application with one more manifest in its base."""
    return FILES | {f"k8s/base/{name}": text, "k8s/base/kustomization.yaml": BASE + f"  - {name}\n"}


def project(files: dict[str, str], vcs: Vcs | None = None, **facts: object) -> Project:
    repository = Repository.of(files, "shop")
    found = tuple(DevopsFile(p, kind) for p in repository.files if (kind := kinds.of(p, repository.read(p))))
    component = Component(name="shop", language="python", **facts)  # type: ignore[arg-type]
    return Project(repository, "shop", vcs or Vcs("github", "acme/shop", "main"), (component,), found)


def create(of: Project, **params: object) -> Creation:
    assert SPECIALIST.create
    return SPECIALIST.create(SPECIALIST.params(**params), of)


def written(creation: Creation, files: dict[str, str]) -> dict[str, str]:
    """The files as they are once a creation is applied."""
    edits = defaultdict(list)
    for edit in creation.edits:
        edits[edit.file].append(edit)
    edited = {path: apply_edits(files[path], its) for path, its in edits.items()}
    return files | edited | {file.path: file.content for file in creation.files}


def findings(of: Project, rule: str | None = None) -> list[Finding]:
    sources = [Source(path, of.repository.read(path) or "", "kubernetes") for path in of.of_kind("kubernetes")]
    found = [f for source in sources for r in SPECIALIST.rules for f in r.findings(source, of)]
    return [f for f in found if rule is None or f.rule == rule]
