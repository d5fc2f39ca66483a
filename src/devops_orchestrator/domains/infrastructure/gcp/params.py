"""Parameters of `infrastructure/gcp`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import GcpRegion, StorageGb, Word
from devops_orchestrator.core.params import Environments, Name, Params, Slot

_FAMILY = r"(?:micro|small|medium|standard|highmem|highcpu|custom|ultramem|megamem|hypermem|highgpu|megagpu|ultragpu)"
_MACHINE = (
    rf"(?:(?:db-)?[a-z]\d{{1,2}}[a-z]?-{_FAMILY}(?:-\d+g?){{0,2}}(?:-lssd|-metal)?|(?:db-)?custom-\d+-\d+|(?:db-)?f1-micro|(?:db-)?g1-small"
    r"|db-perf-optimized-n-\d+)"
)


class GcpParams(Params):
    """What may be said of resources on Google Cloud."""

    resources: Annotated[
        tuple[Word, ...],
        Slot(
            en="Resources", fr="Ressources",
            words={
                "gke": (r"gke", r"google kubernetes engine"),
                "gce": (r"gce", r"compute[ -]engine", r"vms?", r"machines? virtuelles?", r"virtual machines?"),
                "cloud-sql": (r"cloud[ -]?sql",),
                "alloydb": (r"alloy[ -]?db",),
                "cloud-run": (r"cloud[ -]?run",),
                "cloud-storage": (r"cloud[ -]storage", r"gcs", r"(?<!backend )(?<!gcs )(?<!cloud storage )buckets?(?! (?:gcs|cloud storage))"),
                "pubsub": (r"pub ?[/&-]? ?sub",),
                "iam": (r"iam",),
                "cloud-functions": (r"cloud[ -]?functions?", r"fonctions? cloud"),
                "memorystore": (r"memory[ -]?store",),
                "bigquery": (r"big[ -]?query",),
                "bigtable": (r"big[ -]?table",),
                "firestore": (r"fire[ -]?store",),
                "filestore": (r"file[ -]?store",),
                "artifact-registry": (r"artifacts?[ -]registry",),
                "secret-manager": (r"secrets?[ -]manager",),
                "cloud-scheduler": (r"cloud[ -]?scheduler",),
                "cloud-tasks": (r"cloud[ -]?tasks?",),
                "cloud-build": (r"cloud[ -]?build",),
                "cloud-dns": (r"cloud[ -]?dns",),
                "cloud-kms": (r"(?:cloud[ -])?kms",),
                "spanner": (r"(?:cloud[ -])?spanner",),
                "dataflow": (r"dataflow",),
                "dataproc": (r"dataproc",),
                "vertex-ai": (r"vertex(?:[ -]ai)?",),
                "app-engine": (r"app[ -]engine",),
                "cloud-armor": (r"cloud[ -]?armor",),
                "cloud-cdn": (r"cloud[ -]?cdn",),
            },
            example="cloud-sql,cloud-run",
        ),
    ] = ()  # fmt: skip
    region: GcpRegion = None
    machine_type: Annotated[
        Annotated[str, Field(pattern=rf"^{_MACHINE}$")] | None,
        Slot(
            en="Machine type", fr="Type de machine",
            cue=rf"\b({_MACHINE})(?![\w-])",
            example="e2-medium",
        ),
    ] = None  # fmt: skip
    engine: Annotated[
        Word | None,
        Slot(
            en="Database engine", fr="Moteur de base de données",
            words={
                "postgresql": (r"postgre(?:s|sql)?(?:[ :-]?\d+)?",),
                "mysql": (r"mysql(?:[ :-]?\d+)?",),
                "sqlserver": (r"(?:ms ?|microsoft )?sql[ -]?server", r"mssql"),
                "redis": (r"redis",),
                "valkey": (r"valkey",),
                "memcached": (r"memcached?",),
            },
            example="postgresql",
        ),
    ] = None  # fmt: skip
    storage_gb: StorageGb = None
    name: Name = None
    environments: Environments = ()
