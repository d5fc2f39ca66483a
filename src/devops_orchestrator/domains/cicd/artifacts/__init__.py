"""The room `cicd/artifacts`: what a pipeline keeps and publishes."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.cicd.artifacts.params import ArtifactsParams
from devops_orchestrator.domains.cicd.artifacts.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="cicd/artifacts",
    title=Text("Artifacts and releases", "Artefacts et releases"),
    summary=Text(
        "build artifacts, releases, packages on npm, PyPI, Maven; versions, changelogs, retention",
        "artefacts de build, releases, paquets sur npm, PyPI, Maven ; versions, changelogs, rétention",
    ),
    params=ArtifactsParams,
    kinds=("github-workflow",),
    rules=RULES,
    examples=(
        Text("npm publish answers 403 in the pipeline", "npm publish répond 403 dans le pipeline"),
        Text("Review how we publish our packages", "Relire la publication de nos paquets"),
    ),
)
