"""The room `containers/security`: scanning, hardening, SBOM, signing of images."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.containers.security.params import SecurityParams
from devops_orchestrator.domains.containers.security.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="containers/security",
    title=Text("Image security", "Sécurité des images"),
    summary=Text(
        "image scanning, CVEs, hardening, distroless, SBOM, signing",
        "analyse d'images, CVE, durcissement, distroless, SBOM, signature",
    ),
    params=SecurityParams,
    kinds=("github-workflow", "compose", "trivy"),
    rules=RULES,
    examples=(
        Text("Trivy finds 40 CVEs in my image, what now?", "Trivy trouve 40 CVE dans mon image, que faire ?"),
        Text("Review the security of our image pipeline", "Relire la sécurité de notre chaîne d'images"),
    ),
)
