"""Which DevOps file a text is, where its path does not say so: by its top-level keys and the shape of their values.

A first search for a telling key decides whether a text is parsed at all; what it is, is decided on the parsed text. Only
a text that does not parse, or one that is too large to parse for this, is judged by its lines alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devops_orchestrator.errors import ParseError
from devops_orchestrator.patterns import lazy

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node

LARGE = 200_000  # characters; a larger YAML text (definitions of custom resources, mostly) is judged by its lines

_FIRST = lazy(r"\ufeff?(?:\s|#[^\n]*\n|---[^\n]*\n|%[^\n]*\n)*(.)")  # the first character that says something
_KIND_LINE = lazy(r"^kind:\s*['\"]?(\w+)", re.M)
_API_LINE = lazy(r"^apiVersion:\s*['\"]?([\w./-]+)", re.M)
_RULE_LINE = lazy(r"^\s+(?:-\s*)?(record|alert):", re.M)
_VALUES = lazy(r"(.*/)?([\w.-]+[.-])?values([.-][\w.-]*)?\.ya?ml")
_VERSION = lazy(r"v\d+((alpha|beta)\d+)?")
_BUILT_IN = ("apps", "batch", "autoscaling", "policy", "extensions")  # the API groups without a dot
_TEMPLATED = lazy(r"\{\{|\{%|<%|\[\[")
_FROM = lazy(r"\s*(?:#[^\n]*\n\s*|ARG\s[^\n]*\n\s*)*FROM\s+(--\S+\s+)?\S+(\s+AS\s+\S+)?\s*?(\n|\Z)", re.I)
_CORE = frozenset(
    {
        "Binding", "ComponentStatus", "Config", "ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node",
        "PersistentVolume", "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController", "ResourceQuota", "Secret",
        "Service", "ServiceAccount", "Status", "Template",
        "BuildConfig", "DeploymentConfig", "ImageStream", "Route",  # of OpenShift, before its groups
    }
)  # fmt: skip
_ARGO = {
    "Application": "argo-cd", "ApplicationSet": "argo-cd", "AppProject": "argo-cd", "Rollout": "argo-rollouts",
    "AnalysisTemplate": "argo-rollouts", "ClusterAnalysisTemplate": "argo-rollouts", "AnalysisRun": "argo-rollouts",
    "Experiment": "argo-rollouts", "Workflow": "argo-workflows", "CronWorkflow": "argo-workflows",
    "WorkflowTemplate": "argo-workflows", "ClusterWorkflowTemplate": "argo-workflows",
}  # fmt: skip
# What has an apiVersion and a kind and is no object of a cluster.
_NOT_OBJECTS = {"kustomize.config.k8s.io": "kustomization", "backstage.io": "backstage", "skaffold": "skaffold"}


def kind(path: str, text: str, documents: Callable[[str], list[Node]] | None = None) -> str | None:
    """The kind of a file of which the path says nothing, or None. Raises nothing: a broken text is judged by its lines.

    `documents` parses a YAML text and may raise ParseError.
    """
    if path.endswith(".json"):
        return _json(text)
    if path.endswith(".toml"):
        return "vector" if re.search(r"^\[sources\.", text, re.M) and re.search(r"^\[sinks\.", text, re.M) else None
    if not path.endswith((".yaml", ".yml")):
        return "dockerfile" if _FROM.match(text) else None
    if text.startswith("#cloud-config"):
        return "cloud-init"
    first = _FIRST.match(text)
    keys = set((_IN_LIST if first and first[1] == "-" else _AT_TOP).findall(text))
    flow = first is not None and first[1] == "{"
    asked = [shape for shape in _SHAPES if flow or shape.asks(path, keys)]
    values = named_values(path)
    if not asked and not values:
        return None
    nodes = None if len(text) > LARGE else _parsed(text, documents)
    if nodes is None:
        return _by_lines(text, asked) or ("helm-values" if values else None)
    found = next((told for shape in asked if (told := shape.tells(path, nodes))), None)
    return "helm-values" if found is None and values and _top(nodes) is not None else found


def named_values(path: str) -> bool:
    """Whether a file is called as the values of a Helm chart are: `values-production.yaml`, `prod.values.yaml`."""
    return _VALUES.fullmatch(path) is not None


def _parsed(text: str, documents: Callable[[str], list[Node]] | None) -> list[Node] | None:
    if documents is None:
        from devops_orchestrator.formats import yaml

        documents = yaml.parse
    try:
        return documents(text)
    except ParseError:
        return None


def _by_lines(text: str, asked: list[_Shape]) -> str | None:
    """What the lines alone say: a template of a manifest is told from a manifest that is broken."""
    if _KIND_LINE.search(text) and re.search("^apiVersion:", text, re.M):
        if len(text) <= LARGE and _TEMPLATED.search(text):
            return "kubernetes-template"
        return "kubernetes" if _API_LINE.search(text) else None
    if _RULE_LINE.search(text) and any(shape.kind == "prometheus-rules" for shape in asked):
        return "prometheus-rules"
    return next((shape.kind for shape in asked if shape.certain), None)


@dataclass(frozen=True)
class _Shape:
    """A kind, the keys that stand at the top of its files, and what else must be true of them."""

    kind: str
    keys: frozenset[str]
    test: Callable[[str, list[Node]], str | bool]
    names: re.Pattern[str] | None = None  # of the file, where the keys could be anybody's
    certain: bool = False  # whether the keys alone tell it, in a text that does not parse

    def asks(self, path: str, keys: set[str]) -> bool:
        return self.keys <= keys and (self.names is None or self.names.search(path) is not None)

    def tells(self, path: str, nodes: list[Node]) -> str | None:
        found = self.test(path, nodes)
        return found if isinstance(found, str) and found else self.kind if found else None


def objects(nodes: list[Node]) -> Iterator[tuple[str, str]]:
    """(API group, kind) of the Kubernetes objects among the documents, the entries of a List one by one.

    ("", "") stands for a document that is none.
    """
    for node in nodes:
        group, kind = _object(_scalar(node, "apiVersion"), _scalar(node, "kind"))
        if kind.endswith("List") and (items := node.get("items")) is not None and items.kind == "list":
            yield from objects(list(items.children()))
        else:
            yield group, kind


def _object(version: str, kind: str) -> tuple[str, str]:
    """(API group, kind) where these are of an object that a cluster may know; the core group has one version."""
    group, _, number = version.rpartition("/")
    core = number == "v1" and (kind in _CORE or kind.endswith("List"))
    told = _VERSION.fullmatch(number) and (core if group == "" else group in _BUILT_IN or "." in group)
    return (group, kind) if kind and (told or group in _NOT_OBJECTS) else ("", "")


def _kubernetes(path: str, nodes: list[Node]) -> str | bool:
    found = list(objects(nodes))
    if re.search(r"(^|/)src/(main|test)/resources/", path):
        # What a Java program carries within itself is its own, though it may look like an object of a cluster.
        found = [one for one in found if one[0] in ("", *_BUILT_IN) or one[0].endswith(".k8s.io")]
    return finer(found) if any(kind for _, kind in found) else False


def finer(found: list[tuple[str, str]]) -> str:
    """The finest kind that all objects of a file have in common; `kubernetes` where they differ."""
    kinds = {_finer(group, kind) for group, kind in found}
    return kinds.pop() if len(kinds) == 1 else "kubernetes"


def _finer(group: str, kind: str) -> str:
    if group == "argoproj.io":
        return _ARGO.get(kind, "kubernetes")
    if group.endswith(".toolkit.fluxcd.io"):
        return "flux"
    if group == "monitoring.coreos.com":
        return "prometheus-operator"
    if group == "tekton.dev" or group.endswith(".tekton.dev"):
        return "tekton"
    if group == "" and kind == "Config":
        return "kubeconfig"
    return _NOT_OBJECTS.get(group, "kubernetes")


def _scalar(node: Node, key: str) -> str:
    found = node.get(key)
    return found.scalar if found is not None else ""


def _top(nodes: list[Node]) -> Node | None:
    """The mapping that a file of one document is."""
    return nodes[0] if len(nodes) == 1 and nodes[0].kind == "map" else None


def _has(node: Node | None, *keys: str, kind: str = "map") -> bool:
    """Whether there is a value of this kind at a path of keys."""
    found = node.get(*keys) if node is not None else None
    return found is not None and found.kind == kind


def _entries(node: Node | None, key: str) -> list[Node]:
    """The entries of a list, none where one of them is no mapping."""
    found = node.get(key) if node is not None else None
    entries = list(found.children()) if found is not None else []
    return entries if all(entry.kind == "map" for entry in entries) else []


def _any_key(node: Node, *keys: str) -> bool:
    return any(node.pair(key) is not None for key in keys)


def _provisioning(path: str, nodes: list[Node]) -> bool:
    top = _top(nodes)
    keys = ("datasources", "providers", "contactPoints", "policies", "groups", "notifiers", "apps", "deleteDatasources",
            "templates", "muteTimes")  # fmt: skip
    return top is not None and _scalar(top, "apiVersion") == "1" and any(_has(top, key, kind="list") for key in keys)


def _compose(path: str, nodes: list[Node]) -> bool:
    top = _top(nodes)
    found = top.get("services") if top is not None else None
    if top is None or found is None:
        return False
    known = {"version", "name", "services", "networks", "volumes", "configs", "secrets", "include", "models"}
    services = [value for _, value in found.items()]
    return (
        all(key.scalar in known or key.scalar.startswith("x-") for key, _ in top.items())
        and all(service.kind == "map" for service in services)
        and any(_any_key(service, "image", "build") for service in services)
    )


def _prometheus(path: str, nodes: list[Node]) -> bool:
    top = _top(nodes)
    jobs = _entries(top, "scrape_configs")
    return bool(jobs) and all(_any_key(job, "job_name") for job in jobs)


def _rules(path: str, nodes: list[Node]) -> str | bool:
    groups = _entries(_top(nodes), "groups")
    told = bool(groups) and all(
        _any_key(group, "name") and all(_any_key(rule, "alert", "record") for rule in _entries(group, "rules"))
        for group in groups
    )
    if not told or not any(_entries(group, "rules") for group in groups):
        return False
    return "loki-rules" if re.search(r"(^|/)loki", path) else True


def _azure(path: str, nodes: list[Node]) -> bool:
    top = _top(nodes)
    stages, jobs, steps = (_entries(top, key) for key in ("stages", "jobs", "steps"))
    if re.search(r"(^|/)\.?azure-?(pipelines|devops)/", path):
        return bool(stages or jobs or steps)
    told = [*(_any_key(one, "stage") for one in stages), *(_any_key(one, "job", "deployment") for one in jobs)]
    told += [_any_key(one, "task") for one in steps]
    # A script of its own is anybody's step: what starts the pipeline, or where it runs, must be there too.
    started = top is not None and _any_key(top, "trigger", "pool")
    return any(told) or (started and any(_any_key(one, "script", "bash", "pwsh", "powershell") for one in steps))


def _extended(path: str, nodes: list[Node]) -> bool:
    """A pipeline of Azure that is made of a template of another repository."""
    top = _top(nodes)
    return top is not None and _any_key(top, "trigger", "pr") and top.get("extends", "template") is not None


def _ansible(path: str, nodes: list[Node]) -> bool:
    plays = list(nodes[0].children()) if len(nodes) == 1 and nodes[0].kind == "list" else []
    if not plays or not all(play.kind == "map" for play in plays):
        return False
    if re.search(r"(^|/)roles/[^/]+/(tasks|handlers)/", path):
        return any(_any_key(task, "name", "include_tasks", "import_tasks", "block") for task in plays)
    imports = ("import_playbook", "ansible.builtin.import_playbook", "include")
    body = ("tasks", "roles", "pre_tasks", "post_tasks", "handlers", "become", "gather_facts", "vars", "connection")
    return all((_any_key(play, "hosts") and _any_key(play, *body)) or _any_key(play, *imports) for play in plays)


def _pipelines(path: str, nodes: list[Node]) -> bool:
    top = _top(nodes)
    return _has(top, "receivers") and _has(top, "exporters") and _has(top, "service", "pipelines")


def _vector(path: str, nodes: list[Node]) -> bool:
    found = [node.get(key) for node in nodes[:1] for key in ("sources", "sinks")]
    return len(nodes) == 1 and all(
        part is not None and part.kind == "map" and all(_any_key(one, "type") for _, one in part.items())
        for part in found
    )


def _cloudformation(path: str, nodes: list[Node]) -> bool:
    top = _top(nodes)
    found = top.get("Resources") if top is not None else None
    resources = [value for _, value in found.items()] if found is not None else []
    return any(_scalar(one, "Type").startswith(("AWS::", "Custom::")) for one in resources)


def _shape(
    kind: str, keys: str, test: Callable[[str, list[Node]], str | bool], names: str | None = None, *, certain: bool = False
) -> _Shape:  # fmt: skip
    return _Shape(kind, frozenset(keys.split()), test, re.compile(names) if names else None, certain)


_SHAPES = (
    _shape("kubernetes", "kind apiVersion", _kubernetes, certain=True),
    _shape("grafana-provisioning", "apiVersion", _provisioning),
    _shape("promtail", "scrape_configs clients", lambda _, n: bool(_entries(_top(n), "clients")), certain=True),
    _shape("prometheus", "scrape_configs", _prometheus, certain=True),
    _shape("prometheus-tests", "rule_files tests", lambda _, n: bool(_entries(_top(n), "tests")), certain=True),
    _shape("prometheus", "global rule_files", lambda _, n: _has(_top(n), "global"), certain=True),
    _shape("prometheus-rules", "groups", _rules),
    _shape("alertmanager", "route receivers", lambda _, n: _has(_top(n), "route") and _has(_top(n), "receivers", kind="list"), certain=True),
    _shape("otel-collector", "receivers exporters service", _pipelines, certain=True),
    _shape("loki", "schema_config", lambda _, n: _has(_top(n), "schema_config", "configs", kind="list")),
    _shape("tempo", "storage", lambda _, n: _has(_top(n), "storage", "trace")),
    _shape("mimir", "blocks_storage", lambda _, n: _has(_top(n), "blocks_storage")),
    _shape("fluent-bit", "pipeline", lambda _, n: _has(_top(n), "pipeline", "inputs", kind="list") or _has(_top(n), "pipeline", "outputs", kind="list")),
    _shape("filebeat", "filebeat.inputs", lambda _, n: _top(n) is not None, certain=True),
    _shape("filebeat", "filebeat.autodiscover", lambda _, n: _top(n) is not None, certain=True),
    _shape("filebeat", "filebeat.config.modules", lambda _, n: _top(n) is not None, certain=True),
    _shape("vector", "sources sinks", _vector),
    _shape("compose", "services", _compose),
    _shape("traefik", "entryPoints", lambda _, n: _has(_top(n), "entryPoints")),
    _shape("traefik", "http", lambda _, n: _has(_top(n), "http"), r"(^|/)traefik/"),
    _shape("traefik", "tls", lambda _, n: _has(_top(n), "tls"), r"(^|/)traefik/"),
    _shape("github-action", "runs", lambda _, n: _has(_top(n), "runs"), r"(^|/)action\.ya?ml$"),
    _shape("buildkite", "steps", lambda _, n: _has(_top(n), "steps", kind="list"), r"^\.buildkite/"),
    _shape("azure-pipelines", "stages", _azure),
    _shape("azure-pipelines", "jobs", _azure),
    _shape("azure-pipelines", "steps", _azure),
    _shape("azure-pipelines", "extends", _extended),
    _shape("ansible", "hosts", _ansible),
    _shape("ansible", "import_playbook", _ansible),
    _shape("ansible", "ansible.builtin.import_playbook", _ansible),
    _shape("ansible", "name", _ansible, r"(^|/)roles/[^/]+/(tasks|handlers)/"),
    _shape("cloudformation", "Resources", _cloudformation),
    _shape("serverless", "service provider", lambda _, n: _top(n) is not None, r"(^|/)serverless[\w.-]*\.ya?ml$"),
    _shape("app-engine", "runtime", lambda _, n: _top(n) is not None, r"(^|/)app\.ya?ml$"),
)  # fmt: skip
_KEYS = "|".join(sorted({re.escape(key) for shape in _SHAPES for key in shape.keys}))
_AT_TOP = lazy(rf"^['\"]?({_KEYS})['\"]?[ \t]*:(?=\s|$)", re.M)
_IN_LIST = lazy(rf"^ {{0,6}}(?:- +)?({_KEYS}):(?=\s|$)", re.M)


def _json(text: str) -> str | None:
    """Kubernetes objects, Grafana dashboards (as they are saved, or as the API gives them) and CloudFormation."""
    if not JSON_WORDS.search(text):
        return None
    import json

    try:
        value: Any = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    kind, version = value.get("kind"), value.get("apiVersion")
    if isinstance(kind, str) and isinstance(version, str):
        group, told = _object(version, kind)
        return _finer(group, told) if told else None
    inner = value.get("dashboard")
    board: dict[str, Any] = inner if isinstance(inner, dict) else value
    if isinstance(board.get("panels", board.get("rows")), list) and ("schemaVersion" in board or "templating" in board):
        return "grafana-dashboard"
    if "AWSTemplateFormatVersion" in value and isinstance(value.get("Resources"), dict):
        return "cloudformation"
    return None


JSON_WORDS = lazy(r'"(apiVersion|annotations|__inputs|dashboard|panels|schemaVersion|AWSTemplateFormatVersion)"\s*:')
