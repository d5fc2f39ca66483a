"""The room `deployment/rollback`: going back, and being able to."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.deployment.rollback.params import RollbackParams
from devops_orchestrator.domains.deployment.rollback.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="deployment/rollback",
    title=Text("Rollback", "Retour arrière"),
    summary=Text(
        "going back to an earlier version, recovery after a failed deployment, automatic rollback, runbooks",
        "revenir à une version antérieure, reprise après un déploiement raté, retour automatique, procédures",
    ),
    params=RollbackParams,
    kinds=("kubernetes", "github-workflow", "gitlab-ci"),
    rules=RULES,
    examples=(
        Text("The release is broken, how do I go back?", "La release est cassée, comment revenir en arrière ?"),
        Text("Review whether we can roll back", "Vérifier que nous pouvons revenir en arrière"),
    ),
)
