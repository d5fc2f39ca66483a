"""Parameters of `infrastructure/gcp`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import GcpRegion, Word
from devops_orchestrator.core.params import Environments, Name, Params, Slot


class GcpParams(Params):
    """What may be said of resources on Google Cloud."""

    resources: Annotated[
        tuple[Word, ...],
        Slot(
            en="Resources", fr="Ressources",
            words={
                "gke": (r"gke", r"google kubernetes engine"),
                "gce": (r"gce", r"compute engine"),
                "cloud-sql": (r"cloud[ -]?sql",),
                "cloud-run": (r"cloud[ -]?run",),
                "cloud-storage": (r"cloud storage", r"gcs", r"bucket(?:s)? (?:gcs|google)"),
                "pubsub": (r"pub/?[ -]?sub",),
                "iam": (r"iam",),
                "cloud-functions": (r"cloud functions?",),
                "memorystore": (r"memorystore",),
                "bigquery": (r"big ?query",),
                "firestore": (r"firestore",),
                "artifact-registry": (r"artifact registry",),
                "secret-manager": (r"secret manager",),
                "cloud-scheduler": (r"cloud scheduler",),
                "spanner": (r"spanner",),
                "app-engine": (r"app engine",),
                "cloud-armor": (r"cloud armor",),
                "cloud-cdn": (r"cloud cdn",),
            },
            example="cloud-sql,cloud-run",
        ),
    ] = ()  # fmt: skip
    region: GcpRegion = None
    machine_type: Annotated[
        Annotated[str, Field(pattern=r"^(db-)?[a-z]\d?[a-z]?-[a-z]+(-\d+){0,2}$")] | None,
        Slot(
            en="Machine type", fr="Type de machine",
            cue=r"\b((?:e2|n1|n2d?|n4|c2d?|c3d?|c4a?|t2[ad]|m[1-4]|a2|a3|g2)-(?:micro|small|medium|standard|highmem|highcpu|custom|ultramem|megamem|highgpu)(?:-\d+){0,2}|db-(?:f1-micro|g1-small|custom-\d+-\d+|n1-standard-\d+))\b",
            example="e2-medium",
        ),
    ] = None  # fmt: skip
    engine: Annotated[
        Word | None,
        Slot(
            en="Database engine", fr="Moteur de base de données",
            words={"postgresql": (r"postgres(?:ql)?",), "mysql": (r"mysql",), "sqlserver": (r"sql ?server",), "redis": (r"redis",)},
            example="postgresql",
        ),
    ] = None  # fmt: skip
    storage_gb: Annotated[
        int | None,
        Field(ge=1, le=65_536),
        Slot(
            en="Storage in GB", fr="Stockage en Go", unit="GB",
            cue=r"\b(\d+)\s*(?:gi?b|go|gigas?|gigs?)\b(?!\s*(?:de |of )?(?:ram|memoire|memory))",
            example="50",
        ),
    ] = None  # fmt: skip
    name: Name = None
    environments: Environments = ()
