"""What can be asked of this room: one field, one Slot."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Cpu, Cron, Environments, Memory, Name, Namespace, Params, Port, Slot

Kind = Literal["deployment", "statefulset", "daemonset", "job", "cronjob"]

_NOT_AN_IMAGE = r"(?!(?:docker|de|du|des|d'|le|la|les|of|for|pour|is|est|et|and|a|an|the|name|nom|pull|size|taille|tag|qui|que|dans|in|on|sur)\b)"


class DeploymentsParams(Params):
    """The parameters of `kubernetes/deployments`."""

    kind: Annotated[
        Kind | None,
        Slot(
            en="Kind of workload", fr="Type de charge de travail",
            words={
                "statefulset": (r"stateful[- ]?sets?",),
                "daemonset": (r"daemon[- ]?sets?",),
                "cronjob": (r"cron[- ]?jobs?", r"taches? planifiees?", r"scheduled (?:job|task)s?"),
                "job": (r"(?<!cron)(?<!cron )(?<!cron-)\bjobs? (?:kubernetes|k8s)", r"(?:kubernetes|k8s) (?<!cron)jobs?", r"\b(?:un|a|le|the|mon|my) job\b(?! (?:ci|github|gitlab))"),
            },
            example="statefulset",
        ),
    ] = None  # fmt: skip
    image: Annotated[
        str | None,
        Field(pattern=r"^[a-z0-9][\w.:/@-]*$", max_length=255),
        Slot(
            en="Container image", fr="Image du conteneur",
            cue=(
                rf"\bimage\s+[\"'`«]?\s?{_NOT_AN_IMAGE}([a-z0-9][a-z0-9._-]*(?:[:/@][\w./:@-]*\w)?)",
                r"(?:^|[\s\"'`(,])([a-z0-9][\w.-]*/[a-z][\w./-]*:v?\d[\w.-]*\w)",
                r"\b((?:ghcr\.io|docker\.io|quay\.io|registry\.[\w.-]+|[\w.-]+\.(?:azurecr\.io|pkg\.dev|amazonaws\.com))/[\w./:@-]*\w)",
            ),
            example="ghcr.io/acme/shop:1.4.0",
        ),
    ] = None  # fmt: skip
    replicas: Annotated[
        int | None,
        Field(ge=0, le=1000),
        Slot(
            en="Number of pods", fr="Nombre de pods",
            cue=(
                r"(?:replicas?|repliques?|pods?|instances?)\s+(?:de|from)\s+\d+\s+(?:a|to)\s+{n}",
                r"(?:de|from)\s+\d+\s+(?:a|to)\s+{n}\s+(?:replicas?|repliques?|pods?|instances?)",
                r"{n}\s+(?:replicas?|repliques?|pods?|instances?|copies?)\b",
                r"\breplicas?\s*(?:=|:|a|to)?\s*{n}",
            ),
            example="3",
        ),
    ] = None  # fmt: skip
    port: Annotated[
        Port | None,
        Slot(
            en="Port that the container listens on", fr="Port d'écoute du conteneur",
            cue=(
                r"\bport\s+(?:de\s+|from\s+)?\d{2,5}\s+(?:a|to|vers|par)\s+(\d{2,5})\b",
                r"\bport\s*(?:d'ecoute|number|numero|=|:)?\s*(\d{2,5})\b",
            ),
            example="8080",
        ),
    ] = None  # fmt: skip
    cpu: Annotated[
        Cpu | None,
        Slot(
            en="CPU request", fr="CPU demandé (request)", unit="cores",
            cue=(
                r"((?:half a|un demi|une demi)[- ]?(?:core|cpu|vcpu|c(?:oe|œ)ur))",
                r"(\d+(?:[.,]\d+)?\s*(?:m|millicores?|millicpus?)?)\s*(?:de |of )?(?:v?cpus?|cores?|c(?:oe|œ)urs?)\b",
                r"\b(?:v?cpu|processeur)\s*(?:=|:|de|of|at|a)?\s*(\d+(?:[.,]\d+)?m?)\b(?!\s*(?:%|pour ?cent|percent))",
            ),
            example="250m",
        ),
    ] = None  # fmt: skip
    memory: Annotated[
        Memory | None,
        Slot(
            en="Memory request and limit", fr="Mémoire (request et limit)",
            cue=(
                r"{size}\s*(?:de |of )?(?:ram|memoire|memory|mem)\b",
                r"\b(?:v?cpus?|cores?|coeurs?)\s*(?:,|et|and|/|\+)\s*{size}(?!\s*(?:disk|disque|ssd|storage|stockage))",
                r"\b(?:ram|memoire|memory|mem)\s*(?:=|:|de|of|at|a|limitee? a|limit(?:ed)? (?:to|of))?\s*{size}",
            ),
            example="512Mi",
        ),
    ] = None  # fmt: skip
    health_path: Annotated[
        str | None,
        Field(pattern=r"^/[\w./~%-]*$"),
        Slot(
            en="HTTP path of the health route", fr="Chemin HTTP de la route de santé",
            cue=(
                r"\b(?:health ?checks?|health|sante|probes?|sondes?|readiness|liveness)\b[^/,.;]{0,40}?\s(/[\w./-]*\w)",
                r"\s(/(?:healthz?|livez|readyz|ready|alive|up|ping|status|actuator/health)(?:/[\w-]+)*)\b",
            ),
            example="/healthz",
        ),
    ] = None  # fmt: skip
    schedule: Annotated[
        Cron | None,
        Slot(
            en="Schedule of a CronJob", fr="Planification d'un CronJob", unit="cron",
            cue=(
                r"((?:[\d*][\d*/,-]*\s+){4}[\d*][\d*/,-]*)",
                r"((?:tous les|toutes les|chaque|every|each)\s+[^,;.]{2,40})",
                r"\b(nightly|hourly|daily|weekly|monthly)\b",
            ),
            example="0 3 * * 1",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
    environments: Environments = ()
