"""Parameters of `cicd/artifacts`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.fields import Days
from devops_orchestrator.core.params import Params, Slot

_ON = r"(?<=sur )(?<!push sur )|(?<=dans )|(?<=vers )|(?<=to )|(?<=on )|(?<=in )|(?<=into )|(?<=chez )"
_HOST = r"(?:github packages?|github package registry|packages? github|gitlab(?![ -]ci)|nexus|artifactory|jfrog|codeartifact)"
# "le paquet npm sur Nexus" is published on Nexus: npm is what it is there.
_ELSEWHERE = rf"(?!(?:(?!\b(?:et|and|puis|then|aussi|also)\b)[^.;,\n]){{0,40}}\b{_HOST}\b)"
_TOOL = r"(?! (?:ci|install|run|test|audit|cache|build|project|projet|token|i)\b)"
_NOT = "".join(rf"(?<!\b{word} )" for word in ("sans", "without", "not", "pas"))

_KEEP = (
    r"\b(?:retention|keep(?:ing|s)?|kept|garde\w*|conserv\w*|stor(?:e[ds]?|ing)|retain\w*|stocke[rz]?|delet\w*|supprim\w*|purg\w*|expir\w*|effac\w*|nettoy\w*|clean\w*|remov\w*|"
    r"older|plus (?:vieux|vieilles|anciens?|anciennes?|de)|available|disponibles?|hold)\b"
)
_THINGS = r"(?:artefacts?|artifacts?|paquets?|packages?|builds?|binaires?|binaries|snapshots?|wheels?|jars?|rapports?|reports?)"
# Days are those of a retention, not since when something has been so.
_SPAN = r"(?<!depuis )(?<!since )(?<!for the last )(?<!ces ){days}(?! ago)"


class ArtifactsParams(Params):
    """What may be said of a release, a package or a build's artifacts."""

    registry: Annotated[
        Literal["npm", "pypi", "maven", "github-releases", "github-packages", "gitlab", "nuget", "rubygems", "crates", "packagist", "nexus", "artifactory"] | None,
        Slot(
            en="Where it is published", fr="Où c'est publié",
            words={
                "pypi": (rf"{_NOT}(?:test ?)?pypi{_ELSEWHERE}", r"python package index", r"twine"),
                "npm": (rf"{_NOT}npm(?:js)?(?:\.(?:com|org))?{_TOOL}{_ELSEWHERE}",),
                "maven": (rf"{_NOT}maven(?: central)?{_TOOL}{_ELSEWHERE}", r"sonatype(?! nexus)"),
                "github-releases": (
                    r"(?:github|gh)(?:'s)? releases?", r"releases? (?:github|gh|sur github|on github|in github|dans github)", r"(?:page|onglet) (?:de |des )?releases?", r"releases? page",
                ),
                "github-packages": (r"github packages?", r"github package registry", r"packages? github", r"npm\.pkg\.github\.com"),
                "gitlab": (
                    r"gitlab(?:'s)? (?:\w+ )?(?:package registry|packages?|registry|releases?)", r"(?:registre|registry|depot)s? (?:de (?:paquets?|packages?) )?(?:npm |maven |pypi )?(?:de |du |of )?(?:notre |our )?gitlab(?![ -]ci)",
                    rf"(?:{_ON})gitlab(?![ -]ci)",
                ),
                "nuget": (rf"nuget(?:\.org)?{_ELSEWHERE}",),
                "rubygems": (r"rubygems(?:\.org)?", r"ruby gems"),
                "crates": (r"crates\.io", r"crates?"),
                "packagist": (r"packagist(?:\.org)?",),
                "nexus": (r"(?:sonatype )?nexus",),
                "artifactory": (r"artifactory", r"jfrog"),
            },
            example="pypi",
        ),
    ] = None  # fmt: skip
    retention_days: Annotated[
        Days | None,
        Slot(
            en="Days that it is kept", fr="Durée de conservation en jours", unit="days",
            cue=(
                rf"{_KEEP}[^.;\n]{{0,60}}?{_SPAN}",
                r"{days}\s+(?:de |of |d')?(?:retention|conservation)\b",
                r"\b(\d+)-(?:day|jour)s?\s+(?:\w+ )?(?:retention|conservation|expiry)\b",
                r"\bretention(?:[-_ ]days?)?\s*(?:=|:|a|to|of|de)?\s*(\d{1,4})\b(?!\s*(?:%|[gmt]i?[bo]|semaines?|weeks?|mois|months?|ans?|years?|versions?|releases?|builds?))",
                r"\bexpire[-_ ]in\s*[:=]?\s*[\"']?{days}",
                rf"\b{_THINGS}\b[^.;\n]{{0,40}}?\b(?:pendant|for|during|after|apres|a|to)\s+{_SPAN}",
                rf"{_SPAN}[^.;,\n]{{0,20}}?\b(?:pour|for)\s+(?:les |the |our |nos |all )*{_THINGS}",
            ),
            example="30",
        ),
    ] = None  # fmt: skip
    versioning: Annotated[
        Literal["semver", "calver"] | None,
        Slot(
            en="How versions are numbered", fr="Numérotation des versions",
            words={
                "semver": (
                    rf"{_NOT}semver", r"semantic[ -]version(?:s|ing|ed)?", r"semantic[ -]release", r"semantically versioned",
                    r"(?:version\w*|numero\w*)(?: de versions?)? semantiques?", r"major\.minor\.patch",
                ),
                "calver": (
                    rf"{_NOT}calver", r"calendar(?:-based)?[ -]version(?:s|ing)?", r"(?:date|calendar)[ -]based (?:version|number|release)\w*",
                    r"(?:version\w*|numero\w*)(?: de versions?)? (?:calendaires?|par dates?|datee?s?|basee?s? sur la date)", r"yy(?:yy)?\.mm(?:\.dd)?",
                ),
            },
            example="semver",
        ),
    ] = None  # fmt: skip
