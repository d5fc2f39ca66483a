"""Manifests as typed views with positions."""

from __future__ import annotations

import pytest

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes
from devops_orchestrator.formats.lines import Lines

SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: web
  labels: {app: shop}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      initContainers:
        - name: proxy
          image: envoy:1
          restartPolicy: Always
      containers:
        - name: shop
          image: ghcr.io/acme/shop:1.4.0
          ports:
            - name: http
              containerPort: 8000
          env:
            - name: LEVEL
              value: info
            - name: URL
              valueFrom: {secretKeyRef: {name: shop-env, key: URL}}
          envFrom:
            - configMapRef: {name: shop, optional: true}
          readinessProbe:
            httpGet: {path: /healthz, port: http}
          securityContext:
            runAsNonRoot: true
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
      volumes:
        - name: tmp
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec:
  selector: {app: shop}
  ports:
    - port: 80
      targetPort: http
"""


def test_a_workload_and_its_service() -> None:
    shop, service = kubernetes.objects(SHOP)
    assert (shop.kind, shop.name, shop.namespace, shop.group, shop.replicas) == ("Deployment", "shop", "web", "apps", 2)
    assert shop.labels == shop.selector == {"app": "shop"}
    assert service.selector == {"app": "shop"} and service.group == ""
    assert [(port.number, port.target) for port in service.ports] == [(80, "http")]
    assert shop.pod is not None and kubernetes.selects(service.selector, shop.pod.labels)
    assert service.pod is None


def test_containers_probes_and_references() -> None:
    pod = kubernetes.objects(SHOP)[0].pod
    assert pod is not None
    assert [(c.name, c.role, c.sidecar) for c in pod.all_containers] == [
        ("proxy", "initContainers", True), ("shop", "containers", False),
    ]  # fmt: skip
    shop = pod.containers[0]
    assert shop.image == "ghcr.io/acme/shop:1.4.0" and shop.ports[0].number == 8000
    probe = shop.probe("readinessProbe")
    assert probe is not None and (probe.handler, probe.path, probe.port) == ("httpGet", "/healthz", "http")
    assert [(v.name, v.value) for v in shop.env] == [("LEVEL", "info"), ("URL", None)]
    assert [(r.kind, r.name, r.key, r.optional) for r in pod.references()] == [
        ("ConfigMap", "shop", None, True), ("Secret", "shop-env", "URL", False),
    ]  # fmt: skip
    assert shop.security("runAsNonRoot") is True and list(shop.mounts) == ["/tmp"] and list(pod.volumes) == ["tmp"]


def test_positions_are_those_of_the_file() -> None:
    service = kubernetes.objects(SHOP)[1]
    node = service.get("spec", "ports", 0, "targetPort")
    assert node is not None and SHOP[node.start : node.end] == "http"
    assert Lines(SHOP).place(service.start)[0] == SHOP[: SHOP.index("---\n")].count("\n") + 2


def test_lists_cronjobs_and_other_documents() -> None:
    text = """\
kind: List
apiVersion: v1
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {K: v}}
  - apiVersion: batch/v1
    kind: CronJob
    metadata: {name: b}
    spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: c, image: d}]}}}}}
---
just: data
---
"""
    found = kubernetes.objects(text)
    assert [(one.kind, one.name) for one in found] == [("ConfigMap", "a"), ("CronJob", "b")]
    assert found[0].keys == {"K"} and found[1].keys is None
    assert found[1].pod is not None and found[1].pod.containers[0].image == "d"


@pytest.mark.parametrize(
    "spec", ["", "5", "[]", "{template: 1}", "{template: {spec: {containers: 3}}}", "{replicas: many}"]
)
def test_fields_of_a_wrong_type_are_left_out(spec: str) -> None:
    (one,) = kubernetes.objects(f"apiVersion: apps/v1\nkind: Deployment\nmetadata: wrong\nspec: {spec}\n")
    assert one.name == "" and one.replicas is None and one.selector == {}
    assert one.pod is None or one.pod.containers == ()


def test_bad_yaml_has_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        kubernetes.objects("kind: a\n  b: [\n")
    assert caught.value.line == 2
