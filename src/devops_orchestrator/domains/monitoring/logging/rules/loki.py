"""Rules over Loki's own configuration: how long logs are kept, and what release 3 refuses."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.prometheus import seconds
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import compose_services
from devops_orchestrator.project.compose_services import Service
from devops_orchestrator.text import Text

RETENTION = "https://grafana.com/docs/loki/latest/operations/storage/retention/"
UPGRADE = "https://grafana.com/docs/loki/v3.0.x/setup/upgrade/"
# Fields that release 3 does not know any more: the whole file is refused.
REMOVED = frozenset({
    "shared_store", "shared_store_key_prefix", "max_look_back_period", "enforce_metric_name", "max_transfer_retries",
})  # fmt: skip


def _top(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    return documents[0] if documents and documents[0].kind == "map" else None


@rule(
    "logging/retention-not-applied", Severity.WARNING, on="loki", url=RETENTION,
    title=Text("A retention that nobody applies", "Une rétention que personne n'applique"),
    advice=Text(
        "`retention_period` is a wish: the compactor deletes, and only with `retention_enabled: true`. The disk fills up for ever.",
        "`retention_period` n'est qu'un souhait : c'est le compactor qui supprime, et seulement avec `retention_enabled: true`. Le disque se remplit sans fin.",
    ),
)  # fmt: skip
def retention_not_applied(source: Source, project: Project) -> Iterator[Hit]:
    """`limits_config.retention_period` without a compactor (or the older table manager) that deletes."""
    top = _top(source)
    node = top.get("limits_config", "retention_period") if top is not None else None
    if top is None or node is None or not seconds(node.value):
        return
    if top.at("compactor", "retention_enabled") is True or top.at("table_manager", "retention_deletes_enabled") is True:
        return
    off = top.get("compactor", "retention_enabled")
    if "$" in text_of(off.value if off is not None else ""):
        return
    fix = None
    compactor = top.get("compactor")
    if off is not None:
        fix = Fix((source.edit(*yaml.replace(off, "true")),), safe=False, title=_ON, needs=_NEEDS)
    elif (
        compactor is not None
        and compactor.kind == "map"
        and not compactor.flow
        and compactor.at("delete_request_store")
    ):
        edit = source.edit(*yaml.insert_after_key(compactor, "working_directory", "retention_enabled: true"))
        fix = Fix((edit,), safe=False, title=_ON, needs=_NEEDS)
    place = off or node
    yield Hit(
        place.start, place.end,
        Text(
            f"Logs are meant to go after {node.value}, and no compactor deletes them.",
            f"Les journaux devraient partir après {node.value}, et aucun compactor ne les supprime.",
        ), fix,
    )  # fmt: skip


_ON = Text("Let the compactor delete", "Laisser le compactor supprimer")
_NEEDS = Text("older logs are really to go", "les journaux plus anciens doivent vraiment disparaître")


def _third(source: Source, project: Project) -> Service | None:
    """The Loki of release 3 or later that compose runs with this configuration (`latest` is one)."""
    for service, _, _ in compose_services.reading(project, source.path):
        tag = service.tag.removeprefix("v")
        if service.program == "loki" and (
            tag == "latest" or (tag.split(".")[0].isdigit() and int(tag.split(".")[0]) >= 3)
        ):
            return service
    return None


@rule(
    "logging/loki-refuses", Severity.ERROR, on="loki", url=UPGRADE,
    title=Text("A configuration that Loki 3 refuses", "Une configuration que Loki 3 refuse"),
    advice=Text(
        "Loki 3 does not start with fields that it no longer knows, with a schema before v13 on tsdb unless `allow_structured_metadata: false`, nor with retention and no `delete_request_store`.",
        "Loki 3 ne démarre pas avec des champs qu'il ne connaît plus, ni avec un schéma antérieur à v13 sur tsdb sans `allow_structured_metadata: false`, ni avec une rétention sans `delete_request_store`.",
    ),
)  # fmt: skip
def loki_refuses(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs Loki 3 or later: removed fields, an older schema, a compactor without its store."""
    top, service = _top(source), _third(source, project)
    if top is None or service is None:
        return
    line = service.node.text.count("\n", 0, service.node.start) + 1
    where = (Related(service.file, line, Text(f"it runs {service.image}", f"il exécute {service.image}")),)
    for node in top.walk():
        for key, _ in node.items():
            if key.scalar in REMOVED:
                text = Text(f"{key.scalar} is gone in Loki 3.", f"{key.scalar} n'existe plus dans Loki 3.")
                yield Hit(key.start, key.end, text, related=where)
    yield from (Hit(start, end, text, related=where) for start, end, text in (*_schema(top), *_compactor(top)))


def _schema(top: Node) -> Iterator[tuple[int, int, Text]]:
    if top.at("limits_config", "allow_structured_metadata") is False:
        return
    entries = top.get("schema_config", "configs")
    periods = list(entries.children()) if entries is not None else []
    if not periods:
        return
    last = max(periods, key=lambda period: text_of(period.at("from")))
    for key, wanted in (("schema", "v13"), ("store", "tsdb")):
        node = last.get(key)
        if node is not None and text_of(node.value) != wanted and "$" not in text_of(node.value):
            yield (
                node.start,
                node.end,
                Text(
                    f"Structured metadata, on by default, needs {key} {wanted}; this is {node.value}.",
                    f"Les métadonnées structurées, actives par défaut, exigent {key} {wanted} ; ici {node.value}.",
                ),
            )
            return


def _compactor(top: Node) -> Iterator[tuple[int, int, Text]]:
    node = top.get("compactor", "retention_enabled")
    if node is not None and node.value is True and not top.at("compactor", "delete_request_store"):
        yield (
            node.start,
            node.end,
            Text("retention_enabled needs delete_request_store.", "retention_enabled exige delete_request_store."),
        )


RULES: tuple[Rule, ...] = (retention_not_applied, loki_refuses)
