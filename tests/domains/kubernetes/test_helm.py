"""Charts: values against templates, what the defaults are, what the chart renders to."""

import pytest
from tests.domains.kubernetes.rooms import CHART, findings, places

HELM = "kubernetes/helm"


def chart(files: dict[str, str], extra: str = "") -> dict[str, str]:
    return {"chart/Chart.yaml": CHART + extra} | {f"chart/{path}": text for path, text in files.items()}


def config(lines: str) -> str:
    return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop\ndata:\n" + lines


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          ports:
            - name: http
              containerPort: {{ .Values.port }}
          readinessProbe:
            httpGet: {path: /, port: http}
          resources: {{- toYaml .Values.resources | nindent 12 }}
          securityContext: {runAsNonRoot: true}
"""
VALUES = 'image:\n  repository: ghcr.io/acme/shop\n  tag: ""\nport: 8000\nresources:\n  requests: {cpu: 100m}\n'


def test_a_chart_in_order_has_no_finding() -> None:
    assert (
        findings(HELM, chart({"values.yaml": VALUES, "templates/deployment.yaml": DEPLOYMENT}, "appVersion: 1.0.0\n"))
        == []
    )


@pytest.mark.parametrize(
    "lines",
    [
        "{{- if .Values.log }}\n  LEVEL: {{ .Values.log.level }}\n{{- end }}\n",
        "{{- with .Values.log }}\n  LEVEL: {{ .level }}\n{{- end }}\n",
        "  LEVEL: {{ .Values.level | default \"info\" }}\n",
        "  LEVEL: {{ (.Values.log).level }}\n",
        "  A: {{ .Values.global.x }}\n",
        "  {{- /* .Values.none.at.all */}}\n  A: a # {{ .Values.known }}\n",
        "  A: {{ .Values.commented }}\n",
        "  A: {{ .Values.open.anything }}\n",
        "  A: {{ .Values.redis.auth.password }}\n",
    ],
)  # fmt: skip
def test_values_that_are_asked_for_first_need_no_default(lines: str) -> None:
    values = "known: 1\nopen: {}\n# commented: yes\n"
    extra = "dependencies:\n  - name: redis\n    version: 20.1.0\n    repository: oci://r.example.com\n"
    assert not findings(
        HELM, chart({"values.yaml": values, "templates/c.yaml": config(lines)}, extra), "helm/undefined-value"
    )


def test_a_missing_level_above_is_an_error_even_behind_a_default() -> None:
    files = chart(
        {"values.yaml": "a: 1\n", "templates/c.yaml": config('  L: {{ .Values.log.level | default "info" }}\n')}
    )
    (found,) = findings(HELM, files, "helm/undefined-value")
    assert (found.severity.value, found.line) == ("error", 6)
    assert "no log: Helm cannot look for level" in found.message.en


@pytest.mark.parametrize(
    ("values", "template", "unused"),
    [
        ("a:\n  b: 1\n  c: 2\n", "  A: {{ .Values.a.b }}\n", ["a.c"]),
        ("a:\n  b: 1\n", "  A: {{ toYaml .Values.a }}\n", []),
        ("a:\n  b: 1\n", "{{- range $k, $v := .Values.a }}\n  {{ $k }}: {{ $v }}\n{{- end }}\n", []),
        ("a: 1\n", "  A: {{ .Values | toJson }}\n", []),
        ("a-b: 1\nc: 2\n", '  A: {{ index .Values "a-b" }}\n', ["c"]),
        ("a: 1\nb: '{{ .Values.a }}'\n", "  A: {{ tpl .Values.b . }}\n", []),
        ("global:\n  x: 1\na: 1\n", "{{- $root := . }}\n  A: {{ $root.Values.a }}\n", []),
        ("a: 1\n", '  A: {{ include "common.thing" . }}\n  B: b\n', []),
    ],
)  # fmt: skip
def test_what_no_template_reads(values: str, template: str, unused: list[str]) -> None:
    extra = (
        "dependencies:\n  - name: common\n    version: 2.0.0\n    repository: oci://r.example.com\n"
        if "common" in template
        else ""
    )
    found = findings(
        HELM, chart({"values.yaml": values, "templates/c.yaml": config(template)}, extra), "helm/unused-value"
    )
    assert [one.message.en.rsplit(" ", 1)[-1].rstrip(".") for one in found] == unused


def test_an_override_of_nothing_names_what_is_meant() -> None:
    files = chart({
        "values.yaml": "replicaCount: 1\nannotations: {}\n", "templates/c.yaml": config("  A: {{ .Values.replicaCount }}{{ .Values.annotations }}\n"),
        "values-prod.yaml": "replicaCounts: 3\nannotations:\n  a: b\n", "values-dev.yaml": "replicaCount: 1\n",
    })  # fmt: skip
    (found,) = findings(HELM, files, "helm/unknown-override")
    assert (found.file, found.line) == ("chart/values-prod.yaml", 1)
    assert found.related[0].file == "chart/values.yaml"


def test_a_named_template_of_a_dependency_or_of_another_chart_is_not_missed() -> None:
    uses = config('  A: {{ include "common.name" . }}{{ include "lib.name" . }}\n')
    extra = "dependencies:\n  - name: common\n    version: 2.0.0\n    repository: oci://r.example.com\n"
    lib = {"lib/Chart.yaml": CHART.replace("shop", "lib"), "lib/templates/_h.tpl": '{{ define "lib.name" }}x{{ end }}'}
    assert not findings(
        HELM, chart({"values.yaml": "", "templates/c.yaml": uses}, extra) | lib, "helm/undefined-template"
    )
    own = config('  A: {{ include "shop.nam" . }}\n')
    assert findings(HELM, chart({"values.yaml": "", "templates/c.yaml": own}, extra), "helm/undefined-template")


@pytest.mark.parametrize(
    "body",
    [
        "{{- range .Values.l }}\n  {{ . }}: {{ $.Values.a }}\n{{- end }}\n",
        "{{- with . }}\n  A: {{ .Values.a }}\n{{- end }}\n",
        "{{- if .Values.l }}\n  A: {{ .Values.a }}\n{{- end }}\n",
        '{{- with (dict "Values" .Values) }}\n  A: {{ .Values.a }}\n{{- end }}\n',
        "{{- range .Values.l }}\n  A: {{ .name }}\n{{- end }}\n",
    ],
)
def test_a_dot_that_is_still_the_root_is_fine(body: str) -> None:
    assert not findings(
        HELM, chart({"values.yaml": "a: 1\nl: []\n", "templates/c.yaml": config(body)}), "helm/lost-root"
    )


@pytest.mark.parametrize(
    ("values", "rule", "lines"),
    [
        ("resources: {}\n", "helm/empty-resources", [1]),
        ("resources:\n  requests: {cpu: 1}\n", "helm/empty-resources", []),
        ("resources: {}\nsidecar:\n  resources: {}\n", "helm/empty-resources", [1, 3]),
        ("image:\n  repository: a/b\n  tag: latest\n", "helm/floating-tag", [3]),
        ("image:\n  repository: a/b\n  tag: ''\n", "helm/floating-tag", []),
        ("image:\n  repository: a/b\n  tag: latest\n  digest: sha256:0\n", "helm/floating-tag", []),
        ("db:\n  password: Vm3rq8xZ\n", "helm/default-password", [2]),
        ("db:\n  password: changeme\n  existingSecret: shop-db\n  secretKey: DB_PASSWORD\n  passwordKey: db-password\n", "helm/default-password", []),
        ("podSecurityContext: {}\nsecurityContext:\n  runAsNonRoot: true\n", "helm/empty-security-context", []),
    ],
)  # fmt: skip
def test_defaults(values: str, rule: str, lines: list[int]) -> None:
    found = findings(HELM, chart({"values.yaml": values}), rule)
    assert [one.line for one in found] == lines


def test_values_of_another_environment_fill_what_the_defaults_leave_empty() -> None:
    files = chart({"values.yaml": "resources: {}\n", "values-prod.yaml": "resources:\n  requests: {cpu: 1}\n"})
    assert not findings(HELM, files, "helm/empty-resources")


def test_a_lock_that_is_of_this_chart_is_fine() -> None:
    dependency = "dependencies:\n  - name: redis\n    version: {}\n    repository: oci://r.example.com\n"
    lock = "dependencies:\n- name: redis\n  version: 20.1.0\n"
    for version, stale in (("20.1.0", 0), ('"~20.1"', 0), ("20.2.0", 1)):
        files = chart({"Chart.lock": lock, "values.yaml": ""}, dependency.format(version))
        assert len(findings(HELM, files, "helm/stale-lock")) == stale, version


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("port: http}", "port: web}"), "helm/probe-port"),
        (("labels: {app: shop}", "labels: {app: shops}"), "helm/selector-mismatch"),
    ],
)
def test_rendered_objects_that_do_not_meet(change: tuple[str, str], rule: str) -> None:
    files = chart({"values.yaml": VALUES, "templates/deployment.yaml": DEPLOYMENT.replace(*change)})
    assert len(findings(HELM, files, rule)) == 1


def test_the_port_of_the_values_is_shown() -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  selector: {app: shop}\n  ports:\n    - port: 80\n      targetPort: 9000\n"
    files = chart({"values.yaml": VALUES, "templates/deployment.yaml": DEPLOYMENT, "templates/service.yaml": service})
    (found,) = findings(HELM, files, "helm/service-target-port")
    assert (found.line, found.severity.value) == (9, "warning")
    assert [(one.file, one.line) for one in found.related] == [("chart/values.yaml", 4)]
    assert (
        places(
            HELM, files | {"chart/templates/service.yaml": service.replace("9000", "http")}, "helm/service-target-port"
        )
        == []
    )


def test_a_template_that_cannot_be_rendered_says_nothing() -> None:
    broken = DEPLOYMENT.replace("port: http}", "port: web}").replace("{{ .Values.port }}", '{{ genCA "a" 1 }}')
    assert not findings(HELM, chart({"values.yaml": VALUES, "templates/deployment.yaml": broken}), "helm/probe-port")


@pytest.mark.parametrize(
    ("remove", "rule"),
    [
        ("          readinessProbe:\n            httpGet: {path: /, port: http}\n", "helm/missing-readiness-probe"),
        ("          resources: {{- toYaml .Values.resources | nindent 12 }}\n", "helm/missing-resources"),
    ],
)
def test_what_no_value_can_bring(remove: str, rule: str) -> None:
    files = chart({"values.yaml": VALUES, "templates/deployment.yaml": DEPLOYMENT})
    assert not findings(HELM, files, rule)
    files["chart/templates/deployment.yaml"] = DEPLOYMENT.replace(remove, "")
    assert places(HELM, files, rule) == ["chart/templates/deployment.yaml:13"]
    asked = DEPLOYMENT.replace(
        remove, "          {{- with .Values.web.probe }}{{ end }}{{ with .Values.resources }}{{ end }}\n"
    )
    assert not findings(HELM, files | {"chart/templates/deployment.yaml": asked}, rule)
