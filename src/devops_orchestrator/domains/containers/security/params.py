"""Parameters of `containers/security`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.params import Params, Slot

_NEXT = r"\s+(?:to|into|vers|a|au|par|with|by|pour|for)\s+(?:the |la |le )?"  # what follows takes its place
_SCANNERS = r"(?:trivy|grype|snyk)"
_SCANNED = rf"(?!{_NEXT}{_SCANNERS}\b)"

# Severities in both languages, the least first: of "high or critical" the least counts.
_SEVERITIES = {
    "low": r"(?:low|minor|faibles?|basses?|mineures?)",
    "medium": r"(?:medium|moderate|moyennes?|moderees?|(?<!\bun )(?<!\ble )(?<!\bau )moyens?(?! de\b| d'))",
    "high": r"(?:high|hautes?|hauts?|elevee?s?|importante?s?)",
    "critical": r"(?:criticals?|crit|critiques?)",
}
_ANY = "|".join(_SEVERITIES.values())
_AND = r"\s*(?:,|/|&|\+|\||\band\b|\bor\b|\bet\b|\bou\b|\bbut also\b|\bmais aussi\b|\bainsi que\b)\s*(?:(?:les|des|de|the|also|aussi|or|and|et|ou|severity|severite|gravite)\s+)?"
# Something counted ("3 critical CVEs") or told of another thing ("application critique") is no threshold.
_NO_COUNT = (
    r"(?<!\d )(?<!\d cve )(?<!\d cves )(?<!\d failles )(?<!\d vulnerabilites )(?<!\d vulns )(?<!trop )(?<!plus )(?<!too )(?<!very )"
    r"(?<!application )(?<!service )(?<!projet )(?<!incident )(?<!production )"
)
_NO_OTHER = (
    r"(?!\s*:\s*\d)(?!\s+(?:priority|priorite|availability|disponibilite|dispo\b|level|load|traffic|privilege|impact|quality|app(?:lication)?s?\b|services?|workloads?|"
    r"path|bugs?|incidents?|projects?|projets?|systems?|systemes?|production|infrastructure|number|nombre))"
)


def _threshold(severity: str) -> str:
    """The words of a severity, where no lower one follows in its list and none takes its place."""
    names = list(_SEVERITIES)
    lower = "|".join(_SEVERITIES[name] for name in names[: names.index(severity)])
    last = rf"(?!{_AND}(?:{lower})\b)" if lower else ""
    return rf"{_NO_COUNT}{_SEVERITIES[severity]}\b(?!{_NEXT}(?:{_ANY})\b){last}{_NO_OTHER}"


_NO = r"(?:sans|without|no|pas de|pas d'|pas besoin de|pas besoin d'|no need (?:for|to)|ne|not|never|jamais de|skip|disable|desactive[rz]?|stop|arrete(?:r)? de)"
_SIGNING = r"sign(?:ing|ed|s|er|e|es|ee|ees|ez|ons|ature|atures)?(?! (?:in|up|off|of|de vie|found|match\w*)\b)"
# "Reject images without a signature" asks for signatures.
_REFUSED = r"(?:reject|refuse[rz]?|block|deny|forbid|bloque[rz]?|interdi[rst]\w*|rejette[rz]?|rejeter)\b"
_SBOM = r"(?:sboms?|(?:software )?bills? of materials|nomenclatures?(?: logicielles?)?|cyclone ?dx|spdx|syft)"


class SecurityParams(Params):
    """What may be said of scanning, signing and hardening images."""

    scanner: Annotated[
        Literal["trivy", "grype", "snyk"] | None,
        Slot(
            en="Scanner", fr="Scanner",
            words={"trivy": (rf"trivy{_SCANNED}",), "grype": (rf"grype{_SCANNED}",), "snyk": (rf"snyk{_SCANNED}",)},
            example="trivy",
        ),
    ] = None  # fmt: skip
    severity: Annotated[
        Literal["low", "medium", "high", "critical"] | None,
        Slot(
            en="Least severity that fails the scan", fr="Gravité à partir de laquelle le scan échoue",
            words={name: (_threshold(name),) for name in _SEVERITIES},
            example="high",
        ),
    ] = None  # fmt: skip
    sign: Annotated[
        bool | None,
        Slot(
            en="Sign the images", fr="Signer les images",
            words={
                "false": (rf"{_NO}\s*(?:the |an? |any |la |les |images? )?{_SIGNING}",),
                "true": (rf"{_REFUSED}[^.;,\n]{{0,40}}?{_SIGNING}", _SIGNING, r"cosign", r"sigstore", r"notation"),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    sbom: Annotated[
        bool | None,
        Slot(
            en="Produce an SBOM", fr="Produire un SBOM",
            words={
                "false": (rf"{_NO}\s*(?:the |an? |any |la |les |un |une )?{_SBOM}", rf"{_SBOM}\s*[:=]\s*(?:no|non|false|off)"),
                "true": (_SBOM,),
            },
            example="true",
        ),
    ] = None  # fmt: skip
