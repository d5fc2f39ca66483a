"""The database that an application needs, in the words of each cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError

_IMAGE = re.compile(r"^(?:.*/)?(postgres|postgis|mysql|mariadb)(?:/postgis)?:v?(\d+(?:\.\d+)?)")
# The majors that Cloud SQL offers (provider documentation, release 7.45).
_CLOUD_SQL = {
    "postgres": ("14", "15", "16", "17", "18"),
    "mysql": ("8.0", "8.4"),
}
_DEFAULT = {"postgres": "17", "mysql": "8.4"}


@dataclass(frozen=True)
class Database:
    """An engine as the cloud spells it, its version where the repository shows one, and where."""

    engine: str
    version: str | None
    evidence: str


def find(project: Project, cloud: str) -> Database:
    """The database of the components, PostgreSQL where none is said."""
    wanted = [service for component in project.components for service in component.services]
    family = next((s for s in wanted if s in ("postgresql", "mysql", "mariadb")), "postgresql").replace(
        "postgresql", "postgres"
    )
    version, evidence = _version(project, family)
    if cloud == "aws":
        return Database(family, version, evidence)
    family = "mysql" if family == "mariadb" else family  # Cloud SQL has no MariaDB
    version = version if version in _CLOUD_SQL[family] else _DEFAULT[family]
    return Database(f"{family}_{version}".upper().replace(".", "_"), version, evidence)


def _version(project: Project, family: str) -> tuple[str | None, str]:
    """The major version of the image that development or CI uses: production has the same."""
    from devops_orchestrator.formats import yaml

    for path in project.of_kind("compose", "github-workflow", "gitlab-ci"):
        text = project.repository.read(path) or ""
        try:
            documents = yaml.parse(text)
        except ParseError:
            continue
        for document in documents:
            for node in document.walk():
                found = _IMAGE.match(str(node.value)) if node.kind == "scalar" else None
                if found and found[1].replace("postgis", "postgres") == family:
                    version = found[2] if family != "postgres" else found[2].split(".")[0]
                    return version, f"{path}:{text.count(chr(10), 0, node.start) + 1}"
    return None, ""
