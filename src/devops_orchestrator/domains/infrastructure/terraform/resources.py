"""The resources that this room can lay out itself, and what each of them needs beside it."""

from __future__ import annotations

from dataclasses import dataclass

# name → the files that it brings. A database brings the network that it lives in.
AWS = {
    "vpc": ("network.tf",),
    "s3": ("storage.tf",),
    "ecr": ("registry.tf",),
    "rds": ("network.tf", "database.tf"),
    "dynamodb": ("table.tf",),
    "sqs": ("queue.tf",),
    "secrets-manager": ("secrets.tf",),
}
GCP = {
    "vpc": ("network.tf",),
    "cloud-storage": ("storage.tf",),
    "artifact-registry": ("registry.tf",),
    "cloud-sql": ("network.tf", "database.tf"),
    "pubsub": ("queue.tf",),
    "secret-manager": ("secrets.tf",),
}
# What people call the same thing on the other cloud, or in general.
_ALIASES = {
    "aws": {"bucket": "s3", "registry": "ecr", "database": "rds", "postgresql": "rds", "mysql": "rds", "queue": "sqs"},
    "gcp": {
        "gcs": "cloud-storage", "bucket": "cloud-storage", "registry": "artifact-registry", "database": "cloud-sql",
        "postgresql": "cloud-sql", "mysql": "cloud-sql", "queue": "pubsub", "pub-sub": "pubsub", "network": "vpc",
    },
}  # fmt: skip
# The Google APIs that each file needs switched on in the project.
APIS = {
    "network.tf": ("compute.googleapis.com",),
    "storage.tf": ("storage.googleapis.com",),
    "registry.tf": ("artifactregistry.googleapis.com",),
    "database.tf": ("servicenetworking.googleapis.com", "sqladmin.googleapis.com"),
    "queue.tf": ("pubsub.googleapis.com",),
    "secrets.tf": ("secretmanager.googleapis.com",),
}


@dataclass(frozen=True)
class Plan:
    """Files to write for the resources asked for, and the names that belong to another room."""

    names: tuple[str, ...]
    files: tuple[str, ...]
    elsewhere: tuple[str, ...]


def plan(cloud: str, asked: tuple[str, ...]) -> Plan:
    """What the resources asked for come down to on a cloud."""
    known = AWS if cloud == "aws" else GCP
    names: list[str] = []
    files: list[str] = []
    elsewhere: list[str] = []
    for name in asked:
        own = _ALIASES[cloud].get(name, name)
        if own in known:
            names.append(own)
            files += known[own]
        else:
            elsewhere.append(name)
    return Plan(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(files)), tuple(dict.fromkeys(elsewhere)))
