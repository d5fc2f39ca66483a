"""Parameters of `containers/registries`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.fields import AnyRegion, Image, RetentionDays
from devops_orchestrator.core.params import Params, Slot


class RegistriesParams(Params):
    """What may be said of a registry and of an image in it."""

    registry: Annotated[
        Literal["ghcr", "dockerhub", "ecr", "artifact-registry", "gitlab", "harbor"] | None,
        Slot(
            en="Registry", fr="Registre",
            words={
                "ghcr": (r"ghcr(?:\.io)?", r"github container registry", r"github packages"),
                "dockerhub": (r"docker ?hub", r"docker\.io"),
                "ecr": (r"ecr", r"elastic container registry", r"\d{12}\.dkr\.ecr[\w.-]*"),
                "artifact-registry": (r"artifact[ -]registry", r"[\w-]+\.pkg\.dev", r"gcr(?:\.io)?"),
                "gitlab": (r"(?:registre|registry) (?:de )?gitlab", r"gitlab (?:container )?registry", r"registry\.gitlab\.com"),
                "harbor": (r"harbor",),
            },
            example="ghcr",
        ),
    ] = None  # fmt: skip
    image: Image = None
    retention_days: RetentionDays = None
    region: AnyRegion = None
