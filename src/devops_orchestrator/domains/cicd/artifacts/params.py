"""Parameters of `cicd/artifacts`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.fields import RetentionDays
from devops_orchestrator.core.params import Params, Slot


class ArtifactsParams(Params):
    """What may be said of a release, a package or a build's artifacts."""

    registry: Annotated[
        Literal["npm", "pypi", "maven", "github-releases", "github-packages", "gitlab", "nuget", "rubygems", "crates", "packagist", "nexus", "artifactory"] | None,
        Slot(
            en="Where it is published", fr="Où c'est publié",
            words={
                "pypi": (r"pypi", r"twine"),
                "npm": (r"npm(?! (?:ci|install|run|test))", r"npmjs"),
                "maven": (r"maven(?: central)?(?! (?:build|test|project|projet))", r"sonatype"),
                "github-releases": (r"github releases?", r"releases? (?:github|sur github|on github)", r"page de release"),
                "github-packages": (r"github packages?",),
                "gitlab": (r"gitlab (?:package registry|packages?|registry)",),
                "nuget": (r"nuget",),
                "rubygems": (r"rubygems",),
                "crates": (r"crates\.io", r"crates?"),
                "packagist": (r"packagist",),
                "nexus": (r"nexus",),
                "artifactory": (r"artifactory", r"jfrog"),
            },
            example="pypi",
        ),
    ] = None  # fmt: skip
    retention_days: RetentionDays = None
    versioning: Annotated[
        Literal["semver", "calver"] | None,
        Slot(
            en="How versions are numbered", fr="Numérotation des versions",
            words={
                "semver": (r"semver", r"semantic[ -]versions?(?:ing)?", r"semantic-release", r"versions? semantiques?", r"versionnage semantique"),
                "calver": (r"calver", r"calendar versioning"),
            },
            example="semver",
        ),
    ] = None  # fmt: skip
