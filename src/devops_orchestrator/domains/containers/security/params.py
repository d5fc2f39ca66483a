"""Parameters of `containers/security`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.params import Params, Slot


class SecurityParams(Params):
    """What may be said of scanning, signing and hardening images."""

    scanner: Annotated[
        Literal["trivy", "grype", "snyk"] | None,
        Slot(en="Scanner", fr="Scanner", words={"trivy": (r"trivy",), "grype": (r"grype",), "snyk": (r"snyk",)}, example="trivy"),
    ] = None  # fmt: skip
    severity: Annotated[
        Literal["low", "medium", "high", "critical"] | None,
        Slot(
            en="Least severity that fails the scan", fr="Gravité à partir de laquelle le scan échoue",
            words={
                "low": (r"low(?: severity)?", r"(?:gravite|severite) faible"),
                "medium": (r"medium", r"moyennes?"),
                "high": (r"high", r"elevees?", r"hautes?"),
                "critical": (r"criticals?", r"critiques?"),
            },
            example="high",
        ),
    ] = None  # fmt: skip
    sign: Annotated[
        bool | None,
        Slot(
            en="Sign the images", fr="Signer les images",
            words={
                "false": (r"(?:without|no|sans|pas de) (?:signing|signatures?|signer)", r"unsigned"),
                "true": (r"sign(?:ing|ed|s|er|e|es|ee|ees|ez|ature|atures)?(?! (?:in|up|off))", r"cosign"),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    sbom: Annotated[
        bool | None,
        Slot(
            en="Produce an SBOM", fr="Produire un SBOM",
            words={
                "false": (r"(?:without|no|sans|pas de) sboms?",),
                "true": (r"sboms?", r"software bill of materials", r"nomenclature logicielle", r"cyclonedx", r"spdx"),
            },
            example="true",
        ),
    ] = None  # fmt: skip
